/**
 * Letters on paper: from the outbox to the PDF, with the ledger. Prints pages per second and the process's
 * largest resident memory, at a small and a large number of letters: memory must not grow with the number.
 * Also pages per second of the process's own processor time, which tell the same on a machine that is busy.
 *
 *     npm run bench -- print [--letters 1000,50000]
 */
import { parseArgs } from 'node:util';
import sql from 'sql-template-tag';
import type { Context } from '../src/core/index.ts';
import { makePrint, makePrints, type SenderPorts } from '../src/letters/index.ts';
import { secondsOf } from './support/rounds.ts';
import { withServer } from './support/server.ts';

const { values } = parseArgs({ options: { letters: { type: 'string', default: '1000,50000' } } });

/** No letter of this benchmark carries a password. */
const NO_PORTS = {} as SenderPorts;

await withServer(async (server) => {
  const library = await server.library(1);
  for (const letters of values.letters.split(',').map(Number)) {
    const copy = await server.copy(library);
    try {
      await prepare(copy.ctx, letters);
      const memory = watchMemory();
      const before = process.cpuUsage();
      await makePrint.run(copy.ctx, {});
      const seconds = await secondsOf(async () => {
        while (await makePrints(copy.ctx, NO_PORTS));
      });
      const { user, system } = process.cpuUsage(before);
      const cpu = (user + system) / 1_000_000;
      const { pages, files } = await madeIn(copy.ctx);
      if (pages !== letters) throw new Error(`${pages} pages were made of ${letters} letters`);
      console.log(
        `print letters=${letters} files=${files} seconds=${seconds.toFixed(1)} pages_per_second=${Math.round(pages / seconds)} pages_per_cpu_second=${Math.round(pages / cpu)} peak_mb=${memory.peak()}`,
      );
    } finally {
      await copy.drop();
    }
  }
});

/** Users with an address each, and a letter for each of them. */
async function prepare(ctx: Context, letters: number): Promise<void> {
  const { pool } = ctx.db;
  await pool.query(sql`
    with made as (
      insert into users (primary_id, first_name, last_name, preferred_language, expiry_date)
      select 'print' || n, 'Maria' || n, 'Beispiel', case when n % 5 = 0 then 'en' else 'de' end, '2027-09-30'
      from generate_series(1, ${letters}::integer) n returning id)
    insert into user_addresses (user_id, line1, city, postal_code, country, preferred, types)
    select m.id, 'Musterstraße ' || m.id % 300, 'Bonn', lpad((m.id * 7919 % 90000 + 10000)::text, 5, '0'), 'DEU', true, '{home}' from made m`);
  await pool.query(sql`
    with run as (
      insert into runs (kind, name, state, plan, today, created_by)
      values ('job', 'Print', 'COMPLETED_SUCCESS', '{}', '2026-11-24', 'administrator') returning id)
    insert into outbox (run_id, user_id, letter, channel)
    select r.id, u.id, 'EXPIRES_SOON', 'print' from run r, users u where u.primary_id like 'print%'`);
  await pool.query('vacuum (analyze)');
}

async function madeIn(ctx: Context): Promise<{ pages: number; files: number }> {
  const { rows } = await ctx.db.pool.query<{ pages: number; files: number }>(
    sql`select coalesce(sum(b.pages), 0)::integer as pages, coalesce(sum(cardinality(b.files)), 0)::integer as files from print_batches b`,
  );
  return rows[0] ?? { pages: 0, files: 0 };
}

function watchMemory(): { peak(): number } {
  let most = process.memoryUsage().rss;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  return {
    peak: () => {
      clearInterval(timer);
      return Math.round(Math.max(most, process.memoryUsage().rss) / 1_000_000);
    },
  };
}
