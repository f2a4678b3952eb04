import { Checkbox, MultiSelect, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { type FormValue, SchemaForm } from '../../components/index.ts';
import { without } from './field-editor.tsx';
import { Choices } from './inputs.tsx';
import { type KindOfChange, schemaOf } from './kinds.ts';
import { useCodes, useFields } from './words.tsx';

interface PlainEditorProps {
  readonly kind: KindOfChange;
  readonly input: FormValue;
  readonly onChange: (input: FormValue) => void;
}

/** Changes that are neither one field nor rows. One that is not known here is drawn from its schema. */
export function PlainEditor(props: PlainEditorProps) {
  switch (props.kind.change) {
    case 'account_type':
      return <AccountTypeEditor {...props} />;
    case 'password':
      return <CredentialsEditor name="reset" {...props} />;
    case 'role_profile':
      return <ProfileEditor {...props} />;
    case 'recalculate_roles':
      return <RecalculateEditor {...props} />;
    case 'letter_preference':
      return <PreferenceEditor {...props} />;
    case 'give_back_to_feed':
      return <GiveBackEditor {...props} />;
  }
  return <SchemaForm schema={schemaOf(props.kind)} value={props.input} onChange={props.onChange} />;
}

function AccountTypeEditor({ kind, input, onChange }: PlainEditorProps) {
  const { t } = useTranslation('new-job');
  const codes = useCodes(useFields().field('account_type')?.code_table);
  const types = (schemaOf(kind).properties?.['set']?.enum ?? []).map(String);
  return (
    <div className="stackv tight">
      <Select
        label={t('account.type')}
        data={types.map((value) => ({ value, label: codes.find((code) => code.value === value)?.label ?? value }))}
        value={String(input['set'] ?? '')}
        onChange={(next) => onChange(next === 'INTERNAL' ? { set: next, credentials: 'password' } : { set: next ?? 'INTERNAL' })}
        allowDeselect={false}
      />
      {input['set'] === 'INTERNAL' && <CredentialsEditor name="credentials" kind={kind} input={input} onChange={onChange} />}
      {input['set'] === 'EXTERNAL' && (
        <TextInput
          label={t('account.feed')}
          description={t('account.feed_text')}
          withAsterisk
          value={typeof input['external_id'] === 'string' ? input['external_id'] : ''}
          onChange={(event) => onChange(without(input, 'external_id', event.currentTarget.value || undefined))}
        />
      )}
    </div>
  );
}

/** How people get in afterwards, and whether the letter that tells them goes out. */
function CredentialsEditor({ kind, input, name, onChange }: PlainEditorProps & { readonly name: 'credentials' | 'reset' }) {
  const { t } = useTranslation('new-job');
  const known = ['password', 'link', 'none'] as const;
  const allowed = (schemaOf(kind).properties?.[name]?.enum ?? []).map(String);
  const value = known.find((each) => each === input[name]) ?? 'password';
  return (
    <div className="stackv tight">
      <Choices
        label={t('credentials.label')}
        value={value}
        onChange={(next) => onChange(without(next === 'none' ? without(input, 'letter', undefined) : input, name, next))}
        options={known.filter((each) => allowed.includes(each)).map((each) => ({ value: each, label: t(`credentials.${each}`) }))}
      />
      <p className="t2 small">{t(`credentials.${value}_text`)}</p>
      {value !== 'none' && (
        <Checkbox
          label={t('credentials.letter')}
          checked={input['letter'] !== false}
          onChange={(event) => onChange(without(input, 'letter', event.currentTarget.checked ? undefined : false))}
        />
      )}
    </div>
  );
}

function ProfileEditor({ input, onChange }: PlainEditorProps) {
  const { t } = useTranslation('new-job');
  const { data, error } = useApi('profile.list', {});
  return (
    <Select
      label={t('profile.label')}
      data={(data?.profiles ?? []).map((profile) => profile.name)}
      value={typeof input['apply'] === 'string' ? input['apply'] : null}
      onChange={(next) => onChange(next === null ? {} : { apply: next })}
      searchable
      placeholder={t('sentence.choose')}
      {...(error === null ? {} : { error: error.message })}
    />
  );
}

function RecalculateEditor({ input, onChange }: PlainEditorProps) {
  const { t } = useTranslation('new-job');
  return (
    <Checkbox
      label={t('recalculate.remove')}
      checked={input['remove_others'] === true}
      onChange={(event) => onChange(event.currentTarget.checked ? { remove_others: true } : {})}
    />
  );
}

function GiveBackEditor({ kind, input, onChange }: PlainEditorProps) {
  const { t } = useTranslation('new-job');
  const fields = useFields();
  const names = (schemaOf(kind).properties?.['fields']?.items?.enum ?? []).map(String);
  return (
    <MultiSelect
      label={t('give_back.fields')}
      description={t('give_back.text')}
      data={names.map((value) => ({ value, label: fields.label(value) }))}
      value={Array.isArray(input['fields']) ? input['fields'].map(String) : []}
      onChange={(next) => onChange(next.length === 0 ? {} : { fields: next })}
      searchable
    />
  );
}

function PreferenceEditor({ input, onChange }: PlainEditorProps) {
  const { t, i18n } = useTranslation('new-job');
  const { data } = useApi('notification_type.list', {});
  const verbs = ['opt_out', 'opt_in', 'clear'] as const;
  const verb = verbs.find((each) => input[each] !== undefined) ?? 'opt_out';
  const type = typeof input[verb] === 'string' ? input[verb] : null;
  return (
    <div className="stackv tight">
      <Choices
        label={t('verb.label')}
        value={verb}
        onChange={(next) => onChange(type === null ? { [next]: '' } : { [next]: type })}
        options={verbs.map((each) => ({ value: each, label: t(`verb.${each}`) }))}
      />
      <Select
        label={t('letter.type')}
        data={(data?.types ?? [])
          .filter((each) => !each.credentials)
          .map((each) => ({ value: each.code, label: i18n.language === 'de' ? each.label_de : each.label_en }))}
        value={type}
        onChange={(next) => onChange({ [verb]: next ?? '' })}
        placeholder={t('sentence.choose')}
      />
    </div>
  );
}
