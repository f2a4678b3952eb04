import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Answer, LoadingPage, Page } from '../../components/index.ts';
import { LetterEditor } from './letter-editor.tsx';
import './letters.css';
import type { LetterSearch } from './routes.ts';

/** One notification type with its letter in a language. */
export function LetterPage() {
  const { t, i18n } = useTranslation(['letters', 'common']);
  const { type } = useParams({ from: '/letters/$type' });
  const search = useSearch({ from: '/letters/$type' });
  const navigate = useNavigate({ from: '/letters/$type' });
  const shown = useApi('letter.show', { type });
  const go = (next: Partial<Record<keyof LetterSearch, unknown>>): void =>
    void navigate({ search: (before) => ({ ...before, ...next }) as LetterSearch, replace: true });
  return (
    <Answer
      of={shown}
      loading={
        <Page title={t('letter_title')} crumbs={[{ label: t('title'), to: '/letters' }]}>
          <LoadingPage />
        </Page>
      }
    >
      {(letter) => {
        const written = letter.letters.map(({ language }) => language);
        const language = search.language ?? written.find((tag) => tag === i18n.language) ?? written[0] ?? i18n.language;
        return <LetterEditor key={`${letter.type} ${language}`} type={letter} language={language} search={search} onSearch={go} />;
      }}
    </Answer>
  );
}
