import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Card, EditIcon, PauseIcon, RunProgress, TextLink, UndoIcon } from '../../components/index.ts';
import { RunControls } from './run-controls.tsx';

const LOOK_MS = 3_000;
/** A browser opens six connections to one server; the first runs are told live, the others looked at. */
const LIVE = 2;

/** Runs under way, with how far they are and what one can do; not there when nothing runs. */
export function RunningCard() {
  const { t } = useTranslation('jobs');
  const running = useApi(
    'job.list',
    { states: ['RUNNING', 'PAUSED'], kinds: ['job', 'undo', 'import', 'purge'], limit: 50 },
    { refetchInterval: LOOK_MS },
  );
  const jobs = running.data?.jobs ?? [];
  if (jobs.length === 0) return null;
  return (
    <Card title={t('running.title')} count={jobs.length}>
      <ul className="job-rows">
        {jobs.map((job, index) => {
          const Drawn = job.state === 'PAUSED' ? PauseIcon : job.kind === 'undo' ? UndoIcon : EditIcon;
          return (
            <li key={job.id}>
              <Drawn style={{ color: job.state === 'PAUSED' ? 'var(--skip-text)' : 'var(--accent-text)' }} />
              <div className="grow">
                <div className="row wrap">
                  <TextLink to="/jobs/$id" params={{ id: String(job.id) }} className="name strong">
                    {job.name}
                  </TextLink>
                  <span className={job.state === 'PAUSED' ? 'badge warn plain' : 'badge ok plain'}>{job.state_text}</span>
                  {job.state_reason !== null && <span className="small muted">{job.state_reason}</span>}
                </div>
                <RunProgress id={job.id} done={job.progress.done} total={job.progress.total} live={index < LIVE} />
              </div>
              <div className="row">
                <RunControls id={job.id} state={job.state} name={job.name} left={job.progress.total - job.progress.done} small />
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
