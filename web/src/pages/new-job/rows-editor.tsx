import { Checkbox, MultiSelect, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FormValue, type JsonSchema, SchemaField } from '../../components/index.ts';
import { isRecord, type ValueTable } from './draft.ts';
import { without } from './field-editor.tsx';
import { Choices, DateInput } from './inputs.tsx';
import { type KindOfChange, schemaOf, verbOf, verbsOf } from './kinds.ts';
import { useFieldWords } from './sentence.tsx';
import { useCodes } from './words.tsx';

interface RowsEditorProps {
  readonly kind: KindOfChange;
  readonly input: FormValue;
  readonly values: ValueTable | null;
  readonly onChange: (input: FormValue) => void;
}

/** Adding, changing and removing rows of a user: addresses, blocks, notes, roles. */
export function RowsEditor({ kind, input, values, onChange }: RowsEditorProps) {
  const { t, i18n } = useTranslation('new-job');
  const verb = verbOf(kind, input);
  const schema = schemaOf(kind).properties?.[verb];
  const word = (name: string): string => (i18n.exists(`new-job:verb.${name}`) ? t(`verb.${name}` as 'verb.add') : name); // checked before
  const choose = (next: string): void => {
    const type = schemaOf(kind).properties?.[next]?.type;
    onChange({ [next]: type === 'object' ? {} : (schemaOf(kind).properties?.[next]?.enum?.[0] ?? '') });
  };
  const content = isRecord(input[verb]) ? input[verb] : {};
  const parts = Object.entries(schema?.properties ?? {});
  const edits = parts.some(([name]) => name === 'match') && parts.some(([name]) => name === 'set');
  return (
    <div className="stackv tight">
      <Choices
        label={t('verb.label')}
        value={verb}
        onChange={choose}
        options={verbsOf(kind).map((each) => ({ value: each, label: word(each) }))}
      />
      {edits
        ? parts.map(([name, part]) => (
            <fieldset key={name} className="nj-part">
              <legend className="flabel">{name === 'match' ? t('verb.which', { rows: kind.label }) : t('verb.becomes')}</legend>
              <RowFields
                child={kind.change}
                schema={part}
                value={isRecord(content[name]) ? content[name] : {}}
                values={values}
                onChange={(next) => onChange({ [verb]: { ...content, [name]: next } })}
              />
            </fieldset>
          ))
        : schema?.type === 'object' && (
            <RowFields
              key={verb}
              child={kind.change}
              schema={schema}
              value={content}
              values={values}
              onChange={(next) => onChange({ [verb]: next })}
            />
          )}
    </div>
  );
}

interface RowFieldsProps {
  readonly child: string;
  readonly schema: JsonSchema;
  readonly value: FormValue;
  readonly values: ValueTable | null;
  readonly onChange: (value: FormValue) => void;
}

/** Fields that are shown before anything was chosen. */
const SHOWN_FIRST = 2;
const SECONDARY = /_(?:contains|before|after|empty)$|^(?:any|segment|created_by|created_at|preferred)$/;

/** Those fields that are needed or given; the others are added one by one. */
function RowFields({ child, schema, value, values, onChange }: RowFieldsProps) {
  const { t } = useTranslation('new-job');
  const words = useFieldWords(child);
  const [opened, setOpened] = useState<readonly string[]>([]);
  const all = Object.entries(schema.properties ?? {});
  const required = schema.required ?? [];
  const first = all
    .map(([name]) => name)
    .filter((name) => !SECONDARY.test(name))
    .slice(0, SHOWN_FIRST);
  const shown = all.filter(
    ([name]) =>
      required.includes(name) || value[name] !== undefined || opened.includes(name) || (value['any'] !== true && first.includes(name)),
  );
  const others = all.filter(([name]) => !shown.some(([each]) => each === name));
  return (
    <div className="nj-fields">
      {shown.map(([name, field]) => (
        <RowField
          key={name}
          name={name}
          child={child}
          schema={field}
          required={required.includes(name)}
          value={value[name]}
          values={values}
          onChange={(next) => onChange(without(value, name, next === '' ? undefined : next))}
        />
      ))}
      {others.length > 0 && (
        <Select
          label={t('field.another')}
          placeholder={t('field.choose')}
          data={others.map(([name]) => ({ value: name, label: words(name).label }))}
          value={null}
          onChange={(name) => {
            if (name === null) return;
            setOpened([...opened, name]);
            const field = schema.properties?.[name];
            if (field?.const === true) onChange({ ...value, [name]: true });
          }}
          searchable
        />
      )}
    </div>
  );
}

