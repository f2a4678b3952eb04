import { Button, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { CheckIcon, EditIcon, languageName, PlusIcon, WarnIcon } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';

interface LanguageTabsProps {
  readonly type: Output<'letter.show'>;
  readonly language: string;
  readonly writes: boolean;
  readonly onLanguage: (language: string) => void;
}

/** The languages that there is a letter in; those that users miss, and any other, are in a menu beside them. */
export function LanguageTabs({ type, language, writes, onLanguage }: LanguageTabsProps) {
  const { t } = useTranslation('letters');
  const { locale } = useFormat();
  const check = useApi('letter.check', { type: type.type, links: false }, { staleTime: 30_000 });
  const written = type.letters.map((letter) => letter.language);
  const missing = (check.data?.missing ?? []).map((one) => one.language).filter((tag) => !written.includes(tag));
  const fresh = written.includes(language) ? [] : [language];
  return (
    <nav className="tabs letter-languages" aria-label={t('languages.label')}>
      {type.letters.map(({ language: tag, version, published }) => (
        <Tab key={tag} tag={tag} on={tag === language} onLanguage={onLanguage}>
          {published === version ? <CheckIcon small /> : <EditIcon small />}
          {languageName(tag, locale)}
          <span>{published === version ? t('languages.version', { version }) : t('languages.draft', { version })}</span>
        </Tab>
      ))}
      {fresh.map((tag) => (
        <Tab key={tag} tag={tag} on={tag === language} onLanguage={onLanguage}>
          <WarnIcon small />
          {languageName(tag, locale)}
          <span>{t('languages.missing')}</span>
        </Tab>
      ))}
      {writes && <AddLanguage missing={missing} onLanguage={onLanguage} />}
    </nav>
  );
}

function Tab({
  tag,
  on,
  onLanguage,
  children,
}: {
  readonly tag: string;
  readonly on: boolean;
  readonly onLanguage: (language: string) => void;
  readonly children: React.ReactNode;
}) {
  return (
    <a
      href={`?language=${encodeURIComponent(tag)}`}
      className={on ? 'on' : undefined}
      aria-current={on ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        onLanguage(tag);
      }}
    >
      {children}
    </a>
  );
}

interface AddLanguageProps {
  /** Languages of users that there is no letter in. */
  readonly missing: readonly string[];
  readonly onLanguage: (language: string) => void;
}

function AddLanguage({ missing, onLanguage }: AddLanguageProps) {
  const { t } = useTranslation('letters');
  const { locale } = useFormat();
  const go = (chosen: string): void => {
    setOpened(false);
    onLanguage(chosen);
  };
  const [opened, setOpened] = useState(false);
  const [tag, setTag] = useState('');
  const fits = canonical(tag) !== null;
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus width={260}>
      <Popover.Target>
        <button
          type="button"
          className="btn sub sm"
          aria-label={t('languages.add')}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {missing.length > 0 ? <WarnIcon small /> : <PlusIcon small />}
          {missing.length > 0 ? t('languages.are_missing', { count: missing.length }) : t('languages.add')}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('languages.add')}>
        {missing.length > 0 && (
          <ul className="letter-missing">
            {missing.map((tag) => (
              <li key={tag}>
                <button type="button" className="link-button" onClick={() => go(tag)}>
                  {languageName(tag, locale)}
                </button>
              </li>
            ))}
          </ul>
        )}
        <form
          className="stackv tight"
          onSubmit={(event) => {
            event.preventDefault();
            const chosen = canonical(tag);
            if (chosen !== null) go(chosen);
          }}
        >
          <TextInput
            data-autofocus
            label={t('languages.tag')}
            description={t('languages.tag_hint')}
            value={tag}
            onChange={(event) => setTag(event.currentTarget.value)}
          />
          <Button type="submit" variant="filled" disabled={!fits}>
            {t('languages.begin')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function canonical(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag.trim())[0] ?? null;
  } catch {
    return null;
  }
}
