import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import {
  Answer,
  Card,
  ClockIcon,
  EditIcon,
  EmptyState,
  MailIcon,
  OutcomeBar,
  PlayIcon,
  RunProgress,
  TextLink,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';

const LOOK_MS = 4_000;
const SHOWN = 4;

/** Runs under way, live; their letters; what is planned next. */
export function RunningNow() {
  const { t } = useTranslation('start');
  const format = useFormat();
  const can = useCan();
  const running = useApi('job.list', { states: ['RUNNING', 'PAUSED'], limit: 20 }, { refetchInterval: LOOK_MS });
  const letters = useApi('library.recent_letters', { limit: 10 }, { enabled: can('letters:read'), refetchInterval: LOOK_MS });
  const going = (letters.data?.letters ?? []).filter(({ states }) => (states['queued'] ?? 0) + (states['sending'] ?? 0) > 0);
  const count = (running.data?.jobs.length ?? 0) + going.length;
  return (
    <Card title={t('running.title')} {...(count === 0 ? {} : { count })} right={<TextLink to="/jobs">{t('running.all')}</TextLink>}>
      <Answer of={running}>
        {({ jobs }) =>
          jobs.length === 0 && going.length === 0 ? (
            <EmptyState icon={PlayIcon} title={t('running.nothing')} text={t('running.nothing_text')} />
          ) : (
            <ul className="running">
              {jobs.slice(0, SHOWN).map((job) => (
                <li key={job.id}>
                  <div className="row">
                    <TextLink to="/jobs/$id" params={{ id: String(job.id) }} className="name trunc">
                      {job.name}
                    </TextLink>
                    <span className="badge">
                      <EditIcon />
                      {job.state === 'PAUSED' ? job.state_text : t('running.changes')}
                    </span>
                  </div>
                  <RunProgress id={job.id} done={job.progress.done} total={job.progress.total} />
                </li>
              ))}
              {going.slice(0, SHOWN).map(({ run, job, letter, label, states }) => {
                const sent = states['sent'] ?? 0;
                const queued = (states['queued'] ?? 0) + (states['sending'] ?? 0);
                const failed = (states['failed'] ?? 0) + (states['uncertain'] ?? 0);
                const all = sent + queued + failed;
                return (
                  <li key={`${run} ${letter}`}>
                    <div className="row">
                      <TextLink to="/jobs/$id" params={{ id: String(run) }} className="name trunc">
                        {job}
                      </TextLink>
                      <span className="badge">
                        <MailIcon />
                        {label ?? letter}
                      </span>
                      <span className="muted nowrap">{format.share(sent, all)}</span>
                    </div>
                    <OutcomeBar
                      counts={{ changed: sent, queued, failed }}
                      words={{ changed: t('letters.sent_word'), queued: t('letters.queued_word') }}
                    />
                    <p className="small muted run-line">{t('running.sent_of', { sent: format.number(sent), all: format.number(all) })}</p>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Answer>
      <Next />
    </Card>
  );
}

/** The next run of a schedule. */
function Next() {
  const { t } = useTranslation('start');
  const format = useFormat();
  const schedules = useApi('schedule.list', {}, { staleTime: 60_000 });
  const planned = (schedules.data?.schedules ?? []).filter(({ enabled, next_at: at }) => enabled && at !== null);
  const [next] = planned;
  if (next === undefined || next.next_at === null) return null;
  return (
    <p className="row small t2 next-run">
      <ClockIcon small />
      <span className="grow">
        {t('running.next')} <b>{next.name}</b>, {format.instant(next.next_at)}
      </span>
      {planned.length > 1 && <TextLink to="/jobs">{t('running.more', { count: planned.length - 1 })}</TextLink>}
    </p>
  );
}
