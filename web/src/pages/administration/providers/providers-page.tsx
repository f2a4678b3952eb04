import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem, type Input, type Output, useApi } from '../../../api/index.ts';
import { ChangedIcon, type Column, GlobeIcon, Notice, RefreshIcon, toast } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { useCodes } from '../parts/codes.ts';
import { Crud } from '../parts/crud.tsx';
import type { FieldSpec, Values } from '../parts/fields.tsx';
import { ProblemNotice } from '../parts/form-dialog.tsx';
import { useAct, useRows } from '../parts/rows.ts';

type Provider = Output<'provider.list'>['providers'][number];
const TYPES = ['EXTERNAL', 'INTEXTAUTH', 'INTERNAL'] as const;

export function ProvidersPage() {
  const { t, i18n } = useTranslation('admin-access');
  const can = useCan();
  const act = useAct('provider.list');
  const rows = useRows(useApi('provider.list', {}), ({ providers }) => providers);
  const identifiers = useCodes('UserIdentifierTypes');
  const [tested, setTested] = useState<Output<'provider.test'> | AppProblem | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const nameOf = ({ label }: Provider): string => (i18n.language === 'de' ? label.de : label.en);
  const matchText = (code: string): string => identifiers.find(({ value }) => value === code)?.label ?? t('match_primary');
  const test = async (code: string): Promise<void> => {
    setBusy(code);
    setTested(null);
    setTested(await api('provider.test', { code }).catch(asProblem));
    setBusy(null);
  };
  const columns: readonly Column<Provider>[] = [
    {
      id: 'name',
      label: t('name'),
      title: true,
      cell: (row) => (
        <span className="adm-name">
          {nameOf(row)}
          <span className="mono small muted">{row.issuer}</span>
        </span>
      ),
    },
    { id: 'claim', label: t('claim'), wraps: true, cell: ({ claim, matched_with }) => `${claim} → ${matchText(matched_with)}` },
    {
      id: 'types',
      label: t('for_whom'),
      wraps: true,
      cell: ({ account_types }) => account_types.map((type) => t(`type_${type}`)).join(' · '),
    },
    {
      id: 'state',
      label: t('state'),
      cell: ({ enabled }) => (
        <span className={enabled ? 'badge ok plain' : 'badge plain'}>{t(enabled ? 'provider_on' : 'provider_off')}</span>
      ),
    },
  ];
  const fields = (row: Provider | null): readonly FieldSpec[] => [
    ...(row === null
      ? [{ name: 'code', label: t('provider_code'), kind: 'text', required: true, help: t('provider_code_help') } as const]
      : []),
    { name: 'label.en', label: t('label_en'), kind: 'text', required: true },
    { name: 'label.de', label: t('label_de'), kind: 'text', required: true },
    { name: 'issuer', label: t('issuer'), kind: 'text', required: true, help: t('issuer_help') },
    { name: 'client_id', label: t('client_id'), kind: 'text', required: true },
    {
      name: 'client_secret',
      label: t('client_secret'),
      kind: 'password',
      help: t(row?.has_secret === true ? 'secret_kept' : 'secret_none'),
    },
    { name: 'scopes', label: t('scopes'), kind: 'tags' },
    { name: 'claim', label: t('claim'), kind: 'text', required: true, help: t('claim_help') },
    {
      name: 'matched_with',
      label: t('matched_with'),
      kind: 'select',
      required: true,
      options: [{ value: 'primary_id', label: t('match_primary') }, ...identifiers],
    },
    { name: 'account_types', label: t('for_whom'), kind: 'many', options: TYPES.map((value) => ({ value, label: t(`type_${value}`) })) },
    { name: 'enabled', label: t('provider_enabled'), kind: 'switch' },
  ];
  const save = async ({ 'label.en': en, 'label.de': de, client_secret, ...values }: Values, row: Provider | null): Promise<void> => {
    const secret = client_secret === undefined || client_secret === '' ? {} : { client_secret };
    const given = { ...values, ...secret, label: { en: en ?? '', de: de ?? '' } };
    // As the fields above hold them; the server says what is wrong with them.
    if (row === null) await act('provider.create', given as unknown as Input<'provider.create'>);
    else await act('provider.update', { ...given, code: row.code } as unknown as Input<'provider.update'>);
    toast(t('provider_saved', { name: String(en) }));
  };
  return (
    <AdminPage title={t('providers_title')} sub={t('providers_sub')}>
      {tested !== null && ('message' in tested ? <ProblemNotice problem={tested} /> : <TestResult result={tested} />)}
      <Crud
        label={t('providers_title')}
        rows={rows}
        columns={columns}
        rowId={({ code }) => code}
        rowName={nameOf}
        writes={can('access:write')}
        add={t('provider_add')}
        fields={fields}
        values={(row) =>
          row === null
            ? { scopes: ['openid'], claim: 'sub', matched_with: 'primary_id', account_types: ['EXTERNAL', 'INTEXTAUTH'], enabled: true }
            : {
                'label.en': row.label.en,
                'label.de': row.label.de,
                issuer: row.issuer,
                client_id: row.client_id,
                scopes: row.scopes,
                claim: row.claim,
                matched_with: row.matched_with,
                account_types: row.account_types,
                enabled: row.enabled,
              }
        }
        save={save}
        more={(row) => (
          <Button
            size="xs"
            leftSection={<RefreshIcon small />}
            loading={busy === row.code}
            aria-label={t('provider_test_one', { name: nameOf(row) })}
            onClick={() => void test(row.code)}
          >
            {t('provider_test')}
          </Button>
        )}
        remove={{
          label: t('provider_delete'),
          question: (row) => t('provider_delete_question', { name: nameOf(row) }),
          consequence: () => t('provider_delete_text'),
          run: ({ code }) => act('provider.delete', { code }),
        }}
        empty={{ icon: GlobeIcon, title: t('providers_none'), text: t('providers_none_text') }}
      />
    </AdminPage>
  );
}

function TestResult({ result }: { readonly result: Output<'provider.test'> }) {
  const { t } = useTranslation('admin-access');
  const doubts = [
    ...(result.claim_supported === false ? [t('test_claim_missing')] : []),
    ...(result.scopes_unknown.length > 0 ? [t('test_scopes', { scopes: result.scopes_unknown.join(', ') })] : []),
  ];
  return (
    <Notice
      tone={doubts.length > 0 ? 'warn' : 'info'}
      {...(doubts.length > 0 ? {} : { icon: ChangedIcon })}
      title={t('test_answers', { issuer: result.issuer })}
      live
    >
      {doubts.map((doubt) => (
        <p key={doubt}>{doubt}</p>
      ))}
      <p>
        {t('test_callback')} <code className="mono small">{result.callback_path}</code>
      </p>
    </Notice>
  );
}
