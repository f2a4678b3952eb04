/**
 * What a worker does, one bite at a time: one chunk of a running run in one transaction, or the end
 * of a run whose chunks are done. The tables are the truth: a chunk is taken by locking its row, so a
 * worker that is killed gives it back the moment its connection ends, and a chunk that is done is
 * never taken again.
 */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { actorNamed, type KeptRights, narrowedTo, systemActor } from '../access/index.ts';
import {
  addCounts,
  addToChanges,
  type Application,
  compileUndo,
  type Counts,
  noCounts,
  planForChunk,
  type Touches,
  touchesSearch,
} from '../changes/index.ts';
import { type Actor, AppError, type Context, todayIn } from '../core/index.ts';
import type { LetterRules } from '../letters/index.ts';
import { applySparing, sparingGuards } from './administrators.ts';
import { releaseLetters, settleSharedAddresses } from './letters.ts';
import { parsePlan } from './plan.ts';
import { applicationOf, preparePlan } from './prepare-run.ts';
import { undoGuards } from './undo-guards.ts';
import { partHoldings, partingGuards } from './people/part.ts';
import { removeDoomedFiles } from './privacy/doomed-files.ts';
import { purgePlanSchema } from './privacy/purge-reasons.ts';
import { purgeChunk } from './privacy/purge-work.ts';
import { finalState, moveRun } from './states.ts';

/** Why an author cannot act any more → why their run ends. */
const AUTHOR_REASONS: ReadonlyMap<string, 'runs.author_gone' | 'runs.author_inactive'> = new Map([
  ['access.unknown_actor', 'runs.author_gone'],
  ['access.reserved_name', 'runs.author_gone'],
  ['access.inactive_actor', 'runs.author_inactive'],
]);

interface ClaimedChunk {
  readonly run_id: number;
  readonly no: number;
  readonly user_ids: readonly number[];
}

/** A chunk that fails this often for a reason that is not the users' own ends its run. */
const MOST_ATTEMPTS = 5;

/** Applications of the runs this process works on; compiled once, since a run's plan never changes. */
const applications = new WeakMap<Context['db'], Map<number, Application>>();
const MOST_REMEMBERED = 32;

/** One bite of work; true when there was any. */
export async function workOnce(ctx: Context): Promise<boolean> {
  let claimed: ClaimedChunk | null = null;
  try {
    claimed = await ctx.db.transaction(async (tx) => {
      const chunk = await claimChunk(tx);
      if (chunk === null) return null;
      claimed = chunk;
      await workChunk(tx, ctx, chunk);
      return chunk;
    });
  } catch (error) {
    if (claimed === null) throw error;
    await chunkFailed(ctx, claimed, error);
    return true;
  }
  if (claimed !== null) {
    await finishRuns(ctx, claimed.run_id);
    return true;
  }
  return finishRuns(ctx, null);
}

/** The next open chunk of any running run, taking turns between runs: lowest chunk number first. */
async function claimChunk(tx: PoolClient): Promise<ClaimedChunk | null> {
  const { rows } = await tx.query<ClaimedChunk>(sql`
    select c.run_id, c.no, c.user_ids from run_chunks c
    where c.state = 'open' and exists (select from runs r where r.id = c.run_id and r.state = 'RUNNING')
    order by c.no, c.run_id limit 1 for update of c skip locked`);
  const chunk = rows[0];
  if (chunk === undefined) return null;
  // Between the look and the lock somebody may have paused or aborted the run; a new statement sees it.
  const run = await tx.query<{ state: string }>(sql`select r.state from runs r where r.id = ${chunk.run_id}::bigint`);
  return run.rows[0]?.state === 'RUNNING' ? chunk : null;
}

async function workChunk(tx: PoolClient, ctx: Context, chunk: ClaimedChunk): Promise<void> {
  const ids = chunk.user_ids.map(Number);
  const counts = (await purged(tx, ctx, chunk.run_id, ids)) ?? (await applied(tx, ctx, chunk.run_id, ids));
  await tx.query(sql`
    update run_chunks set state = 'done', counts = ${JSON.stringify(counts)}::jsonb, finished_at = clock_timestamp()
    where run_id = ${chunk.run_id}::bigint and no = ${chunk.no}::integer`);
  if (Object.values(counts.letters).some((l) => l.queued > 0)) await ctx.doorbell.ring(tx, 'outbox');
}

