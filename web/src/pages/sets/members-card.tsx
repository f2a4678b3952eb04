import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { api, invalidate } from '../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  NoMatch,
  None,
  PlusIcon,
  SelectionBar,
  TextLink,
  toast,
  toastProblem,
  UserName,
  usePages,
  UsersIcon,
  useSelection,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { ChangeMembers } from './change-members.tsx';
import type { SetSearch } from './routes.ts';
import { SearchBox } from './search-box.tsx';
import { useGroup } from './use-group.ts';
import type { Member, SetView } from './words.tsx';

const PAGE = 100;

interface MembersCardProps {
  readonly set: SetView;
  /** A list of one's own: members come and go. */
  readonly editable: boolean;
}

/** Who is in the set today. */
export function MembersCard({ set, editable }: MembersCardProps) {
  const { t } = useTranslation('sets');
  const can = useCan();
  const go = useNavigate();
  const client = useQueryClient();
  const search: SetSearch = useSearch({ from: '/sets/$id' });
  const [changing, setChanging] = useState(false);
  const [busy, setBusy] = useState(false);
  const { text } = search;
  const rows = usePages(
    'set.members',
    { set: set.id, limit: PAGE, ...(text === undefined ? {} : { search: text }) },
    { at: (input, next) => ({ ...input, after: Number(next) }), next: (page) => page.next, rows: (page) => page.members },
  );
  const selection = useSelection(rows.rows.length);
  const { clear } = selection;
  // Who was selected in one list is not in the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list is another
  useEffect(() => clear(), [text, set.id, clear]);
  const ids = rows.rows.map((row) => row.primary_id);
  // Those that have come: nobody takes out people whom they have not seen.
  const shownOnly = { ...selection, all: () => selection.put(ids, true) };
  const again = (): Promise<void> => invalidate(client, 'set.members', 'set.show', 'set.list', 'set.file_lines');
  const takeOut = async (): Promise<void> => {
    const gone = ids.filter((id) => selection.has(id));
    setBusy(true);
    try {
      const { removed } = await api('set.remove_members', { set: set.id, ids: gone, idType: 'primary_id' });
      selection.clear();
      await again();
      toast(t('removed', { count: removed }), () => {
        api('set.add_members', { set: set.id, ids: gone, idType: 'primary_id' }).then(again, toastProblem);
      });
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const columns = useColumns();
  return (
    <Card
      flush
      title={t('members')}
      right={
        editable && (
          <button type="button" className="btn sm" onClick={() => setChanging(true)}>
            <PlusIcon small />
            {t('change.title')}
          </button>
        )
      }
    >
      <div className="sets-tools">
        <SearchBox
          label={t('search_members')}
          text={text ?? ''}
          onText={(next) => {
            const { text: _, ...rest } = search;
            void go({
              to: '/sets/$id',
              params: { id: String(set.id) },
              search: next === '' ? rest : { ...rest, text: next },
              replace: true,
            });
          }}
        />
      </div>
      <DataTable<Member>
        label={t('members')}
        columns={columns}
        rows={{ ...rows, total: text === undefined ? (set.members ?? undefined) : undefined }}
        rowId={(row) => row.primary_id}
        rowLabel={(row) => [row.first_name, row.last_name].filter(Boolean).join(' ') || row.primary_id}
        {...(editable ? { selection: shownOnly } : {})}
        {...(can('users:read') ? { onOpen: (row: Member) => void go({ to: '/users/$id', params: { id: row.primary_id } }) } : {})}
        empty={
          text === undefined ? (
            <EmptyState icon={UsersIcon} title={t('nobody')} text={t(set.kind === 'logical' ? 'nobody_logical' : 'nobody_itemized')} />
          ) : (
            <NoMatch
              text={t('no_member')}
              onClear={() => {
                const { text: _, ...rest } = search;
                void go({ to: '/sets/$id', params: { id: String(set.id) }, search: rest, replace: true });
              }}
            />
          )
        }
      />
      {editable && (
        <SelectionBar state={shownOnly} total={ids.length} shown={ids} text={(count) => t('selected', { count })}>
          <button type="button" className="btn pri" disabled={busy} onClick={() => void takeOut()}>
            {t('take_out', { count: selection.count })}
          </button>
        </SelectionBar>
      )}
      {changing && <ChangeMembers set={set} onClose={() => setChanging(false)} onDone={again} />}
    </Card>
  );
}

function useColumns(): readonly Column<Member>[] {
  const { t } = useTranslation('sets');
  const can = useCan();
  const group = useGroup();
  return [
    {
      id: 'name',
      label: t('member.name'),
      title: true,
      cell: (row) => {
        const name = <UserName first={row.first_name} last={row.last_name} id={row.primary_id} />;
        if (!can('users:read')) return name;
        return (
          <TextLink to="/users/$id" params={{ id: row.primary_id }} className="name">
            {name}
          </TextLink>
        );
      },
    },
    { id: 'id', label: t('member.id'), cell: (row) => <bdi className="muted">{row.primary_id}</bdi> },
    {
      id: 'group',
      label: t('member.group'),
      cell: (row) => (row.user_group === null ? <None /> : group(row.user_group)),
      emptyOnCard: (row) => row.user_group === null,
    },
    {
      id: 'account',
      label: t('member.account'),
      cell: (row) =>
        t(`account.${row.account_type === 'EXTERNAL' ? 'EXTERNAL' : row.account_type === 'INTERNAL' ? 'INTERNAL' : 'INTEXTAUTH'}`),
    },
    {
      id: 'expiry',
      label: t('member.expiry'),
      number: true,
      cell: (row) => <DateText value={row.expiry_date} />,
      emptyOnCard: (row) => row.expiry_date === null,
    },
  ];
}
