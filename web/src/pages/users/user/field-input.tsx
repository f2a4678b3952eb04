/** A field of the record in a form: what it is comes from the server's catalogue. */
import { Checkbox, MultiSelect, Select, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import type { CatalogueField } from './record.ts';

interface FieldInputProps {
  readonly field: CatalogueField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly error?: string | undefined;
  readonly focus?: boolean;
  readonly description?: string | undefined;
}

const HOUR_MS = 3_600_000;
const LONG = ['note', 'text'];

export function FieldInput({
  field,
  value,
  onChange,
  required = false,
  disabled = false,
  error,
  focus = false,
  description,
}: FieldInputProps) {
  const { i18n } = useTranslation('users');
  const table = field.code_table ?? '';
  const codes = useApi('code_table.show', { table }, { enabled: table !== '', staleTime: HOUR_MS });
  const label = i18n.language === 'de' ? field.label.de : field.label.en;
  const common = {
    label,
    withAsterisk: required,
    disabled,
    ...(error === undefined ? {} : { error }),
    ...(description === undefined ? {} : { description }),
    ...(focus ? { 'data-autofocus': true } : {}),
  };
  const text = typeof value === 'string' ? value : '';
  if (field.type === 'boolean') {
    return (
      <Checkbox label={label} disabled={disabled} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  }
  if (field.type === 'code' || field.type === 'codes') {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    // A retired code stays with who has it.
    const data = (codes.data?.codes ?? [])
      .filter((code) => code.enabled || code.code === text || chosen.includes(code.code))
      .map((code) => ({ value: code.code, label: i18n.language === 'de' ? code.label_de : code.label_en }));
    return field.type === 'codes' ? (
      <MultiSelect {...common} openOnFocus={false} data={data} value={chosen} onChange={onChange} searchable />
    ) : (
      <Select
        openOnFocus={false}
        {...common}
        data={data}
        value={text === '' ? null : text}
        onChange={(next) => onChange(next ?? '')}
        searchable
        clearable={!required}
        allowDeselect={!required}
      />
    );
  }
  if (field.type === 'date' || field.type === 'instant') {
    return <TextInput {...common} type="date" value={text.slice(0, 10)} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  if (LONG.includes(field.name)) {
    return (
      <Textarea {...common} autosize minRows={2} maxLength={2000} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
    );
  }
  return <TextInput {...common} maxLength={255} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
}
