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

/** The languages that there is a letter in, those that users miss, and one more. */
export function LanguageTabs({ type, language, writes, onLanguage }: LanguageTabsProps) {
  const { t } = useTranslation('letters');
  const { locale } = useFormat();
  const check = useApi('letter.check', { type: type.type, links: false }, { staleTime: 30_000 });
  const written = type.letters.map((letter) => letter.language);
  const missing = (check.data?.missing ?? []).map((one) => one.language).filter((tag) => !written.includes(tag));
  const fresh = written.includes(language) || missing.includes(language) ? [] : [language];
  return (
    <nav className="tabs letter-languages" aria-label={t('languages.label')}>
      {type.letters.map(({ language: tag, version, published }) => (
        <Tab key={tag} tag={tag} on={tag === language} onLanguage={onLanguage}>
          {published === version ? <CheckIcon small /> : <EditIcon small />}
          {languageName(tag, locale)}
          <span>{published === version ? t('languages.version', { version }) : t('languages.draft', { version })}</span>
        </Tab>
      ))}
      {[...missing, ...fresh].map((tag) => (
        <Tab key={tag} tag={tag} on={tag === language} onLanguage={onLanguage}>
          <WarnIcon small />
          {languageName(tag, locale)}
          <span>{t('languages.missing')}</span>
        </Tab>
      ))}
      {writes && <AddLanguage onLanguage={onLanguage} />}
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

function AddLanguage({ onLanguage }: { readonly onLanguage: (language: string) => void }) {
  const { t } = useTranslation('letters');
  const [opened, setOpened] = useState(false);
  const [tag, setTag] = useState('');
  const fits = canonical(tag) !== null;
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus width={260}>
      <Popover.Target>
        <button
          type="button"
          className="btn sub sm icon"
          aria-label={t('languages.add')}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <PlusIcon small />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('languages.add')}>
        <form
          className="stackv tight"
          onSubmit={(event) => {
            event.preventDefault();
            const chosen = canonical(tag);
            if (chosen === null) return;
            setOpened(false);
            onLanguage(chosen);
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
