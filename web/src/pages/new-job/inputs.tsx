/** Fields that several editors share. */
import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormValue } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { isRecord } from './draft.ts';
import { formatRelative, parseRelative, SPAN_UNITS, type SpanUnit } from './words.tsx';

interface ChoicesProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

/** One of a few, side by side; they go on in the next line where there is no room. */
export function Choices<V extends string>({ label, value, options, onChange }: ChoicesProps<V>) {
  return (
    <fieldset className="seg nj-seg">
      <legend className="vh">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          className={option.value === value ? 'on' : undefined}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus?: boolean;
}

/** A day of the calendar, spelled out below. */
export function DayInput({ label, value, onChange, autoFocus = false }: DayProps) {
  const format = useFormat();
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(value);
  return (
    <TextInput
      type="date"
      label={label}
      value={whole ? value : ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(autoFocus ? { 'data-autofocus': true } : {})}
      {...(whole ? { description: format.spelled(value) } : {})}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  );
}

/** `today + 6 months`: counted from the day on which the job runs. */
export function RelativeInput({ label, value, onChange }: DayProps) {
  const { t } = useTranslation('new-job');
  const { count, unit } = parseRelative(value) ?? { count: 0, unit: 'months' as SpanUnit };
  return (
    <div className="row top">
      <NumberInput
        label={label}
        value={count}
        onChange={(next) => onChange(formatRelative({ count: typeof next === 'number' ? Math.trunc(next) : 0, unit }))}
        min={-36500}
        max={36500}
        allowDecimal={false}
        className="nj-number"
      />
      <Select
        label={t('unit.label')}
        data={SPAN_UNITS.map((each) => ({ value: each, label: t(`unit.${each}_name`) }))}
        value={unit}
        onChange={(next) => onChange(formatRelative({ count, unit: SPAN_UNITS.find((each) => each === next) ?? 'months' }))}
        allowDeselect={false}
      />
    </div>
  );
}

/** A date that stands fast, or one counted from the day of the run. */
export function DateInput({ label, value, onChange }: DayProps) {
  const { t } = useTranslation('new-job');
  const relative = parseRelative(value) !== null;
  return (
    <div className="stackv tight">
      {relative ? (
        <RelativeInput label={label} value={value} onChange={onChange} />
      ) : (
        <DayInput label={label} value={value} onChange={onChange} />
      )}
      <Checkbox
        size="xs"
        label={t('field.from_today')}
        checked={relative}
        onChange={(event) => onChange(event.currentTarget.checked ? 'today' : '')}
      />
    </div>
  );
}

/** Years, months, weeks and days to move by; negative ones move back. */
export function SpanInput({ value, onChange }: { readonly value: unknown; readonly onChange: (value: FormValue | undefined) => void }) {
  const { t } = useTranslation('new-job');
  const id = useId();
  const span = isRecord(value) ? value : {};
  const put = (unit: SpanUnit, next: string | number): void => {
    const { [unit]: _before, ...rest } = span;
    const whole = typeof next === 'number' && next !== 0 ? { ...rest, [unit]: Math.trunc(next) } : rest;
    onChange(Object.keys(whole).length === 0 ? undefined : whole);
  };
  return (
    <div className="nj-span">
      {SPAN_UNITS.toReversed().map((unit) => (
        <NumberInput
          key={unit}
          id={`${id}-${unit}`}
          label={t(`unit.${unit}_name`)}
          value={typeof span[unit] === 'number' ? span[unit] : ''}
          onChange={(next) => put(unit, next)}
          allowDecimal={false}
          min={-36500}
          max={36500}
        />
      ))}
    </div>
  );
}
