/** One condition, clicked together: what of the user, how compared, with what. */
import { Button, MultiSelect, NumberInput, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { useFormat } from '../../lib/format.ts';
import { type Condition, isWhole, needsValue, type Value } from './tree.ts';
import type { FilterField, FilterWords } from './words.ts';

interface ConditionFormProps {
  readonly words: FilterWords;
  readonly first: Condition;
  readonly label: string;
  readonly onDone: (condition: Condition) => void;
}

/** Inside of a popover, which a list in a portal of its own would close. */
const INSIDE = { withinPortal: false } as const;

export function ConditionForm({ words, first, label, onDone }: ConditionFormProps) {
  const { t } = useTranslation('filter');
  const { compare } = useFormat();
  const [condition, setCondition] = useState(first);
  const { child, field, op } = condition;
  const about = words.field(child, field);
  const change = (next: Partial<Condition>): void => setCondition({ ...condition, ...next });
  const chooseField = (name: string | null, of: string | null): void => {
    const chosen = words.field(of, name ?? '');
    change({ child: of, field: name ?? '', op: chosen?.operators[0] ?? '', value: undefined });
  };
  const byLabel = <T extends { readonly label: string }>(items: readonly T[]): T[] => items.toSorted((a, b) => compare(a.label, b.label));
  const catalogue = words.catalogue;
  const things = [
    {
      group: t('fields'),
      items: byLabel((catalogue?.fields ?? []).map((each) => ({ value: `f:${each.name}`, label: words.label(each.label) }))),
    },
    {
      group: t('rows'),
      items: byLabel((catalogue?.children ?? []).map((each) => ({ value: `c:${each.name}`, label: words.label(each.label) }))),
    },
  ];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    if (isWhole(condition)) onDone(condition);
  };
  const inner = catalogue?.children.find((each) => each.name === child);
  return (
    <form className="stackv tight" onSubmit={submit} aria-label={label}>
      <Select
        label={t('what')}
        data={things}
        value={child !== null ? `c:${child}` : field === '' ? null : `f:${field}`}
        onChange={(next) =>
          next?.startsWith('c:')
            ? change({ child: next.slice(2), field: '', op: '', value: undefined })
            : chooseField(next?.slice(2) ?? null, null)
        }
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('nothing')}
        comboboxProps={INSIDE}
        maxDropdownHeight={260}
        data-autofocus={first.field === '' && first.child === null ? true : undefined}
      />
      {inner !== undefined && (
        <>
          <SegmentedControl
            aria-label={t('there')}
            value={condition.none ? 'none' : 'some'}
            onChange={(next) => change({ none: next === 'none' })}
            data={[
              { value: 'some', label: t('has') },
              { value: 'none', label: t('has_no') },
            ]}
          />
          <Select
            label={t('whose')}
            placeholder={t('any')}
            data={byLabel(inner.fields.map((each) => ({ value: each.name, label: words.label(each.label) })))}
            value={field === '' ? null : field}
            onChange={(next) => chooseField(next, child)}
            clearable
            searchable
            comboboxProps={INSIDE}
          />
        </>
      )}
      {about !== undefined && (
        <>
          <Select
            label={t('how')}
            data={about.operators.map((each) => ({ value: each, label: words.operator(each, about.type) }))}
            value={op === '' ? null : op}
            onChange={(next) => change({ op: next ?? '', value: next === 'in' || op === 'in' ? undefined : condition.value })}
            allowDeselect={false}
            comboboxProps={INSIDE}
          />
          {needsValue(op) && <ValueField about={about} op={op} value={condition.value} onChange={(value) => change({ value })} />}
        </>
      )}
      <Button type="submit" variant="filled" disabled={!isWhole(condition)}>
        {t('apply')}
      </Button>
    </form>
  );
}

interface ValueFieldProps {
  readonly about: FilterField;
  readonly op: string;
  readonly value: Condition['value'];
  readonly onChange: (value: Condition['value']) => void;
}

