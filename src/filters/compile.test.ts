import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { compileFilter, type Filter, parseFilter } from './index.ts';
import { LIMITS } from './limits.ts';

const TODAY = '2026-11-24';

forEachEngine((engine) => {
  const test = useTestDatabase(engine);

  beforeAll(async () => {
    const { pool } = test.db;
    await pool.query(`
      insert into users (id, primary_id, first_name, last_name, user_group, expiry_date, loans, fees, is_researcher, created_at) values
        (1, 'Anna', 'Ägidia', 'Müller', 'STAFF', '2026-11-24', null, null, null, '2026-11-23T23:59:59.999999Z'),
        (2, 'BERND', null, '100% O''Brien_\\', 'staff', '2026-12-24', 0, 0, false, '2026-11-24T00:00:00Z'),
        (3, 'çelik', 'Σωκράτης', 'ΟΔΟΣ', null, null, 3, 12.50, true, '2026-11-24T23:59:59.999999Z'),
        (4, 'dörte', 'x', 'y', 'STUDENT', '2027-02-28', 1, -1.25, true, '2026-11-25T00:00:00Z')`);
    await pool.query(`
      insert into user_blocks (user_id, type, description, status, expiry_date) values
        (1, 'GENERAL', '02-GLOBAL', 'ACTIVE', '2027-01-01T12:00:00Z'), (1, 'GENERAL', '03', 'ACTIVE', null),
        (2, 'GENERAL', '02-GLOBAL', 'INACTIVE', null), (2, 'GENERAL', '03', 'ACTIVE', null)`);
    await pool.query(
      `insert into user_emails (user_id, address, types) values (1, 'a@example.org', '{work,home}'), (2, 'b@example.org', '{}')`,
    );
    await pool.query(`
      insert into user_roles (user_id, type, scope, expiry_date, parameters) values
        (3, '200', 'LIB', '2026-12-01', '[]'),
        (4, '32', 'LIB', null, '[{"type": "CirculationDesk", "scope": "A100", "value": "A100_KUR"}]')`);
  });

  async function found(text: string, today = TODAY): Promise<number[]> {
    const { rows } = await test.db.pool.query<{ id: number }>(
      sql`select u.id from users as u where ${compileFilter(parseFilter(text), { today })} order by u.id`,
    );
    return rows.map((row) => row.id);
  }

  describe('a filter finds', () => {
    it.each<[string, number[]]>([
      ['everyone', [1, 2, 3, 4]],
      ['not everyone', []],
      // Texts are folded, codes are not.
      ['primary_id = "ANNA"', [1]],
      ['primary_id in ("anna", "Bernd", "ÇELIK")', [1, 2, 3]],
      ['last_name = "mu\u0308LLER"', [1]],
      ['first_name starts with "ä"', [1]],
      ['last_name contains "%"', [2]],
      ['last_name contains "_"', [2]],
      ['last_name ends with "\\\\"', [2]],
      ["last_name contains 'O''BRIEN'", [2]],
      ['user_group = "STAFF"', [1]],
      ['user_group in ("STAFF", "staff")', [1, 2]],
      ['user_group contains "STU"', [4]],
      // An empty field is never equal; the opposite is true of it.
      ['user_group != "STAFF"', [2, 3, 4]],
      ['not user_group = "STAFF"', [2, 3, 4]],
      ['user_group not in ("STAFF", "staff")', [3, 4]],
      ['is_researcher = false', [2]],
      ['is_researcher != true', [1, 2]],
      ['expiry_date < 9999-12-31', [1, 2, 4]],
      ['not expiry_date >= 0001-01-01', [3]],
      ['first_name is empty', [2]],
      ['first_name is not empty', [1, 3, 4]],
      // Dates: the day itself belongs to neither side.
      ['expiry_date < today', []],
      ['expiry_date <= today', [1]],
      ['expiry_date > today + 30 days', [4]],
      ['expiry_date = today + 1 month', [2]],
      ['expiry_date = end of month + 3 months', [4]],
      ['expiry_date in (today, 2027-02-28)', [1, 4]],
      // Days of instants, in UTC.
      ['created_at < 2026-11-24', [1]],
      ['created_at <= 2026-11-23', [1]],
      ['created_at <= 2026-11-24', [1, 2, 3]],
      ['created_at = today', [2, 3]],
      ['created_at != today', [1, 4]],
      ['created_at >= today', [2, 3, 4]],
      ['created_at > today', [4]],
      ['created_at in (2026-11-23, 2026-11-25)', [1, 4]],
      // Never heard of counts as none.
      ['loans = 0', [1, 2]],
      ['loans > 0', [3, 4]],
      ['loans is empty', [1]],
      ['fees < 0.01', [1, 2, 4]],
      ['fees = 12.5', [3]],
      ['fees in (-1.25, 0)', [1, 2, 4]],
      // Child rows: all that is said must be true of one row.
      ['has block(description = "02-GLOBAL" and status = "ACTIVE")', [1]],
      ['not has block(description = "02-GLOBAL" and status = "ACTIVE")', [2, 3, 4]],
      ['has block(description = "02-GLOBAL") and has block(status = "ACTIVE")', [1, 2]],
      ['count block = 2', [1, 2]],
      ['count block(status = "ACTIVE") >= 2', [1]],
      ['count block < 1', [3, 4]],
      ['has block(expiry_date = 2027-01-01)', [1]],
      ['has no email', [3, 4]],
      ['has email(types = "home")', [1]],
      ['has email(types in ("x", "work"))', [1]],
      ['has email(types != "home")', [2]],
      ['has email(types is empty)', [2]],
      ['has role(type = "200" and expiry_date < today + 30 days)', [3]],
      ['has role(parameters contains "a100_kur")', [4]],
      ['has role(parameters contains "value")', []],
      ['has role(parameters is empty)', [3]],
      ['loans > 0 and first_name = "x" or primary_id = "anna"', [1, 4]],
      ['loans > 0 and (first_name = "x" or primary_id = "anna")', [4]],
    ])('%s', async (text, ids) => {
      expect(await found(text)).toEqual(ids);
    });
  });

  it('looks at the library’s day, not at the server’s clock', async () => {
    expect(await found('expiry_date < today', '2026-11-25')).toEqual([1]);
    expect(await found('expiry_date < today', '2000-01-01')).toEqual([]);
  });

  it('does not depend on the time zone of the connection', async () => {
    const client = await test.db.pool.connect();
    try {
      await client.query("set timezone to 'Pacific/Auckland'");
      const { rows } = await client.query<{ id: number }>(
        sql`select u.id from users as u where ${compileFilter(parseFilter('created_at = today'), { today: TODAY })} order by u.id`,
      );
      expect(rows.map((row) => row.id)).toEqual([2, 3]);
    } finally {
      client.release(true);
    }
  });

  it('works over another row that carries the user’s columns', async () => {
    const filter = parseFilter('loans > 0 and has role');
    const { rows } = await test.db.pool.query<{ id: number }>(
      sql`with old_rows as (select * from users) select o.id from old_rows as o where ${compileFilter(filter, { today: TODAY, alias: 'o' })} order by o.id`,
    );
    expect(rows.map((row) => row.id)).toEqual([3, 4]);
  });

  describe('hostile values', () => {
    const attacks = [
      "'; drop table users; --",
      "' or '1'='1",
      '" or "1"="1',
      "x') or true --",
      '$1',
      '$$; select pg_sleep(9) $$',
      '\\',
      "\\'",
      '%',
      '{a,b}',
      '{"a"}',
      ')',
      '/*',
      '\u202e',
      "E'\\x27'",
    ];

    it.each(attacks)('%s is looked for and nothing else', async (attack) => {
      const filters: Filter[] = [
        { field: 'last_name', op: '=', value: attack },
        { field: 'last_name', op: 'in', value: [attack, 'no such name'] },
        { field: 'user_group', op: '=', value: attack },
        { field: 'user_group', op: 'in', value: [attack] },
        { has: 'email', where: { field: 'types', op: 'in', value: [attack, 'x'] } },
        { has: 'role', where: { field: 'parameters', op: 'contains', value: attack } },
        { field: 'first_name', op: 'starts_with', value: attack },
        { field: 'user_group', op: 'ends_with', value: attack },
      ];
      for (const filter of filters) {
        const condition = compileFilter(filter, { today: TODAY });
        expect(condition.values.flat()).toContain(attack);
        const { rows } = await test.db.pool.query<{ id: number }>(sql`select u.id from users as u where ${condition}`);
        expect(rows).toEqual([]);
      }
      await test.db.pool.query(`insert into users (id, primary_id, last_name, user_group) values (9, 'nine', $1, $1)`, [attack]);
      for (const filter of filters.slice(0, 4)) {
        const { rows } = await test.db.pool.query<{ id: number }>(
          sql`select u.id from users as u where ${compileFilter(filter, { today: TODAY })}`,
        );
        expect(rows).toEqual([{ id: 9 }]);
      }
      await test.db.pool.query('delete from users where id = 9');
    });
  });

  it('runs a filter that is as large and as deep as the limits allow', async () => {
    // Two conditions each: that there is such a row, and what it is like.
    const nothing = 'has block(status = "NONE")';
    expect(
      await found(
        Array(LIMITS.conditions / 2)
          .fill(nothing)
          .join(' or '),
      ),
    ).toEqual([]);
    expect(await found(`${'not ('.repeat(48)}loans > 0${')'.repeat(48)}`)).toEqual([3, 4]);
    const list = Array.from({ length: LIMITS.values - 1 }, (_, no) => `"x${no}"`).join(', ');
    expect(await found(`primary_id in (${list}, "anna")`)).toEqual([1]);
  });

  describe('the planner can use', () => {
    /** The conditions that an index answers in the plan, if sequential scans were ruled out. */
    async function indexConditions(text: string): Promise<string> {
      const client = await test.db.pool.connect();
      try {
        await client.query('begin');
        await client.query('set local enable_seqscan = off');
        const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(
          sql`explain (format json) select u.id from users as u where ${compileFilter(parseFilter(text), { today: TODAY })}`,
        );
        const plan = JSON.stringify(rows[0]?.['QUERY PLAN']);
        return [...plan.matchAll(/"Index Name":"(\w+)"|"(Index Cond)"/g)].map((match) => match[1] ?? match[2]).join(' ');
      } finally {
        await client.query('rollback');
        client.release();
      }
    }

    it.each([
      ['primary_id = "anna"', 'users_primary_id'],
      ['primary_id in ("anna", "bernd")', 'users_primary_id'],
      ['expiry_date < today + 30 days', 'users_expiry_date'],
      ['expiry_date >= today and expiry_date <= end of month', 'users_expiry_date'],
      ['expiry_date in (today, 2027-02-28)', 'users_expiry_date'],
      ['user_group = "STAFF"', 'users_user_group'],
      ['user_group in ("STAFF", "STUDENT")', 'users_user_group'],
      ['last_name = "müller"', 'users_name'],
      ['modified_at >= today - 7 days', 'users_modified_at'],
      ['has identifier(value = "123")', 'user_identifiers_value'],
      ['has email(address = "a@example.org")', 'user_emails_address'],
    ])('an index for %s', async (text, index) => {
      const used = await indexConditions(text);
      expect(used).toContain(index);
      expect(used).toContain('Index Cond');
    });
  });
});

