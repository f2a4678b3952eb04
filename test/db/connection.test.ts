import { describe, expect, it } from 'vitest';
import { createTestDatabase, forEachEngine, useTestDatabase } from '../support/database.ts';

forEachEngine((engine) => {
  const test = useTestDatabase(engine);

  describe('values', () => {
    it('keeps dates, instants and big numbers as they are', async () => {
      const { rows } = await test.db.pool.query(`
        select date '2027-09-30' as day,
               timestamptz '2026-11-24 08:02:03.123456+01' as instant,
               9007199254740991::bigint as large,
               array[date '2027-01-01', null] as days,
               1.10::numeric as money`);
      expect(rows[0]).toEqual({
        day: '2027-09-30',
        instant: '2026-11-24T07:02:03.123456Z',
        large: 9007199254740991,
        days: ['2027-01-01', null],
        money: '1.10',
      });
    });

    it('refuses a whole number that would lose digits', async () => {
      await expect(test.db.pool.query('select 9007199254740993::bigint')).rejects.toThrow('9007199254740993');
      await expect(test.db.pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
    });
  });

  describe('transaction', () => {
    it('commits what it resolves with, and nothing of what it throws in', async () => {
      await test.db.pool.query('create table kept (n int)');
      await expect(test.db.transaction(async (tx) => (await tx.query('insert into kept values (1)')).rowCount)).resolves.toBe(1);
      await expect(
        test.db.transaction(async (tx) => {
          await tx.query('insert into kept values (2)');
          throw new Error('stop');
        }),
      ).rejects.toThrow('stop');
      const { rows } = await test.db.pool.query('select n from kept');
      expect(rows).toEqual([{ n: 1 }]);
    });

    it('does not pass off as done what an ignored error has rolled back', async () => {
      await expect(
        test.db.transaction(async (tx) => {
          await tx.query('select 1 / 0').catch(() => undefined);
        }),
      ).rejects.toThrow('rolled back');
    });

    it('survives the loss of its connection', async () => {
      await expect(
        test.db.transaction(async (tx) => {
          await tx.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
          await tx.query('select 1');
        }),
      ).rejects.toThrow();
      await expect(test.db.pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
    });
  });

  it('hears a notification', async () => {
    const heard = Promise.withResolvers<string>();
    const stop = await test.db.listen('a channel', heard.resolve);
    await test.db.pool.query(`select pg_notify('a channel', 'ding')`);
    await expect(heard.promise).resolves.toBe('ding');
    await stop();
  });

  it('reports connections that a test leaves open', async () => {
    const other = await createTestDatabase(engine);
    const client = await test.db.pool.connect();
    client.release();
    const { default: pg } = await import('pg');
    const leaked = new pg.Client(other.url);
    leaked.on('error', () => undefined);
    await leaked.connect();
    await expect(other.drop()).rejects.toThrow('left open');
    await leaked.end().catch(() => undefined);
  });
});
