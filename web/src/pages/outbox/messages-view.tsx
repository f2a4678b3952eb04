import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import {
  Card,
  CloseIcon,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  MailIcon,
  NoMatch,
  None,
  SelectionBar,
  TextLink,
  toastProblem,
  usePages,
  useSelection,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { BatchActions } from './batch-actions.tsx';
import { ChannelText, StateBadge, stateIcon } from './message-state.tsx';
import { useOutboxActions } from './outbox-actions.ts';
import { Pauses } from './pauses.tsx';
import { CHANNELS, type MessageChannel } from './routes.ts';
import { useOutboxSearch } from './use-outbox-search.ts';

type Message = Output<'outbox.list'>['messages'][number];

/** Every message: where it stands, why, and what can be done about it. */
export function MessagesView() {
  const { t } = useTranslation('outbox');
  const can = useCan();
  const { number } = useFormat();
  const [search, go] = useOutboxSearch();
  const { state, channel, letter, run } = search;
  const batch = { ...(run === undefined ? {} : { run }), ...(letter === undefined ? {} : { letter }) };
  const filter = { ...batch, ...(channel === undefined ? {} : { channel }) };
  const counts = useApi('outbox.counts', filter, { refetchInterval: 10_000, keepPrevious: true });
  const types = useApi('letter.list', {}, { staleTime: 300_000 });
  const labels = new Map((types.data?.types ?? []).map(({ type, label }) => [type, label]));
  const rows = usePages(
    'outbox.list',
    { ...filter, ...(state === undefined ? {} : { state }), limit: 100 },
    {
      at: (input, after) => ({ ...input, after: Number(after) }),
      next: ({ next }) => next,
      rows: ({ messages }) => messages,
      total: ({ total }) => total,
    },
  );
  const chosen = useSelection(rows.rows.length);
  const ids = rows.rows.map(({ id }) => String(id));
  // Numbers of messages are sent, so only those that have come can be chosen one by one; the rest goes by its batch.
  const selection = { ...chosen, all: () => chosen.only(ids) };
  const actions = useOutboxActions();
  const filtered = state !== undefined || channel !== undefined || letter !== undefined || run !== undefined;
  const onChosen = (work: (choice: { ids: number[] }) => Promise<void>): void => {
    const numbers = ids.filter(chosen.has).map(Number);
    void work({ ids: numbers })
      .then(() => chosen.clear())
      .catch(toastProblem);
  };
  const clear = (): void => go({ state: undefined, channel: undefined, letter: undefined, run: undefined });
  const nobodyFailed = rows.rows.every(({ error }) => error === null);
  const every: readonly Column<Message>[] = [
    {
      id: 'user',
      label: t('column.user'),
      title: true,
      cell: ({ id, user }) => (
        <button type="button" className="link-button name" onClick={() => go({ message: id })}>
          <bdi>{user}</bdi>
        </button>
      ),
    },
    { id: 'state', label: t('column.state'), cell: (row) => <StateBadge state={row.state} /> },
    { id: 'letter', label: t('column.letter'), share: 13, cell: (row) => labels.get(row.letter) ?? row.letter },
    { id: 'channel', label: t('column.channel'), cell: (row) => <ChannelText channel={row.channel} /> },
    {
      id: 'to',
      label: t('column.to'),
      share: 22,
      cell: ({ to }) => (to === null ? <None /> : <bdi title={to}>{to}</bdi>),
      emptyOnCard: ({ to }) => to === null,
    },
    {
      id: 'why',
      label: t('column.why'),
      share: 15,
      cell: ({ error }) => (error === null ? <None /> : <span title={error}>{error}</span>),
      emptyOnCard: ({ error }) => error === null,
    },
    {
      id: 'when',
      label: t('column.when'),
      cell: ({ sent_at, next_at, created_at }) =>
        sent_at !== null ? (
          <DateText value={sent_at} as="lately" />
        ) : next_at !== null ? (
          <span>
            {t('next_at')} <DateText value={next_at} as="lately" />
          </span>
        ) : (
          <DateText value={created_at} as="lately" />
        ),
    },
    {
      id: 'run',
      label: t('column.run'),
      share: 17,
      cell: ({ run_id, run_name }) => (
        <TextLink to="/jobs/$id" params={{ id: String(run_id) }} className="plain-link">
          {run_name}
        </TextLink>
      ),
    },
  ];
  const columns = every.filter(({ id }) => id !== 'why' || !nobodyFailed);
  return (
    <>
      <Pauses />
      <Card flush>
        <fieldset className="outbox-states">
          <legend className="vh">{t('filter.state')}</legend>
          <button type="button" className="chip" aria-pressed={state === undefined} onClick={() => go({ state: undefined })}>
            {t('filter.all')} <b>{number(counts.data?.total ?? 0)}</b>
          </button>
          {(counts.data?.states ?? []).map(({ state: each, messages }) => {
            const Drawn = stateIcon(each);
            return (
              <button key={each} type="button" className={`chip ${each}`} aria-pressed={state === each} onClick={() => go({ state: each })}>
                <Drawn small />
                {t(`state.${each}`)} <b>{number(messages)}</b>
              </button>
            );
          })}
        </fieldset>
        <div className="outbox-filters">
          <Select
            aria-label={t('column.letter')}
            placeholder={t('filter.letter')}
            clearable
            clearButtonProps={{ 'aria-label': t('filter.every_letter') }}
            searchable
            data={(types.data?.types ?? []).map(({ type, label }) => ({ value: type, label }))}
            value={letter ?? null}
            onChange={(value) => go({ letter: value ?? undefined })}
          />
          <Select
            aria-label={t('column.channel')}
            placeholder={t('filter.channel')}
            clearable
            clearButtonProps={{ 'aria-label': t('filter.every_channel') }}
            data={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
            value={channel ?? null}
            onChange={(value) => go({ channel: (value as MessageChannel | null) ?? undefined })}
          />
          {run !== undefined && (
            <button type="button" className="chip" aria-label={t('filter.every_run')} onClick={() => go({ run: undefined })}>
              {t('filter.run', { run: rows.rows[0]?.run_name ?? run })}
              <CloseIcon small />
            </button>
          )}
          <span className="grow" />
          {can('jobs:run') && channel === undefined && counts.data !== undefined && (
            <BatchActions batch={Object.keys(batch).length === 0 ? { all: true } : batch} counts={counts.data} />
          )}
        </div>
        <DataTable
          label={t('view.messages')}
          columns={columns}
          rows={rows}
          rowId={({ id }) => String(id)}
          rowLabel={({ user }) => user}
          onOpen={({ id }) => go({ message: id })}
          {...(can('jobs:run') ? { selection } : {})}
          empty={
            filtered ? (
              <NoMatch text={t('no_match')} onClear={clear} />
            ) : (
              <EmptyState icon={MailIcon} title={t('empty')} text={t('empty_text')} />
            )
          }
        />
      </Card>
      <SelectionBar
        state={selection}
        total={rows.rows.length}
        shown={ids}
        text={(count) => t('selected', { count, number: number(count) })}
      >
        <button type="button" className="btn pri" onClick={() => onChosen(actions.retry)}>
          {t('action.retry')}
        </button>
        <button type="button" className="btn" onClick={() => onChosen(actions.cancel)}>
          {t('action.cancel')}
        </button>
      </SelectionBar>
    </>
  );
}
