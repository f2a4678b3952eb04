import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { Notice } from '../../components/index.ts';
import { type FilterRow, filterText } from './condition.ts';
import { FilterLine } from './condition-editor.tsx';
import { FilterBuilder, newRow } from './filter-builder.tsx';

interface MadeProps {
  readonly onMade: (set: { readonly id: number; readonly name: string }) => void;
}

/** A set by a filter, clicked together or written. */
export function SetFromFilter({ onMade }: MadeProps) {
  const { t } = useTranslation('new-job');
  const [name, setName] = useState('');
  const [rows, setRows] = useState<readonly FilterRow[]>(() => [newRow()]);
  const [any, setAny] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const [itemize, setItemize] = useState(false);
  const create = useApiMutation('set.create', { invalidates: ['set.list'], onSuccess: onMade });
  const where = text ?? filterText(rows, any);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ name: name.trim(), where, itemize });
  };
  return (
    <form className="stackv tight" onSubmit={submit}>
      <p>{t('set.users_whose')}</p>
      {text === null ? (
        <>
          <FilterBuilder
            rows={rows}
            any={any}
            onChange={(next, joint) => {
              setRows(next);
              setAny(joint);
            }}
          />
          <FilterLine text={where} />
        </>
      ) : (
        <Textarea
          aria-label={t('filter.text')}
          className="mono"
          autosize
          minRows={2}
          value={text}
          placeholder={t('filter.text_hint')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <button type="button" className="link-button nj-left small" onClick={() => setText(text === null ? where : null)}>
        {text === null ? t('filter.as_text') : t('filter.as_rows')}
      </button>
      <TextInput label={t('set.name')} required value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} />
      <Checkbox
        label={t('set.itemize')}
        description={t('set.itemize_text')}
        checked={itemize}
        onChange={(event) => setItemize(event.currentTarget.checked)}
      />
      {create.error !== null && (
        <Notice tone="fail" title={create.error.message} live>
          <span className="mono small">{create.error.code}</span>
        </Notice>
      )}
      {create.data !== undefined && (
        <Notice tone="info" title={t('set.made', { name: create.data.name, count: create.data.members })} live />
      )}
      <Button type="submit" className="nj-left" disabled={name.trim() === '' || where === ''} loading={create.isPending}>
        {t('set.make')}
      </Button>
    </form>
  );
}
