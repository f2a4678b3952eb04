import { useTranslation } from 'react-i18next';
import { type Input, type Output, useApi } from '../../../api/index.ts';
import { type Column, DateText, None, ShieldIcon, toast } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { useCodes } from '../parts/codes.ts';
import { Crud } from '../parts/crud.tsx';
import type { FieldSpec, Values } from '../parts/fields.tsx';
import { useAct, useRows } from '../parts/rows.ts';
import { type Role, RolesField } from './roles-field.tsx';

type Profile = Output<'profile.list'>['profiles'][number];
type Given = Input<'profile.create'>;

export function ProfilesPage() {
  const { t } = useTranslation('admin-access');
  const can = useCan();
  const act = useAct('profile.list', 'rule.list');
  const rows = useRows(useApi('profile.list', {}), ({ profiles }) => profiles);
  const roles = useCodes('UserRoles');
  const libraries = useCodes('Libraries');
  const columns: readonly Column<Profile>[] = [
    { id: 'name', label: t('name'), title: true, cell: ({ name }) => name },
    {
      id: 'roles',
      label: t('profile_roles'),
      wraps: true,
      cell: (profile) => [...new Set(profile.roles.map(({ label }) => label))].join(', '),
    },
    { id: 'rules', label: t('profile_rules'), cell: ({ rules }) => (rules.length === 0 ? <None /> : rules.join(', ')) },
    {
      id: 'changed',
      label: t('changed'),
      cell: ({ modified_at, modified_by }) => (
        <span title={modified_by ?? ''}>
          <DateText value={modified_at} as="lately" />
        </span>
      ),
    },
  ];
  const fields: readonly FieldSpec[] = [
    { name: 'name', label: t('name'), kind: 'text', required: true },
    { name: 'description', label: t('description'), kind: 'area' },
    {
      name: 'roles',
      label: t('profile_roles'),
      kind: 'own',
      draw: (value, onChange, error) => (
        <RolesField value={value as readonly Role[]} onChange={onChange} roles={roles} libraries={libraries} error={error} />
      ),
    },
  ];
  const save = async ({ name, description, roles: list }: Values, row: Profile | null): Promise<void> => {
    // As the fields above hold them.
    const given = { name: name as string, description: (description as string | undefined) ?? '', roles: list as Given['roles'] };
    if (row === null) await act('profile.create', given);
    else await act('profile.update', { ...given, name: row.name, new_name: given.name });
    toast(t('profile_saved', { name: given.name }));
  };
  return (
    <AdminPage title={t('profiles_title')} sub={t('profiles_sub')}>
      <Crud
        label={t('profiles_title')}
        rows={rows}
        columns={columns}
        rowId={({ name }) => name}
        rowName={({ name }) => name}
        writes={can('access:write')}
        add={t('profile_add')}
        fields={() => fields}
        size="xl"
        values={(row) =>
          row === null ? { roles: [] } : { name: row.name, description: row.description ?? '', roles: row.roles.map(givenOf) }
        }
        save={save}
        remove={{
          label: t('profile_delete'),
          possible: ({ rules }) => rules.length === 0,
          question: ({ name }) => t('profile_delete_question', { name }),
          consequence: () => t('profile_delete_text'),
          run: ({ name }) => act('profile.delete', { name }),
        }}
        empty={{ icon: ShieldIcon, title: t('profiles_none'), text: t('profiles_none_text') }}
      />
    </AdminPage>
  );
}

/** A role as it is shown, as it is given. */
function givenOf({ label: _label, expiry_date, ...role }: Profile['roles'][number]): Role {
  return { ...role, ...(expiry_date === null ? {} : { expiry_date }) };
}
