import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { FeedDesk } from '../../../test/support/feeds.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { createFeed, loadFeed } from './index.ts';

const test = useTestDatabase();
const desk = new FeedDesk(test);
const bench = runsBench(test);

/** Whoever holds this lock keeps a load from ending; it has written everything by then. */
const HELD = 4_711;

async function load(name: string): Promise<unknown> {
  const file = desk.path('students.csv');
  await writeFile(file, `id,name\ns1,${name}\ns2,Same\n`);
  return loadFeed.run(desk.context(), { code: 'SIS', file });
}

it('a load that writes does not block a run over other users, and waits for nobody who only reads', async () => {
  await createFeed.run(
    desk.context(),
    createFeed.input.parse({
      code: 'SIS',
      name: 'Students',
      guard_share: 100,
      csv_mapping: { name: 's', fields: { primary_id: 'id', last_name: 'name' } },
    }),
  );
  await load('Old');
  await bench.users({ primary_id: 'staff', user_group: 'STAFF' });
  await test.db.pool.query(`
    create function hold_load() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(${HELD}); return null; end $$;
    create trigger hold_load after insert or update on feed_seen for each statement execute function hold_load()`);
  const gate = await test.db.pool.connect();
  await gate.query(`select pg_advisory_lock(${HELD})`);

  const loading = load('New');
  await expect
    .poll(
      async () =>
        (await test.db.pool.query(`select from pg_locks where locktype = 'advisory' and objid = ${HELD} and not granted`)).rowCount,
      {
        timeout: 60_000,
      },
    )
    .toBe(1);
  const { counts } = await bench.run(await bench.set("primary_id = 'staff'"), { changes: [{ change: 'user_group', set: 'ALUMNI' }] });
  expect(counts).toMatchObject({ changed: 1, failed: 0 });
  // And what the load writes is nobody's to see before it has ended.
  expect(await bench.value('s1', 'last_name')).toBe('Old');
  const { members, changed } = await bench.preview(await bench.set('everyone'), { changes: [{ change: 'user_group', set: 'GRAD' }] });
  expect({ members, changed }).toEqual({ members: 3, changed: 3 });

  await gate.query(`select pg_advisory_unlock(${HELD})`);
  gate.release();
  expect(await loading).toMatchObject({ state: 'loaded', counts: { updated: 1, unchanged: 1 } });
  expect(await bench.value('s1', 'last_name')).toBe('New');
});
