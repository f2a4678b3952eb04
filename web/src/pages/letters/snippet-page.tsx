import { Button } from '@mantine/core';
import { useParams, useSearch } from '@tanstack/react-router';
import type { EditorView } from '@codemirror/view';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Card, ErrorState, languageName, LoadingRows, Page } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { Conflict } from './conflict.tsx';
import './letters.css';
import type { LetterProblemView } from './liquid.ts';
import { SourceEditor } from './source-editor.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDraft } from './use-draft.ts';
import { useSaving } from './use-saving.ts';
import { usePublish, VersionsCard } from './versions-card.tsx';

const NONE: readonly LetterProblemView[] = [];

/** A piece of text that letters of a language share. */
export function SnippetPage() {
  const { t, i18n } = useTranslation('letters');
  const { name } = useParams({ from: '/letters/snippets/$name' });
  const { language = i18n.language } = useSearch({ from: '/letters/snippets/$name' });
  const shown = useApi('letter_text.show', { kind: 'snippet', code: name, language });
  const missing = shown.error?.status === 404;
  if (shown.data === undefined && !missing)
    return (
      <Page title={name} crumbs={[{ label: t('title'), to: '/letters' }]}>
        {shown.error === null ? <LoadingRows /> : <ErrorState problem={shown.error} onRetry={() => void shown.refetch()} />}
      </Page>
    );
  return <SnippetEditor key={`${name} ${language}`} name={name} language={language} saved={missing ? undefined : shown.data} />;
}

interface SnippetEditorProps {
  readonly name: string;
  readonly language: string;
  readonly saved: Output<'letter_text.show'> | undefined;
}

function SnippetEditor({ name, language, saved }: SnippetEditorProps) {
  const { t } = useTranslation('letters');
  const { locale } = useFormat();
  const can = useCan();
  const writes = can('letters:write');
  const view = useRef<EditorView | null>(null);
  const key = { kind: 'snippet', code: name, language } as const;
  const before = useMemo(
    () => (saved === undefined ? undefined : { subject: '', body: saved.body, sms: null, version: saved.number }),
    [saved],
  );
  const draft = useDraft(`snippet.${name}.${language}`, before);
  const fields = useApi('letter.fields', {}, { staleTime: 3_600_000 });
  const versions = useApi('letter_text.versions', key, { enabled: saved !== undefined });
  const completions = useMemo(() => ({ fields: fields.data?.fields ?? [], snippets: [] }), [fields.data]);
  const saving = useSaving(key, draft);
  const publish = usePublish(key);
  const published = versions.data?.versions.find(({ state }) => state === 'published')?.number;
  const next = (saved?.number ?? 0) + 1;
  const save = (): void => {
    if (writes && draft.dirty && draft.wording.body.trim() !== '' && !saving.busy) saving.save(draft.basedOn);
  };
  useShortcuts(writes ? [{ keys: 'mod+S', label: t('save', { version: next }), run: save }] : []);
  return (
    <Page
      title={name}
      crumbs={[{ label: t('title'), to: '/letters' }]}
      sub={t('snippet.of', { language: languageName(language, locale) })}
      beside={writes ? undefined : <span className="badge plain">{t('read_only')}</span>}
      actions={
        writes &&
        (draft.dirty ? (
          <Button variant="filled" loading={saving.busy} onClick={save}>
            {t('save', { version: next })}
          </Button>
        ) : (
          saved !== undefined && (
            <Button variant="filled" disabled={published === saved.number} onClick={() => publish(saved.number)}>
              {published === saved.number ? t('is_published', { version: saved.number }) : t('publish', { version: saved.number })}
            </Button>
          )
        ))
      }
    >
      <div className="stackv">
        <section className="card letter-source" aria-label={t('editor.title')}>
          {saving.conflict !== null && (
            <Conflict of={key} problem={saving.conflict} draft={draft} onSave={(version) => saving.save(version)} onClose={saving.forget} />
          )}
          {writes && <Toolbar view={view} fields={completions.fields} snippets={[]} />}
          <SourceEditor
            numbers
            label={t('editor.body')}
            value={draft.wording.body}
            onChange={(body) => draft.change({ body })}
            readOnly={!writes}
            problems={NONE}
            completions={completions}
            view={view}
          />
        </section>
        {saved === undefined ? (
          <Card>
            <p className="muted">{t('snippet.new')}</p>
          </Card>
        ) : (
          <VersionsCard of={key} title={t('version.title')} writes={writes} />
        )}
      </div>
    </Page>
  );
}
