import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { askTogether, InGroups, type Part } from './index.ts';

const test = useTestDatabase();

describe('groups', () => {
  it('answer each item, in few groups, of no more than the most', async () => {
    const groups: number[] = [];
    const doubled = new InGroups(async (items: readonly number[]) => {
      groups.push(items.length);
      await sleep(5);
      return items.map((item) => item * 2);
    }, 4);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => doubled.ask(i)));
    expect(answers).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(groups).toEqual([4, 4, 2]);
  });

  it('ask after the question has come, never before', async () => {
    let now = 0;
    const clock = new InGroups(async (items: readonly string[]) => {
      const asked = now;
      await sleep(5);
      return items.map(() => asked);
    }, 10);
    const first = clock.ask('a');
    await sleep(2);
    now = 1;
    expect(await Promise.all([first, clock.ask('b')])).toEqual([0, 1]);
  });

  it('let what cannot be answered fail for itself alone, and go on', async () => {
    const asked = new InGroups(async (items: readonly string[]) => {
      if (items.includes('bad')) throw new Error('bad');
      return items;
    }, 10);
    expect(await Promise.allSettled(['a', 'bad', 'b'].map((item) => asked.ask(item)))).toMatchObject([
      { value: 'a' },
      { status: 'rejected' },
      { value: 'b' },
    ]);
    expect(await asked.ask('c')).toBe('c');
  });
});

it('a group that does not come back holds up the others for a moment only', async () => {
  const asked = new InGroups(async (items: readonly string[]) => {
    if (items.includes('lost')) await new Promise(() => undefined);
    return items;
  }, 10);
  void asked.ask('lost');
  await sleep(5);
  const start = performance.now();
  expect(await asked.ask('a')).toBe('a');
  expect(performance.now() - start).toBeLessThan(5_000);
});

const doubles: Part<number, number> = {
  name: 'doubles',
  select: `select json_agg(2 * x::int order by n) from json_array_elements_text($items::json) with ordinality as a (x, n)`,
  encode: (items) => items,
  decode: (answers) => answers as readonly number[],
};

const kept: Part<string, undefined> = {
  name: 'kept',
  with: 'wrote as (insert into settings (name, value) select x, to_jsonb(true) from json_array_elements_text($items::json) as a (x))',
  select: 'null::json',
  encode: (items) => items,
  decode: (_, items) => items.map(() => undefined),
};

it('parts of several kinds go in one statement, and each gets its own answers', async () => {
  const statements: string[] = [];
  const counting = {
    query: (query: { readonly name: string }) => {
      statements.push(query.name);
      return test.db.pool.query(query as never);
    },
  } as unknown as typeof test.db.pool;
  const answers = await Promise.all([
    askTogether(counting, doubles, 1),
    askTogether(counting, kept, 'x.one'),
    askTogether(counting, doubles, 21),
  ]);
  expect(answers).toEqual([2, undefined, 42]);
  expect(statements).toEqual(['muster doubles, kept']);
  // The name is taken, so this entry fails, and nothing else does.
  const mixed = await Promise.allSettled([
    askTogether(counting, kept, 'x.one'),
    askTogether(counting, kept, 'x.two'),
    askTogether(counting, doubles, 4),
  ]);
  expect(mixed).toMatchObject([{ status: 'rejected', reason: { code: '23505' } }, { status: 'fulfilled' }, { value: 8 }]);
  const { rows } = await test.db.pool.query(`select name from settings where name like 'x.%' order by 1`);
  expect(rows).toEqual([{ name: 'x.one' }, { name: 'x.two' }]);
});
