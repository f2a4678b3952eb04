import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type AppProblem, asProblem, invalidate, type Output } from '../../api/index.ts';
import {
  BlockIcon,
  Card,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  NoMatch,
  None,
  Notice,
  PlusIcon,
  SearchIcon,
  TextLink,
  toast,
  toastProblem,
  usePages,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useOutboxSearch } from './use-outbox-search.ts';

type Suppression = Output<'suppression.list'>['suppressions'][number];
type SuppressibleChannel = Suppression['channel'];

/** Addresses that nothing is sent to: found, added, lifted. */
export function SuppressedView() {
  const { t } = useTranslation('outbox');
  const client = useQueryClient();
  const can = useCan();
  const { number } = useFormat();
  const [search, go] = useOutboxSearch();
  const [text, setText] = useState(search.search ?? '');
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const [adding, setAdding] = useState(false);
  const writes = can('users:write');
  const rows = usePages(
    'suppression.list',
    { limit: 100, ...(wanted === '' ? {} : { search: wanted }) },
    {
      at: (input, after) => ({ ...input, after: String(after) }),
      next: ({ next }) => next,
      rows: ({ suppressions }) => suppressions,
      total: ({ total }) => total,
    },
  );
  const add = async (channel: SuppressibleChannel, address: string, detail: string | null): Promise<void> => {
    await api('suppression.add', { channel, address, ...(detail === null || detail === '' ? {} : { detail }) });
    await invalidate(client, 'suppression.list');
  };
  const lift = async ({ channel, address, detail }: Suppression): Promise<void> => {
    await api('suppression.lift', { channel, address });
    await invalidate(client, 'suppression.list');
    toast(t('suppressed.lifted', { address }), () => void add(channel, address, detail).catch(toastProblem));
  };
  const columns: readonly Column<Suppression>[] = [
    { id: 'address', label: t('suppressed.address'), title: true, cell: ({ address }) => <bdi className="name">{address}</bdi> },
    { id: 'reason', label: t('suppressed.reason'), cell: ({ reason }) => t(`reason.${reason}`) },
    {
      id: 'detail',
      label: t('suppressed.detail'),
      cell: ({ detail }) => (detail === null ? <None /> : <span title={detail}>{detail}</span>),
      emptyOnCard: ({ detail }) => detail === null,
    },
    { id: 'since', label: t('suppressed.since'), cell: ({ since }) => <DateText value={since} as="lately" /> },
    { id: 'by', label: t('suppressed.by'), cell: ({ by }) => by ?? t('suppressed.muster') },
    {
      id: 'users',
      label: t('suppressed.users'),
      cell: ({ users }) =>
        users.length === 0 ? (
          <None />
        ) : (
          users.map((user) => (
            <TextLink key={user} to="/users/$id" params={{ id: user }} className="link">
              <bdi>{user}</bdi>{' '}
            </TextLink>
          ))
        ),
      emptyOnCard: ({ users }) => users.length === 0,
    },
    ...(writes
      ? [
          {
            id: 'lift',
            label: t('suppressed.action'),
            cell: (row: Suppression) => (
              <button
                type="button"
                className="link-button"
                aria-label={t('suppressed.lift_named', { address: row.address })}
                onClick={() => void lift(row).catch(toastProblem)}
              >
                {t('suppressed.lift')}
              </button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Card
      flush
      title={t('view.suppressed')}
      count={rows.total === undefined ? undefined : number(rows.total)}
      sub={t('suppressed.sub')}
      right={
        writes && (
          <Button size="xs" leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
            {t('suppressed.add')}
          </Button>
        )
      }
    >
      <div className="outbox-filters">
        <TextInput
          className="grow"
          aria-label={t('suppressed.search')}
          placeholder={t('suppressed.search')}
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            go({ search: event.currentTarget.value === '' ? undefined : event.currentTarget.value });
          }}
        />
      </div>
      <DataTable
        label={t('view.suppressed')}
        columns={columns}
        rows={rows}
        rowId={({ channel, address }) => `${channel} ${address}`}
        empty={
          wanted === '' ? (
            <EmptyState icon={BlockIcon} title={t('suppressed.empty')} text={t('suppressed.empty_text')} />
          ) : (
            <NoMatch
              onClear={() => {
                setText('');
                go({ search: undefined });
              }}
            />
          )
        }
      />
      {adding && <AddAddress onAdd={add} onClose={() => setAdding(false)} />}
    </Card>
  );
}

interface AddAddressProps {
  readonly onAdd: (channel: SuppressibleChannel, address: string, detail: string) => Promise<void>;
  readonly onClose: () => void;
}

function AddAddress({ onAdd, onClose }: AddAddressProps) {
  const { t } = useTranslation(['outbox', 'common']);
  const [channel, setChannel] = useState<SuppressibleChannel>('email');
  const [address, setAddress] = useState('');
  const [detail, setDetail] = useState('');
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await onAdd(channel, address, detail);
      toast(t('suppressed.added', { address }));
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('suppressed.add')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form className="stackv" onSubmit={(event) => void submit(event)}>
        {problem !== null && (
          <Notice tone="fail" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        <SegmentedControl
          aria-label={t('column.channel')}
          value={channel}
          onChange={(value) => setChannel(value as SuppressibleChannel)}
          data={(['email', 'sms'] as const).map((value) => ({ value, label: t(`channel.${value}`) }))}
        />
        <TextInput
          data-autofocus
          required
          label={t(channel === 'email' ? 'suppressed.email' : 'suppressed.phone')}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <TextInput label={t('suppressed.why')} value={detail} onChange={(event) => setDetail(event.currentTarget.value)} />
        <div className="row">
          <Button type="submit" variant="filled" disabled={address.trim() === ''}>
            {t('suppressed.add')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