async function applied(tx: PoolClient, ctx: Context, runId: number, ids: readonly number[]): Promise<Counts> {
  const application = await applicationFor(tx, ctx, runId);
  await planForChunk(tx);
  const counts = await applySparing(tx, application, ids, todayIn(ctx.timeZone));
  if (application.compiled.together === true) await partHoldings(tx, runId);
  await countErased(tx, counts, runId, ids);
  return counts;
}

/** Null when the run is no purge. */
async function purged(tx: PoolClient, ctx: Context, runId: number, userIds: readonly number[]): Promise<Counts | null> {
  const { rows } = await tx.query<{ plan: unknown; today: string; created_by: string; author_rights: KeptRights | null }>(
    sql`select r.plan, r.today, r.created_by, r.author_rights from runs r where r.id = ${runId}::bigint and r.kind = 'purge'`,
  );
  const run = rows[0];
  if (run === undefined) return null;
  const actor = narrowedTo(await authorOf(tx, run.created_by, run.today), run.author_rights);
  return purgeChunk(tx, { runId, plan: purgePlanSchema.parse(run.plan), actor, today: run.today, timeZone: ctx.timeZone, userIds });
}

/** Members that were erased after the freeze are skipped, so that the counts add up. */
async function countErased(tx: PoolClient, counts: Counts, runId: number, ids: readonly number[]): Promise<void> {
  const missing = ids.length - counts.members;
  if (missing === 0) return;
  await tx.query(sql`
    insert into run_outcomes (run_id, user_id, outcome, reason)
    select ${runId}::bigint, m.user_id, 'skipped', 'runs.user_erased' from unnest(${ids}::bigint[]) as m (user_id)
    where not exists (select from users u where u.id = m.user_id)`);
  counts.members += missing;
  counts.skipped += missing;
  counts.reasons['runs.user_erased'] = missing;
  addToChanges(counts, 'skipped', 'runs.user_erased', missing);
}

async function applicationFor(tx: PoolClient, ctx: Context, runId: number): Promise<Application> {
  const known = applications.get(ctx.db) ?? new Map<number, Application>();
  applications.set(ctx.db, known);
  const remembered = known.get(runId);
  if (remembered !== undefined) return remembered;
  const application = await loadApplication(tx, ctx, runId);
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(runId, application);
  return application;
}

interface RunRow {
  readonly kind: string;
  readonly plan: unknown;
  readonly letters: readonly LetterRules[];
  readonly today: string;
  readonly created_by: string;
  readonly previewed_at: string;
  readonly undo_of: number | null;
  readonly undo_changes: number[] | null;
  readonly touches: Touches;
  readonly undone_touches: Touches | null;
  readonly undone_kind: string | null;
  readonly spared: readonly number[];
  readonly author_rights: KeptRights | null;
}

export async function loadApplication(tx: PoolClient, _ctx: Context, runId: number): Promise<Application> {
  const { rows } = await tx.query<RunRow>(sql`
    select r.kind, r.plan, r.letters, r.today, r.created_by, r.previewed_at, r.undo_of, r.undo_changes, r.touches, o.touches as undone_touches,
      o.kind as undone_kind,
      r.spared, r.author_rights
    from runs r left join runs o on o.id = r.undo_of where r.id = ${runId}::bigint`);
  const run = rows[0];
  if (run === undefined) throw new AppError('runs.not_found', { id: runId });
  const actor = narrowedTo(await authorOf(tx, run.created_by, run.today), run.author_rights);
  if (run.undo_of !== null && run.undone_touches !== null) {
    const merge = run.undone_kind === 'merge' ? run.undo_of : null;
    const own = [...undoGuards(actor, run.undo_of, run.undone_touches), ...sparingGuards(run.spared)];
    const guards = merge === null ? own : partingGuards(merge, own);
    const compiled = compileUndo({
      runId: run.undo_of,
      touches: run.undone_touches,
      changes: run.undo_changes,
      guards,
      together: merge !== null,
    });
    return { runId, actor: run.created_by, compiled, letters: [], searchable: touchesSearch(run.undone_touches) };
  }
  const prepared = await preparePlan(tx, parsePlan(run.plan), {
    today: run.today,
    actor,
    movedSince: run.previewed_at,
    spared: run.spared,
    rules: run.letters,
  });
  return applicationOf(prepared, runId, run.created_by);
}

