/** Runs that start by themselves: once, or repeating on a logical set. */
import { Cron } from 'croner';
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { actorNamed } from '../access/index.ts';
import { AppError, type Context, id, instant, operation, todayIn } from '../core/index.ts';
import { findSet } from '../sets/index.ts';
import { parsePlan, planSchema } from './plan.ts';
import { preparePlan } from './prepare-run.ts';
import { confirmRun } from './start.ts';

const scheduleSchema = z.object({
  id,
  name: z.string(),
  set_id: id,
  set: z.string(),
  plan: planSchema,
  run_at: instant.nullable().describe('The moment of the one run, or null when repeating'),
  cron: z.string().nullable().describe('Five or six fields, in the library’s time zone'),
  enabled: z.boolean(),
  next_at: instant.nullable(),
  upcoming: z.array(instant).describe('When it starts next, as far as that is known: at most three times'),
  owner: z.string(),
});
export type Schedule = z.output<typeof scheduleSchema>;

const UPCOMING = 3;

const COLUMNS: Sql = sql`c.id, c.name, c.set_id, s.name as set, c.plan, c.run_at, c.cron, c.enabled, c.next_at, c.owner`;

const createInput = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    set: z.union([z.string(), z.number()]),
    plan: z.unknown(),
    at: z.iso.datetime({ offset: true, local: false }).optional(),
    cron: z.string().trim().min(1).max(200).optional(),
  })
  .refine((i) => (i.at === undefined) !== (i.cron === undefined), {
    message: 'needs either at (an instant such as 2027-01-31T06:00:00+01:00) or cron',
  });

export const createSchedule = operation({
  name: 'schedule.create',
  summary: { en: 'Schedules a plan on a set', de: 'Plant einen Plan auf einem Set ein' },
  privilege: 'jobs:run',
  input: createInput,
  output: scheduleSchema,
  audit: (i, output) => ({ entity: 'schedule', id: output?.id ?? i.name }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const set = await findSet(tx, i.set, ctx.actor);
      if (i.cron !== undefined && set.kind !== 'logical') throw new AppError('runs.repeat_needs_logical', { set: set.name });
      const plan = parsePlan(i.plan);
      await preparePlan(tx, plan, { today: todayIn(ctx.timeZone), actor: ctx.actor, movedSince: null });
      const next = i.cron === undefined ? new Date(i.at ?? '') : nextTime(i.cron, ctx.timeZone);
      if (i.at !== undefined && next !== null && next.getTime() < Date.now()) throw new AppError('runs.schedule_past', { at: i.at });
      const { rows } = await tx.query<{ id: number }>(sql`
      insert into schedules (name, set_id, plan, run_at, cron, next_at, owner)
      values (${i.name}, ${set.id}::bigint, ${JSON.stringify(plan)}::jsonb, ${i.at ?? null}::timestamptz, ${i.cron ?? null}::text, ${next?.toISOString() ?? null}::timestamptz, ${ctx.actor.name})
      returning id`);
      return withTimes(await findSchedule(tx, rows[0]?.id ?? 0), ctx.timeZone);
    }),
});

/** Without the times, which are the pattern's and not stored. */
type ScheduleRow = Omit<Schedule, 'upcoming'>;

function withTimes(schedule: ScheduleRow, timeZone: string): Schedule {
  const { cron, next_at: next, enabled } = schedule;
  if (!enabled || next === null) return { ...schedule, upcoming: [] };
  if (cron === null) return { ...schedule, upcoming: [next] };
  const times = new Cron(cron, { timezone: timeZone, paused: true }).nextRuns(UPCOMING);
  return { ...schedule, upcoming: times.map((time) => time.toISOString()) };
}

async function findSchedule(tx: Pick<PoolClient, 'query'>, id: number): Promise<ScheduleRow> {
  const { rows } = await tx.query<ScheduleRow>(
    sql`select ${COLUMNS} from schedules c join sets s on s.id = c.set_id where c.id = ${id}::bigint`,
  );
  const schedule = rows[0];
  if (schedule === undefined) throw new AppError('runs.schedule_not_found', { id });
  return schedule;
}

