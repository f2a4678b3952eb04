import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CloseIcon, PlusIcon } from '../../components/index.ts';
import { operatorLabel } from '../../components/filter/words.ts';
import { type FilterRow, needsValue } from './condition.ts';
import { type CatalogueField, useCodes, useFields } from './words.tsx';

interface FilterBuilderProps {
  readonly rows: readonly FilterRow[];
  /** One is enough, instead of all. */
  readonly any: boolean;
  readonly onChange: (rows: readonly FilterRow[], any: boolean) => void;
  readonly disabled?: boolean;
}

export function newRow(): FilterRow {
  return { key: crypto.randomUUID(), child: null, field: '', op: '=', value: '', type: 'text' };
}

/** Comparisons clicked together: field, operator, value; all of them, or any. */
export function FilterBuilder({ rows, any, onChange }: FilterBuilderProps) {
  const { t } = useTranslation('new-job');
  const put = (row: FilterRow): void =>
    onChange(
      rows.map((each) => (each.key === row.key ? row : each)),
      any,
    );
  return (
    <div className="stackv tight">
      {rows.length > 1 && (
        <SegmentedControl
          size="xs"
          className="nj-left"
          aria-label={t('filter.joint')}
          value={any ? 'any' : 'all'}
          onChange={(next) => onChange(rows, next === 'any')}
          data={[
            { value: 'all', label: t('filter.all') },
            { value: 'any', label: t('filter.any') },
          ]}
        />
      )}
      {rows.map((row, index) => (
        <Row
          key={row.key}
          row={row}
          number={index + 1}
          onChange={put}
          {...(rows.length > 1
            ? {
                onRemove: () =>
                  onChange(
                    rows.filter((each) => each.key !== row.key),
                    any,
                  ),
              }
            : {})}
        />
      ))}
      <Button
        variant="subtle"
        size="xs"
        className="nj-left"
        leftSection={<PlusIcon small />}
        onClick={() => onChange([...rows, newRow()], any)}
      >
        {t('filter.add')}
      </Button>
    </div>
  );
}

interface RowProps {
  readonly row: FilterRow;
  readonly number: number;
  readonly onChange: (row: FilterRow) => void;
  readonly onRemove?: () => void;
}

const SPLIT = '/';

function Row({ row, number, onChange, onRemove }: RowProps) {
  const { t, i18n } = useTranslation('new-job');
  const language = i18n.language === 'de' ? 'de' : 'en';
  const { catalogue, field: find } = useFields();
  const field = find(row.field, row.child);
  const data = [
    { group: t('filter.of_user'), items: (catalogue?.fields ?? []).map(({ name, label }) => ({ value: name, label: label[language] })) },
    ...(catalogue?.children ?? []).map(({ name, label, fields }) => ({
      group: label[language],
      items: [
        { value: `${name}${SPLIT}`, label: t('filter.has', { rows: label[language] }) },
        ...fields.map((each) => ({ value: `${name}${SPLIT}${each.name}`, label: `${label[language]}: ${each.label[language]}` })),
      ],
    })),
  ];
  const choose = (value: string | null): void => {
    const [first = '', second] = (value ?? '').split(SPLIT);
    const child = second === undefined ? null : first;
    const name = second ?? first;
    const next = find(name, child);
    const op = next?.operators.includes(row.op as CatalogueField['operators'][number]) === true ? row.op : (next?.operators[0] ?? '=');
    onChange({ ...row, child, field: name, type: next?.type ?? 'text', op, value: '' });
  };
  const value = row.field === '' && row.child === null ? null : row.child === null ? row.field : `${row.child}${SPLIT}${row.field}`;
  return (
    <div className="nj-filter-row">
      <Select
        aria-label={t('filter.field', { number })}
        placeholder={t('filter.choose_field')}
        data={data}
        value={value}
        onChange={choose}
        searchable
        maxDropdownHeight={320}
      />
      {field !== undefined && (
        <Select
          aria-label={t('filter.operator', { number })}
          data={field.operators.map((op) => ({ value: op, label: operatorLabel(catalogue, op, field.type)?.[language] ?? op }))}
          value={row.op}
          onChange={(op) => onChange({ ...row, op: op ?? row.op })}
          allowDeselect={false}
        />
      )}
      {field !== undefined && needsValue(row.op) && <Value row={row} number={number} field={field} onChange={onChange} />}
      {onRemove !== undefined && (
        <button type="button" className="btn sub icon sm" aria-label={t('filter.remove', { number })} onClick={onRemove}>
          <CloseIcon />
        </button>
      )}
    </div>
  );
}

function Value({ row, number, field, onChange }: RowProps & { readonly field: CatalogueField }) {
  const { t, i18n } = useTranslation('new-job');
  const fixed = field.values?.map((each) => ({ value: each.value, label: i18n.language === 'de' ? each.label.de : each.label.en }));
  const listed = useCodes(field.code_table);
  const codes = fixed ?? listed;
  const label = t('filter.value', { number });
  const set = (value: string): void => onChange({ ...row, value });
  if (field.type === 'boolean') {
    const data = [
      { value: 'true', label: t('value.yes') },
      { value: 'false', label: t('value.no') },
    ];
    return <Select aria-label={label} data={data} value={row.value} onChange={(next) => set(next ?? '')} />;
  }
  if (codes.length > 0 && (row.op === '=' || row.op === '!=')) {
    return (
      <Select
        aria-label={label}
        data={[...codes]}
        value={row.value === '' ? null : row.value}
        onChange={(next) => set(next ?? '')}
        searchable={codes.length > 8}
        placeholder={t('filter.choose_value')}
      />
    );
  }
  const hint = field.type === 'date' ? t('filter.date_hint') : row.op === 'in' ? t('filter.list_hint') : t('filter.choose_value');
  return <TextInput aria-label={label} value={row.value} placeholder={hint} onChange={(event) => set(event.currentTarget.value)} />;
}