interface RowFieldProps {
  readonly name: string;
  readonly child: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly value: unknown;
  readonly values: ValueTable | null;
  readonly onChange: (value: unknown) => void;
}

const LONG = /^(?:note|text)$/;

function RowField({ name, child, schema: given, required, value, values, onChange }: RowFieldProps) {
  const { t } = useTranslation('new-job');
  const { label, field } = useFieldWords(child)(name);
  const codes = useCodes(field?.code_table);
  const options = given.anyOf ?? [given];
  const schema = options.find((each) => each.type !== 'null' && each.properties?.['column'] === undefined) ?? given;
  const nullable = options.some((each) => each.type === 'null');
  const columns = options.some((each) => each.properties?.['column'] !== undefined) ? (values?.columns ?? []) : [];
  const common = { label, withAsterisk: required, disabled: value === null };
  const text = typeof value === 'string' ? value : '';
  const column = isRecord(value) && typeof value['column'] === 'string' ? value['column'] : null;
  const drawn = (): React.ReactNode => {
    if (schema.const === true)
      return <Checkbox label={label} checked={value === true} onChange={(e) => onChange(e.currentTarget.checked || undefined)} />;
    if (schema.type === 'boolean') {
      const data = [
        { value: 'true', label: t('value.yes') },
        { value: 'false', label: t('value.no') },
      ];
      return (
        <Select
          {...common}
          data={data}
          value={value === undefined ? null : String(value)}
          onChange={(next) => onChange(next === null ? undefined : next === 'true')}
        />
      );
    }
    if (schema.type === 'array' && schema.items?.type === 'string') {
      const chosen = Array.isArray(value) ? value.map(String) : [];
      const put = (next: string[]): void => onChange(next.length === 0 ? undefined : next);
      return codes.length > 0 ? (
        <MultiSelect {...common} data={[...codes]} value={chosen} onChange={put} />
      ) : (
        <TagsInput {...common} value={chosen} onChange={put} />
      );
    }
    if (schema.type !== 'string')
      return <SchemaField name={name} schema={schema} label={label} required={required} value={value} onChange={onChange} />;
    if (name === 'segment' || schema.enum !== undefined) {
      const words: Readonly<Record<string, string>> = {
        Internal: t('segment.internal'),
        External: t('segment.external'),
        by_account_type: t('segment.by_account_type'),
      };
      const data = (schema.enum ?? []).map((each) => ({ value: String(each), label: words[String(each)] ?? String(each) }));
      return <Select {...common} data={data} value={text === '' ? null : text} onChange={onChange} clearable />;
    }
    if (field?.type === 'date' || field?.type === 'instant') return <DateInput label={label} value={text} onChange={onChange} />;
    if (codes.length > 0)
      return (
        <Select
          {...common}
          data={[...codes]}
          value={text === '' ? null : text}
          onChange={onChange}
          searchable={codes.length > 8}
          clearable={!required}
        />
      );
    if (LONG.test(name))
      return <Textarea {...common} autosize minRows={2} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
    return <TextInput {...common} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
  };
  return (
    <div className="stackv tight">
      {column === null ? (
        drawn()
      ) : (
        <Select
          label={label}
          data={[...columns]}
          value={column}
          onChange={(next) => onChange(next === null ? undefined : { column: next })}
          clearable
        />
      )}
      {column === null && columns.length > 0 && (
        <button type="button" className="link-button small nj-left" onClick={() => onChange({ column: columns[0] })}>
          {t('values.use')}
        </button>
      )}
      {nullable && (
        <Checkbox
          size="xs"
          label={t('field.to_empty')}
          checked={value === null}
          onChange={(e) => onChange(e.currentTarget.checked ? null : undefined)}
        />
      )}
    </div>
  );
}
