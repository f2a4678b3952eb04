/** Confirming a preview: the members are frozen and the run begins, all in one transaction. */
import type { PoolClient } from 'pg';
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type Actor, AppError, type Context, count, id, operation, todayIn } from '../core/index.ts';
import { keptRights } from '../access/index.ts';
import type { LetterRules } from '../letters/index.ts';
import { findSet, memberIdsSql, type SetRow } from '../sets/index.ts';
import { keepSpared } from './administrators.ts';
import { fingerprintOf, freezeMembers, frozenMembersSql } from './freeze.ts';
import { guardFor } from './guard.ts';
import { parsePlan, type Plan, planHash, settlePlan } from './plan.ts';
import { checkRights, preparePlan } from './prepare-run.ts';
import { holdForApproval } from './oversight/hold.ts';
import { moveRun, type RunState, runStateSchema } from './states.ts';

const input = z.strictObject({
  set: z.union([z.string(), z.number()]),
  plan: z.unknown(),
  /** Of the preview that is confirmed; when given, other members or another plan are refused. */
  digest: z.string().max(200).optional(),
  /** Confirms a run that the guard asks about. */
  confirm: z.boolean().default(false),
  /** Where the guard asks, the run is made and waits for a person, instead of being refused. */
  hold: z.boolean().default(false),
  name: z.string().trim().min(1).max(200).optional(),
});

export const startedSchema = z.object({ id, state: runStateSchema, members: count });
export type Started = z.output<typeof startedSchema>;

export const startRun = operation({
  name: 'job.run',
  summary: { en: 'Applies a plan to the members of a set', de: 'Wendet einen Plan auf die Mitglieder eines Sets an' },
  privilege: 'jobs:run',
  input,
  output: startedSchema,
  audit: (_, output) => ({
    entity: 'run',
    id: output?.id ?? null,
    ...(output === undefined ? {} : { detail: { members: output.members } }),
  }),
  run: async (ctx, i): Promise<Started> => {
    const plan = parsePlan(i.plan);
    const today = todayIn(ctx.timeZone);
    return ctx.db.transaction(async (tx) => {
      const set = await findSet(tx, i.set, ctx.actor);
      return confirmRun(tx, ctx, {
        plan,
        set,
        today,
        digest: i.digest ?? null,
        confirm: i.confirm,
        hold: i.hold,
        name: i.name ?? null,
        scheduleId: null,
      });
    });
  },
});

export interface Confirmation {
  readonly plan: Plan;
  readonly set: SetRow;
  readonly today: string;
  readonly digest: string | null;
  readonly confirm: boolean;
  /** The run waits for a person where the guard asks; a schedule's always does. */
  readonly hold?: boolean;
  readonly name: string | null;
  readonly scheduleId: number | null;
}

export async function confirmRun(tx: PoolClient, ctx: Context, given: Confirmation): Promise<Started> {
  const c = { ...given, plan: await settlePlan(tx, given.plan) };
  const prepared = await preparePlan(tx, c.plan, { today: c.today, actor: ctx.actor, movedSince: null });
  checkRights(ctx.actor, prepared.prepared);
  const members = memberIdsSql(c.set, c.today);
  const id = await insertRun(tx, {
    kind: 'job',
    name: nameOfRun(c.name, c.plan, c.set.name),
    plan: c.plan,
    set: c.set,
    digest: c.digest,
    today: c.today,
    touches: prepared.prepared.touches,
    words: prepared.prepared.words,
    actor: ctx.actor,
    scheduleId: c.scheduleId,
    undoOf: null,
    undoChanges: null,
    templates: prepared.compiled.templates,
    letters: prepared.rules,
  });
  const frozen = await freezeMembers(tx, id, members);
  await keepSpared(tx, id, prepared.compiled, frozenMembersSql(id), c.today);
  if (c.digest !== null) await checkDigest(tx, id, c, prepared.rules, await fingerprintOf(tx, frozenMembersSql(id)));
  const guard = await guardFor(tx, frozen);
  if (guard.needed && !c.confirm) {
    if (c.scheduleId === null && c.hold !== true) throw new AppError('runs.guard', { users: guard.users, of: guard.of });
    // The set may look different when a person comes: it is frozen again then.
    await tx.query(sql`delete from run_chunks where run_id = ${id}::bigint`);
    const reason = c.scheduleId === null ? 'runs.held_for_guard' : 'runs.waits_for_guard';
    await tx.query(sql`update runs set members = ${frozen}::bigint where id = ${id}::bigint`);
    await moveRun(tx, id, { to: 'MANUAL_HANDLING_REQUIRED', reason });
    return { id, state: 'MANUAL_HANDLING_REQUIRED', members: frozen };
  }
  return startOrHold(tx, ctx, id, frozen);
}

export function nameOfRun(given: string | null, plan: Plan, set: string): string {
  return given ?? plan.name ?? `Update/Notify Users - ${set}`;
}

