import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { forEachEngine, useTestDatabase } from '../../test/support/database.ts';
import { essence, FeedDesk } from '../../test/support/feeds.ts';
import { SAMPLE_EXTERNAL, SAMPLE_INTERNAL, sampleUser } from '../../test/support/sample-users.ts';
import { verifyPassword } from '../access/index.ts';
import type { Actor } from '../core/index.ts';

interface Entry extends Record<string, unknown> {
  readonly table: string;
  readonly op: string;
}

interface JournalRow extends Record<string, unknown> {
  readonly diff: { readonly created?: boolean; readonly fields: Record<string, unknown>; readonly rows: Entry[] };
}

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  const desk = new FeedDesk(test);
  beforeEach(() => desk.empty());

  const journal = async (primaryId: string) =>
    (
      await desk.query<JournalRow>('select j.diff from journal j join users u on u.id = j.user_id where u.primary_id = $1 order by j.id', [
        primaryId,
      ])
    ).map((r) => r.diff);
  const ids = (rows: readonly string[]) => `User name,Barcode,Last name\n${rows.join('\n')}\n`;
  const CARDS = {
    name: 'cards',
    fields: { primary_id: 'User name', last_name: 'Last name' },
    rows: [{ row: 'identifier', with: { type: 'BARCODE' }, from: { value: 'Barcode' } }],
  };

  describe('round trips', () => {
    it.each(['alma-json', 'alma-xml', 'csv'] as const)('%s gives a record back whole', async (format) => {
      expect(await desk.import([SAMPLE_INTERNAL, SAMPLE_EXTERNAL])).toMatchObject({ created: 2, rejected: 0, errors: [], warnings: [] });
      const first = { internal: await desk.show('000123'), external: await desk.show('U-77') };
      expect(essence(first.internal)).toMatchObject(essence(withDescriptions(SAMPLE_INTERNAL)) as object);
      const text = await desk.export(format);
      expect(await desk.import(text)).toMatchObject({ created: 0, updated: 0, unchanged: 2, rejected: 0, errors: [], warnings: [] });

      // The codes stay, so that their labels do; the users go and come back.
      await test.db.pool.query('truncate users, runs, journal restart identity cascade');
      expect(await desk.import(text)).toMatchObject({ created: 2, rejected: 0, errors: [], warnings: [], codes_added: 0 });
      expect({ internal: await desk.show('000123'), external: await desk.show('U-77') }).toEqual(first);
      expect(await desk.export(format)).toBe(text);
    });
  });

  describe('codes', () => {
    it('open tables learn a code with its label, closed ones refuse it with the line', async () => {
      const result = await desk.import(
        [
          sampleUser('a', { user_group: { value: 'NEW', desc: 'New group' } }),
          sampleUser('b', { user_group: 'NEW', campus_code: 'PLAIN' }),
          sampleUser('c', { status: { value: 'GONE' }, user_group: { value: 'NEVER', desc: 'of a refused record' } }),
          sampleUser('d', { user_role: [{ role_type: { value: '9999' }, scope: { value: 'S' }, status: { value: 'active' } }] }),
        ]
          .map((user) => JSON.stringify(user))
          .join('\n'),
      );
      expect(result).toMatchObject({ created: 2, rejected: 2, codes_added: 2 });
      expect(result.errors).toEqual([
        expect.objectContaining({
          line: 3,
          field: 'status',
          code: 'feeds.unknown_code',
          message: expect.stringContaining('“GONE” is not a code of UserStatus') as unknown,
        }),
        expect.objectContaining({ line: 4, field: 'user_role[0].role_type', code: 'feeds.unknown_code' }),
      ]);
      expect(await desk.query('select table_name, code, label_en, label_de from codes where position = 1000 order by 1, 2')).toEqual([
        { table_name: 'Campuses', code: 'PLAIN', label_en: 'PLAIN', label_de: 'PLAIN' },
        { table_name: 'UserGroups', code: 'NEW', label_en: 'New group', label_de: 'New group' },
      ]);
    });

    it('takes a column of names for what it is: not codes', async () => {
      const rows = Array.from({ length: 5_100 }, (_, i) => `u${i},g${i}`).join('\n');
      await expect(
        desk.import(`id,group\n${rows}\n`, { mapping: { name: 'm', fields: { primary_id: 'id', user_group: 'group' } } }),
      ).rejects.toMatchObject({ code: 'feeds.too_many_codes' });
      expect(await desk.query('select count(*) from users')).toEqual([{ count: 0 }]);
    });
  });

  describe('modes', () => {
    it('adds only, updates only, or both; a dry run says the same and writes nothing', async () => {
      await desk.import([sampleUser('old', { first_name: 'Before' })]);
      const file = [sampleUser('OLD', { first_name: 'After' }), sampleUser('new'), sampleUser('bad', { birth_date: 'soon' })];
      const before = await desk.everything();
      for (const [mode, expected] of [
        ['add', { created: 1, updated: 0, skipped: 1 }],
        ['update', { created: 0, updated: 1, skipped: 1 }],
        ['both', { created: 1, updated: 1, skipped: 0 }],
      ] as const) {
        expect(await desk.import(file, { mode, dryRun: true })).toMatchObject({ ...expected, rejected: 1, run_id: null });
      }
      expect(await desk.everything()).toEqual(before);
      expect(await desk.import(file, { mode: 'add' })).toMatchObject({ created: 1, skipped: 1 });
      expect((await desk.show('old'))['first_name']).toBe('Before');
      expect(await desk.import(file, { mode: 'update' })).toMatchObject({ updated: 1, unchanged: 1 });
      // The same id in other letters is no new id.
      expect(await desk.show('old')).toMatchObject({ primary_id: 'old', first_name: 'After' });
      expect(await desk.query('select kind, state, counts from runs order by id desc limit 1')).toEqual([
        {
          kind: 'import',
          state: 'COMPLETED_WARNING',
          counts: { members: 3, changed: 1, unchanged: 1, skipped: 0, failed: 1, created: 0 },
        },
      ]);
    });

    it('finds people by a type of identifier, and gives them the new primary id', async () => {
      await desk.import(ids(['a,1,A', 'b,2,B']), { mapping: CARDS });
      const byCard = { ...CARDS, match: { identifier: 'BARCODE' } };
      expect(await desk.import(ids(['neu,1,A', 'b,3,B', ',2,Bee', 'c,,C']), { mapping: byCard })).toMatchObject({
        created: 1,
        updated: 2,
        unchanged: 0,
        rejected: 1,
        errors: [{ line: 4, field: 'User name', code: 'feeds.duplicate_user' }],
      });
      expect(await desk.show('1')).toMatchObject({ primary_id: 'neu', last_name: 'A' });
      expect(await desk.query('select count(*) from users')).toEqual([{ count: 3 }]);
      expect(await desk.query(`select key from user_keys order by 1`)).toEqual([
        { key: '1' },
        { key: '3' },
        { key: 'b' },
        { key: 'c' },
        { key: 'neu' },
      ]);
    });
  });

  describe('updates', () => {
    it('replaces what is there, leaves what is not, and writes nothing twice', async () => {
      await desk.import([SAMPLE_INTERNAL]);
      const before = await desk.everything();
      expect(await desk.import([SAMPLE_INTERNAL])).toMatchObject({ updated: 0, unchanged: 1 });
      expect(await desk.everything()).toEqual(before);

      const part = {
        primary_id: 'sample-müller',
        last_name: 'Neu',
        job_description: '',
        user_role: [],
        user_note: [],
        contact_info: { email: [{ ...SAMPLE_INTERNAL.contact_info.email[0], description: 'at home' }] },
      };
      expect(await desk.import(part)).toMatchObject({ updated: 1 });
      const now = await desk.show('sample-müller');
      expect(now).toMatchObject({ last_name: 'Neu', job_description: '', first_name: 'Änne', user_note: [] });
      expect(now['user_role']).toHaveLength(2);
      expect(now['user_block']).toHaveLength(1);
      const [, diff] = await journal('sample-müller');
      expect(diff?.created).toBeUndefined();
      expect(diff?.fields).toEqual({ last_name: ['O’Brien-Müller', 'Neu'], job_description: [SAMPLE_INTERNAL.job_description, null] });
      expect(diff?.rows.map((r) => [r.table, r.op])).toEqual([
        ['user_emails', 'edit'],
        ['user_emails', 'remove'],
        ['user_notes', 'remove'],
      ]);
      expect(diff?.rows[0]).toMatchObject({
        before: { address: 'anni@example.org', description: '@home', types: ['personal'] },
        after: { address: 'anni@example.org', description: 'at home', types: ['personal'] },
      });
    });

    it('journals a new user as created, row by row, with the numbers that the rows have', async () => {
      await desk.import([SAMPLE_INTERNAL]);
      const [diff] = await journal('sample-müller');
      expect(diff?.created).toBe(true);
      expect(diff?.fields).toMatchObject({
        primary_id: [null, 'sample-müller'],
        loans: [null, 7],
        status: [null, 'INACTIVE'],
        expiry_date: [null, '2030-12-31'],
      });
      const [identifier] = await desk.query("select to_jsonb(i) - 'user_id' as row from user_identifiers i order by id limit 1");
      expect(diff?.rows.find((r) => r.table === 'user_identifiers')).toEqual({
        table: 'user_identifiers',
        op: 'add',
        change: 0,
        id: identifier?.['row'] && (identifier['row'] as { id: number }).id,
        after: identifier?.['row'],
      });
      expect(new Set(diff?.rows.map((r) => r.table)).size).toBe(10);
      expect(await desk.query("select text like '%anni@example.org%' as found from user_search")).toEqual([{ found: true }]);
    });

    it('replaces segment by segment: a feed leaves what the library added', async () => {
      await desk.import([SAMPLE_EXTERNAL]);
      await test.db.pool.query(
        `insert into user_identifiers (user_id, segment, type, value) select id, 'Internal', 'BARCODE', 'desk-1' from users`,
      );
      await test.db.pool.query(
        `insert into user_notes (user_id, segment, type, text) select id, 'Internal', 'OTHER', 'from the desk' from users`,
      );
      const feed = { ...SAMPLE_EXTERNAL, user_identifier: [{ id_type: { value: 'UNIV_ID' }, value: 'U-78' }], user_note: [] };
      expect(await desk.import([feed])).toMatchObject({ updated: 1 });
      const segments = await desk.query('select segment, type, value from user_identifiers order by value');
      expect(segments).toEqual([
        { segment: 'External', type: 'UNIV_ID', value: 'U-78' },
        { segment: 'Internal', type: 'BARCODE', value: 'desk-1' },
      ]);
      expect(await desk.query('select text from user_notes')).toEqual([{ text: 'from the desk' }]);
      // What the desk has added already is not doubled when the feed brings it, too.
      const both = {
        ...feed,
        user_identifier: [...feed.user_identifier, { id_type: { value: 'BARCODE' }, value: 'desk-1', segment_type: 'External' }],
      };
      expect(await desk.import([both])).toMatchObject({ unchanged: 1 });
    });

    it('leaves the held fields of external users alone', async () => {
      await desk.import([SAMPLE_EXTERNAL]);
      await test.db.pool.query(`update users set user_group = 'STAFF', held_fields = '{user_group}'`);
      expect(await desk.import([SAMPLE_EXTERNAL])).toMatchObject({ unchanged: 1 });
      expect(await desk.import([{ ...SAMPLE_EXTERNAL, last_name: 'Held' }])).toMatchObject({ updated: 1 });
      expect(await desk.show('U-77')).toMatchObject({ user_group: { value: 'STAFF' }, last_name: 'Held' });
    });

    it('a column of barcodes says nothing about other identifiers', async () => {
      await desk.import([
        sampleUser('a', {
          user_identifier: [
            { id_type: 'BARCODE', value: '1' },
            { id_type: 'UNIV_ID', value: 'x' },
          ],
        }),
      ]);
      expect(await desk.import(ids(['a,,']), { mapping: CARDS })).toMatchObject({ unchanged: 1 });
      expect(await desk.import(ids(['a,2,']), { mapping: CARDS })).toMatchObject({ updated: 1 });
      expect(await desk.query('select type, value from user_identifiers order by value')).toEqual([
        { type: 'BARCODE', value: '2' },
        { type: 'UNIV_ID', value: 'x' },
      ]);
    });

    it('keeps account types apart', async () => {
      await desk.import([SAMPLE_EXTERNAL, sampleUser('intern', { password: 'granit-Secret-1' })]);
      const result = await desk.import([
        { primary_id: SAMPLE_EXTERNAL.primary_id, account_type: 'INTERNAL', external_id: '' },
        sampleUser('no-owner', { account_type: 'EXTERNAL' }),
        sampleUser('owned', { external_id: 'SIS' }),
        { primary_id: 'intern', account_type: 'EXTERNAL', external_id: 'SIS' },
      ]);
      expect(result.errors.map((e) => e.code)).toEqual([
        'feeds.account_type_change',
        'feeds.external_id_missing',
        'feeds.external_id_unwanted',
      ]);
      expect(result).toMatchObject({ updated: 1, rejected: 3 });
      expect(await desk.query(`select account_type, credential_state from users where primary_id = 'intern'`)).toEqual([
        { account_type: 'EXTERNAL', credential_state: 'none' },
      ]);
    });

    it('tells when counts of loans were true, and only moves the date when they move', async () => {
      await desk.import([sampleUser('a', { loans: { value: '14', link: 'x' }, fees: 3, requests: null })]);
      await test.db.pool.query(`update users set circulation_on = '2020-01-01'`);
      expect(await desk.import([sampleUser('a', { loans: 14, fees: { value: 3.0 } })])).toMatchObject({ unchanged: 1 });
      expect(await desk.import([sampleUser('a', { loans: 15 })])).toMatchObject({ updated: 1 });
      expect(await desk.query("select loans, requests, fees, circulation_on > '2020-01-01' as later from users")).toEqual([
        { loans: 15, requests: null, fees: '3.00', later: true },
      ]);
    });
  });

  describe('collisions', () => {
    it('rejects a value that leads to somebody else, and says to whom', async () => {
      await desk.import(ids(['a,1,A', 'b,2,B']), { mapping: CARDS });
      const result = await desk.import(ids(['a,2,A', 'c,A,C', '1,9,D', 'e,5,E', 'f,5,F', 'E,6,E', 'g,7,G']), { mapping: CARDS });
      expect(result).toMatchObject({ created: 2, updated: 0, rejected: 5 });
      expect(result.errors).toEqual([
        {
          line: 2,
          field: 'Barcode',
          code: 'feeds.identifier_taken',
          message: '“2” already leads to the user b. A value can belong to one user only.',
        },
        { line: 3, field: 'Barcode', code: 'feeds.identifier_taken', message: expect.stringContaining('the user a') as unknown },
        { line: 4, field: 'User name', code: 'feeds.identifier_taken', message: expect.stringContaining('the user a') as unknown },
        { line: 6, field: 'Barcode', code: 'feeds.identifier_twice', message: expect.stringContaining('line 5') as unknown },
        { line: 7, field: 'User name', code: 'feeds.duplicate_user', message: expect.stringContaining('line 5') as unknown },
      ]);
      expect(await desk.query('select primary_id from users order by 1')).toEqual([
        { primary_id: 'a' },
        { primary_id: 'b' },
        { primary_id: 'e' },
        { primary_id: 'g' },
      ]);
    });

    it('lets values of exempt types repeat', async () => {
      const household = { user_identifier: [{ id_type: 'HOUSEHOLD', value: 'h' }] };
      expect(await desk.import([sampleUser('a', household), sampleUser('b', household)])).toMatchObject({ created: 2, rejected: 0 });
    });

    it('gives the place in JSON, too, in the reader’s language', async () => {
      await desk.import([sampleUser('a', { user_identifier: [{ id_type: 'BARCODE', value: '1' }] })]);
      const result = await desk.import(
        [
          sampleUser('b', {
            user_identifier: [
              { id_type: 'UNIV_ID', value: 'u' },
              { id_type: 'BARCODE', value: ' 1 ' },
            ],
          }),
        ],
        { language: 'de' },
      );
      expect(result.errors).toEqual([
        {
          line: 1,
          field: 'user_identifier[1].value',
          code: 'feeds.identifier_taken',
          message: '„1“ führt bereits zum Benutzer a. Ein Wert kann nur zu einem Benutzer gehören.',
        },
      ]);
    });
  });

  describe('passwords', () => {
    it('are stored as hashes only, and the same one is no change', async () => {
      const user = sampleUser('a', { password: 'granit-Secret-1', pin_number: '0815' });
      expect(await desk.import([user])).toMatchObject({ created: 1 });
      const [row] = await desk.query<{ password: string; pin: string; credential_state: string; diff: string }>(`
        select p.hash as password, n.hash as pin, u.credential_state, (select string_agg(diff::text, '') from journal) as diff
        from users u join credentials p on p.id = u.credential_id join credentials n on n.id = u.pin_id`);
      expect(row?.credential_state).toBe('password');
      expect(await verifyPassword(row?.password ?? '', 'granit-Secret-1')).toBe(true);
      expect(await verifyPassword(row?.pin ?? '', '0815')).toBe(true);
      const kept = JSON.stringify([
        await desk.everything(),
        await desk.query('select * from journal'),
        await desk.query('select * from runs'),
      ]);
      expect(kept).not.toContain('granit-Secret-1');
      expect(await desk.import([user])).toMatchObject({ updated: 0, unchanged: 1 });
      expect(await desk.import([{ ...user, password: 'another-Secret-2' }])).toMatchObject({ updated: 1 });
      expect(Object.keys((await journal('a'))[1]?.fields ?? {})).toEqual(['credential_id']);
      expect(await desk.show('a')).toMatchObject({ password: '', pin_number: '' });
    });

    it('that break the rules are refused record by record, and those in force stay', async () => {
      const weak = (id: string, password: string, more = {}) => sampleUser(id, { password, ...more });
      const kept = weak('kept', 'basalt-Regen-13');
      await desk.import([kept]);
      const card = { user_identifier: [{ id_type: 'BARCODE', value: '4711000815' }] };
      const result = await desk.import([
        kept,
        weak('fine', 'granit-Welle-42'),
        weak('short', 'Ab1'),
        weak('common', 'password'),
        weak('berta-amsel', 'xx berta-amsel xx'),
        weak('card', '4711000815', card),
        weak('long', 'x1'.repeat(65)),
      ]);
      expect(result).toMatchObject({ created: 1, unchanged: 1, rejected: 5 });
      expect(result.errors.map((e) => [e.field, e.code.replace('access.password_weak.', '')])).toEqual([
        ['password', 'short'],
        ['password', 'common'],
        ['password', 'name'],
        ['password', 'name'],
        ['password', 'long'],
      ]);
      expect(JSON.stringify(result)).not.toContain('4711000815');
      // What somebody has already is theirs, though it would not be allowed any more.
      await desk.query(`update users set first_name = 'basalt' where primary_id = 'kept'`);
      expect(await desk.import([{ primary_id: 'kept', password: 'basalt-Regen-13' }])).toMatchObject({ rejected: 0, unchanged: 1 });
      expect(await desk.import([{ primary_id: 'kept', password: 'basalt-Regen-14' }])).toMatchObject({ rejected: 1 });
      expect(await desk.query('select count(*) from credentials')).toEqual([{ count: 2 }]);
    });

    it('of external users are left out, and that is said', async () => {
      expect(await desk.import([{ ...SAMPLE_EXTERNAL, password: 'x' }])).toMatchObject({
        created: 1,
        warnings: [{ field: 'password', code: 'feeds.warn_password' }],
      });
      expect(await desk.query('select count(*) from credentials')).toEqual([{ count: 0 }]);
    });
  });

  describe('rights', () => {
    const staff = async (type: string): Promise<Actor> => {
      await desk.import([sampleUser('me', { user_role: [{ role_type: type, scope: 'INST', status: 'ACTIVE' }] })]);
      const [me] = await desk.query<{ id: number }>(`select id from users where primary_id = 'me'`);
      return userActor(test.db.pool, [{ type, scope: 'INST' }], { name: 'me', userId: me?.id ?? 0 });
    };
    const role = (type: string) => ({ user_role: [{ role_type: type, scope: 'INST', status: 'ACTIVE' }] });

    it('nobody gives roles above their own, edits who has such, or edits themselves', async () => {
      await desk.import([sampleUser('chief', role('26'))]);
      const actor = await staff('21');
      const result = await desk.import(
        [
          sampleUser('chief', { password: 'taken-Over-1' }),
          sampleUser('me', role('26')),
          sampleUser('new', role('50')),
          sampleUser('fine', role('21')),
        ],
        { actor },
      );
      expect(result).toMatchObject({ created: 1, updated: 0, rejected: 3 });
      expect([...new Set(result.errors.map((e) => e.code))].sort()).toEqual([
        'feeds.own_record',
        'feeds.role_not_yours',
        'feeds.user_not_yours',
      ]);
      expect(await desk.query('select count(*) from credentials')).toEqual([{ count: 0 }]);
      expect(await desk.query('select created_by from runs order by id desc limit 1')).toEqual([{ created_by: 'me' }]);
    });

    it('role 26 may do all that, but to themselves', async () => {
      const actor = await staff('26');
      expect(await desk.import([sampleUser('me', role('200')), sampleUser('new', role('26'))], { actor })).toMatchObject({
        created: 1,
        rejected: 1,
      });
    });
  });
});

/** As it comes out: codes carry their labels. */
function withDescriptions(user: typeof SAMPLE_INTERNAL): unknown {
  return {
    ...user,
    full_name: 'Änne ß O’Brien-Müller',
    user_group: { value: 'SAMPLE-GROUP', desc: 'Sample group' },
    library_notice: [{ code: 'SAMPLE-LETTER', value: false }],
  };
}
