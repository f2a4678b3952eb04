import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { PlusIcon, TrashIcon } from '../../../../components/index.ts';
import { useCodes } from '../../parts/codes.ts';
import type { CodePair } from './draft.ts';

interface CodeMapProps {
  readonly label: string;
  readonly table: string;
  readonly value: unknown;
  readonly onChange: (pairs: readonly CodePair[]) => void;
  readonly error: string | undefined;
}

/** The feed's codes on the left, the library's to choose on the right. */
export function CodeMap({ label, table, value, onChange, error }: CodeMapProps) {
  const { t } = useTranslation('admin-feeds');
  const id = useId();
  const codes = useCodes(table);
  const pairs = (Array.isArray(value) ? value : []) as readonly CodePair[]; // only this table writes it
  const put = (key: number, next: Partial<CodePair>): void =>
    onChange(pairs.map((each) => (each.key === key ? { ...each, ...next } : each)));
  return (
    <fieldset className="adm-fieldset" aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend className="flabel">{label}</legend>
      {pairs.length === 0 ? (
        <p className="small muted">{t('map_none')}</p>
      ) : (
        <ul className="feed-codes">
          {pairs.map(({ key, theirs, ours }) => (
            <li key={key}>
              <TextInput
                aria-label={t('map_theirs')}
                placeholder={t('map_theirs')}
                value={theirs}
                onChange={(event) => put(key, { theirs: event.currentTarget.value })}
                classNames={{ input: 'mono' }}
              />
              <span aria-hidden="true">→</span>
              <Select
                aria-label={t('map_ours')}
                placeholder={t('map_ours')}
                data={[...codes]}
                value={ours === '' ? null : ours}
                onChange={(next) => put(key, { ours: next ?? '' })}
                searchable
              />
              <ActionIcon
                variant="subtle"
                aria-label={t('map_remove', { code: theirs })}
                onClick={() => onChange(pairs.filter((each) => each.key !== key))}
              >
                <TrashIcon />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && (
        <p className="small fail-text" id={`${id}-error`}>
          {error}
        </p>
      )}
      <Button
        size="xs"
        leftSection={<PlusIcon small />}
        aria-label={`${t('map_add')}: ${label}`}
        onClick={() => onChange([...pairs, { key: Math.max(-1, ...pairs.map((each) => each.key)) + 1, theirs: '', ours: '' }])}
      >
        {t('map_add')}
      </Button>
    </fieldset>
  );
}