/** Sets a run with frozen members going, or has it wait for a second person where it is large. */
export async function startOrHold(tx: PoolClient, ctx: Context, id: number, members: number): Promise<Started> {
  if (await holdForApproval(tx, ctx.actor, id, members)) return { id, state: 'MANUAL_HANDLING_REQUIRED', members };
  return begin(tx, ctx, id, members);
}

/** Sets a run with frozen members going. */
export async function begin(tx: PoolClient, ctx: Context, id: number, members: number): Promise<Started> {
  await tx.query(sql`update runs set members = ${members}::bigint where id = ${id}::bigint`);
  const state: RunState = members === 0 ? 'COMPLETED_NO_BULKS' : 'RUNNING';
  await tx.query(sql`update runs set state = 'RUNNING', started_at = coalesce(started_at, now()) where id = ${id}::bigint`);
  if (members === 0) await moveRun(tx, id, { to: state });
  else await ctx.doorbell.ring(tx, 'runs');
  return { id, state, members };
}

export interface NewRun {
  /** Of a run that is not to stay; else the next number. */
  readonly id?: Sql;
  readonly kind: 'job' | 'undo' | 'edit' | 'purge';
  readonly name: string;
  readonly plan: object;
  readonly set: Pick<SetRow, 'id' | 'name'> | null;
  readonly digest: string | null;
  readonly today: string;
  readonly touches: object;
  readonly words: readonly object[];
  readonly actor: Actor;
  readonly scheduleId: number | null;
  readonly undoOf: number | null;
  readonly undoChanges: readonly number[] | null;
  /** See Compiled.templates. */
  readonly templates: readonly Sql[];
  /** What its letters are decided by. */
  readonly letters?: readonly LetterRules[];
}

export async function insertRun(tx: PoolClient, run: NewRun): Promise<number> {
  const previewed: Sql =
    run.digest === null ? sql`now()` : sql`coalesce((select p.created_at from previews p where p.digest = ${run.digest}::text), now())`;
  const rights = keptRights(run.actor);
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into runs (id, kind, name, state, plan, set_id, set_name, digest, today, touches, words, created_by, schedule_id, undo_of, undo_changes, row_templates, previewed_at, author_rights, letters)
    values (${run.id ?? sql`default`}, ${run.kind}::text, ${run.name}::text, 'QUEUED', ${JSON.stringify(run.plan)}::jsonb, ${run.set?.id ?? null}::bigint, ${run.set?.name ?? null}::text,
      ${run.digest}::text, ${run.today}::date, ${JSON.stringify(run.touches)}::jsonb, ${JSON.stringify(run.words)}::jsonb, ${run.actor.name}::text,
      ${run.scheduleId}::bigint, ${run.undoOf}::bigint, ${run.undoChanges}::integer[], ${run.templates.length === 0 ? sql`'[]'::jsonb` : sql`jsonb_build_array(${join([...run.templates], ', ')})`}, ${previewed}, ${rights === null ? null : JSON.stringify(rights)}::jsonb,
      ${JSON.stringify(run.letters ?? [])}::jsonb)
    returning id`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('insert into runs gave no id');
  return id;
}

/** Refuses, with the difference, when the members or the plan are no longer those of the preview. */
async function checkDigest(
  tx: PoolClient,
  id: number,
  c: Confirmation,
  letters: readonly LetterRules[],
  fingerprint: string,
): Promise<void> {
  if (c.digest === `${fingerprint}-${planHash(c.plan, c.today, letters)}`) return;
  if (!c.digest?.startsWith(`${fingerprint}-`)) {
    const { rows } = await tx.query<{ members: number; came: string[] | null; went: string[] | null; known: boolean }>(sql`
      select p.members, p.member_ids is not null as known,
        (select array_agg(u.primary_id order by u.id) from (select m.user_id from run_members m where m.run_id = ${id}::bigint
          and not m.user_id = any (p.member_ids) order by 1 limit 10) x join users u on u.id = x.user_id) as came,
        (select array_agg(coalesce(u.primary_id, x.user_id::text)) from (select w.user_id from unnest(p.member_ids) as w (user_id)
          where not exists (select from run_members m where m.run_id = ${id}::bigint and m.user_id = w.user_id) order by 1 limit 10) x
          left join users u on u.id = x.user_id) as went
      from previews p where p.digest = ${c.digest}::text and p.members <= 100000`);
    const preview = rows[0];
    throw new AppError('runs.members_changed', {
      before: Number(c.digest?.split('-')[0] ?? 0),
      now: Number(fingerprint.split('-')[0]),
      came: preview?.known ? (preview.came ?? []).join(', ') || '–' : '?',
      went: preview?.known ? (preview.went ?? []).join(', ') || '–' : '?',
    });
  }
  throw new AppError('runs.plan_changed', {});
}
