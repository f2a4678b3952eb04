import { Button, Textarea } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, asProblem } from '../../api/index.ts';
import { toast } from '../index.ts';

interface FilterTextProps {
  readonly where: string;
  readonly onChange: (where: string) => void;
  readonly problem: string | null;
}

/** The filter as text: to be read, copied, and written; what is wrong is said with its line and column, and the caret stands there. */
export function FilterText({ where, onChange, problem }: FilterTextProps) {
  const { t } = useTranslation(['filter', 'common']);
  const [draft, setDraft] = useState<string | null>(problem === null ? null : where);
  const [error, setError] = useState(problem);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  if (draft === null) {
    return (
      <div className="ftext filter-text">
        <span className="filter-text-label">{t('as_text')}</span>
        {where === '' ? (
          <span className="grow muted">{t('no_text')}</span>
        ) : (
          <code className="grow" title={where}>
            <Coloured text={where} />
          </code>
        )}
        <button type="button" className="link-button" onClick={() => setDraft(where)} aria-label={t('edit_text')}>
          {t('common:action.edit')}
        </button>
        {where !== '' && isSecureContext && (
          <button
            type="button"
            className="link-button"
            onClick={() => void navigator.clipboard.writeText(where).then(() => toast(t('copied')))}
            aria-label={t('copy_text')}
          >
            {t('copy')}
          </button>
        )}
      </div>
    );
  }
  const apply = async (): Promise<void> => {
    setBusy(true);
    try {
      const read = draft.trim() === '' ? null : await api('users.list', { where: draft, limit: 0 });
      const next = read?.where ?? '';
      if (next === where) setDraft(null);
      else onChange(next);
    } catch (thrown) {
      const said = asProblem(thrown);
      setError(said.message);
      const at = placeOf(draft, said.params);
      if (at !== null) {
        field.current?.focus();
        field.current?.setSelectionRange(at, at);
      }
    } finally {
      setBusy(false);
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void apply();
    }
    if (event.key === 'Escape') setDraft(null);
  };
  return (
    <div className="row top wrap">
      <Textarea
        ref={field}
        className="grow filter-text-edit"
        classNames={{ input: 'mono' }}
        aria-label={t('text_label')}
        autosize
        minRows={1}
        maxRows={8}
        autoFocus
        spellCheck={false}
        value={draft}
        error={error ?? undefined}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
          setError(null);
        }}
        onKeyDown={onKey}
      />
      <Button variant="filled" loading={busy} onClick={() => void apply()}>
        {t('apply')}
      </Button>
      <Button variant="subtle" onClick={() => (problem === null ? setDraft(null) : onChange(''))}>
        {t('common:action.cancel')}
      </Button>
    </div>
  );
}

/** Where in the text the server's line and column are. */
function placeOf(text: string, { line, column }: Readonly<Record<string, unknown>>): number | null {
  if (typeof line !== 'number' || typeof column !== 'number') return null;
  const before = text.split('\n').slice(0, line - 1);
  return Math.min(text.length, before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1);
}

/** Texts in quotes stand out. */
function Coloured({ text }: { readonly text: string }) {
  return text.split(/("(?:[^"\\]|\\.)*")/).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, which never move
    part.startsWith('"') ? <em key={index}>{part}</em> : <span key={index}>{part}</span>,
  );
}
