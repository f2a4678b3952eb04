import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type FilterCatalogue, type Output, useApi } from '../../../api/index.ts';
import {
  BlockIcon,
  CloudIcon,
  type Column,
  DateText,
  LibraryIcon,
  None,
  NumberText,
  TextLink,
  UserName,
  WarnIcon,
} from '../../../components/index.ts';

export type ListedUser = Output<'users.list'>['users'][number];

/** As somebody sees the list who has not chosen. */
export const FIRST_COLUMNS = ['name', 'primary_id', 'user_group', 'account_type', 'expiry_date', 'email', 'blocks', 'loans'];

/** Parts of the name, which is a column of its own. */
const IN_THE_NAME = ['first_name', 'last_name'];
const MORE = ['email', 'phone', 'identifiers', 'blocks', 'notes', 'roles'] as const;
const SORTABLE = ['primary_id', 'expiry_date', 'modified_at'];

/** Every column there is: the name, what the record has, and a little of its other tables. What is closed to somebody is none. */
export function useColumns(catalogue: FilterCatalogue | undefined): readonly Column<ListedUser>[] {
  const { t, i18n } = useTranslation('users');
  const rights = useApi('access.me', {}, { staleTime: 600_000 });
  const closed = rights.data?.closed;
  return useMemo(() => {
    const german = i18n.language === 'de';
    const name: Column<ListedUser> = {
      id: 'name',
      label: t('column.name'),
      title: true,
      sortable: true,
      cell: (user) => (
        <TextLink to="/users/$id" params={{ id: user.primary_id }} className="name">
          <UserName first={user.first_name} last={user.last_name} id={user.primary_id} />
        </TextLink>
      ),
    };
    const fields = (catalogue?.fields ?? [])
      .filter((field) => !IN_THE_NAME.includes(field.name))
      .map(
        (field): Column<ListedUser> => ({
          id: field.name,
          label: german ? field.label.de : field.label.en,
          sortable: SORTABLE.includes(field.name),
          number: field.type === 'integer' || field.type === 'amount',
          cell: (user) => <FieldCell user={user} name={field.name} type={field.type} />,
          emptyOnCard: (user) => isNothing(user.values[field.name]),
        }),
      );
    const more = MORE.map(
      (id): Column<ListedUser> => ({
        id,
        label: t(`column.${id}`),
        number: id === 'notes' || id === 'roles',
        ...(id === 'email' ? { share: 22 } : {}),
        cell: (user) => <MoreCell user={user} id={id} />,
        emptyOnCard: (user) => id !== 'email' && isNothing(user.values[id]),
      }),
    );
    const hidden: readonly string[] = closed ?? [];
    return [name, ...fields, ...more].filter(({ id }) => !hidden.includes(id));
  }, [catalogue, closed, t, i18n.language]);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || Number(value) === 0;
}

function FieldCell({ user, name, type }: { readonly user: ListedUser; readonly name: string; readonly type: string }) {
  const { t } = useTranslation('users');
  const value = user.values[name];
  if (value === null || value === undefined || value === '') return <None />;
  if (name === 'primary_id') return <bdi className="nowrap">{String(value)}</bdi>;
  if (name === 'account_type') {
    return (
      <span className="o">
        {value === 'EXTERNAL' ? <CloudIcon /> : <LibraryIcon />}
        {user.labels[name] ?? String(value)}
      </span>
    );
  }
  if (type === 'boolean') return t(value === true ? 'yes' : 'no');
  if (type === 'date') return <DateText value={String(value)} />;
  if (type === 'instant') return <DateText value={String(value)} as="lately" />;
  if (type === 'integer' || type === 'amount') return <NumberText value={Number(value)} />;
  const said = user.labels[name] ?? String(value);
  return <bdi title={said}>{said}</bdi>;
}

function MoreCell({ user, id }: { readonly user: ListedUser; readonly id: (typeof MORE)[number] }) {
  const { t } = useTranslation('users');
  const value = user.values[id];
  if (id === 'email' && (value === null || value === undefined)) {
    return (
      <span className="o skipped">
        <WarnIcon />
        {t('column.no_email')}
      </span>
    );
  }
  if (isNothing(value)) return <None />;
  if (id === 'blocks') {
    return (
      <span className="badge failed">
        <BlockIcon />
        <NumberText value={Number(value)} />
      </span>
    );
  }
  if (id === 'notes' || id === 'roles') return <NumberText value={Number(value)} />;
  return (
    <bdi className="t2" title={String(value)}>
      {String(value)}
    </bdi>
  );
}
