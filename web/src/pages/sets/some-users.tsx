import { useTranslation } from 'react-i18next';
import { DateText, None, TextLink, UserName, ROLE } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';

export interface SomeUser {
  readonly primary_id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly group: string | null;
  readonly expiry_date: string | null;
}

/** A handful of people, so that one sees whom a number is about. */
export function SomeUsers({ label, users }: { readonly label: string; readonly users: readonly SomeUser[] }) {
  const { t } = useTranslation('sets');
  const can = useCan();
  return (
    <div className="tw">
      <table className="t cards" {...ROLE.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('member.name')}</th>
            <th scope="col">{t('member.id')}</th>
            <th scope="col">{t('member.group')}</th>
            <th scope="col" className="num">
              {t('member.expiry')}
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => {
            const name = <UserName first={user.first_name} last={user.last_name} id={user.primary_id} />;
            return (
              <tr key={user.primary_id}>
                <td className="title name" data-l="">
                  {can('users:read') ? (
                    <TextLink to="/users/$id" params={{ id: user.primary_id }} className="name">
                      {name}
                    </TextLink>
                  ) : (
                    name
                  )}
                </td>
                <td data-l={t('member.id')}>
                  <bdi className="muted">{user.primary_id}</bdi>
                </td>
                <td data-l={t('member.group')}>{user.group === null ? <None /> : <span>{user.group}</span>}</td>
                <td className="num" data-l={t('member.expiry')}>
                  <DateText value={user.expiry_date} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
