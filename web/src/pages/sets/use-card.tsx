import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Answer, Card, DateText, JobIcon, LoadingRows, RunStateBadge, TextLink } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import type { SetView } from './words.tsx';

const SHOWN = 8;

/** What was done with the set, and what is going to be. */
export function UseCard({ set }: { readonly set: SetView }) {
  const { t } = useTranslation('sets');
  const format = useFormat();
  const runs = useApi('job.list', { set: set.id, limit: SHOWN, counted: true });
  const { data } = useApi('schedule.list', {});
  const schedules = data?.schedules.filter((schedule) => schedule.set_id === set.id) ?? [];
  return (
    <Card title={t('use.title')}>
      <Answer of={runs} loading={<LoadingRows rows={3} />}>
        {({ jobs, total = jobs.length }) => (
          <div className="stackv">
            {schedules.length > 0 && (
              <ul className="sets-uses">
                {schedules.map((schedule) => (
                  <li key={schedule.id}>
                    <TextLink to="/jobs" search={{ list: 'scheduled' }}>
                      <bdi>{schedule.name}</bdi>
                    </TextLink>
                    <span className="small muted">
                      {schedule.next_at === null ? t('use.no_next') : t('use.next', { at: format.instant(schedule.next_at) })}
                    </span>
                  </li>
                ))}
              </ul>
            )}
            {jobs.length === 0 ? (
              <p className="muted">
                <JobIcon small /> {t('use.none')}
              </p>
            ) : (
              <ul className="sets-uses">
                {jobs.map((job) => (
                  <li key={job.id}>
                    <TextLink to="/jobs/$id" params={{ id: String(job.id) }}>
                      <bdi>{job.name}</bdi>
                    </TextLink>
                    <span className="row wrap">
                      <RunStateBadge state={job.state} text={job.state_text} counts={job.counts} />
                      <span className="small muted">
                        <DateText value={job.created_at} as="lately" />
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            )}
            {total > jobs.length && (
              <TextLink to="/jobs" search={{ text: set.name }}>
                {t('use.more', { count: total - jobs.length })}
              </TextLink>
            )}
          </div>
        )}
      </Answer>
    </Card>
  );
}
