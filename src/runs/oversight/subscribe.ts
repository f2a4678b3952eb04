import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, id, operation } from '../../core/index.ts';

/** Whoever starts a run is told of it anyway; this is for the others, and for ending it. */
export const subscribeToRuns = operation({
  name: 'job.subscribe',
  summary: {
    en: 'Asks for mails about a run, a schedule, one’s own runs, or all that wait for a person; or ends them',
    de: 'Bestellt Mails zu einem Lauf, einem Zeitplan, den eigenen Läufen oder allen wartenden, oder bestellt sie ab',
  },
  privilege: 'jobs:read',
  input: z
    .strictObject({
      run: z.number().int().positive().optional(),
      schedule: z.number().int().positive().optional(),
      mine: z.literal(true).optional().describe('Runs that one has started oneself; on, as long as nobody has switched it off'),
      waiting: z.literal(true).optional().describe('Every run that waits for a person'),
      wanted: z.boolean().default(true),
    })
    .refine((i) => [i.run, i.schedule, i.mine, i.waiting].filter((each) => each !== undefined).length === 1, {
      message: 'needs one of run, schedule, mine, waiting',
    }),
  output: z.object({
    subscriptions: z.array(z.object({ kind: z.string(), run: id.nullable(), schedule: id.nullable(), wanted: z.boolean() })),
  }),
  audit: (input) => ({ entity: 'run', id: input.run ?? null, detail: { schedule: input.schedule ?? null, wanted: input.wanted } }),
  run: (ctx, input) =>
    ctx.db.transaction(async (tx) => {
      if (ctx.actor.kind !== 'user') throw new AppError('oversight.only_users', { actor: ctx.actor.name });
      const userId = ctx.actor.userId;
      const kind = input.run !== undefined ? 'run' : input.schedule !== undefined ? 'schedule' : input.mine === true ? 'mine' : 'waiting';
      const run = await tx.query(sql`select from runs r where r.id = ${input.run ?? null}::bigint`);
      if (input.run !== undefined && run.rowCount === 0) throw new AppError('runs.not_found', { id: input.run });
      const schedule = await tx.query(sql`select from schedules s where s.id = ${input.schedule ?? null}::bigint`);
      if (input.schedule !== undefined && schedule.rowCount === 0) throw new AppError('runs.schedule_not_found', { id: input.schedule });
      await tx.query(sql`
        insert into run_subscriptions (user_id, kind, run_id, schedule_id, wanted)
        values (${userId}::bigint, ${kind}, ${input.run ?? null}::bigint, ${input.schedule ?? null}::bigint, ${input.wanted}::boolean)
        on conflict (user_id, kind, run_id, schedule_id) do update set wanted = excluded.wanted`);
      const { rows } = await tx.query(sql`
        select s.kind, s.run_id as run, s.schedule_id as schedule, s.wanted from run_subscriptions s
        where s.user_id = ${userId}::bigint order by s.id`);
      return { subscriptions: rows };
    }),
});
