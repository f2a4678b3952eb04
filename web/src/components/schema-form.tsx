/**
 * Fields made from a JSON schema: of a change (`/api/changes`), of a setting. What the schema says is what
 * the field checks; there are no rules of our own. What it cannot draw is edited as JSON.
 */
import { Checkbox, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

export type FormValue = Readonly<Record<string, unknown>>;

interface SchemaFormProps {
  readonly schema: JsonSchema;
  readonly value: FormValue;
  readonly onChange: (value: FormValue) => void;
  /** Words of the fields in the page's language; else the schema's own. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Codes to choose from, by field, e.g. of a code table. */
  readonly codes?: Readonly<Record<string, readonly { readonly value: string; readonly label: string }[]>>;
  /** What the server said of a field. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Fields that are not asked for. */
  readonly hidden?: readonly string[];
}

export function SchemaForm({ schema, value, onChange, labels = {}, codes = {}, errors = {}, hidden = [] }: SchemaFormProps) {
  const fields = Object.entries(schema.properties ?? {}).filter(([name, field]) => !hidden.includes(name) && field.const === undefined);
  return (
    <div className="stackv tight">
      {fields.map(([name, field]) => (
        <SchemaField
          key={name}
          name={name}
          schema={field}
          label={labels[name] ?? field.title ?? name}
          required={schema.required?.includes(name) ?? false}
          value={value[name]}
          onChange={(next) => onChange(withField(value, name, next))}
          codes={codes[name]}
          error={errors[name]}
        />
      ))}
    </div>
  );
}

/** A field that was emptied is not there: empty is never a value by accident. */
function withField(value: FormValue, name: string, next: unknown): FormValue {
  const { [name]: _before, ...rest } = value;
  return next === undefined || next === '' ? rest : { ...rest, [name]: next };
}

interface FieldProps {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly label: string;
  readonly required: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly codes?: readonly { readonly value: string; readonly label: string }[] | undefined;
  readonly error?: string | undefined;
}

export function SchemaField({ schema: given, label, required, value, onChange, codes, error }: FieldProps) {
  const { t } = useTranslation();
  const schema = plainOf(given);
  const common = {
    label,
    withAsterisk: required,
    ...(schema.description === undefined ? {} : { description: schema.description }),
    ...(error === undefined ? {} : { error }),
  };
  const text = typeof value === 'string' ? value : '';
  const choices = codes ?? schema.enum?.map((each) => ({ value: String(each), label: String(each) }));
  if (choices !== undefined && schema.type !== 'array') {
    return (
      <Select
        {...common}
        data={[...choices]}
        value={text === '' ? null : text}
        onChange={(next) => onChange(next ?? undefined)}
        searchable={choices.length > 8}
        clearable={!required}
        nothingFoundMessage={t('state.no_match')}
      />
    );
  }
  switch (schema.type) {
    case 'boolean':
      return (
        <Checkbox
          label={label}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
          {...(error === undefined ? {} : { error })}
        />
      );
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
          allowDecimal={schema.type === 'number'}
          {...(schema.minimum === undefined ? {} : { min: schema.minimum })}
          {...(schema.maximum === undefined || schema.maximum > 1e15 ? {} : { max: schema.maximum })}
        />
      );
    case 'array':
      if (schema.items === undefined || plainOf(schema.items).type !== 'string') break;
      return (
        <TagsInput
          {...common}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(next) => onChange(next.length === 0 ? undefined : next)}
          data={(codes ?? []).map((code) => code.value)}
        />
      );
    case 'string':
      return (
        <TextInput
          {...common}
          type={schema.format === 'date' ? 'date' : 'text'}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...(schema.maxLength === undefined ? {} : { maxLength: schema.maxLength })}
        />
      );
  }
  return <JsonField {...common} value={value} onChange={onChange} />;
}

/** Whatever has no field of its own. */
function JsonField({
  value,
  onChange,
  error,
  ...common
}: {
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly error?: string;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [wrong, setWrong] = useState(false);
  return (
    <Textarea
      {...common}
      autosize
      minRows={2}
      className="mono"
      value={text}
      error={wrong ? t('form.not_json') : error}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        try {
          onChange(next.trim() === '' ? undefined : JSON.parse(next));
          setWrong(false);
        } catch {
          setWrong(true);
        }
      }}
    />
  );
}

/** "or null" is said by leaving it out. */
function plainOf(schema: JsonSchema): JsonSchema {
  const options = (schema.anyOf ?? schema.oneOf ?? []).filter((each) => each.type !== 'null');
  if (options.length === 1 && options[0] !== undefined)
    return { ...options[0], ...(schema.description === undefined ? {} : { description: schema.description }) };
  const constants = options.map((each) => each.const);
  if (options.length > 1 && constants.every((each) => each !== undefined)) return { ...schema, enum: constants };
  return schema;
}
