import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { ApproveIcon, Card, TextLink, WarnIcon } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { Decide } from './decide.tsx';
import { FeedFileLink } from './feed-card.tsx';

const LOOK_MS = 10_000;
const WAITS_FOR_APPROVAL = 'runs.waits_for_approval';

/** Runs that only a person can set going; not there when there are none. */
export function WaitingCard() {
  const { t } = useTranslation('jobs');
  const { number, lately } = useFormat();
  const waiting = useApi('job.waiting', {}, { refetchInterval: LOOK_MS });
  const jobs = waiting.data?.jobs ?? [];
  if (jobs.length === 0) return null;
  return (
    <Card title={t('waiting.title')} count={jobs.length}>
      <ul className="job-rows">
        {jobs.map((job) => {
          const forApproval = job.reason === WAITS_FOR_APPROVAL;
          const Drawn = forApproval ? ApproveIcon : WarnIcon;
          return (
            <li key={job.id}>
              <Drawn style={{ color: forApproval ? 'var(--accent-text)' : 'var(--skip-text)' }} />
              <div className="grow">
                <TextLink to="/jobs/$id" params={{ id: String(job.id) }} className="name strong">
                  {job.name}
                </TextLink>
                <p className="t2 small">
                  {t('waiting.asks', {
                    count: job.members,
                    number: number(job.members),
                    who: job.created_by,
                    when: lately(job.created_at),
                    reason: job.reason_text ?? '',
                  })}
                </p>
              </div>
              {job.kind === 'feed' ? (
                <FeedFileLink run={job.id} label={t('feed.look')} />
              ) : (
                <Decide
                  id={job.id}
                  name={job.name}
                  members={job.members}
                  waitsFor={forApproval ? 'approval' : 'confirmation'}
                  approvable={job.approvable}
                  small
                />
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
