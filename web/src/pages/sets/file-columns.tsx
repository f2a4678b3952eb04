import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';

/** Which column has the identifiers, and of which type they are; what is left out the server recognises. */
export interface ListChoice {
  readonly column?: number;
  readonly idType?: string;
}

interface FileColumnsProps {
  readonly checked: Output<'set.check_file'>;
  readonly choice: ListChoice;
  readonly onChange: (choice: ListChoice) => void;
}

const ANY = 'any';
const AN_HOUR_MS = 3_600_000;

export function FileColumns({ checked, choice, onChange }: FileColumnsProps) {
  const { t, i18n } = useTranslation('sets');
  const { columns, column, by } = checked;
  const types = useApi('code_table.show', { table: 'UserIdentifierTypes' }, { staleTime: AN_HOUR_MS });
  const codes = types.data?.codes.filter((code) => code.enabled) ?? [];
  const recognised = columns.find((each) => each.column === column)?.identifier === true && choice.column === undefined;
  return (
    <div className="grid g2">
      <Select
        label={t('file.column')}
        description={recognised ? t('file.recognised') : choice.column === undefined ? t('file.first_column') : t('file.chosen')}
        data={columns.map((each) => ({
          value: String(each.column),
          label: labelOf(each, t('file.column_number', { number: each.column })),
        }))}
        value={String(column)}
        onChange={(next) => {
          const { column: _, ...rest } = choice;
          onChange(next === null ? rest : { ...rest, column: Number(next) });
        }}
        allowDeselect={false}
        disabled={columns.length < 2}
      />
      <Select
        label={t('file.by')}
        description={t('file.by_text')}
        data={[
          { value: ANY, label: t('file.by_any') },
          { value: 'primary_id', label: t('file.by_primary_id') },
          ...codes.map((code) => ({ value: code.code, label: i18n.language === 'de' ? code.label_de : code.label_en })),
        ]}
        value={by}
        onChange={(next) => {
          const { idType: _, ...rest } = choice;
          onChange(next === null || next === ANY ? rest : { ...rest, idType: next });
        }}
        allowDeselect={false}
        searchable
      />
    </div>
  );
}

function labelOf({ heading, values }: Output<'set.check_file'>['columns'][number], number: string): string {
  return `${heading ?? number}${values.length === 0 ? '' : ` (${values.slice(0, 2).join(', ')} …)`}`;
}
