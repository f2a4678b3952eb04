/** Pause, resume, abort: always at a chunk boundary. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, id, operation, todayIn } from '../core/index.ts';
import { findSet, memberIdsSql } from '../sets/index.ts';
import { freezeMembers } from './freeze.ts';
import { WAITS_FOR_APPROVAL } from './oversight/hold.ts';
import { parsePlan } from './plan.ts';
import { preparePlan } from './prepare-run.ts';
import { startOrHold } from './start.ts';
import { moveRun, type RunState, runStateSchema } from './states.ts';
import { sumCounts } from './work.ts';

const input = z.strictObject({ id: z.number().int().positive() });

/** A file of a feed is not moved as a run: it has its place in the line of its feed's files. */
async function refuseFeed(tx: PoolClient, id: number): Promise<void> {
  const { rows } = await tx.query<{ kind: string }>(sql`select r.kind from runs r where r.id = ${id}::bigint`);
  if (rows[0]?.kind === 'feed') throw new AppError('feeds.run_waits_elsewhere', { id });
}

const movedSchema = z.object({ id, state: runStateSchema });
export type Moved = z.output<typeof movedSchema>;

export const pauseRun = operation({
  name: 'job.pause',
  summary: { en: 'Pauses a running job', de: 'Hält einen laufenden Prozess an' },
  privilege: 'jobs:run',
  input,
  output: movedSchema,
  audit: (i) => ({ entity: 'run', id: i.id }),
  run: (ctx, { id }): Promise<Moved> =>
    ctx.db.transaction(async (tx) => {
      await refuseFeed(tx, id);
      await moveRun(tx, id, { to: 'PAUSED', reason: 'runs.paused_by_person' });
      await chunksAtRest(tx, id);
      return { id, state: 'PAUSED' };
    }),
});

export const abortRun = operation({
  name: 'job.abort',
  summary: {
    en: 'Aborts a job; what is done stays done and can be undone',
    de: 'Bricht einen Prozess ab; Erledigtes bleibt und lässt sich rückgängig machen',
  },
  privilege: 'jobs:run',
  input,
  output: movedSchema,
  audit: (i) => ({ entity: 'run', id: i.id }),
  run: (ctx, { id }): Promise<Moved> =>
    ctx.db.transaction(async (tx) => {
      await refuseFeed(tx, id);
      await moveRun(tx, id, { to: 'USER_ABORTED' });
      await chunksAtRest(tx, id);
      await tx.query(sql`update runs set counts = ${JSON.stringify(await sumCounts(tx, id))}::jsonb where id = ${id}::bigint`);
      return { id, state: 'USER_ABORTED' };
    }),
});

const resumeInput = z.strictObject({ id: z.number().int().positive(), confirm: z.boolean().default(false) });

export const resumeRun = operation({
  name: 'job.resume',
  summary: {
    en: 'Continues a paused job, or starts one that waits for a person',
    de: 'Setzt einen angehaltenen Prozess fort oder startet einen wartenden',
  },
  privilege: 'jobs:run',
  input: resumeInput,
  output: movedSchema,
  audit: (i) => ({ entity: 'run', id: i.id }),
  run: (ctx, { id, confirm }): Promise<Moved> =>
    ctx.db.transaction(async (tx) => {
      await refuseFeed(tx, id);
      const { rows } = await tx.query<{ state: RunState; state_reason: string | null }>(
        sql`select r.state, r.state_reason from runs r where r.id = ${id}::bigint for no key update`,
      );
      if (rows[0]?.state === 'MANUAL_HANDLING_REQUIRED') {
        if (rows[0].state_reason === WAITS_FOR_APPROVAL) throw new AppError('oversight.needs_approval', { id });
        if (!confirm) throw new AppError('runs.needs_confirmation', { id });
        return startWaiting(tx, ctx, id);
      }
      await checkAuthor(tx, ctx, id);
      await moveRun(tx, id, { to: 'RUNNING' });
      await tx.query(sql`update run_chunks set attempts = 0 where run_id = ${id}::bigint and state = 'open'`);
      await ctx.doorbell.ring(tx, 'runs');
      return { id, state: 'RUNNING' };
    }),
});

/** Waits until no worker is inside a chunk of this run; none can begin one, since the run has left RUNNING. */
async function chunksAtRest(tx: PoolClient, id: number): Promise<void> {
  await tx.query(
    sql`select count(*) from (select c.no from run_chunks c where c.run_id = ${id}::bigint and c.state = 'open' order by c.no for update) c`,
  );
}

/** The rights of whoever resumes are looked at again: the plan must still be theirs to make. */
async function checkAuthor(tx: PoolClient, ctx: Context, id: number): Promise<void> {
  const { rows } = await tx.query<{ kind: string; plan: unknown; today: string }>(
    sql`select r.kind, r.plan, r.today from runs r where r.id = ${id}::bigint`,
  );
  const run = rows[0];
  if (run?.kind === 'job') await preparePlan(tx, parsePlan(run.plan), { today: run.today, actor: ctx.actor, movedSince: null });
}

/** A scheduled run that waited for a person: its members are frozen now, as they are now. */
async function startWaiting(tx: PoolClient, ctx: Context, id: number): Promise<Moved> {
  const { rows } = await tx.query<{ set_id: number | null; plan: unknown }>(
    sql`select r.set_id, r.plan from runs r where r.id = ${id}::bigint`,
  );
  const setId = rows[0]?.set_id;
  if (setId === null || setId === undefined) throw new AppError('runs.set_gone', { id });
  const set = await findSet(tx, setId, ctx.actor);
  const today = todayIn(ctx.timeZone);
  const { rules } = await preparePlan(tx, parsePlan(rows[0]?.plan), { today, actor: ctx.actor, movedSince: null });
  const frozen = await freezeMembers(tx, id, memberIdsSql(set, today));
  await tx.query(
    sql`update runs set today = ${today}::date, created_by = ${ctx.actor.name}, previewed_at = now(), state_reason = null,
      letters = ${JSON.stringify(rules)}::jsonb where id = ${id}::bigint`,
  );
  const { state } = await startOrHold(tx, ctx, id, frozen);
  return { id, state };
}
