/** Purge: erasing, as a run of its own, everybody in a set, or in the library, whose purge date has passed. */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, count, id, operation, readSetting, sayAny, todayIn } from '../../core/index.ts';
import { findSet, memberIdsSql, type SetRow } from '../../sets/index.ts';
import { fingerprintOf, freezeMembers } from '../freeze.ts';
import { insertRun, startOrHold } from '../start.ts';
import { runStateSchema } from '../states.ts';
import { keptSql, PURGE_FEES, type PurgePlan } from './purge-reasons.ts';
import { PURGE_STATISTICS, STATISTICS } from './purge-statistics.ts';

const which = {
  set: z.union([z.string(), z.number()]).optional().describe('Only members of this set; else everybody whose purge date has passed'),
};

export const previewPurge = operation({
  name: 'purge.preview',
  summary: {
    en: 'Shows how many users a purge would erase, and why others are kept',
    de: 'Zeigt, wie viele Benutzer eine Bereinigung löschen würde und warum andere bleiben',
  },
  privilege: 'users:delete',
  input: z.strictObject({
    ...which,
    limit: z.number().int().min(0).max(1_000).default(20).describe('How many of those who are kept to show'),
    after: z.number().int().min(0).default(0).describe('Users with ids after this one'),
  }),
  output: z.object({
    members: count.describe('Users looked at'),
    erasable: count.describe('Users that would be erased: the number that confirms the purge'),
    digest: z.string().describe('Of those who would be erased; give it to the purge to be sure that they are the same'),
    fees_up_to: z.number().describe('Open fees up to this amount keep nobody'),
    statistics: z.enum(STATISTICS).describe('Whether anonymous counts remain, unless the purge is told otherwise'),
    reasons: z.array(z.object({ reason: z.string(), text: z.string(), users: count })),
    kept: z.array(z.object({ user_id: id, primary_id: z.string(), reason: z.string(), text: z.string() })),
    next: id.nullable().describe('The `after` of the next page; null on the last one'),
  }),
  audit: (input, output) => ({
    entity: 'set',
    id: input.set ?? null,
    detail: { members: output?.members ?? null, erasable: output?.erasable ?? null },
  }),
  run: (ctx, input) =>
    ctx.db.transaction(async (tx) => {
      const purge = await prepare(tx, ctx, input.set);
      const { members, erasable, reasons } = await counted(tx, purge);
      const kept = await tx.query<{ user_id: number; primary_id: string; reason: string }>(sql`
        select k.user_id, k.primary_id, k.reason from (${purge.candidates}) k
        where k.reason is not null and k.user_id > ${input.after}::bigint order by k.user_id limit ${input.limit + 1}::integer`);
      const shown = kept.rows.slice(0, input.limit);
      return {
        members,
        erasable,
        digest: await fingerprintOf(tx, erasableOf(purge)),
        fees_up_to: purge.plan.purge.fees_up_to,
        statistics: purge.plan.purge.statistics,
        reasons: reasons.map((row) => ({ ...row, text: sayAny(ctx.language, row.reason) })),
        kept: shown.map((row) => ({ ...row, text: sayAny(ctx.language, row.reason) })),
        next: kept.rows.length > shown.length ? (shown.at(-1)?.user_id ?? null) : null,
      };
    }),
});

export const runPurge = operation({
  name: 'purge.run',
  summary: {
    en: 'Erases for good everybody whose purge date has passed, chunk by chunk',
    de: 'Löscht endgültig alle, deren Löschdatum erreicht ist, Stück für Stück',
  },
  privilege: 'users:delete',
  input: z.strictObject({
    ...which,
    confirm: z.number().int().min(0).describe('How many users will be erased, as the preview says'),
    digest: z.string().max(200).optional().describe('Of the preview'),
    statistics: z
      .enum(STATISTICS)
      .optional()
      .describe(
        'Keep anonymous counts by month, user group, campus and statistic category, or nothing; as the library has set it when left out',
      ),
  }),
  output: z.object({ id, state: runStateSchema, members: count }),
  audit: (input, output) => ({ entity: 'run', id: output?.id ?? null, detail: { set: input.set ?? null, confirmed: input.confirm } }),
  run: (ctx, input) =>
    ctx.db.transaction(async (tx) => {
      const purge = await prepare(tx, ctx, input.set);
      const { erasable } = await counted(tx, purge);
      if (erasable !== input.confirm) throw new AppError('privacy.purge_number', { users: erasable, given: input.confirm });
      if (erasable === 0) throw new AppError('privacy.purge_nobody', {});
      if (input.digest !== undefined && input.digest !== (await fingerprintOf(tx, erasableOf(purge))))
        throw new AppError('runs.members_changed', { before: Number(input.digest.split('-')[0]), now: erasable, came: '?', went: '?' });
      const set = purge.set?.name ?? sayAny(ctx.language, 'privacy.purge_everybody');
      const runId = await insertRun(tx, {
        kind: 'purge',
        name: sayAny(ctx.language, 'privacy.purge_name', { set }),
        plan: { purge: { ...purge.plan.purge, ...(input.statistics === undefined ? {} : { statistics: input.statistics }) } },
        set: purge.set,
        digest: null,
        today: purge.today,
        touches: { scalars: {}, tables: [] },
        words: [],
        actor: ctx.actor,
        scheduleId: null,
        undoOf: null,
        undoChanges: null,
        templates: [],
      });
      const frozen = await freezeMembers(tx, runId, sql`select k.user_id from (${purge.candidates}) k`);
      return startOrHold(tx, ctx, runId, frozen);
    }),
});

interface Purge {
  readonly plan: PurgePlan;
  readonly set: SetRow | null;
  readonly today: string;
  /** user_id, primary_id, reason: everybody who is looked at; the reason is null for whoever is to go. */
  readonly candidates: Sql;
}

async function prepare(tx: PoolClient, ctx: Context, setName: string | number | undefined): Promise<Purge> {
  const today = todayIn(ctx.timeZone);
  const feesUpTo = await readSetting(tx, PURGE_FEES);
  const statistics = await readSetting(tx, PURGE_STATISTICS);
  const set = setName === undefined ? null : await findSet(tx, setName, ctx.actor);
  const looked = set === null ? sql`select d.id as user_id from users d where d.purge_date < ${today}::date` : memberIdsSql(set, today);
  return {
    plan: { purge: { fees_up_to: feesUpTo, statistics } },
    set,
    today,
    candidates: sql`select u.id as user_id, u.primary_id, ${keptSql(ctx.actor, today, feesUpTo)} as reason
      from (${looked}) m join users u on u.id = m.user_id`,
  };
}

function erasableOf(purge: Purge): Sql {
  return sql`select k.user_id from (${purge.candidates}) k where k.reason is null`;
}

async function counted(
  tx: PoolClient,
  purge: Purge,
): Promise<{ members: number; erasable: number; reasons: { reason: string; users: number }[] }> {
  const { rows } = await tx.query<{ reason: string | null; users: number }>(sql`
    select k.reason, count(*) as users from (${purge.candidates}) k group by k.reason order by 2 desc, 1`);
  return {
    members: rows.reduce((sum, row) => sum + row.users, 0),
    erasable: rows.find((row) => row.reason === null)?.users ?? 0,
    reasons: rows.flatMap(({ reason, users }) => (reason === null ? [] : [{ reason, users }])),
  };
}
