import { Checkbox, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FormValue } from '../../components/index.ts';
import type { ValueTable } from './draft.ts';
import { Choices, DateInput, DayInput, RelativeInput, SpanInput } from './inputs.tsx';
import { type FieldMode, type KindOfChange, modeOf, modesOf } from './kinds.ts';
import { useCodes, useFields } from './words.tsx';

interface FieldEditorProps {
  readonly kind: KindOfChange;
  readonly input: FormValue;
  readonly values: ValueTable | null;
  readonly onChange: (input: FormValue) => void;
}

/** What each way of giving a value begins with. */
const FIRST: Readonly<Record<FieldMode, FormValue>> = {
  set: {},
  today: { set: 'today + 6 months' },
  shift: { shift: { months: 6 } },
  relative_to: { relative_to: 'expiry_date', shift: { years: 1 } },
  not_earlier: { not_earlier: '' },
  not_later: { not_later: '' },
  end_of_month: { end_of_month: true },
  column: { column: '' },
  clear: { clear: true },
};
const ENDS: readonly FieldMode[] = ['set', 'today', 'shift', 'relative_to'];

/** The new value of one field: given, counted, moved, from a table, or emptied. */
export function FieldEditor({ kind, input, values, onChange }: FieldEditorProps) {
  const { t } = useTranslation('new-job');
  const fields = useFields();
  const field = fields.field(kind.change);
  const mode = modeOf(input);
  const dates = (fields.catalogue?.fields ?? []).filter((each) => each.type === 'date');
  const modes = modesOf(kind);
  return (
    <div className="stackv tight">
      {modes.length > 1 && (
        <Choices
          label={t('mode.label')}
          value={mode}
          onChange={(next) => onChange(FIRST[next])}
          options={modes.map((each) => ({
            value: each,
            label: each === 'set' && field?.type === 'date' ? t('mode.date') : t(`mode.${each}`),
          }))}
        />
      )}
      {mode === 'set' && <SetValue kind={kind} input={input} onChange={onChange} />}
      {mode === 'today' && (
        <RelativeInput label={t('mode.today')} value={String(input['set'])} onChange={(set) => onChange({ ...input, set })} />
      )}
      {mode === 'relative_to' && (
        <Select
          label={t('mode.base')}
          data={dates.map((each) => ({ value: each.name, label: fields.label(each.name) }))}
          value={String(input['relative_to'])}
          onChange={(next) => onChange({ ...input, relative_to: next ?? 'expiry_date' })}
          allowDeselect={false}
        />
      )}
      {(mode === 'shift' || mode === 'relative_to') && (
        <SpanInput value={input['shift']} onChange={(shift) => onChange({ ...input, shift: shift ?? {} })} />
      )}
      {mode === 'shift' && (
        <Checkbox
          label={t('mode.from_today')}
          checked={input['from'] === 'today'}
          onChange={(event) => onChange(without(input, 'from', event.currentTarget.checked ? 'today' : undefined))}
        />
      )}
      {(mode === 'not_earlier' || mode === 'not_later') && (
        <DateInput label={t(`mode.${mode}`)} value={String(input[mode] ?? '')} onChange={(next) => onChange({ [mode]: next })} />
      )}
      {ENDS.includes(mode) && modes.includes('end_of_month') && (
        <Checkbox
          label={t('mode.to_end_of_month')}
          checked={input['end_of_month'] === true}
          onChange={(event) => onChange(without(input, 'end_of_month', event.currentTarget.checked ? true : undefined))}
        />
      )}
      {mode === 'column' && <ColumnValue input={input} values={values} onChange={onChange} />}
      {mode === 'clear' && <p className="t2 small">{t('mode.clear_text', { field: kind.label })}</p>}
    </div>
  );
}

export function without(input: FormValue, name: string, value: unknown): FormValue {
  const { [name]: _before, ...rest } = input;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function SetValue({ kind, input, onChange }: Omit<FieldEditorProps, 'values'>) {
  const { t } = useTranslation('new-job');
  const field = useFields().field(kind.change);
  const codes = useCodes(field?.code_table);
  const label = t('mode.new_value', { field: kind.label });
  const value = typeof input['set'] === 'string' ? input['set'] : '';
  const put = (next: unknown): void => onChange(without(input, 'set', next === '' || next === null ? undefined : next));
  if (field?.type === 'date') return <DayInput label={label} value={value} onChange={put} />;
  if (field?.type === 'boolean') {
    return (
      <Select
        label={label}
        data={[
          { value: 'true', label: t('value.yes') },
          { value: 'false', label: t('value.no') },
        ]}
        value={String(input['set'])}
        onChange={(next) => put(next === 'true')}
        allowDeselect={false}
      />
    );
  }
  if (field?.code_table !== undefined) {
    return (
      <Select
        label={label}
        data={[...codes]}
        value={value === '' ? null : value}
        onChange={put}
        searchable={codes.length > 8}
        placeholder={t('sentence.choose')}
      />
    );
  }
  return <TextInput label={label} value={value} onChange={(event) => put(event.currentTarget.value)} />;
}

/** Each user's own value, out of an uploaded table. */
function ColumnValue({ input, values, onChange }: Omit<FieldEditorProps, 'kind'>) {
  const { t } = useTranslation('new-job');
  if (values === null) return <p className="t2 small">{t('values.first')}</p>;
  return (
    <div className="row wrap top">
      <Select
        label={t('values.column')}
        data={[...values.columns]}
        value={String(input['column'] ?? '')}
        onChange={(next) => onChange(without(input, 'column', next ?? ''))}
        placeholder={t('sentence.choose')}
      />
      <Select
        label={t('values.mode')}
        data={[
          { value: 'replace', label: t('values.replace') },
          { value: 'fill_if_empty', label: t('values.fill') },
        ]}
        value={input['mode'] === 'fill_if_empty' ? 'fill_if_empty' : 'replace'}
        onChange={(next) => onChange(without(input, 'mode', next === 'fill_if_empty' ? next : undefined))}
        allowDeselect={false}
      />
    </div>
  );
}
