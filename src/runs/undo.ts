/** Undo: a run of its own whose changes come out of the journal. */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { endLinksOfRun } from '../access/index.ts';
import { compileUndo, countChanges, pageChanges, type Touches } from '../changes/index.ts';
import { AppError, type Context, count, operation, todayIn } from '../core/index.ts';
import { cancelQueued } from '../letters/index.ts';
import { findSet, memberIdsSql } from '../sets/index.ts';
import { differenceFor, journalledUsers } from '../users/index.ts';
import { keepSpared, sparedBy, sparingGuards } from './administrators.ts';
import { freezeMembers, frozenMembersSql } from './freeze.ts';
import { guardFor, guardSchema } from './guard.ts';
import { CREDENTIALS_LETTER } from './letters.ts';
import { checkParting, partingGuards, undoesMerge } from './people/part.ts';
import type { UserGuard } from './prepare-run.ts';
import { checkUndoAuthor, undoGuards } from './undo-guards.ts';
import { previewNext, userDifferenceSchema } from './preview.ts';
import { insertRun, startedSchema, startOrHold } from './start.ts';
import { isFinal, type RunState } from './states.ts';

const fields = {
  id: z.number().int().positive(),
  /** Only these changes of the plan, counted from 1; all when left out. */
  changes: z.array(z.number().int().min(1)).min(1).optional(),
  /** Only users of this set … */
  set: z.union([z.string(), z.number()]).optional(),
  /** … or these, by primary id or identifier. */
  users: z.array(z.string().min(1)).min(1).max(10_000).optional(),
};

const undoInput = z.strictObject({ ...fields, confirm: z.boolean().default(false) });
const previewInput = z.strictObject({
  ...fields,
  page: z
    .strictObject({
      limit: z.number().int().min(0).max(1000).default(20),
      after: z.number().int().min(0).default(0),
      outcome: z.enum(['changed', 'unchanged', 'skipped', 'conflict']).optional().describe('Absent: all to whom something happens'),
    })
    .optional(),
});

interface UndoneRun {
  readonly kind: string;
  readonly name: string;
  readonly state: RunState;
  readonly plan: unknown;
  readonly today: string;
  readonly touches: Touches;
  readonly words: readonly object[];
  readonly set_id: number | null;
  readonly set_name: string | null;
  /** Users in its chunks; 0 for a load, which has none. */
  readonly members: number;
  readonly created_at: string;
  readonly journal_dropped: boolean;
}

export const undoRun = operation({
  name: 'job.undo',
  summary: {
    en: 'Undoes a run, one of its changes, or some of its users',
    de: 'Macht einen Lauf, eine seiner Änderungen oder einige seiner Benutzer rückgängig',
  },
  privilege: 'jobs:run',
  input: undoInput,
  output: startedSchema,
  audit: (i, output) => ({ entity: 'run', id: i.id, ...(output === undefined ? {} : { detail: { undo: output.id } }) }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const run = await undoable(tx, ctx, i.id);
      const changes = i.changes?.map((c) => c - 1) ?? null;
      checkChanges(run, i.id, changes);
      if (run.kind === 'merge') await checkParting(tx, ctx.actor, i.id, narrowed(i) || changes !== null);
      const together = run.kind === 'merge';
      compileUndo({ runId: i.id, touches: run.touches, changes, guards: [] });
      const id = await insertRun(tx, {
        kind: 'undo',
        name: `Undo - ${run.name}`,
        plan: { undo: i.id, ...(i.changes ? { changes: i.changes } : {}), ...(narrowed(i) ? { some_users: true } : {}) },
        set: null,
        digest: null,
        today: todayIn(ctx.timeZone),
        touches: chosenTouches(run.touches, changes),
        words: run.words,
        actor: ctx.actor,
        scheduleId: null,
        undoOf: i.id,
        undoChanges: changes,
        templates: [],
      });
      const frozen = await freezeMembers(tx, id, await undoMembers(tx, ctx, i, run));
      const compiled = compileUndo({ runId: i.id, touches: run.touches, changes, guards: guardsOf(ctx, i.id, run), together });
      await keepSpared(tx, id, compiled, frozenMembersSql(id), todayIn(ctx.timeZone));
      const guard = await guardFor(tx, frozen);
      if (guard.needed && !i.confirm) throw new AppError('runs.guard', { users: guard.users, of: guard.of });
      const started = await startOrHold(tx, ctx, id, frozen);
      // One that waits may be rejected; until it begins the letters stay.
      if (started.state !== 'MANUAL_HANDLING_REQUIRED') await cancelLetters(tx, { id: i.id, some: narrowed(i) }, id, run.touches, changes);
      return started;
    }),
});

