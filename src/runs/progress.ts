/** How far a run has come, as cheaply as it can be asked: for those who watch it. */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import { isFinal, type RunState } from './states.ts';

export interface RunProgress {
  readonly id: number;
  readonly state: RunState;
  /** Nothing more will happen, unless somebody resumes it. */
  readonly final: boolean;
  /** Members of the chunks that are done. */
  readonly done: number;
  readonly total: number;
}

/** Undefined when there is no such run. */
export async function readProgress(db: Queryable, id: number): Promise<RunProgress | undefined> {
  const { rows } = await db.query<{ state: RunState; total: number; done: number }>(sql`
    select r.state, r.members as total,
      coalesce((select sum(c.members) from run_chunks c where c.run_id = r.id and c.state = 'done'), 0)::bigint as done
    from runs r where r.id = ${id}::bigint`);
  const [row] = rows;
  return row === undefined
    ? undefined
    : { id, state: row.state, final: isFinal(row.state), done: Number(row.done), total: Number(row.total) };
}
