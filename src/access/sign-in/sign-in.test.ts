import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { codeOf, PASSWORD, today, signInBench } from '../../../test/support/sign-in.ts';
import { signIn, verifyUserPassword } from '../index.ts';

const test = useTestDatabase();
const bench = signInBench(test);
const { contextOf, person, tries } = bench;

beforeEach(() => bench.clear());

describe('signing in', () => {
  it('takes the primary id and any identifier of a type that signs in, in whichever case', async () => {
    const id = await person('Anna.Muster');
    await test.db.pool.query(
      sql`insert into user_identifiers (user_id, type, value) values (${id}, 'BARCODE', 'B-100'), (${id}, 'ORCID', '0000-1'), (${id}, 'HOUSEHOLD', 'H7')`,
    );
    await test.db.pool.query(
      `update codes set properties = '{"sign_in": false}' where table_name = 'UserIdentifierTypes' and code = 'ORCID'`,
    );
    await test.db.pool.query(sql`insert into user_identifiers (user_id, type, value, status) values (${id}, '01', 'OLD-CARD', 'INACTIVE')`);
    for (const name of ['Anna.Muster', ' anna.MUSTER ', 'b-100']) expect(await tries(name, PASSWORD), name).toBe('done');
    for (const name of ['0000-1', 'H7', 'OLD-CARD', '', 'a\0b', 'x'.repeat(10_000)])
      expect(await tries(name, PASSWORD), name.slice(0, 20)).toBe('access.bad_credentials');
    expect(await tries('anna.muster', `${PASSWORD}!`)).toBe('access.bad_credentials');
    expect(await tries('anna.muster', PASSWORD.repeat(1000))).toBe('access.bad_credentials');
    const { actor } = await signIn(contextOf(), { identifier: 'b-100', password: PASSWORD });
    expect(actor).toMatchObject({ kind: 'user', name: 'Anna.Muster', userId: id });
  });

  it('is for internal users, active and not expired; who does not know the password learns nothing', async () => {
    await person('external', { account_type: 'EXTERNAL', external_id: 'SIS' });
    await person('elsewhere', { account_type: 'INTEXTAUTH' });
    await person('asleep', { status: 'INACTIVE' });
    await person('ended', { expiry_date: '2020-01-01' });
    await person('last-day', { expiry_date: today });
    await person('without', {}, [], null);
    const pending = await person('pending');
    await test.db.pool.query(sql`update users set credential_state = 'pending' where id = ${pending}`);
    await person('administrator');
    const answers = await Promise.all(['external', 'elsewhere', 'without', 'pending', 'nobody'].map((id) => tries(id, PASSWORD)));
    expect(new Set(answers)).toEqual(new Set(['access.bad_credentials']));
    for (const id of ['asleep', 'ended']) {
      expect(await tries(id, PASSWORD)).toBe('access.account_ended');
      expect(await tries(id, 'wrong')).toBe('access.bad_credentials');
    }
    expect(await tries('last-day', PASSWORD)).toBe('done');
    expect(await tries('administrator', PASSWORD)).toBe('access.reserved_name');
  });

  it('is written down, refused or done, without what was typed', async () => {
    await person('anna');
    await tries('anna', PASSWORD, '192.0.2.7');
    await tries('anna', 'hunter22hunter22');
    await tries('hunter22hunter22', 'anna');
    const { rows } = await test.db.pool.query<object>(
      `select actor, operation, entity_id, outcome, detail, address from audit order by id`,
    );
    expect(rows).toMatchObject([
      { actor: 'anna', operation: 'session.sign_in', entity_id: 'anna', outcome: 'done', address: '192.0.2.7' },
      { actor: 'sign-in', entity_id: 'anna', outcome: 'refused', detail: { code: 'access.bad_credentials' } },
      { actor: 'sign-in', entity_id: null, outcome: 'refused', detail: { code: 'access.bad_credentials' } },
    ]);
    const everything = await test.db.pool.query(
      `select a::text as row from audit a union all select t::text from sign_in_throttle t union all select s::text from sessions s`,
    );
    expect(JSON.stringify(everything.rows)).not.toMatch(/hunter22|fairly long/);
  });
});

