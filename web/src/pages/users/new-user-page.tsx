import './user.css';
import { Button, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem, invalidate, useApi, useFilterCatalogue } from '../../api/index.ts';
import { Answer, Card, Notice, Page, TextLink, toast } from '../../components/index.ts';
import { FieldInput } from './user/field-input.tsx';

/** What one asks for at the desk. */
const FIELDS = [
  'primary_id',
  'first_name',
  'last_name',
  'birth_date',
  'user_group',
  'campus_code',
  'preferred_language',
  'expiry_date',
  'purge_date',
];
/** Of those, what a record in Alma's notation has as a code. */
const CODED = ['user_group', 'campus_code', 'preferred_language'];

type Values = Readonly<Record<string, unknown>>;

/** A user made by hand, of what one has at the desk. */
export function NewUserPage() {
  const { t, i18n } = useTranslation(['users', 'common']);
  const go = useNavigate();
  const client = useQueryClient();
  const catalogue = useFilterCatalogue();
  const types = useApi('code_table.show', { table: 'UserIdentifierTypes' });
  const emailTypes = useApi('code_table.show', { table: 'EmailTypes' });
  const [values, setValues] = useState<Values>({});
  const [email, setEmail] = useState('');
  const [identifier, setIdentifier] = useState('');
  const [type, setType] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const put = (name: string, value: unknown): void => setValues({ ...values, [name]: value });
  const id = String(values['primary_id'] ?? '').trim();
  const whole = id !== '' && String(values['last_name'] ?? '').trim() !== '' && (identifier.trim() === '' || type !== null);
  const create = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!whole) return;
    setBusy(true);
    setProblem(null);
    const given = Object.entries(values).filter(([, value]) => value !== '' && value !== undefined && value !== null);
    const emailType = emailTypes.data?.codes.find((code) => code.is_default)?.code ?? emailTypes.data?.codes[0]?.code ?? '';
    try {
      const made = await api('user.create', {
        record: {
          ...Object.fromEntries(
            given.map(([name, value]) => [name, CODED.includes(name) ? { value } : typeof value === 'string' ? value.trim() : value]),
          ),
          account_type: { value: 'INTERNAL' },
          ...(email.trim() === ''
            ? {}
            : { contact_info: { email: [{ email_address: email.trim(), email_type: [{ value: emailType }], preferred: true }] } }),
          ...(identifier.trim() === ''
            ? {}
            : { user_identifier: [{ id_type: { value: type }, value: identifier.trim(), status: 'ACTIVE' }] }),
        },
      });
      toast(t('new.created', { name: String(made['full_name'] ?? id) }));
      await invalidate(client, 'users.list');
      await go({ to: '/users/$id', params: { id: String(made['primary_id'] ?? id) } });
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Page title={t('add')} crumbs={[{ label: t('title'), to: '/users' }]} sub={t('new.text')}>
      <Card className="user-new">
        <Answer of={catalogue}>
          {({ fields }) => (
            <form className="stackv" onSubmit={(event) => void create(event)} aria-label={t('add')}>
              {problem !== null && (
                <Notice tone="fail" title={problem.message} live>
                  <span className="mono small">{problem.code}</span>
                </Notice>
              )}
              <div className="user-form two">
                {FIELDS.flatMap((name) => fields.find((field) => field.name === name) ?? []).map((field) => (
                  <FieldInput
                    key={field.name}
                    field={field}
                    value={values[field.name]}
                    onChange={(value) => put(field.name, value)}
                    required={field.name === 'primary_id' || field.name === 'last_name'}
                  />
                ))}
                <TextInput
                  type="email"
                  label={t('new.email')}
                  value={email}
                  maxLength={255}
                  onChange={(event) => setEmail(event.currentTarget.value)}
                />
                <TextInput
                  label={t('new.barcode')}
                  value={identifier}
                  maxLength={255}
                  onChange={(event) => setIdentifier(event.currentTarget.value)}
                />
                <Select
                  label={t('new.barcode_type')}
                  data={(types.data?.codes ?? [])
                    .filter((code) => code.enabled)
                    .map((code) => ({ value: code.code, label: i18n.language === 'de' ? code.label_de : code.label_en }))}
                  value={type}
                  onChange={setType}
                  withAsterisk={identifier.trim() !== ''}
                />
              </div>
              <div className="row wrap">
                <Button type="submit" variant="filled" loading={busy} disabled={!whole}>
                  {t('new.create')}
                </Button>
                <TextLink to="/users">{t('common:action.cancel')}</TextLink>
              </div>
            </form>
          )}
        </Answer>
      </Card>
    </Page>
  );
}
