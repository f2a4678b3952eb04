import { Button, Switch } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { EditorView } from '@codemirror/view';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { CheckIcon, DateText, MailIcon, Page, SkippedIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { CheckCard } from './check-card.tsx';
import { Conflict } from './conflict.tsx';
import { LanguageTabs } from './language-tabs.tsx';
import { type LetterProblemView, rangeOf } from './liquid.ts';
import { PreviewPane } from './preview-pane.tsx';
import { ProblemBar } from './problem-bar.tsx';
import type { LetterSearch } from './routes.ts';
import { SourceEditor } from './source-editor.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDraft } from './use-draft.ts';
import { useSaving, useTestSend } from './use-saving.ts';
import { usePublish, VersionsCard } from './versions-card.tsx';

interface LetterEditorProps {
  readonly type: Output<'letter.show'>;
  readonly language: string;
  readonly search: LetterSearch;
  readonly onSearch: (next: LetterSearch | { readonly [K in keyof LetterSearch]: undefined }) => void;
}

/** Milliseconds of rest after which what is written is checked and shown. */
const REST_MS = 350;

/** The letter of a type in one language: written on the left, seen on the right. */
export function LetterEditor({ type, language, search, onSearch }: LetterEditorProps) {
  const { t } = useTranslation(['letters', 'common']);
  const { number } = useFormat();
  const can = useCan();
  const writes = can('letters:write');
  const view = useRef<EditorView | null>(null);
  const saved = type.letters.find((letter) => letter.language === language);
  const key = { kind: 'letter', code: type.type, language } as const;
  const draft = useDraft(`letter.${type.type}.${language}`, saved);
  const { wording } = draft;
  const fields = useApi('letter.fields', {}, { staleTime: 3_600_000 });
  const texts = useApi('letter_text.list', { kind: 'snippet' }, { staleTime: 60_000 });
  const snippets = useMemo(
    () => (texts.data?.texts ?? []).filter((text) => text.language === language && text.published !== null).map(({ code }) => code),
    [texts.data, language],
  );
  const completions = useMemo(() => ({ fields: fields.data?.fields ?? [], snippets }), [fields.data, snippets]);
  const [rested] = useDebouncedValue(wording, REST_MS);
  const preview = useApi(
    'letter.preview',
    { type: type.type, language, source: rested, users: search.user === undefined ? [] : [search.user], forms: ['html', 'text', 'sms'] },
    { keepPrevious: true },
  );
  const problems = preview.data?.problems ?? NONE;
  const of = useMemo(() => byPart(problems), [problems]);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const saving = useSaving(key, draft);
  const publish = usePublish(key);
  const test = useTestSend();
  const next = (saved?.version ?? 0) + 1;
  const save = (): void => {
    if (writes && draft.dirty && errors === 0 && !saving.busy) saving.save(draft.basedOn);
  };
  const goTo = (line: number, column: number): void => {
    const editor = view.current;
    if (editor === null) return;
    const { from, to } = rangeOf(editor.state.doc, line, column);
    editor.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    editor.focus();
  };
  useShortcuts(writes ? [{ keys: 'mod+S', label: t('save', { version: next }), run: save }] : []);

  return (
    <Page
      title={type.label}
      crumbs={[{ label: t('title'), to: '/letters' }]}
      beside={
        <>
          {type.essential && <span className="badge plain outline">{t('type.essential')}</span>}
          {type.credentials && <span className="badge plain outline">{t('type.credentials')}</span>}
          {!type.active && <span className="badge plain">{t('type.inactive')}</span>}
          {!writes && <span className="badge plain">{t('read_only')}</span>}
        </>
      }
      sub={type.description ?? undefined}
      actions={
        <>
          <Button
            leftSection={<MailIcon />}
            loading={test.busy}
            disabled={errors > 0}
            onClick={() =>
              test.send({ type: type.type, language, source: wording, ...(search.user === undefined ? {} : { user: search.user }) })
            }
          >
            {t('test.send')}
          </Button>
          {writes && draft.dirty && (
            <Button variant="filled" loading={saving.busy} disabled={errors > 0} onClick={save}>
              {t('save', { version: next })}
            </Button>
          )}
          {writes && !draft.dirty && saved !== undefined && (
            <Button variant="filled" disabled={saved.published === saved.version || errors > 0} onClick={() => publish(saved.version)}>
              {saved.published === saved.version ? t('is_published', { version: saved.version }) : t('publish', { version: saved.version })}
            </Button>
          )}
        </>
      }
    >
      <div className="letter-grid">
        <section className="card letter-source" aria-label={t('editor.title')}>
          <LanguageTabs type={type} language={language} writes={writes} onLanguage={(tag) => onSearch({ language: tag })} />
          {saving.conflict !== null && (
            <Conflict of={key} problem={saving.conflict} draft={draft} onSave={(version) => saving.save(version)} onClose={saving.forget} />
          )}
          <div className="letter-subject">
            <span className="muted" aria-hidden="true">
              {t('preview.subject')}
            </span>
            <SourceEditor
              single
              label={t('preview.subject')}
              value={wording.subject}
              onChange={(subject) => draft.change({ subject })}
              readOnly={!writes}
              problems={of.get('subject') ?? NONE}
              completions={completions}
            />
          </div>
          {writes && (
            <Toolbar view={view} fields={completions.fields} snippets={snippets}>
              <span className="muted small" role="status">
                {draft.dirty ? (
                  <span className="o">
                    <SkippedIcon small />
                    {t('not_saved')}
                  </span>
                ) : saved === undefined ? null : (
                  <span className="o">
                    <CheckIcon small />
                    {t('saved')} <DateText value={saved.modified_at} as="lately" />
                  </span>
                )}
              </span>
              {draft.dirty && (
                <button type="button" className="link-button small" onClick={draft.discard}>
                  {t('discard')}
                </button>
              )}
            </Toolbar>
          )}
          <SourceEditor
            numbers
            label={t('editor.body')}
            value={wording.body}
            onChange={(body) => draft.change({ body })}
            readOnly={!writes}
            problems={of.get('body') ?? NONE}
            completions={completions}
            view={view}
          />
          <div className="letter-sms">
            <div className="row wrap between">
              <Switch
                label={t('sms.goes')}
                checked={wording.sms !== null}
                disabled={!writes}
                onChange={(event) => draft.change({ sms: event.currentTarget.checked ? '' : null })}
              />
              {preview.data?.letters[0]?.sms !== null && preview.data?.letters[0]?.sms !== undefined && wording.sms !== null && (
                <span className="muted small">
                  {t('sms.size', {
                    count: preview.data.letters[0].sms.segments,
                    length: number(preview.data.letters[0].sms.length),
                    encoding: preview.data.letters[0].sms.encoding,
                  })}
                </span>
              )}
            </div>
            {wording.sms !== null && (
              <SourceEditor
                label={t('sms.text')}
                value={wording.sms}
                onChange={(sms) => draft.change({ sms })}
                readOnly={!writes}
                problems={of.get('sms') ?? NONE}
                completions={completions}
              />
            )}
          </div>
          <ProblemBar problems={problems} onPlace={goTo} />
        </section>
        <PreviewPane
          type={type.type}
          language={language}
          wording={rested}
          preview={preview}
          form={search.as ?? 'html'}
          user={search.user}
          onForm={(as) => onSearch({ as })}
          onUser={(user) => onSearch({ user } as LetterSearch)}
        />
        <VersionsCard of={key} title={t('version.title')} writes={writes} />
        <CheckCard
          type={type.type}
          language={language}
          set={search.set}
          writes={writes}
          onSet={(set) => onSearch({ set } as LetterSearch)}
          onLanguage={(tag) => onSearch({ language: tag })}
          onPlace={goTo}
        />
      </div>
    </Page>
  );
}

const NONE: readonly LetterProblemView[] = [];

function byPart(problems: readonly LetterProblemView[]): ReadonlyMap<string, readonly LetterProblemView[]> {
  return Map.groupBy(problems, ({ part }) => part);
}
