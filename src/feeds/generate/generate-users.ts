import { type Context, count, id, operation, type Queryable, say, todayIn } from '../../core/index.ts';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { loadSampleUsers } from './load.ts';
import { PRIMARY_ID_PREFIX, primaryIdOf, sampleSettings } from './sample-user.ts';

const input = z.object({
  count: z.number().int().min(1).max(10_000_000).describe('How many users to make'),
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe('The same seed gives the same users'),
});

const generateResultSchema = z.object({
  run: id,
  created: count,
  seed: count,
  first_id: z.string(),
  last_id: z.string(),
  seconds: z.number(),
});
export type GenerateResult = z.output<typeof generateResultSchema>;

/** Only one sample library is made at a time, so that two never take the same numbers. */
const LOCK = 7_303_014;

export const generateUsers = operation({
  name: 'users.generate',
  summary: {
    en: 'Make a sample library: believable users with example.org addresses, the same ones for the same seed',
    de: 'Eine Beispielbibliothek anlegen: glaubhafte Benutzer mit Adressen bei example.org, bei gleichem Startwert dieselben',
  },
  privilege: 'users:import',
  input,
  output: generateResultSchema,
  audit: ({ count, seed }, output) => ({ entity: 'run', id: output?.run ?? null, detail: { count, seed } }),
  run: (ctx: Context, { count, seed }): Promise<GenerateResult> => {
    const started = performance.now();
    const today = todayIn(ctx.timeZone);
    return ctx.db.transaction(async (tx) => {
      await tx.query(sql`select pg_advisory_xact_lock(${LOCK}::bigint)`);
      const firstNumber = (await highestNumber(tx)) + 1;
      const run = await insertRun(tx, { count, seed, today, firstNumber, actor: ctx.actor.name });
      await loadSampleUsers(tx, {
        settings: sampleSettings(seed, today, ctx.actor.name),
        count,
        firstNumber,
        onProgress: (stage, done, total) => ctx.onProgress?.({ stage: say(ctx.language, `generate.stage_${stage}`, {}), done, total }),
      });
      await tx.query(sql`update runs r set finished_at = clock_timestamp() where r.id = ${run}::bigint`);
      return {
        run,
        created: count,
        seed,
        first_id: primaryIdOf(firstNumber),
        last_id: primaryIdOf(firstNumber + count - 1),
        seconds: Math.round((performance.now() - started) / 100) / 10,
      };
    });
  },
});

/** The highest number that a sample user here has had; sample ids are of one length, so text order is number order. */
async function highestNumber(tx: Queryable): Promise<number> {
  const found = await tx.query<{ primary_id: string }>(sql`
    select u.primary_id from users u
    where fold(u.primary_id) >= ${primaryIdOf(0)} and fold(u.primary_id) <= ${`${PRIMARY_ID_PREFIX}:`}
      and u.primary_id ~ ${`^${PRIMARY_ID_PREFIX}[0-9]{8}$`}
    order by fold(u.primary_id) desc
    limit 1`);
  return Number(found.rows[0]?.primary_id.slice(PRIMARY_ID_PREFIX.length) ?? 0);
}

async function insertRun(
  tx: Queryable,
  run: { readonly count: number; readonly seed: number; readonly today: string; readonly firstNumber: number; readonly actor: string },
): Promise<number> {
  const plan = { sample: { count: run.count, seed: run.seed, first_number: run.firstNumber } };
  const counts = { members: run.count, created: run.count, changed: 0, unchanged: 0, skipped: 0, failed: 0 };
  const inserted = await tx.query<{ id: number }>(sql`
    insert into runs (kind, name, state, plan, today, members, counts, created_by, started_at)
    values ('import', 'Sample library', 'COMPLETED_SUCCESS', ${JSON.stringify(plan)}::jsonb, ${run.today}::date,
      ${run.count}::bigint, ${JSON.stringify(counts)}::jsonb, ${run.actor}, clock_timestamp())
    returning id`);
  const [row] = inserted.rows;
  if (row === undefined) throw new Error('INSERT … RETURNING gave no row.');
  return row.id;
}
