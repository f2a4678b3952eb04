import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { perform } from '../../access/index.ts';
import type { Context, Language } from '../../core/index.ts';
import { todayIn } from '../../core/index.ts';
import { aboutLibrary } from './about.ts';
import { showFigures } from './figures.ts';
import { recentLetters } from './letters.ts';

const test = useTestDatabase();
const server = useTestServer(test);
const today = todayIn('Europe/Berlin');
const ctx = (language: Language = 'en'): Promise<Context> => server.app.contextFor(undefined, 'test', language);

beforeAll(async () => {
  await test.db.pool.query(
    `insert into users (primary_id, account_type, external_id, status, user_group, expiry_date)
     values ('a', 'INTERNAL', null, 'ACTIVE', 'ALUMNI', $1::date), ('b', 'EXTERNAL', 'SIS', 'ACTIVE', 'ALUMNI', $1::date - 1),
       ('c', 'EXTERNAL', 'SIS', 'INACTIVE', null, (date_trunc('month', $1::date) + interval '12 months')::date),
       ('d', 'EXTERNAL', 'SIS', 'ACTIVE', 'GRAD', (date_trunc('month', $1::date) + interval '12 months')::date - 1),
       ('e', 'EXTERNAL', 'SIS', 'ACTIVE', 'GRAD', null)`,
    [today],
  );
});

describe('the figures of the library', () => {
  it('count everybody once in each of the divisions', async () => {
    const figures = await perform(await ctx(), showFigures, {});
    expect(figures.users).toBe(5);
    for (const division of [figures.by_account_type, figures.by_status, figures.by_user_group]) {
      expect(division.reduce((sum, { users }) => sum + users, 0)).toBe(5);
    }
    expect(figures.by_account_type).toContainEqual({ code: 'EXTERNAL', label: 'External', users: 4 });
    expect(figures.by_user_group).toContainEqual({ code: null, label: null, users: 1 });
  });

  it('take an expiry date for the last valid day, and twelve months for twelve months', async () => {
    const { expiring } = await perform(await ctx(), showFigures, {});
    expect(expiring.map(({ users }) => users)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(expiring[0]).toMatchObject({ from: today, by_account_type: { INTERNAL: 1 } });
    expect(expiring[11]?.by_account_type).toEqual({ EXTERNAL: 1 });
    expect(expiring.slice(1).map(({ from }) => from.slice(8))).toEqual(Array.from({ length: 11 }, () => '01'));
    expect(expiring.slice(1).every(({ from }, index) => Date.parse(from) - Date.parse(expiring[index]?.to ?? '') === 86_400_000)).toBe(
      true,
    );
  });

  it('are named in the language one asks in', async () => {
    const figures = await perform(await ctx('de'), showFigures, {});
    expect(figures.by_status).toContainEqual({ code: 'ACTIVE', label: 'Aktiv', users: 4 });
  });
});

it('tells whose library it is, and whether its users are made up', async () => {
  expect(await perform(await ctx(), aboutLibrary, {})).toEqual({ name: null, today, time_zone: 'Europe/Berlin', sample: false });
});

it('tells of each letter of the latest jobs how far it is, those to be printed by themselves', async () => {
  expect(await perform(await ctx(), recentLetters, {})).toEqual({ letters: [] });
  const { rows } = await test.db.pool.query<{ id: number }>(
    `insert into runs (kind, name, state, plan, today, members, created_by) values ('job', 'A job', 'COMPLETED_SUCCESS', '{}', $1, 3, 'x') returning id`,
    [today],
  );
  await test.db.pool.query(
    `insert into outbox (run_id, user_id, letter, channel, state)
     select $1, u.id, 'A_LETTER', case u.primary_id when 'a' then 'print' else 'email' end, case u.primary_id when 'b' then 'sent' else 'queued' end
     from users u where u.primary_id in ('a', 'b', 'c')`,
    [rows[0]?.id],
  );
  const { letters } = await perform(await ctx(), recentLetters, {});
  expect(letters).toMatchObject([{ job: 'A job', letter: 'A_LETTER', label: null, states: { sent: 1, queued: 1, to_print: 1 } }]);
});
