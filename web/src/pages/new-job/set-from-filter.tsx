import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useApiMutation } from '../../api/index.ts';
import { Notice } from '../../components/index.ts';
import { FilterField } from './condition-editor.tsx';

interface MadeProps {
  readonly onMade: (set: { readonly id: number; readonly name: string }) => void;
}

/** A set by a filter, clicked together or written. */
export function SetFromFilter({ onMade }: MadeProps) {
  const { t } = useTranslation('new-job');
  const [name, setName] = useState('');
  const [where, setWhere] = useState('');
  const [itemize, setItemize] = useState(false);
  const create = useApiMutation('set.create', { invalidates: ['set.list'], onSuccess: onMade });
  const found = useApi('users.list', { where, limit: 0, count: true }, { enabled: where !== '' });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ name: name.trim(), where, itemize });
  };
  return (
    <form className="stackv tight" onSubmit={submit}>
      <FilterField where={where} onChange={setWhere} />
      <p className="muted" role="status">
        {where === '' || typeof found.data?.total !== 'number' ? '' : t('set.found', { count: found.data.total })}
      </p>
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
