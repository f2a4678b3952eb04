import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../../api/index.ts';
import { Answer, Card, ChangedIcon, DateText, FailedIcon, KeyFigure, Notice, TextLink } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';
import { AdminPage } from '../parts/admin-page.tsx';

type Health = Output<'system.health'>;
const LOOK_MS = 10_000;
const MEGABYTE = 1_048_576;

export function HealthPage() {
  const { t } = useTranslation('admin-system');
  const health = useApi('system.health', {}, { refetchInterval: LOOK_MS });
  const state = health.data?.status;
  return (
    <AdminPage
      title={t('health_title')}
      sub={t('health_sub')}
      beside={
        state !== undefined && (
          <span className={state === 'ok' ? 'badge ok' : 'badge failed'}>
            {state === 'ok' ? <ChangedIcon /> : <FailedIcon />}
            {t(state === 'ok' ? 'health_ok' : 'health_failing')}
          </span>
        )
      }
    >
      <Answer of={health}>{(answer) => <Parts health={answer} />}</Answer>
    </AdminPage>
  );
}

function Parts({ health }: { readonly health: Health }) {
  const { t } = useTranslation('admin-system');
  const { number, duration } = useFormat();
  const { database, process, outbox, webhooks, versions } = health;
  const queued = outbox.reduce((sum, each) => sum + each.queued, 0);
  const failed = outbox.reduce((sum, each) => sum + each.failed, 0);
  const oldest = Math.max(0, ...outbox.map((each) => each.oldest_queued_seconds));
  return (
    <>
      {database.pending > 0 && (
        <Notice tone="fail" title={t('health_pending', { count: database.pending })}>
          {t('health_pending_text')}
        </Notice>
      )}
      {process?.loops
        .filter((loop) => loop.state === 'failing')
        .map((loop) => (
          <Notice key={loop.name} tone="fail" title={t('health_loop_failing', { name: nameOf(t, loop.name) })}>
            {loop.last_error}
          </Notice>
        ))}
      <Card title={t('health_waits')}>
        <div className="stats adm-five">
          <KeyFigure label={t('health_runs')} value={health.runs.reduce((sum, each) => sum + each.count, 0)} />
          <KeyFigure
            label={t('health_queued')}
            value={queued}
            detail={queued > 0 ? t('health_oldest', { time: duration(oldest) }) : t('health_nothing_waits')}
          />
          <KeyFigure
            label={t('health_failed')}
            value={failed}
            link={
              failed > 0 ? (
                <TextLink to="/outbox" className="link small">
                  {t('health_to_outbox')}
                </TextLink>
              ) : undefined
            }
          />
          <KeyFigure label={t('health_paused')} value={health.paused_batches} />
          <KeyFigure
            label={t('health_webhooks')}
            value={webhooks.waiting}
            detail={webhooks.failed > 0 ? t('health_webhooks_failed', { count: webhooks.failed }) : undefined}
          />
        </div>
      </Card>
      <div className="grid g2">
        <Card title={t('health_database')}>
          <dl className="dl">
            <dt>{t('health_postgres')}</dt>
            <dd>{database.version}</dd>
            <dt>{t('health_size')}</dt>
            <dd>{t('megabytes', { size: number(Math.ceil(database.bytes / MEGABYTE)) })}</dd>
            <dt>{t('health_connections')}</dt>
            <dd>{number(database.connections)}</dd>
            <dt>{t('health_migrations')}</dt>
            <dd>{t('health_applied', { count: database.migrations })}</dd>
          </dl>
        </Card>
        <Card title={t('health_process')}>
          {process === null ? (
            <p className="muted">{t('health_no_process')}</p>
          ) : (
            <dl className="dl">
              <dt>{t('health_up')}</dt>
              <dd>{duration(process.up_seconds)}</dd>
              <dt>{t('health_memory')}</dt>
              <dd>{t('megabytes', { size: number(Math.ceil(process.memory_bytes / MEGABYTE)) })}</dd>
              <dt>{t('health_queue')}</dt>
              <dd>{t(process.queue === 'ok' ? 'health_queue_ok' : 'health_queue_polling')}</dd>
              {process.loops.map((loop) => (
                <Loop key={loop.name} loop={loop} />
              ))}
            </dl>
          )}
        </Card>
        <Card title={t('health_versions')}>
          <dl className="dl">
            {Object.entries({ Muster: versions.muster, 'Node.js': versions.node, PostgreSQL: database.version }).map(([name, version]) => (
              <Version key={name} name={name} version={version} />
            ))}
          </dl>
        </Card>
        <Card title={t('health_housekeeping')}>
          <dl className="dl">
            {health.housekeeping.map(({ task, last_at }) => (
              <Task key={task} task={task} at={last_at} />
            ))}
          </dl>
        </Card>
      </div>
    </>
  );
}

const PARTS = ['feeds', 'housekeeping', 'letters', 'reports', 'retention', 'runs', 'schedules', 'webhooks'] as const;

/** What a part of the worker does, in a word; one that we do not know stands under its own name. */
function nameOf(t: ReturnType<typeof useTranslation<'admin-system'>>['t'], name: string): string {
  const known = PARTS.find((each) => each === name);
  return known === undefined ? name : t(`part.${known}`);
}

function Loop({ loop }: { readonly loop: NonNullable<Health['process']>['loops'][number] }) {
  const { t } = useTranslation('admin-system');
  return (
    <>
      <dt>{nameOf(t, loop.name)}</dt>
      <dd>{t(`loop_${loop.state}`)}</dd>
    </>
  );
}

function Version({ name, version }: { readonly name: string; readonly version: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{version}</dd>
    </>
  );
}

function Task({ task, at }: { readonly task: string; readonly at: string | null }) {
  const { t } = useTranslation('admin-system');
  return (
    <>
      <dt>{nameOf(t, task)}</dt>
      <dd>{at === null ? t('health_never') : <DateText value={at} as="lately" />}</dd>
    </>
  );
}