const undoPreviewSchema = z.object({
  members: count,
  changed: count,
  unchanged: count,
  skipped: count,
  conflict: count,
  sent_letters: count,
  guard: guardSchema,
  users: z.array(userDifferenceSchema),
  next: previewNext,
});
export type UndoPreview = z.output<typeof undoPreviewSchema>;

export const previewUndo = operation({
  name: 'job.preview_undo',
  summary: {
    en: 'Shows what an undo would bring back, and what it would leave alone',
    de: 'Zeigt, was rückgängig gemacht würde und was bliebe',
  },
  privilege: 'jobs:run',
  input: previewInput,
  output: undoPreviewSchema,
  audit: (i) => ({ entity: 'run', id: i.id }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const run = await undoable(tx, ctx, i.id);
      const changes = i.changes?.map((c) => c - 1) ?? null;
      checkChanges(run, i.id, changes);
      if (run.kind === 'merge') await checkParting(tx, ctx.actor, i.id, narrowed(i) || changes !== null);
      const members = await undoMembers(tx, ctx, i, run);
      const compile = (leftAlone: readonly number[]) =>
        compileUndo({
          runId: i.id,
          touches: run.touches,
          changes,
          guards: guardsOf(ctx, i.id, run, leftAlone),
          together: run.kind === 'merge',
        });
      const alone = compile([]);
      const spared = await sparedBy(tx, alone, members, todayIn(ctx.timeZone));
      const compiled = spared.length === 0 ? alone : compile(spared);
      const { counts } = await countChanges(tx, compiled, [], members);
      const limit = i.page?.limit ?? 20;
      const found =
        limit === 0
          ? []
          : await pageChanges(tx, compiled, [], members, { limit, after: i.page?.after ?? 0, outcome: i.page?.outcome ?? null });
      const users = found.map((user) => differenceFor(ctx.actor, user));
      const sent = await tx.query<{ sent: number }>(
        sql`select count(*)::integer as sent from outbox o where o.run_id = ${i.id}::bigint and o.state = 'sent'`,
      );
      const last = users.at(-1);
      return {
        members: counts.members,
        changed: counts.changed,
        unchanged: counts.unchanged,
        skipped: counts.skipped,
        conflict: counts.conflict,
        sent_letters: sent.rows[0]?.sent ?? 0,
        guard: await guardFor(tx, counts.members),
        users,
        next: last !== undefined && users.length === limit ? last.id : null,
      };
    }),
});

/** The run, if it can be undone by this actor: it has ended, it wrote through the journal, and its plan would be theirs to make. */
async function undoable(tx: PoolClient, ctx: Context, id: number): Promise<UndoneRun> {
  const { rows } = await tx.query<UndoneRun>(sql`
    select r.kind, r.name, r.state, r.plan, r.today, r.touches, r.words, r.set_id, r.set_name,
      case when exists (select from run_chunks c where c.run_id = r.id) then r.members else 0 end as members, r.created_at, r.journal_dropped
    from runs r where r.id = ${id}::bigint for share`);
  const run = rows[0];
  if (run === undefined) throw new AppError('runs.not_found', { id });
  if (run.kind === 'import') throw new AppError('runs.not_undoable', { id });
  if (run.kind === 'purge') throw new AppError('privacy.cannot_be_undone', { id });
  if (await undoesMerge(tx, id)) throw new AppError('merge.again', {});
  if (run.journal_dropped) throw new AppError('privacy.journal_dropped', { id });
  if (!isFinal(run.state)) throw new AppError('runs.still_running', { id, state: run.state });
  await checkUndoAuthor(tx, id, ctx.actor);
  return run;
}

