import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Input, type Output, useApi } from '../../../api/index.ts';
import { BlockIcon, type Column, DateText, KeyIcon } from '../../../components/index.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { Crud } from '../parts/crud.tsx';
import { type FieldSpec, said } from '../parts/fields.tsx';
import { useAct, useRows } from '../parts/rows.ts';
import { SecretOnce } from '../parts/secret-once.tsx';

type Key = Output<'key.list'>['keys'][number];
const AREAS = ['users', 'sets', 'jobs', 'letters', 'access', 'audit', 'settings'] as const;

export function KeysPage() {
  const { t } = useTranslation('admin-access');
  const act = useAct('key.list');
  const rows = useRows(useApi('key.list', {}), ({ keys }) =>
    keys.toSorted((a, b) => Number(a.revoked_at !== null) - Number(b.revoked_at !== null)),
  );
  const [made, setMade] = useState<Output<'key.create'> | null>(null);
  const columns: readonly Column<Key>[] = [
    {
      id: 'name',
      label: t('name'),
      title: true,
      cell: ({ name, shown }) => (
        <span className="adm-name">
          {name}
          <code className="mono small muted">{shown}…</code>
        </span>
      ),
    },
    { id: 'owner', label: t('key_owner'), cell: ({ owner }) => <bdi>{owner}</bdi> },
    {
      id: 'may',
      label: t('key_may'),
      wraps: true,
      cell: (key) =>
        [
          key.areas === null ? t('key_all_areas') : key.areas.map((area) => areaText(t, area)).join(', '),
          key.read_only ? t('key_reads') : t('key_writes'),
          ...(key.exempt_from_guard ? [t('key_exempt_short')] : []),
        ].join(' · '),
    },
    {
      id: 'used',
      label: t('key_used'),
      cell: (key) =>
        key.last_used_at === null ? (
          t('key_never')
        ) : (
          <span title={key.last_used_address ?? ''}>
            <DateText value={key.last_used_at} as="lately" />
          </span>
        ),
    },
    {
      id: 'state',
      label: t('state'),
      cell: ({ revoked_at, expires_at }) => (
        <span className="adm-name">
          <KeyState revoked={revoked_at} expires={expires_at} />
          {expires_at !== null && (
            <span className="small muted">
              {t('key_until')} <DateText value={lastDayOf(expires_at)} />
            </span>
          )}
        </span>
      ),
    },
  ];
  const fields: readonly FieldSpec[] = [
    { name: 'name', label: t('key_name'), kind: 'text', required: true, help: t('key_name_help') },
    { name: 'owner', label: t('key_owner'), kind: 'text', help: t('key_owner_help') },
    {
      name: 'areas',
      label: t('key_areas'),
      kind: 'many',
      options: AREAS.map((value) => ({ value, label: areaText(t, value) })),
      help: t('key_areas_help'),
    },
    { name: 'read_only', label: t('key_read_only'), kind: 'switch' },
    { name: 'expires_on', label: t('key_expires'), kind: 'date' },
    { name: 'exempt_from_guard', label: t('key_exempt'), kind: 'switch', help: t('key_exempt_help') },
  ];
  return (
    <AdminPage title={t('keys_title')} sub={t('keys_sub')}>
      {made !== null && <SecretOnce title={t('key_made', { name: made.name })} secret={made.key} onDone={() => setMade(null)} />}
      <Crud
        label={t('keys_title')}
        rows={rows}
        columns={columns}
        rowId={({ id }) => String(id)}
        rowName={({ name }) => name}
        writes
        add={t('key_add')}
        fields={() => fields}
        values={() => ({ areas: [] })}
        editable={() => false}
        save={async (values) => {
          const { areas, ...given } = said(values);
          const some = Array.isArray(areas) && areas.length > 0 ? { areas } : {};
          setMade(await act('key.create', { ...given, ...some } as Input<'key.create'>)); // as the fields above hold them
        }}
        remove={{
          label: t('key_revoke'),
          icon: BlockIcon,
          possible: ({ revoked_at }) => revoked_at === null,
          question: ({ name }) => t('key_revoke_question', { name }),
          consequence: () => t('key_revoke_text'),
          run: ({ id }) => act('key.revoke', { id }),
        }}
        empty={{ icon: KeyIcon, title: t('keys_none'), text: t('keys_none_text') }}
      />
    </AdminPage>
  );
}

function areaText(t: ReturnType<typeof useTranslation<'admin-access'>>['t'], area: string): string {
  const known = AREAS.find((each) => each === area);
  return known === undefined ? area : t(`area_${known}`);
}

function KeyState({ revoked, expires }: { readonly revoked: string | null; readonly expires: string | null }) {
  const { t } = useTranslation('admin-access');
  if (revoked !== null) return <span className="badge failed plain">{t('key_revoked')}</span>;
  if (expires !== null && Date.parse(expires) < Date.now()) return <span className="badge plain">{t('key_expired')}</span>;
  return <span className="badge ok plain">{t('key_works')}</span>;
}

/** It ends as the day after begins: the last day on which it works is the one before. */
function lastDayOf(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString();
}
