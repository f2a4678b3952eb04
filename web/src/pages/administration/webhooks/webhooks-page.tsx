import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Input, type Output, useApi } from '../../../api/index.ts';
import { type Column, DateText, GlobeIcon, KeyIcon, NumberText, TextLink, toast, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { Crud } from '../parts/crud.tsx';
import type { FieldSpec, Values } from '../parts/fields.tsx';
import { useAct, useRows } from '../parts/rows.ts';
import { SecretOnce } from '../parts/secret-once.tsx';
import { Deliveries } from './deliveries.tsx';

type Webhook = Output<'webhook.list'>['webhooks'][number];
const EVENTS = ['run.finished', 'user.changed'] as const;
const WORDS = { 'run.finished': 'event_run', 'user.changed': 'event_user' } as const;

const route = getRouteApi('/administration/webhooks');

export function WebhooksPage() {
  const { t } = useTranslation('admin-system');
  const can = useCan();
  const act = useAct('webhook.list', 'webhook.deliveries');
  const { webhook, state } = route.useSearch();
  const rows = useRows(useApi('webhook.list', {}), ({ webhooks }) => webhooks);
  const [secret, setSecret] = useState<string | null>(null);
  const columns: readonly Column<Webhook>[] = [
    {
      id: 'url',
      label: t('webhook_url'),
      title: true,
      wraps: true,
      cell: ({ url, events }) => (
        <span className="adm-name">
          <bdi className="adm-break">{url}</bdi>
          <span className="small muted">
            {t('webhook_events')} {events.map((event) => t(WORDS[event])).join(' · ')}
          </span>
        </span>
      ),
    },
    {
      id: 'state',
      label: t('webhook_state'),
      cell: ({ active, delivered_at }) => (
        <span className="adm-name">
          <span className={active ? 'badge ok plain' : 'badge plain'}>{t(active ? 'webhook_on' : 'webhook_off')}</span>
          {delivered_at !== null && (
            <span className="small muted" title={t('webhook_last')}>
              <DateText value={delivered_at} as="lately" />
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'waiting',
      label: t('webhook_waiting'),
      number: true,
      cell: ({ waiting }) => <NumberText value={waiting} />,
      emptyOnCard: (row) => row.waiting === 0,
    },
    {
      id: 'failed',
      label: t('webhook_failed'),
      number: true,
      cell: ({ id, failed }) =>
        failed === 0 ? (
          <NumberText value={0} />
        ) : (
          <TextLink to="/administration/webhooks" search={{ webhook: id, state: 'failed' }}>
            <NumberText value={failed} />
          </TextLink>
        ),
      emptyOnCard: (row) => row.failed === 0,
    },
  ];
  const fields = (row: Webhook | null): readonly FieldSpec[] => [
    { name: 'url', label: t('webhook_url'), kind: 'text', required: true, help: t('webhook_url_help') },
    {
      name: 'events',
      label: t('webhook_events'),
      kind: 'many',
      required: true,
      options: EVENTS.map((value) => ({ value, label: t(WORDS[value]) })),
    },
    ...(row === null ? [] : [{ name: 'active', label: t('webhook_active'), kind: 'switch' } as const]),
  ];
  const save = async (values: Values, row: Webhook | null): Promise<void> => {
    if (row !== null) {
      await act('webhook.update', { ...values, id: row.id } as Input<'webhook.update'>); // as the fields above hold them
      toast(t('webhook_saved'));
      return;
    }
    const made = await act('webhook.create', values as Input<'webhook.create'>); // the same
    setSecret(made.secret);
  };
  const renew = async (id: number): Promise<void> => {
    const { secret: made } = await act('webhook.update', { id, new_secret: true });
    setSecret(made ?? null);
  };
  return (
    <AdminPage title={t('webhooks_title')} sub={t('webhooks_sub')}>
      {secret !== null && <SecretOnce title={t('webhook_secret')} secret={secret} onDone={() => setSecret(null)} />}
      <Crud
        label={t('webhooks_title')}
        rows={rows}
        columns={columns}
        rowId={({ id }) => String(id)}
        rowName={({ url }) => url}
        writes={can('settings:write')}
        add={t('webhook_add')}
        fields={fields}
        values={(row) => (row === null ? { events: [...EVENTS] } : { url: row.url, events: row.events, active: row.active })}
        save={save}
        more={({ id, url }) => (
          <Button
            size="xs"
            leftSection={<KeyIcon small />}
            aria-label={t('webhook_new_secret_one', { url })}
            onClick={() => void renew(id).catch(toastProblem)}
          >
            {t('webhook_new_secret')}
          </Button>
        )}
        remove={{
          label: t('webhook_delete'),
          question: ({ url }) => t('webhook_delete_question', { url }),
          consequence: ({ waiting }) => t('webhook_delete_text', { count: waiting }),
          run: ({ id }) => act('webhook.delete', { id }),
        }}
        empty={{ icon: GlobeIcon, title: t('webhooks_none'), text: t('webhooks_none_text') }}
      />
      {rows.rows.length > 0 && <Deliveries webhooks={rows.rows} webhook={webhook} state={state} />}
    </AdminPage>
  );
}
