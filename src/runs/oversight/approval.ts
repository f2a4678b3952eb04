/** A large run waits until a second person has approved it; its members are frozen meanwhile. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { actorNamed, hasPrivilege, type KeptRights, narrowedTo } from '../../access/index.ts';
import type { Touches } from '../../changes/index.ts';
import { type Actor, AppError, type Context, count, id, instant, operation, sayAny, todayIn } from '../../core/index.ts';
import type { LetterRules } from '../../letters/index.ts';
import { fingerprintOf, frozenMembersSql } from '../freeze.ts';
import { parsePlan, planHash } from '../plan.ts';
import { checkRights, preparePlan } from '../prepare-run.ts';
import { begin } from '../start.ts';
import { moveRun, type RunState, runStateSchema } from '../states.ts';
import { cancelLetters } from '../undo.ts';
import { sumCounts } from '../work.ts';
import { WAITS_FOR_APPROVAL } from './hold.ts';

interface Waiting {
  readonly kind: 'job' | 'undo' | 'purge';
  readonly state: RunState;
  readonly state_reason: string | null;
  readonly plan: unknown;
  readonly letters: readonly LetterRules[];
  readonly digest: string | null;
  readonly today: string;
  readonly created_by: string;
  readonly author_rights: KeptRights | null;
  readonly members: number;
  readonly fingerprint: string | null;
  readonly undo_of: number | null;
  readonly undo_changes: number[] | null;
  readonly undone_plan: unknown;
  readonly undone_touches: Touches | null;
  readonly undone_kind: string | null;
}

const decided = z.object({ id, state: runStateSchema, members: count });
const which = { id: z.number().int().positive() };

export const approveRun = operation({
  name: 'job.approve',
  summary: {
    en: 'Approves a large run of somebody else, which then starts',
    de: 'Gibt einen großen Lauf von jemand anderem frei, der dann beginnt',
  },
  privilege: 'jobs:approve',
  input: z.strictObject(which),
  output: decided,
  audit: (input, output) => ({ entity: 'run', id: input.id, ...(output === undefined ? {} : { detail: { members: output.members } }) }),
  run: (ctx, input) =>
    ctx.db.transaction(async (tx) => {
      const run = await waiting(tx, input.id);
      const author = narrowedTo(await actorNamed(tx, run.created_by, todayIn(ctx.timeZone)), run.author_rights);
      refuseAuthor(ctx.actor, author, input.id);
      await checkAuthorsRights(tx, run, author);
      await checkMembers(tx, input.id, run);
      await decide(tx, ctx, input.id, 'approved', null);
      const started = await begin(tx, ctx, input.id, run.members);
      await tx.query(sql`update runs set state_reason = null where id = ${input.id}::bigint and state = 'RUNNING'`);
      if (run.undo_of !== null && run.undone_touches !== null) {
        const some = typeof run.plan === 'object' && run.plan !== null && 'some_users' in run.plan;
        await cancelLetters(tx, { id: run.undo_of, some }, input.id, run.undone_touches, run.undo_changes);
      }
      return started;
    }),
});

export const rejectRun = operation({
  name: 'job.reject',
  summary: { en: 'Rejects a run that waits for approval', de: 'Lehnt einen Lauf ab, der auf Freigabe wartet' },
  privilege: 'jobs:approve',
  input: z.strictObject({ ...which, reason: z.string().trim().min(1).max(500).describe('Why; the author reads it') }),
  output: decided,
  audit: (input) => ({ entity: 'run', id: input.id }),
  run: (ctx, input) =>
    ctx.db.transaction(async (tx) => {
      const { members } = await waiting(tx, input.id);
      await decide(tx, ctx, input.id, 'rejected', input.reason);
      const counts = await sumCounts(tx, input.id);
      await moveRun(tx, input.id, { to: 'USER_ABORTED', reason: 'oversight.rejected', counts });
      return { id: input.id, state: 'USER_ABORTED' as const, members };
    }),
});

export const listWaiting = operation({
  name: 'job.waiting',
  summary: { en: 'Lists the runs that wait for a person', de: 'Listet die Läufe auf, die auf eine Person warten' },
  privilege: 'jobs:read',
  input: z.strictObject({}),
  output: z.object({
    jobs: z.array(
      z.object({
        id,
        kind: z.string(),
        name: z.string(),
        members: count,
        created_by: z.string(),
        created_at: instant,
        reason: z.string().nullable().describe('runs.waits_for_approval, or that the guard asks'),
        reason_text: z.string().nullable(),
        approvable: z.boolean().describe('Waits for an approval, and the caller may give it'),
      }),
    ),
  }),
  audit: () => ({ entity: 'run', id: null }),
  run: async (ctx) => {
    const { rows } = await ctx.db.pool.query<{
      id: number;
      kind: string;
      name: string;
      members: number;
      created_by: string;
      created_at: string;
      reason: string | null;
    }>(sql`
      select r.id, r.kind, r.name, r.members, r.created_by, r.created_at, r.state_reason as reason
      from runs r where r.state = 'MANUAL_HANDLING_REQUIRED' order by r.id limit 1000`);
    const approves = hasPrivilege(ctx.actor, 'jobs:approve');
    return {
      jobs: rows.map((row) => ({
        ...row,
        reason_text: row.reason === null ? null : sayAny(ctx.language, row.reason),
        approvable: approves && row.reason === WAITS_FOR_APPROVAL && row.created_by !== ctx.actor.name,
      })),
    };
  },
});

/** The run, locked; throws unless it waits for an approval. */
async function waiting(tx: PoolClient, runId: number): Promise<Waiting> {
  const { rows } = await tx.query<Waiting>(sql`
    select r.kind, r.state, r.state_reason, r.plan, r.letters, r.digest, r.today, r.created_by, r.author_rights, r.members, a.fingerprint, r.undo_of, r.undo_changes,
      o.plan as undone_plan, o.touches as undone_touches, o.kind as undone_kind
    from runs r left join run_approvals a on a.run_id = r.id left join runs o on o.id = r.undo_of
    where r.id = ${runId}::bigint for no key update of r`);
  const run = rows[0];
  if (run === undefined) throw new AppError('runs.not_found', { id: runId });
  if (run.state !== 'MANUAL_HANDLING_REQUIRED' || run.state_reason !== WAITS_FOR_APPROVAL)
    throw new AppError('oversight.not_waiting', { id: runId, state: run.state });
  return run;
}

