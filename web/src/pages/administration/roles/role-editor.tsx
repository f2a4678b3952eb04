import { Checkbox, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import { toast } from '../../../components/index.ts';
import { useCodes } from '../parts/codes.ts';
import type { FieldSpec, Option, Values } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useAct } from '../parts/rows.ts';

type Rights = Output<'access.roles'>;
type Role = Rights['roles'][number];

interface RoleEditorProps {
  readonly role: Role;
  readonly answer: Rights;
  readonly onClose: () => void;
}

/** All that a role has: rights, what it may give, what is closed to it. The server refuses more than one's own. */
export function RoleEditor({ role, answer, onClose }: RoleEditorProps) {
  const { t } = useTranslation('admin-access');
  const act = useAct('access.roles', 'access.me');
  const roles = useCodes('UserRoles');
  const fields: readonly FieldSpec[] = [
    {
      name: 'all',
      label: t('may_give'),
      kind: 'own',
      draw: (value, onChange) => (
        <div>
          <span className="flabel" id="role-grants">
            {t('may_give')}
          </span>
          <SegmentedControl
            aria-labelledby="role-grants"
            className="adm-seg"
            value={value === true ? 'all' : 'only'}
            onChange={(next) => onChange(next === 'all')}
            data={[
              { value: 'only', label: t('grant_only') },
              { value: 'all', label: t('grant_all_but') },
            ]}
          />
        </div>
      ),
    },
    { name: 'roles', label: t('grant_roles'), kind: 'many', options: roles, help: t('grant_roles_help') },
    { name: 'privileges', label: t('rights'), kind: 'own', draw: boxes(t('rights'), answer.privileges.map(optionOf)) },
    { name: 'closed', label: t('closed'), kind: 'own', draw: boxes(t('closed_help'), answer.field_groups.map(optionOf)) },
  ];
  const save = async ({ all, roles: list, privileges, closed }: Values): Promise<void> => {
    const before = { role: role.role, privileges: role.privileges, grants: role.grants, closed: role.closed };
    await act('access.set_role', {
      role: role.role,
      // Boxes hold what the server listed.
      privileges: privileges as Role['privileges'],
      grants: { all: all === true, roles: list as string[] },
      closed: closed as Role['closed'],
    });
    toast(t('role_saved', { role: role.label }), () => void act('access.set_role', before));
  };
  return (
    <FormDialog
      title={t('edit_role', { role: role.label })}
      size="xl"
      fields={fields}
      first={{ all: role.grants.all, roles: role.grants.roles, privileges: role.privileges, closed: role.closed }}
      onSave={save}
      onClose={onClose}
    />
  );
}

function optionOf({ name, label }: { readonly name: string; readonly label: string }): Option {
  return { value: name, label };
}

function boxes(label: string, options: readonly Option[]) {
  return (value: unknown, onChange: (next: unknown) => void) => (
    <Checkbox.Group label={label} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange}>
      <div className="adm-two adm-boxes">
        {options.map((option) => (
          <Checkbox key={option.value} value={option.value} label={option.label} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
