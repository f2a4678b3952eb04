import sql from 'sql-template-tag';
import { type Queryable, readSetting } from '../../core/index.ts';
import { AlmaError } from '../wire/index.ts';
import { JOB_THRESHOLDS } from './settings.ts';

/**
 * Refuses a start when programs have too many jobs running (402222) or have started too many within
 * the hour (402223). Who started what stands in the audit.
 */
export async function checkJobThresholds(db: Queryable): Promise<void> {
  const { running, perHour } = await readSetting(db, JOB_THRESHOLDS);
  if (running === null && perHour === null) return;
  const { rows } = await db.query<{ running: number; started: number }>(sql`
    select count(*) filter (where r.state in ('QUEUED', 'INITIALIZING', 'RUNNING', 'PAUSED', 'FINALIZING'))::integer as running,
      count(*) filter (where a.at > now() - interval '1 hour')::integer as started
    from audit a join runs r on r.id = case when a.entity_id ~ '^[0-9]{1,18}$' then a.entity_id::bigint end
    where a.source = 'alma' and a.operation = 'job.run' and a.outcome = 'done' and a.entity = 'run'
      and a.at > now() - interval '31 days'`);
  const counts = rows[0] ?? { running: 0, started: 0 };
  if (running !== null && counts.running >= running) {
    throw new AlmaError('402222', `Execution threshold reached: ${counts.running} jobs that were started by API are running.`);
  }
  if (perHour !== null && counts.started >= perHour) {
    throw new AlmaError('402223', `Execution threshold reached: the job was started ${counts.started} times within the last hour.`);
  }
}
