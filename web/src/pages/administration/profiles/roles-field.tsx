import { Button, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import { CloseIcon, PlusIcon } from '../../../components/index.ts';
import type { Option } from '../parts/fields.tsx';

type Shown = Output<'profile.list'>['profiles'][number]['roles'][number];

/** A role as it is given: with the day as it was typed. */
export interface Role {
  readonly type: string;
  readonly scope: string;
  readonly parameters?: Shown['parameters'];
  readonly expiry_date?: string;
}

interface RolesFieldProps {
  readonly value: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
  readonly roles: readonly Option[];
  readonly libraries: readonly Option[];
  readonly error: string | undefined;
}

const EVERYWHERE = 'INSTITUTION';

/** Roles, one a line: which, where it counts, and how long. */
export function RolesField({ value, onChange, roles, libraries, error }: RolesFieldProps) {
  const { t } = useTranslation('admin-access');
  const put = (index: number, next: Partial<Role>): void => onChange(value.map((role, i) => (i === index ? { ...role, ...next } : role)));
  const scopes = [{ value: EVERYWHERE, label: t('everywhere') }, ...libraries];
  return (
    <fieldset className="adm-fieldset">
      <legend className="flabel">{t('profile_roles')}</legend>
      <ul className="adm-lines">
        {value.map((role, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same role may stand twice, for two libraries; lines have no other name
          <li key={index}>
            <Select
              label={t('role')}
              searchable
              data={[...roles]}
              value={role.type === '' ? null : role.type}
              onChange={(type) => put(index, { type: type ?? '' })}
            />
            <Select label={t('scope')} data={scopes} value={role.scope} onChange={(scope) => put(index, { scope: scope ?? EVERYWHERE })} />
            <TextInput
              label={t('until')}
              placeholder={t('until_example')}
              value={role.expiry_date ?? ''}
              onChange={(event) => {
                const { expiry_date: _before, ...rest } = role;
                const day = event.currentTarget.value;
                const next = day === '' ? rest : { ...rest, expiry_date: day };
                onChange(value.map((each, i) => (i === index ? next : each)));
              }}
            />
            <Button className="adm-away" aria-label={t('role_away')} onClick={() => onChange(value.filter((_, i) => i !== index))}>
              <CloseIcon />
              <span className="only-sm">{t('role_away')}</span>
            </Button>
          </li>
        ))}
      </ul>
      {error !== undefined && <p className="fail-text small">{error}</p>}
      <Button mt={8} leftSection={<PlusIcon />} onClick={() => onChange([...value, { type: '', scope: EVERYWHERE }])}>
        {t('role_more')}
      </Button>
    </fieldset>
  );
}
