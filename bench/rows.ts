/**
 * The main job against one-user-at-a-time writes, one transaction each.
 *
 *     npm run bench -- rows [--users 10000] [--rounds 3]
 */
import sql from 'sql-template-tag';
import { EXPIRY, expectChanged, GROUP, NOTE, runPlan } from './support/plan.ts';
import { median, options, rounds } from './support/rounds.ts';
import { type Copy, onCopy, withServer } from './support/server.ts';

const { users, rounds: count } = options({ users: 10_000, rounds: 3 });

async function oneByOne(copy: Copy): Promise<void> {
  const { rows } = await copy.db.pool.query<{ id: number }>('select u.id from users u order by u.id');
  for (const { id } of rows) {
    await copy.db.transaction(async (tx) => {
      await tx.query(sql`update users set expiry_date = ${EXPIRY}::date, user_group = ${GROUP} where id = ${id}::bigint`);
      await tx.query(
        sql`insert into user_blocks (user_id, description, note, created_by) values (${id}::bigint, '02-GLOBAL', ${NOTE}, 'administrator')`,
      );
    });
  }
}

await withServer(async (server) => {
  const library = await server.library(users);
  const taken = await rounds(count, {
    run: () => onCopy(server, library, async (copy) => expectChanged(copy, await runPlan(copy), users)),
    one_by_one: () => onCopy(server, library, oneByOne),
  });
  console.log(`rows ratio=${(median(taken.one_by_one) / median(taken.run)).toFixed(1)}`);
});
