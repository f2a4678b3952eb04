/** Fields of a form, said as data: so that a page says what it asks for, and not how that is drawn. */
import { Checkbox, MultiSelect, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppProblem } from '../../../api/index.ts';

export type Values = Readonly<Record<string, unknown>>;
export interface Option {
  readonly value: string;
  readonly label: string;
}

interface FieldBase {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly required?: boolean;
  /** Of a choice: what holds while nothing is chosen. */
  readonly placeholder?: string;
}
export type FieldSpec = FieldBase &
  (
    | { readonly kind: 'text' | 'area' | 'code' | 'switch' | 'date' | 'tags' | 'password' }
    | { readonly kind: 'number'; readonly min?: number; readonly max?: number }
    | { readonly kind: 'select' | 'many'; readonly options: readonly Option[] }
    | { readonly kind: 'own'; readonly draw: (value: unknown, onChange: (next: unknown) => void, error: string | undefined) => ReactNode }
  );

interface FieldsProps {
  readonly fields: readonly FieldSpec[];
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  readonly problem: AppProblem | null;
}

export function Fields({ fields, values, onChange, problem }: FieldsProps) {
  return (
    <div className="stackv">
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name]}
          onChange={(next) => onChange({ ...values, [field.name]: next })}
          error={problem?.field(field.name)}
        />
      ))}
    </div>
  );
}

interface FieldProps {
  readonly field: FieldSpec;
  readonly value: unknown;
  readonly onChange: (next: unknown) => void;
  readonly error: string | undefined;
}

function Field({ field, value, onChange, error }: FieldProps) {
  const { t } = useTranslation();
  const common = {
    label: field.label,
    withAsterisk: field.required ?? false,
    ...(field.help === undefined ? {} : { description: field.help }),
    ...(error === undefined ? {} : { error }),
  };
  const text = typeof value === 'string' ? value : '';
  const list = Array.isArray(value) ? value.map(String) : [];
  switch (field.kind) {
    case 'own':
      return field.draw(value, onChange, error);
    case 'switch':
      return (
        <Checkbox
          label={field.label}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
          {...(field.help === undefined ? {} : { description: field.help })}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
          {...(field.min === undefined ? {} : { min: field.min })}
          {...(field.max === undefined ? {} : { max: field.max })}
        />
      );
    case 'select':
      return (
        <Select
          {...common}
          data={[...field.options]}
          value={text === '' ? null : text}
          onChange={(next) => onChange(next ?? undefined)}
          searchable={field.options.length > 8}
          {...(field.placeholder === undefined ? {} : { placeholder: field.placeholder })}
          clearable={field.required !== true}
          nothingFoundMessage={t('state.no_match')}
        />
      );
    case 'many':
      return (
        <MultiSelect
          {...common}
          data={[...field.options]}
          value={list}
          onChange={onChange}
          searchable
          nothingFoundMessage={t('state.no_match')}
        />
      );
    case 'tags':
      return <TagsInput {...common} value={list} onChange={onChange} />;
    case 'area':
    case 'code':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={12}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...(field.kind === 'code' ? { classNames: { input: 'mono' }, spellCheck: false } : {})}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          type={field.kind === 'text' ? 'text' : field.kind}
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

/** Without what was left empty: an operation is told only what was said. */
export function said(values: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}
