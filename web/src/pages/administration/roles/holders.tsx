import { Button, Checkbox, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, type Output } from '../../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  DateText,
  DownloadIcon,
  NoMatch,
  NumberText,
  TextLink,
  toastProblem,
  usePages,
} from '../../../components/index.ts';
import { useCodes } from '../parts/codes.ts';

const route = getRouteApi('/administration/roles');
type Held = Output<'access.report'>['roles'][number];

/** Who holds which roles: for the yearly look at rights, on the screen and as a file. */
export function Holders() {
  const { t } = useTranslation('admin-access');
  const { role, patrons } = route.useSearch();
  const navigate = route.useNavigate();
  const roles = useCodes('UserRoles', { retired: true });
  const scopes = new Map([
    ['INSTITUTION', t('everywhere')],
    ...useCodes('Libraries', { retired: true }).map(({ value, label }) => [value, label] as const),
  ]);
  const [busy, setBusy] = useState(false);
  const filter = { staff_only: patrons !== true && role === undefined, ...(role === undefined ? {} : { role }) };
  const rows = usePages('access.report', filter, {
    at: (input, next) => ({ ...input, after: String(next) }),
    next: (page) => page.next,
    rows: (page) => page.roles,
  });
  const save = async (): Promise<void> => {
    setBusy(true);
    await download('access.report_export', filter).catch(toastProblem);
    setBusy(false);
  };
  const columns: readonly Column<Held>[] = [
    {
      id: 'user',
      label: t('holder'),
      title: true,
      cell: ({ primary_id, name }) => (
        <TextLink to="/users/$id" params={{ id: primary_id }}>
          <bdi>{name === '' ? primary_id : name}</bdi>
        </TextLink>
      ),
    },
    { id: 'id', label: t('holder_id'), cell: ({ primary_id }) => <span className="mono small">{primary_id}</span> },
    { id: 'role', label: t('role'), wraps: true, cell: ({ label, role: code }) => <span title={code}>{label}</span> },
    { id: 'scope', label: t('scope'), cell: ({ scope }) => <span title={scope}>{scopes.get(scope) ?? scope}</span> },
    {
      id: 'until',
      label: t('until'),
      cell: ({ expiry_date }) => <DateText value={expiry_date} />,
      emptyOnCard: (row) => row.expiry_date === null,
    },
    {
      id: 'counts',
      label: t('in_force'),
      cell: ({ in_force }) => <span className={in_force ? 'badge ok plain' : 'badge plain'}>{t(in_force ? 'counts' : 'counts_not')}</span>,
    },
  ];
  return (
    <>
      <Card>
        <div className="adm-filters">
          <Select
            label={t('role')}
            placeholder={t('any_role')}
            clearable
            searchable
            data={[...roles]}
            value={role ?? null}
            onChange={(next) =>
              void navigate({
                search: (now) => ({
                  view: 'holders' as const,
                  ...(now.patrons === true ? { patrons: true as const } : {}),
                  ...(next === null ? {} : { role: next }),
                }),
              })
            }
          />
          {role === undefined && (
            <Checkbox
              label={t('with_patrons')}
              checked={patrons === true}
              onChange={(event) =>
                void navigate({ search: { view: 'holders', ...(event.currentTarget.checked ? { patrons: true as const } : {}) } })
              }
            />
          )}
        </div>
      </Card>
      {rows.first !== undefined && rows.first.totals.length > 0 && (
        <Card title={t('totals_title')}>
          <dl className="dl adm-totals">
            {rows.first.totals.map((total) => (
              <div key={total.role} className="row between">
                <dt>
                  <TextLink to="/administration/roles" search={{ view: 'holders', role: total.role }}>
                    {total.label}
                  </TextLink>
                </dt>
                <dd>
                  <NumberText value={total.users} />
                  {total.in_force !== total.users && <span className="muted"> · {t('totals_in_force', { count: total.in_force })}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </Card>
      )}
      <Card
        flush
        title={t('holders_title')}
        right={
          <Button leftSection={<DownloadIcon />} loading={busy} onClick={() => void save()}>
            {t('holders_export')}
          </Button>
        }
      >
        <DataTable
          label={t('holders_title')}
          columns={columns}
          rows={rows}
          rowId={({ primary_id, role: code, scope }) => `${primary_id} ${code} ${scope}`}
          empty={<NoMatch />}
        />
      </Card>
    </>
  );
}