describe('compileFilter', () => {
  it('puts no value into the statement’s text', () => {
    const text =
      'last_name = "sentinel" and loans > 4711 and expiry_date < 2031-05-06 and user_group in ("sentinel") and count block > 4712';
    const condition = compileFilter(parseFilter(text), { today: TODAY });
    expect(condition.text).not.toMatch(/sentinel|471[12]|2031/);
    expect(condition.values).toEqual(['sentinel', 4711, '2031-05-06', ['sentinel'], 4712]);
  });

  it('checks a tree that comes from elsewhere', () => {
    const injected = { field: 'last_name is null) or (true', op: 'is_empty' } as Filter;
    expect(() => compileFilter(injected, { today: TODAY })).toThrow(expect.objectContaining({ code: 'filters.json.unknown_field' }));
    const child = { has: 'block; drop table users' } as Filter;
    expect(() => compileFilter(child, { today: TODAY })).toThrow(expect.objectContaining({ code: 'filters.json.unknown_child' }));
  });

  it('takes only a plain name as alias, and only a date as today', () => {
    const everyone: Filter = { everyone: true };
    for (const alias of ['u; --', 'U', '', 'filter_row'])
      expect(() => compileFilter(everyone, { today: TODAY, alias })).toThrow(RangeError);
    for (const today of ['', 'now()', '2026-02-30']) expect(() => compileFilter(everyone, { today })).toThrow(RangeError);
  });
});