function guardsOf(ctx: Context, id: number, run: UndoneRun, spared: readonly number[] = []): UserGuard[] {
  const guards = [...undoGuards(ctx.actor, id, run.touches), ...sparingGuards(spared)];
  return run.kind === 'merge' ? partingGuards(id, guards) : guards;
}

function checkChanges(run: UndoneRun, id: number, changes: readonly number[] | null): void {
  const bad = changes?.find((c) => c >= run.words.length);
  if (bad !== undefined) throw new AppError('runs.no_such_change', { id, change: bad + 1, count: run.words.length });
}

function chosenTouches(touches: Touches, changes: readonly number[] | null): Touches {
  if (changes === null) return touches;
  return {
    ...touches,
    scalars: Object.fromEntries(Object.entries(touches.scalars).filter(([, by]) => by.some((k) => changes.includes(k)))),
  };
}

interface Choice {
  readonly id: number;
  readonly set?: string | number | undefined;
  readonly users?: readonly string[] | undefined;
}

/** Users that stand in the journal of the run and are still there, each once. */
export function changedUsers(runId: number, { members, created_at }: Pick<UndoneRun, 'members' | 'created_at'>): Sql {
  return sql`select m.user_id from (${journalledUsers({ id: runId, members, created_at })}) m
    where exists (select from users u where u.id = m.user_id)`;
}

/** Users that the run changed, narrowed to a set or to named ones. */
async function undoMembers(tx: PoolClient, ctx: Context, i: Choice, run: UndoneRun): Promise<Sql> {
  const base = changedUsers(i.id, run);
  if (i.set !== undefined) {
    const set = await findSet(tx, i.set, ctx.actor);
    return sql`${base} and m.user_id in (select s.user_id from (${memberIdsSql(set, todayIn(ctx.timeZone))}) s)`;
  }
  if (i.users === undefined) return base;
  const unknown = await tx.query<{ value: string }>(sql`
    select w.value from unnest(${i.users}::text[]) as w (value) where not exists (select from user_keys k where k.key = fold(btrim(w.value)))`);
  if (unknown.rows.length > 0) throw new AppError('runs.unknown_users', { users: unknown.rows.map((r) => r.value).join(', ') });
  return sql`${base} and m.user_id in (select k.user_id from user_keys k
    where k.key in (select fold(btrim(w.value)) from unnest(${i.users}::text[]) as w (value)))`;
}

/**
 * Letters of the undone run that have not gone out stay here: what they say is no longer so. When only
 * some of its changes are undone, that holds of the letter that brings credentials, and of none other.
 */
export async function cancelLetters(
  tx: PoolClient,
  undone: { readonly id: number; readonly some: boolean },
  undo: number,
  touches: Touches,
  changes: readonly number[] | null,
): Promise<void> {
  const resets = (touches.scalars['credential_state'] ?? []).some((k) => changes === null || changes.includes(k));
  if (changes !== null && !resets) return;
  const users = undone.some ? await chosenUsers(tx, undo) : 'all';
  await cancelQueued(tx, undone.id, users, changes === null ? undefined : [CREDENTIALS_LETTER]);
  // Links that have gone out and were not used.
  await endLinksOfRun(tx, undone.id, users);
}

function narrowed(choice: Choice): boolean {
  return choice.set !== undefined || choice.users !== undefined;
}

async function chosenUsers(tx: PoolClient, undo: number): Promise<readonly number[]> {
  const { rows } = await tx.query<{ user_id: number }>(sql`select m.user_id from run_members m where m.run_id = ${undo}::bigint`);
  return rows.map((row) => row.user_id);
}