export const listSchedules = operation({
  name: 'schedule.list',
  summary: { en: 'Lists schedules', de: 'Listet Zeitpläne auf' },
  privilege: 'jobs:read',
  input: z.strictObject({}),
  output: z.object({ schedules: z.array(scheduleSchema) }),
  audit: () => ({ entity: 'schedule', id: null }),
  run: async (ctx) => {
    const { rows } = await ctx.db.pool.query<ScheduleRow>(
      sql`select ${COLUMNS} from schedules c join sets s on s.id = c.set_id order by c.next_at nulls last, c.id`,
    );
    return { schedules: rows.map((row) => withTimes(row, ctx.timeZone)) };
  },
});

const oneInput = z.strictObject({ id: z.number().int().positive() });
const switchInput = z.strictObject({ id: z.number().int().positive(), enabled: z.boolean() });

export const deleteSchedule = operation({
  name: 'schedule.delete',
  summary: { en: 'Deletes a schedule', de: 'Löscht einen Zeitplan' },
  privilege: 'jobs:run',
  input: oneInput,
  output: z.object({ deleted: id }),
  audit: (i) => ({ entity: 'schedule', id: i.id }),
  run: async (ctx, { id }) => {
    const { rowCount } = await ctx.db.pool.query(sql`delete from schedules where id = ${id}::bigint`);
    if (rowCount === 0) throw new AppError('runs.schedule_not_found', { id });
    return { deleted: id };
  },
});

export const switchSchedule = operation({
  name: 'schedule.switch',
  summary: { en: 'Switches a schedule on or off', de: 'Schaltet einen Zeitplan ein oder aus' },
  privilege: 'jobs:run',
  input: switchInput,
  output: scheduleSchema,
  audit: (i) => ({ entity: 'schedule', id: i.id }),
  run: (ctx, { id, enabled }) =>
    ctx.db.transaction(async (tx) => {
      const schedule = await findSchedule(tx, id);
      const next = schedule.cron === null ? schedule.run_at : (nextTime(schedule.cron, ctx.timeZone)?.toISOString() ?? null);
      await tx.query(
        sql`update schedules set enabled = ${enabled}::boolean, next_at = ${enabled ? next : null}::timestamptz where id = ${id}::bigint`,
      );
      return withTimes(await findSchedule(tx, id), ctx.timeZone);
    }),
});

function nextTime(cron: string, timeZone: string): Date | null {
  try {
    return new Cron(cron, { timezone: timeZone, paused: true }).nextRun();
  } catch (error) {
    throw new AppError('runs.bad_cron', { cron, reason: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * Starts the runs that are due, in their owner's name and with the owner's rights of today; answers
 * how many. Each stands in one transaction with moving the schedule on, so none starts twice. One
 * whose owner may not run it any more, or whose plan has become invalid, is switched off.
 */
export async function startDueSchedules(ctx: Context): Promise<number> {
  let started = 0;
  while (await startOne(ctx)) started += 1;
  return started;
}

async function startOne(ctx: Context): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: number }>(sql`
      select c.id from schedules c where c.enabled and c.next_at <= now() order by c.next_at limit 1 for update of c skip locked`);
    const id = rows[0]?.id;
    if (id === undefined) return false;
    const schedule = await findSchedule(tx, id);
    const next = schedule.cron === null ? null : nextTime(schedule.cron, ctx.timeZone);
    await tx.query(
      sql`update schedules set next_at = ${next?.toISOString() ?? null}::timestamptz, enabled = ${next !== null}::boolean where id = ${id}::bigint`,
    );
    await tx.query('savepoint muster_schedule');
    try {
      const today = todayIn(ctx.timeZone);
      const actor = await actorNamed(tx, schedule.owner, today);
      const set = await findSet(tx, schedule.set_id, actor);
      await confirmRun(
        tx,
        { ...ctx, actor },
        {
          plan: parsePlan(schedule.plan),
          set,
          today,
          digest: null,
          confirm: false,
          name: schedule.name,
          scheduleId: id,
        },
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await tx.query('rollback to savepoint muster_schedule');
      await tx.query(sql`update schedules set enabled = false, next_at = null where id = ${id}::bigint`);
      await tx.query(sql`
        insert into audit (actor, source, operation, entity, entity_id, outcome, detail)
        values (${schedule.owner}, 'worker', 'schedule.start', 'schedule', ${String(id)}, 'failed', ${JSON.stringify({ code: error.code })}::jsonb)`);
    }
    return true;
  });
}