function ValueField({ about, op, value, onChange }: ValueFieldProps) {
  const { t, i18n } = useTranslation('filter');
  const table = about.code_table ?? '';
  const codes = useApi('code_table.show', { table }, { enabled: table !== '' });
  const label = t('value');
  const list = Array.isArray(value) ? value.map(String) : [];
  const text = typeof value === 'string' ? value : '';
  const byCode = (table !== '' || about.values !== undefined) && (op === '=' || op === '!=' || op === 'in');
  if (byCode) {
    const german = i18n.language === 'de';
    const fixed = about.values?.map((each) => ({ value: each.value, label: german ? each.label.de : each.label.en }));
    const data = fixed ?? (codes.data?.codes ?? []).map((code) => ({ value: code.code, label: german ? code.label_de : code.label_en }));
    return op === 'in' ? (
      <MultiSelect label={label} data={data} value={list} onChange={onChange} searchable comboboxProps={INSIDE} maxDropdownHeight={220} />
    ) : (
      <Select
        label={label}
        data={data}
        value={text === '' ? null : text}
        onChange={(next) => onChange(next ?? undefined)}
        searchable
        comboboxProps={INSIDE}
        maxDropdownHeight={220}
      />
    );
  }
  if (op === 'in') {
    const numbers = about.type === 'integer' || about.type === 'amount';
    return (
      <TagsInput
        label={label}
        value={list}
        onChange={(next) => onChange(numbers ? next.map(Number).filter(Number.isFinite) : next)}
        comboboxProps={INSIDE}
      />
    );
  }
  if (about.type === 'boolean') {
    return (
      <SegmentedControl
        aria-label={label}
        value={value === undefined ? '' : String(value)}
        onChange={(next) => onChange(next === 'true')}
        data={[
          { value: 'true', label: t('yes') },
          { value: 'false', label: t('no') },
        ]}
      />
    );
  }
  if (about.type === 'integer' || about.type === 'amount') {
    return (
      <NumberInput
        label={label}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        allowDecimal={about.type === 'amount'}
      />
    );
  }
  if (about.type === 'date' || about.type === 'instant') return <DateField value={value} onChange={onChange} />;
  return <TextInput label={label} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
}

const UNITS = ['days', 'weeks', 'months', 'years'] as const;

/** A day of the calendar, or one that moves with today. */
function DateField({ value, onChange }: Pick<ValueFieldProps, 'value' | 'onChange'>) {
  const { t } = useTranslation('filter');
  const shift = typeof value === 'object' && 'today' in value ? value.today : null;
  const unit = UNITS.find((each) => (shift?.[each] ?? 0) !== 0) ?? 'days';
  const amount = shift?.[unit] ?? 0;
  const moved = (next: number, by: string): Value => ({ today: next === 0 ? {} : { [by]: next } });
  const [kept, setKept] = useState<string>(unit);
  return (
    <>
      <SegmentedControl
        aria-label={t('date_kind')}
        value={shift === null ? 'day' : 'today'}
        onChange={(next) => onChange(next === 'today' ? moved(0, 'days') : undefined)}
        data={[
          { value: 'day', label: t('day') },
          { value: 'today', label: t('from_today') },
        ]}
      />
      {shift === null ? (
        <TextInput
          type="date"
          label={t('value')}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <div className="row">
          <NumberInput
            className="grow"
            label={t('shift')}
            value={amount}
            allowDecimal={false}
            onChange={(next) => onChange(moved(Number(next) || 0, kept))}
          />
          <Select
            className="grow"
            label={t('unit_label')}
            data={UNITS.map((each) => ({ value: each, label: t(`units.${each}`) }))}
            value={kept}
            allowDeselect={false}
            comboboxProps={INSIDE}
            onChange={(next) => {
              setKept(next ?? 'days');
              onChange(moved(amount, next ?? 'days'));
            }}
          />
        </div>
      )}
    </>
  );
}
