import { Button } from '@mantine/core';
import { Fragment, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import { CheckIcon, type Column, DataTable, EditIcon, NoMatch, type Rows } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useCodes } from '../parts/codes.ts';

type Rights = Output<'access.roles'>;
type Role = Rights['roles'][number];

interface RightsProps {
  readonly answer: Rights;
  readonly onEdit: (role: Role) => void;
}

/** Which role has which right: rights down, roles across. A role's name opens it. */
export function RightsMatrix({ answer, onEdit }: RightsProps) {
  const { t } = useTranslation('admin-access');
  const can = useCan();
  const areas = [...new Set(answer.privileges.map(({ name }) => areaOf(name)))];
  return (
    <div className="tw">
      <table className="t adm-matrix" aria-label={t('matrix_title')}>
        <thead>
          <tr>
            <th scope="col">{t('right')}</th>
            {answer.roles.map((role) => (
              <th key={role.role} scope="col" className="role">
                <button type="button" disabled={!can('access:write')} onClick={() => onEdit(role)}>
                  {role.label}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {areas.map((area) => (
            <Fragment key={area}>
              {answer.privileges
                .filter(({ name }) => areaOf(name) === area)
                .map(({ name, label }) => (
                  <tr key={name}>
                    <th scope="row" title={name}>
                      {label}
                    </th>
                    {answer.roles.map((role) => {
                      const has = role.privileges.some((each) => each === name);
                      return (
                        <td key={role.role} className="tickcell">
                          {has && <CheckIcon />}
                          <span className="vh">{t(has ? 'has_right' : 'has_not')}</span>
                        </td>
                      );
                    })}
                  </tr>
                ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function areaOf(privilege: string): string {
  return privilege.slice(0, privilege.indexOf(':'));
}

/** Each role with what it may give to others, and what it does not see. */
export function RoleList({ answer, onEdit }: RightsProps) {
  const { t } = useTranslation(['admin-access', 'common']);
  const can = useCan();
  const names = new Map(useCodes('UserRoles', { retired: true }).map(({ value, label }) => [value, label]));
  const groups = new Map(answer.field_groups.map(({ name, label }) => [name, label]));
  const rows = useMemo<Rows<Role>>(
    () => ({
      rows: answer.roles,
      total: answer.roles.length,
      loading: false,
      problem: null,
      more: false,
      loadMore: () => undefined,
      retry: () => undefined,
    }),
    [answer],
  );
  const grantsOf = ({ grants }: Role): string => {
    const list = grants.roles.map((role) => names.get(role) ?? role).join(', ');
    if (grants.all) return grants.roles.length === 0 ? t('grants_all') : t('grants_all_but', { roles: list });
    return grants.roles.length === 0 ? t('grants_none') : list;
  };
  const columns: readonly Column<Role>[] = [
    { id: 'role', label: t('role'), title: true, cell: ({ role, label }) => <span title={role}>{label}</span> },
    {
      id: 'rights',
      label: t('rights_count'),
      cell: ({ privileges }) => t('rights_of', { count: privileges.length, all: answer.privileges.length }),
    },
    { id: 'grants', label: t('gives'), wraps: true, cell: grantsOf },
    {
      id: 'closed',
      label: t('closed'),
      wraps: true,
      cell: ({ closed }) => (closed.length === 0 ? t('closed_none') : closed.map((name) => groups.get(name) ?? name).join(', ')),
      emptyOnCard: ({ closed }) => closed.length === 0,
    },
    ...(can('access:write')
      ? [
          {
            id: 'acts',
            label: t('acts'),
            acts: true,
            cell: (role: Role) => (
              <Button
                size="xs"
                leftSection={<EditIcon small />}
                aria-label={t('edit_role', { role: role.label })}
                onClick={() => onEdit(role)}
              >
                {t('common:action.edit')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return <DataTable label={t('grants_title')} columns={columns} rows={rows} rowId={({ role }) => role} empty={<NoMatch />} />;
}