/** A key acts under its owner's name and number, so it is the same person. */
function refuseAuthor(actor: Actor, author: Actor, runId: number): void {
  const same = actor.kind === 'user' && author.kind === 'user' ? actor.userId === author.userId : actor.name === author.name;
  if (same) throw new AppError('access.own_approval', { id: runId });
}

/** What was theirs to do when they asked for it may not be any more. */
async function checkAuthorsRights(tx: PoolClient, run: Waiting, author: Actor): Promise<void> {
  const options = { today: run.today, actor: author, movedSince: null };
  if (run.kind === 'purge') {
    if (!hasPrivilege(author, 'users:delete')) throw new AppError('access.denied', { privilege: 'users:delete', actor: author.name });
    return;
  }
  if (run.kind === 'job') {
    checkRights(author, (await preparePlan(tx, parsePlan(run.plan), options)).prepared);
    return;
  }
  if (!hasPrivilege(author, 'jobs:run')) throw new AppError('access.denied', { privilege: 'jobs:run', actor: author.name });
  // An undo is authorised as if its author had written the plan that it undoes.
  if (run.undone_kind !== 'undo') await preparePlan(tx, parsePlan(run.undone_plan), options);
}

async function checkMembers(tx: PoolClient, runId: number, run: Waiting): Promise<void> {
  const fingerprint = await fingerprintOf(tx, frozenMembersSql(runId));
  const asPreviewed =
    run.digest === null || run.kind !== 'job' || run.digest === `${fingerprint}-${planHash(parsePlan(run.plan), run.today, run.letters)}`;
  if (fingerprint !== run.fingerprint || !asPreviewed) throw new AppError('oversight.members_differ', { id: runId });
}

async function decide(
  tx: PoolClient,
  ctx: Context,
  runId: number,
  decision: 'approved' | 'rejected',
  reason: string | null,
): Promise<void> {
  await tx.query(sql`update run_approvals set decision = ${decision}, decided_by = ${ctx.actor.name}, decided_at = now(), reason = ${reason}
    where run_id = ${runId}::bigint`);
}
