import { beforeAll, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import type { Context, Database, Language } from '../core/index.ts';
import { codeLabels, findUser, listCodes, listCodeTables, readWhole, readWholeTogether, searchUsers, userHistory } from './index.ts';
import { CHILD_TABLES, type Field, SCALARS } from './record.ts';

function contextOn(db: Database, language: Language = 'en'): Context {
  return {
    db,
    actor: { kind: 'administrator', name: 'administrator' },
    source: 'cli',
    language,
    timeZone: 'Europe/Berlin',
    dataDir: '/',
    doorbell: { ring: () => Promise.resolve() },
  };
}

/** Two readers, an exempt identifier that both have, and names that are easy to get wrong. */
async function seed(db: Database): Promise<void> {
  await db.pool.query(`
    insert into users (id, primary_id, first_name, last_name, user_group, expiry_date) overriding system value values
      (1, 'Anna1', 'Anna', 'Müller', 'CITY', '2027-01-31'), (2, 'anton2', 'Anton', 'Mueller', 'CITY', null),
      (3, 'odd%id_', 'O''Brien "Bob"', 'A_B%C\\D', null, null), (4, 'li4', 'Li', '王', null, null),
      (5, 'greek', 'ΟΔΥΣΣΕΥΣ', 'Παπαδόπουλος', null, null), (6, '21000001', 'Zed', 'Anna1', null, null)`);
  await db.pool.query(`
    insert into user_identifiers (user_id, type, value) values
      (1, 'BARCODE', 'B-100'), (1, 'HOUSEHOLD', 'H-7'), (2, 'HOUSEHOLD', 'h-7'), (2, 'HOUSEHOLD', 'solo')`);
  await db.pool.query(`
    insert into user_emails (user_id, address, preferred) values
      (1, 'old@example.org', null), (1, 'anna@example.org', true), (2, 'anton@example.org', false)`);
  await db.pool.query(`select setval(pg_get_serial_sequence('users', 'id'), 100), refresh_user_search(array(select u.id from users u))`);
}

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  beforeAll(() => seed(test.db));

  it('reads a record the same alone and together with others', async () => {
    const { pool } = test.db;
    await pool.query(`insert into user_notes (user_id, type, text, created_at) values (1, 'OTHER', 'x', '2026-03-04 05:06:07.000123+02')`);
    const keys = ['Anna1', 'b-100', 'anton2', 'SOLO', 'greek', 'nobody', 'H-7', ' ', 'a\0', 'Anna1'];
    const alone = await Promise.all(keys.map((key) => readWhole(pool, { key })));
    expect(await Promise.all(keys.map((key) => readWholeTogether(pool, key)))).toEqual(alone);
    expect(alone.map((user) => user?.id)).toEqual([1, 1, 2, undefined, 5, undefined, undefined, undefined, undefined, 1]);
    expect(alone[0]?.rows.user_notes).toMatchObject([{ created_at: '2026-03-04T03:06:07.000123Z' }]);
  });

  describe('findUser', () => {
    it.each([
      ['Anna1', 1],
      ['ANNA1', 1],
      [' anna1\t', 1],
      ['b-100', 1],
      ['SOLO', 2],
      ['ODD%ID_', 3],
    ])('finds %j', async (id, expected) => {
      expect((await findUser(test.db.pool, id)).id).toBe(expected);
    });

    it.each(['', '   ', 'nobody', 'Anna', 'anna1\0', '%', '_nna1', `x' or '1'='1`])('says that nobody has %j', async (id) => {
      await expect(findUser(test.db.pool, id)).rejects.toMatchObject({ code: 'users.not_found' });
    });

    it('names the holders of an ambiguous identifier', async () => {
      await expect(findUser(test.db.pool, 'H-7')).rejects.toMatchObject({
        code: 'users.ambiguous_id',
        params: { id: 'H-7', users: 'Anna1, anton2' },
      });
    });

    it('shows no control characters and no endless text in its message', async () => {
      const error = await findUser(test.db.pool, `\u001b[2J${'x'.repeat(10_000)}`).catch((reason: unknown) => reason);
      expect(String(error)).not.toContain('\u001b');
      expect(String(error).length).toBeLessThan(300);
    });
  });

  describe('searchUsers', () => {
    const search = async (text: string, limit = 25) => {
      const result = await searchUsers.run(contextOn(test.db), { text, limit });
      return { ...result, ids: result.users.map((user) => user.primary_id) };
    };

    it('shows what a list of people needs', async () => {
      expect(await search('anna müller')).toMatchObject({
        total: 1,
        total_is_at_least: false,
        users: [
          {
            primary_id: 'Anna1',
            first_name: 'Anna',
            last_name: 'Müller',
            status: 'ACTIVE',
            account_type: 'INTERNAL',
            user_group: 'CITY',
            expiry_date: '2027-01-31',
            email: 'anna@example.org',
          },
        ],
      });
    });

    it.each([
      ['MÜLLER', ['Anna1']],
      ['Mu\u0308ller', ['Anna1']], // decomposed
      ['ueller', ['anton2']],
      ['example anton', ['anton2']],
      ['anton, mueller', ['anton2']],
      ['%', []],
      ['_', []],
      ['A_B', ['odd%id_']],
      ['a_b%c\\d', ['odd%id_']],
      ['axb', []],
      ['"bob"', ['odd%id_']],
      [`o'brien`, ['odd%id_']],
      ['王', ['li4']],
      ['li', ['li4']],
      ['Παπαδόπ', ['greek']],
      ['ΟΔΥΣΣΕΥΣ', ['greek']],
      ['οδυσ', ['greek']],
      ['nobody at all', []],
      ['anna\0', []],
      ['\ud800', []],
    ])('%j finds %j', async (text, ids) => {
      expect((await search(text)).ids).toEqual(ids);
    });

    it('puts the user whose id it is first, and the others by name', async () => {
      expect((await search('anna1')).ids).toEqual(['Anna1', '21000001']);
      expect((await search('h-7')).ids).toEqual(['anton2', 'Anna1']);
      expect(await search('h-7', 1)).toMatchObject({ total: 2, ids: ['anton2'] });
    });

    it('takes a short word as the beginning of a word', async () => {
      expect((await search('mü')).ids).toEqual(['Anna1']);
      expect((await search('ül')).ids).toEqual([]);
    });

    it('asks for a word', async () => {
      await expect(search(' \t,')).rejects.toMatchObject({ code: 'users.search_empty' });
    });

    it('counts up to a limit and says so', async () => {
      await test.db.transaction(async (tx) => {
        await tx.query(`insert into users (primary_id, first_name, last_name) select 'crowd' || n, 'Crowd', 'Person' || to_char(n, 'FM00000')
          from generate_series(1, 10500) n`);
        await tx.query(`select refresh_user_search(array(select u.id from users u where u.primary_id like 'crowd%'))`);
      });
      await test.db.pool.query('analyze users, user_search');
      const result = await search('crowd', 3);
      expect(result).toMatchObject({ total: 10_000, total_is_at_least: true, ids: ['crowd1', 'crowd2', 'crowd3'] });
      expect(await search('crowd person00077')).toMatchObject({ total: 1, total_is_at_least: false, ids: ['crowd77'] });
    });

    it('uses the trigram index', async () => {
      const plan = await test.db.transaction(async (tx) => {
        await tx.query('set local enable_seqscan = off');
        return tx.query(`explain select s.user_id from user_search s where s.text like fold('%person00077%'::text) collate "default"`);
      });
      expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('user_search_text');
    });
  });

  describe('userHistory', () => {
    beforeAll(async () => {
      await test.db.pool.query(`
        insert into runs (id, kind, name, state, plan, today, created_by, row_templates) overriding system value values
          (1, 'import', 'Import x.csv', 'COMPLETED_SUCCESS', '{}', '2026-01-01', 'administrator', '[]'),
          (2, 'job', 'Extend', 'COMPLETED_SUCCESS', '{}', '2026-01-02', 'boss',
            '[{"table": "user_blocks", "op": "add", "change": 0, "after": {"type": "GENERAL", "description": "02-GLOBAL", "note": null}}]')`);
      const entry = (at: string, run: number, diff: object) =>
        test.db.pool.query('insert into journal (at, run_id, user_id, diff) values ($1, $2, 1, $3)', [at, run, JSON.stringify(diff)]);
      await entry('2026-01-01T10:00:00.123456Z', 1, { created: true, fields: { user_group: [null, 'CITY'], pin_id: [null, 4] }, rows: [] });
      await entry('2026-01-02T10:00:00Z', 2, {
        fields: { user_group: ['CITY', 'GONE'], held_fields: [[], ['user_group']], credential_id: [17, 18] },
        rows: [
          { t: 0, id: 9 },
          { table: 'user_emails', op: 'edit', id: 3, before: { id: 3, types: ['work'] }, after: { id: 3, types: ['work', 'school'] } },
        ],
      });
      await entry('2026-01-02T10:00:00Z', 2, {
        fields: { credential_state: ['password', 'pending'], credential_id: [18, null] },
        rows: [],
      });
      await entry('2026-01-03T10:00:00Z', 99, { fields: { expiry_date: ['2026-01-01', '2027-01-31'] } });
    });

    const history = (limit = 50, before?: string, language: Language = 'de') =>
      userHistory.run(contextOn(test.db, language), { user: 'b-100', limit, before });

    it('tells who, when, by which run, and what, in the reader’s language', async () => {
      const { primary_id, entries, next } = await history();
      expect({ primary_id, next, ats: entries.map((entry) => entry.at) }).toEqual({
        primary_id: 'Anna1',
        next: null,
        ats: ['2026-01-03T10:00:00Z', '2026-01-02T10:00:00Z', '2026-01-02T10:00:00Z', '2026-01-01T10:00:00.123456Z'],
      });
      expect(entries[2]).toEqual({
        at: '2026-01-02T10:00:00Z',
        by: 'boss',
        run: { id: 2, kind: 'job', name: 'Extend' },
        created: false,
        merged_from: null,
        fields: [
          { field: 'user_group', label: 'Benutzergruppe', before: 'CITY', after: 'GONE', before_label: 'Stadtbenutzer' },
          {
            field: 'held_fields',
            label: 'Gegen den Abgleich festgehalten',
            before: [],
            after: ['user_group'],
            before_label: '',
            after_label: 'Benutzergruppe',
          },
          { field: 'password', label: 'Passwort', before: 'set', after: 'changed', before_label: 'Gesetzt', after_label: 'Geändert' },
        ],
        rows: [
          {
            table: 'user_blocks',
            name: 'block',
            label: 'Sperre',
            op: 'add',
            after: {
              values: { type: 'GENERAL', description: '02-GLOBAL' },
              labels: { type: 'Allgemein', description: 'Sperre (02)(GLOBAL)' },
            },
          },
          {
            table: 'user_emails',
            name: 'email',
            label: 'E-Mail',
            op: 'edit',
            before: { values: { types: ['work'] }, labels: { types: 'Dienstlich' } },
            after: { values: { types: ['work', 'school'] }, labels: { types: 'Dienstlich, Hochschule' } },
          },
        ],
      });
      // A run that has been deleted leaves its entries readable.
      expect(entries[0]).toMatchObject({ by: '', run: { id: 99 }, rows: [] });
      expect(entries[3]).toMatchObject({ created: true });
    });

    it('shows states of passwords and PINs, never the numbers of their rows', async () => {
      const { entries } = await history(50, undefined, 'en');
      expect(entries[1]?.fields).toEqual([
        { field: 'credential_state', label: 'Password', before: 'password', after: 'pending', before_label: 'Set', after_label: 'Pending' },
      ]);
      expect(entries[3]?.fields.at(-1)).toEqual({
        field: 'pin',
        label: 'PIN',
        before: 'none',
        after: 'set',
        before_label: 'None',
        after_label: 'Set',
      });
      expect(JSON.stringify(entries)).not.toMatch(/credential_id|pin_id|\b1[78]\b(?=,|\])/);
    });

    it('pages without losing or repeating an entry', async () => {
      const whole = (await history()).entries;
      const paged = [];
      for (let next: string | null | undefined; next !== null; ) {
        const page = await history(1, next ?? undefined);
        expect(page.entries.length).toBe(1);
        paged.push(...page.entries);
        next = page.next;
      }
      expect(paged).toEqual(whole);
    });

    it.each(['', 'x', '2026-13-99T99:99:99Z/1', '2026-01-01T10:00:00Z/1; drop table users'])('refuses the cursor %j', async (before) => {
      await expect(history(1, before)).rejects.toMatchObject({ code: 'users.bad_cursor' });
    });

    it('says when there is no such user', async () => {
      await expect(userHistory.run(contextOn(test.db), { user: 'nobody', limit: 1, before: undefined })).rejects.toMatchObject({
        code: 'users.not_found',
      });
    });
  });

  describe('code tables', () => {
    it('has every table that the record names, with labels in both languages', async () => {
      const tables = await listCodeTables(test.db.pool);
      const names = new Set(tables.map((table) => table.name));
      const fields: readonly Field[] = [...SCALARS, ...CHILD_TABLES.flatMap((table): readonly Field[] => table.fields)];
      expect(fields.flatMap((field) => field.codeTable ?? []).filter((name) => !names.has(name))).toEqual([]);
      const bad = await test.db.pool.query(`select c.* from codes c where trim(c.label_en) = '' or trim(c.label_de) = ''`);
      expect(bad.rows).toEqual([]);
      const empty = await test.db.pool.query(
        `select t.name from code_tables t where not exists (select from codes c where c.table_name = t.name)`,
      );
      expect(empty.rows).toEqual([]);
    });

    it('lists codes in their order and labels them', async () => {
      expect((await listCodes(test.db.pool, 'UserStatus')).map((code) => code.code)).toEqual(['ACTIVE', 'INACTIVE']);
      expect(await listCodes(test.db.pool, 'NoSuchTable')).toEqual([]);
      const german = await codeLabels(test.db.pool, ['UserRoles', 'CountryCodes'], 'de');
      expect([german.label('UserRoles', '50'), german.label('CountryCodes', 'DEU'), german.label('UserRoles', 'DEU')]).toEqual([
        'Benutzer-Administrator',
        'Deutschland',
        null,
      ]);
    });

    it('says which roles need a parameter, and has every country once', async () => {
      const roles = await listCodes(test.db.pool, 'UserRoles');
      expect(roles.length).toBe(55);
      expect(
        roles.filter((role) => role.properties['parameter'] !== undefined).map((role) => [role.code, role.properties['parameter']]),
      ).toEqual([
        ['32', 'CirculationDesk'],
        ['37', 'ServiceUnit'],
        ['51', 'CirculationDesk'],
        ['214', 'ServiceUnit'],
        ['221', 'CirculationDesk'],
        ['299', 'CirculationDesk'],
      ]);
      const countries = await listCodes(test.db.pool, 'CountryCodes');
      expect(countries.length).toBe(249);
      expect(new Set(countries.map((country) => country.label_de)).size).toBe(249);
    });
  });
});
