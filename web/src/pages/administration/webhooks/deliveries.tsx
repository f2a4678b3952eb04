import { Button, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  NoMatch,
  NumberText,
  OutboxIcon,
  RefreshIcon,
  TextLink,
  toast,
  toastProblem,
  usePages,
} from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useAct } from '../parts/rows.ts';

type Webhook = Output<'webhook.list'>['webhooks'][number];
type Delivery = Output<'webhook.deliveries'>['deliveries'][number];
const STATES = ['waiting', 'delivered', 'failed'] as const;
type State = (typeof STATES)[number];
const TONES: Readonly<Record<State, string>> = { waiting: 'badge plain', delivered: 'badge ok plain', failed: 'badge failed plain' };

const route = getRouteApi('/administration/webhooks');

interface DeliveriesProps {
  readonly webhooks: readonly Webhook[];
  readonly webhook: number | undefined;
  readonly state: State | undefined;
}

/** What was told to whom; what was given up can be tried again. */
export function Deliveries({ webhooks, webhook, state }: DeliveriesProps) {
  const { t } = useTranslation('admin-system');
  const can = useCan();
  const act = useAct('webhook.list', 'webhook.deliveries');
  const navigate = route.useNavigate();
  const rows = usePages(
    'webhook.deliveries',
    { ...(webhook === undefined ? {} : { webhook }), ...(state === undefined ? {} : { state }) },
    {
      at: (input, next) => ({ ...input, before: Number(next) }),
      next: (page) => page.next,
      rows: (page) => page.deliveries,
    },
  );
  const retry = async (id: number, delivery?: number): Promise<void> => {
    const { retried } = await act('webhook.retry', { webhook: id, ...(delivery === undefined ? {} : { delivery }) });
    toast(t('delivery_retried', { count: retried }));
  };
  const urls = new Map(webhooks.map(({ id, url }) => [id, url]));
  const chosen = webhooks.find(({ id }) => id === webhook);
  const columns: readonly Column<Delivery>[] = [
    { id: 'at', label: t('delivery_at'), title: true, cell: ({ created_at }) => <DateText value={created_at} as="instant" /> },
    { id: 'to', label: t('webhook_url'), cell: ({ webhook_id }) => <bdi className="adm-break">{urls.get(webhook_id) ?? webhook_id}</bdi> },
    { id: 'event', label: t('delivery_event'), cell: ({ event }) => t(event === 'run.finished' ? 'event_run' : 'event_user') },
    {
      id: 'run',
      label: t('delivery_run'),
      cell: ({ run_id }) => (
        <TextLink to="/jobs/$id" params={{ id: String(run_id) }}>
          {run_id}
        </TextLink>
      ),
    },
    { id: 'state', label: t('webhook_state'), cell: (row) => <span className={TONES[row.state]}>{t(`delivery_${row.state}`)}</span> },
    { id: 'attempts', label: t('delivery_attempts'), number: true, cell: ({ attempts }) => <NumberText value={attempts} /> },
    { id: 'error', label: t('delivery_error'), cell: ({ error }) => error, emptyOnCard: ({ error }) => error === null },
    ...(can('settings:write')
      ? [
          {
            id: 'acts',
            label: t('acts'),
            acts: true,
            cell: ({ id, webhook_id, state: now }: Delivery) =>
              now === 'failed' && (
                <Button
                  size="xs"
                  leftSection={<RefreshIcon small />}
                  aria-label={t('delivery_retry_one', { id })}
                  onClick={() => void retry(webhook_id, id).catch(toastProblem)}
                >
                  {t('delivery_retry')}
                </Button>
              ),
            emptyOnCard: ({ state: now }: Delivery) => now !== 'failed',
          },
        ]
      : []),
  ];
  const narrowed = webhook !== undefined || state !== undefined;
  return (
    <Card
      flush
      title={t('deliveries_title')}
      right={
        chosen !== undefined &&
        chosen.failed > 0 &&
        can('settings:write') && (
          <Button leftSection={<RefreshIcon />} onClick={() => void retry(chosen.id).catch(toastProblem)}>
            {t('delivery_retry_all', { count: chosen.failed })}
          </Button>
        )
      }
    >
      <div className="cb adm-filters">
        <Select
          label={t('deliveries_of')}
          placeholder={t('deliveries_all')}
          clearable
          data={webhooks.map(({ id, url }) => ({ value: String(id), label: url }))}
          value={webhook === undefined ? null : String(webhook)}
          onChange={(next) =>
            void navigate({ search: { ...(next === null ? {} : { webhook: Number(next) }), ...(state === undefined ? {} : { state }) } })
          }
        />
        <Select
          label={t('webhook_state')}
          placeholder={t('deliveries_any')}
          clearable
          data={STATES.map((value) => ({ value, label: t(`delivery_${value}`) }))}
          value={state ?? null}
          onChange={(next) =>
            void navigate({ search: { ...(webhook === undefined ? {} : { webhook }), ...(next === null ? {} : { state: next }) } })
          }
        />
      </div>
      <DataTable
        label={t('deliveries_title')}
        columns={columns}
        rows={rows}
        rowId={({ id }) => String(id)}
        empty={
          narrowed ? (
            <NoMatch onClear={() => void navigate({ search: {} })} />
          ) : (
            <EmptyState icon={OutboxIcon} title={t('deliveries_none')} text={t('deliveries_none_text')} />
          )
        }
      />
    </Card>
  );
}