async function authorOf(tx: PoolClient, name: string, today: string): Promise<Actor> {
  if (name === 'schedule' || name === 'worker') return systemActor(name);
  try {
    return await actorNamed(tx, name, today);
  } catch (error) {
    const reason = error instanceof AppError ? AUTHOR_REASONS.get(error.code) : undefined;
    throw reason === undefined ? error : new AppError(reason, {}, { cause: error });
  }
}

async function chunkFailed(ctx: Context, chunk: ClaimedChunk, error: unknown): Promise<void> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Lost connections, deadlocks and serialisation failures are nobody's fault: the chunk is tried again.
  if (/^(08|40|57|55P03)/.test(code) || /terminat|ECONN|EPIPE|timeout/i.test(error instanceof Error ? error.message : '')) throw error;
  if (code.startsWith('53')) {
    await ctx.db.transaction((tx) => moveRun(tx, chunk.run_id, { to: 'PAUSED', reason: 'runs.no_room' }));
    return;
  }
  await ctx.db.transaction(async (tx) => {
    const { rows } = await tx.query<{ attempts: number }>(sql`
      update run_chunks set attempts = attempts + 1 where run_id = ${chunk.run_id}::bigint and no = ${chunk.no}::integer and state = 'open' returning attempts`);
    if ((rows[0]?.attempts ?? 0) < MOST_ATTEMPTS && !(error instanceof AppError)) return;
    const { rows: states } = await tx.query<{ state: string }>(
      sql`select r.state from runs r where r.id = ${chunk.run_id}::bigint for no key update`,
    );
    if (states[0]?.state === 'RUNNING') {
      await releaseLetters(tx, chunk.run_id);
      await moveRun(tx, chunk.run_id, {
        to: 'FAILED',
        reason: error instanceof AppError ? error.code : 'runs.chunk_failed',
        counts: await sumCounts(tx, chunk.run_id),
      });
    }
  });
  // That somebody may not act any more is said in the run; nothing is out of order.
  if (!code.startsWith('runs.author_')) throw error;
}

/** Ends runs whose chunks are all done; true when one ended. */
async function finishRuns(ctx: Context, runId: number | null): Promise<boolean> {
  const only = runId === null ? sql`true` : sql`r.id = ${runId}::bigint`;
  const { rows } = await ctx.db.pool.query<{ id: number }>(sql`
    select r.id from runs r where r.state = 'RUNNING' and ${only}
      and not exists (select from run_chunks c where c.run_id = r.id and c.state = 'open')`);
  for (const { id } of rows) await finishRun(ctx, id);
  return rows.length > 0;
}

async function finishRun(ctx: Context, id: number): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { rows } = await tx.query<{ state: string }>(sql`select r.state from runs r where r.id = ${id}::bigint for no key update`);
    if (rows[0]?.state !== 'RUNNING') return;
    const released = await releaseLetters(tx, id);
    const counts = await sumCounts(tx, id);
    await moveRun(tx, id, { to: finalState(counts), counts });
    if (released) await ctx.doorbell.ring(tx, 'outbox');
  });
  // Mailbox files of those whom a purge has erased.
  await removeDoomedFiles(ctx);
}

/** Adds up what the chunks of a run came to so far. */
export async function sumCounts(tx: Pick<PoolClient, 'query'>, runId: number): Promise<Counts> {
  const { rows } = await tx.query<{ counts: Counts }>(sql`
    select c.counts from run_chunks c where c.run_id = ${runId}::bigint and c.state = 'done' order by c.no`);
  const total = noCounts(Math.max(0, ...rows.map((r) => r.counts.changes.length)));
  for (const row of rows) addCounts(total, row.counts);
  await settleSharedAddresses(tx, runId, total);
  return total;
}
