/** Imports beside other writers: nobody's write is lost, and nothing stops half-way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { FeedDesk } from '../../test/support/feeds.ts';
import { sampleUser } from '../../test/support/sample-users.ts';

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  const desk = new FeedDesk(test);
  beforeEach(() => desk.empty());

  const users = (from: number, to: number, more: object = {}) =>
    Array.from({ length: to - from }, (_, i) => sampleUser(`u${from + i}`, more));

  /** Waits until some session waits for a lock. */
  async function untilBlocked(): Promise<void> {
    for (let i = 0; i < 400; i += 1) {
      const [row] = await desk.query<{ waiting: boolean }>(
        `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waiting`,
      );
      if (row?.waiting === true) return;
      await sleep(25);
    }
    throw new Error('Nobody waited.');
  }

  it('two imports of the same new users take turns', async () => {
    const results = await Promise.all([desk.import(users(0, 300)), desk.import(users(0, 300)), desk.import(users(100, 400))]);
    expect(results.reduce((sum, r) => sum + r.created, 0)).toBe(400);
    expect(results.reduce((sum, r) => sum + r.unchanged, 0)).toBe(500);
    expect(await desk.query('select count(*) from journal')).toEqual([{ count: 400 }]);
  });

  it('a user who appears while the import waits is updated, not doubled', async () => {
    const other = await test.db.pool.connect();
    try {
      await other.query('begin');
      await other.query(`insert into users (primary_id) values ('U1')`);
      const importing = desk.import(users(0, 3));
      await untilBlocked();
      await other.query('commit');
      expect(await importing).toMatchObject({ created: 2, updated: 1, rejected: 0 });
    } finally {
      other.release();
    }
  });

  it('what another transaction has just written is what the import compares with', async () => {
    await desk.import(users(0, 3, { user_note: [{ note_type: 'OTHER', note_text: 'first' }] }));
    const other = await test.db.pool.connect();
    try {
      await other.query('begin');
      await other.query(`select from users where primary_id = 'u1' for no key update`);
      const importing = desk.import(users(0, 3, { user_note: [{ note_type: 'OTHER', note_text: 'first' }] }));
      await untilBlocked();
      await other.query(`update user_notes set text = 'moved' where user_id = (select id from users where primary_id = 'u1')`);
      await other.query('commit');
      expect(await importing).toMatchObject({ updated: 1, unchanged: 2 });
      expect(await desk.query('select distinct text from user_notes')).toEqual([{ text: 'first' }]);
    } finally {
      other.release();
    }
  });

  it('a connection that breaks in the middle leaves nothing behind', async () => {
    const other = await test.db.pool.connect();
    try {
      await desk.import(users(0, 2));
      const before = await desk.everything();
      await other.query('begin');
      await other.query(`select from users where primary_id = 'u1' for no key update`);
      const importing = desk.import(users(0, 50, { first_name: 'x' })).catch((error: unknown) => error);
      await untilBlocked();
      await desk.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(await importing).toBeInstanceOf(Error);
      await other.query('rollback');
      expect(await desk.everything()).toEqual(before);
      expect(await desk.import(users(0, 50, { first_name: 'x' }))).toMatchObject({ created: 48, updated: 2 });
    } finally {
      other.release();
    }
  });
});
