import fc from 'fast-check';
import type { PoolClient } from 'pg';
import sql, { join } from 'sql-template-tag';
import { expect, it } from 'vitest';
import { anyUsers, insertUsers } from '../../test/support/any-users.ts';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { anyFilter, anyToday, filtersAbout } from '../../test/support/filter-arbitraries.ts';
import { lookUp, matches } from '../../test/support/filter-oracle.ts';
import { compileFilter } from './index.ts';

const anyCase = anyUsers.chain((users) =>
  fc.record({
    users: fc.constant(users),
    filters: fc.array(fc.oneof(anyFilter, filtersAbout(users)), { minLength: 1, maxLength: 40, size: 'max' }),
  }),
);

forEachEngine((engine) => {
  const test = useTestDatabase(engine);

  /** Runs `work` in a transaction that is always rolled back. */
  async function undone(work: (tx: PoolClient) => Promise<void>): Promise<void> {
    const client = await test.db.pool.connect();
    try {
      await client.query('begin');
      await work(client);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  it('means in SQL what it means in memory: any filter, any users', async () => {
    const seen = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(anyCase, anyToday, ({ users, filters }, today) =>
        undone(async (tx) => {
          await insertUsers(tx, users);
          const lookups = await lookUp(tx, today, users, filters);
          const expected = filters.map((filter) => users.map((user) => matches(filter, user, lookups)));

          // As values: true or false for each user, and never null.
          const conditions = filters.map((filter) => compileFilter(filter, { today }));
          const values = await tx.query<{ holds: (boolean | null)[] }>(
            sql`select array[${join(conditions, ', ')}] as holds from users as u order by u.id`,
          );
          expect(filters.map((_, no) => values.rows.map((row) => row.holds[no]))).toEqual(expected);

          // As conditions: the planner may turn them into joins and index scans.
          for (const [no, condition] of conditions.entries()) {
            const { rows } = await tx.query<{ id: number }>(sql`select u.id from users as u where ${condition} order by u.id`);
            expect(
              rows.map((row) => row.id),
              JSON.stringify(filters[no]),
            ).toEqual(users.flatMap((user, index) => (expected[no]?.[index] === true ? [user.scalars['id']] : [])));
          }
          for (const holds of expected.flat()) seen[holds ? 'yes' : 'no'] += 1;
        }),
      ),
      // Shrinking a counterexample could take minutes; the limit shows the smallest one found until then.
      { numRuns: 60, interruptAfterTimeLimit: 40_000 },
    );
    // The generators must keep both answers common, or agreement would say little.
    expect(seen.yes / (seen.yes + seen.no)).toBeGreaterThan(0.1);
    expect(seen.no / (seen.yes + seen.no)).toBeGreaterThan(0.1);
  });
});
