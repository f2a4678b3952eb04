import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'de'] as const;
export type PageLanguage = (typeof LANGUAGES)[number];

const KEPT = 'muster.language';

/** Namespace = file: `locales/de/users.json` holds the texts of `pages/users`. Loaded when a page needs it. */
const FILES = import.meta.glob<{ readonly default: Record<string, unknown> }>('../locales/*/*.json');

/** What was chosen here, else the browser's language, else English. */
function firstLanguage(): PageLanguage {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'en' || kept === 'de') return kept;
  return navigator.languages.find((tag) => /^(?:en|de)\b/.test(tag))?.slice(0, 2) === 'de' ? 'de' : 'en';
}

/** Starts the texts: `common` is there before anything is drawn. */
export async function startLanguage(): Promise<void> {
  const language = firstLanguage();
  document.documentElement.lang = language;
  await i18next
    .use({
      type: 'backend',
      init: () => undefined,
      read: (tag: string, namespace: string, done: (error: Error | null, texts: Record<string, unknown> | false) => void) => {
        const load = FILES[`../locales/${tag}/${namespace}.json`];
        if (load === undefined) return done(new Error(`There are no texts ${tag}/${namespace}.`), false);
        load().then(
          (file) => done(null, file.default),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), false),
        );
      },
    })
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: [...LANGUAGES],
      fallbackLng: false,
      ns: ['common'],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  i18next.services.formatter?.add('number', (value: unknown) => new Intl.NumberFormat(localeOf(i18next.language)).format(Number(value)));
}

export async function chooseLanguage(language: PageLanguage): Promise<void> {
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** Loads the texts of an area beside its code, so that a page comes up with its words. */
export function loadTexts(...namespaces: readonly string[]): Promise<void> {
  return i18next.loadNamespaces([...namespaces]);
}

export function localeOf(language: string): string {
  return language === 'de' ? 'de-DE' : 'en-GB';
}