describe('too many attempts', () => {
  it('lock an account after five, the same whether it exists or not, and for a growing time', async () => {
    await person('anna');
    for (const who of ['anna', 'nobody']) {
      for (let i = 0; i < 5; i += 1) expect(await tries(who, 'wrong')).toBe('access.bad_credentials');
      // Even the right password, from wherever.
      expect(await tries(who, PASSWORD)).toBe('access.locked');
    }
    const seconds = async () =>
      (
        await test.db.pool.query<{ s: number }>(
          `select round(extract(epoch from locked_until - now()))::integer as s from sign_in_throttle where key like 'user:%'`,
        )
      ).rows[0]?.s ?? 0;
    expect(await seconds()).toBeGreaterThan(0);
    expect(await seconds()).toBeLessThanOrEqual(30);
    const release = () => test.db.pool.query(`update sign_in_throttle set locked_until = now() - interval '1 second'`);
    await release();
    expect(await tries('anna', 'wrong')).toBe('access.bad_credentials');
    expect(await seconds()).toBeGreaterThan(30);
    await release();
    expect(await tries('anna', PASSWORD)).toBe('done');
    // Free again, from the beginning.
    for (let i = 0; i < 4; i += 1) await tries('anna', 'wrong');
    expect(await tries('anna', PASSWORD)).toBe('done');
  });

  it('count however many come at once, and by whichever identifier', async () => {
    const id = await person('anna');
    await test.db.pool.query(sql`insert into user_identifiers (user_id, type, value) values (${id}, 'BARCODE', 'B1')`);
    const ends = await Promise.all(Array.from({ length: 20 }, (_, i) => tries(i % 2 === 0 ? 'anna' : 'B1', 'wrong')));
    expect(ends.filter((end) => end === 'access.bad_credentials')).toHaveLength(5);
    expect(ends.filter((end) => end === 'access.locked')).toHaveLength(15);
  });

  it('lock an address after fifty, for all accounts, and no other address', async () => {
    await person('anna');
    for (let i = 0; i < 50; i += 1) await tries(`guess-${i}`, 'wrong', '192.0.2.1');
    expect(await tries('anna', PASSWORD, '192.0.2.1')).toBe('access.locked');
    expect(await tries('anna', PASSWORD, '192.0.2.2')).toBe('done');
    await test.db.pool.query(
      `update sign_in_throttle set locked_until = now() - interval '1 second', last_at = now() - interval '2 hours' where key like 'address:%'`,
    );
    expect(await tries('anna', PASSWORD, '192.0.2.1')).toBe('done');
    const { rows } = await test.db.pool.query(`select attempts, locked_until from sign_in_throttle where key = 'address:192.0.2.1'`);
    expect(rows).toEqual([{ attempts: 0, locked_until: null }]);
  });

  it('are an address’s own in IPv4, and its network’s in IPv6', async () => {
    for (const from of ['2001:db8:0:1::5', '2001:db8:0:1:ffff::', '2001:0db8:0000:0001:1:2:3:4', '2001:db8:0:2::5', '::1'])
      await tries('nobody', 'x', from);
    const { rows } = await test.db.pool.query<{ key: string; attempts: number }>(
      `select key, attempts from sign_in_throttle where key like 'address:%' order by key`,
    );
    expect(rows).toEqual([
      { key: 'address:0:0:0:0::/64', attempts: 1 },
      { key: 'address:2001:db8:0:1::/64', attempts: 3 },
      { key: 'address:2001:db8:0:2::/64', attempts: 1 },
    ]);
  });

  it('of programs that ask for everybody count for the account alone', async () => {
    await person('anna');
    const program = contextOf('192.0.2.3');
    expect(await codeOf(verifyUserPassword(program, 'anna', PASSWORD))).toBe('done');
    for (let i = 0; i < 60; i += 1) await codeOf(verifyUserPassword(program, `guess-${i}`, 'wrong'));
    expect(await codeOf(verifyUserPassword(program, 'anna', PASSWORD))).toBe('done');
    for (let i = 0; i < 5; i += 1) expect(await codeOf(verifyUserPassword(program, 'anna', 'wrong'))).toBe('access.bad_credentials');
    expect(await codeOf(verifyUserPassword(program, 'anna', PASSWORD))).toBe('access.locked');
  }, 30_000);
});
