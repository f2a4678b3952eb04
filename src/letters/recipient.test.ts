import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, type TestUser } from '../../test/support/letters.ts';
import { chooseLanguage, type LetterRules, readLetterRules, recipientKind, recipientQuery, recipientSql } from './index.ts';
import { languageSql, spokenLanguages } from './letter-rules.ts';
import { KIND, recordOf } from './recipient.ts';

const database = useTestDatabase();
let bench: LettersBench;
let count = 0;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

async function recipient(emails: TestUser['emails'], credentials = false, preferred_language?: string) {
  count += 1;
  const id = await bench.user({
    primary_id: `r${count}`,
    ...(emails ? { emails } : {}),
    ...(preferred_language ? { preferred_language } : {}),
  });
  const { address, hasAddress, language } = recipientSql('x', { credentials });
  const { rows } = await database.db.pool.query<{ address: string | null; has_address: boolean; language: string }>(sql`
    select ${address} as address, ${hasAddress} as has_address, ${language} as language from users x where x.id = ${id}`);
  expect(rows[0]?.has_address).toBe(rows[0]?.address !== null);
  return { address: rows[0]?.address, language: rows[0]?.language };
}

describe('the address', () => {
  test('is the preferred one, else by type, else the oldest', async () => {
    expect(
      (
        await recipient([
          { address: 'a@x.org', types: ['personal'] },
          { address: 'b@x.org', preferred: true },
        ])
      ).address,
    ).toBe('b@x.org');
    expect(
      (
        await recipient([
          { address: 'a@x.org', types: ['school'] },
          { address: 'b@x.org', types: ['alternative', 'work'] },
        ])
      ).address,
    ).toBe('b@x.org');
    expect((await recipient([{ address: 'a@x.org', types: ['other'] }, { address: 'b@x.org' }])).address).toBe('a@x.org');
    expect((await recipient([])).address).toBeNull();
  });

  test('for credentials is rather a personal one', async () => {
    const emails = [
      { address: 'work@x.org', preferred: true, types: ['work'] },
      { address: 'home@x.org', types: ['personal'] },
    ];
    expect((await recipient(emails, true)).address).toBe('home@x.org');
    expect((await recipient(emails, false)).address).toBe('work@x.org');
    expect((await recipient(emails.slice(0, 1), true)).address).toBe('work@x.org');
  });

  test('an impossible one counts as none, also when it is preferred', async () => {
    expect((await recipient([{ address: 'nobody', preferred: true }, { address: ' real@x.org ' }])).address).toBe('real@x.org');
    expect((await recipient([{ address: 'a@b@c.org', preferred: true }])).address).toBeNull();
  });
});

test.each([
  ...[
    'a@b.de',
    'x.y+z@uni-example.org',
    "o'neil@x.ie",
    'jörg@müller.de',
    'a@xn--mller-kva.de',
    'a@b.xn--p1ai',
    `${'a'.repeat(64)}@b.de`,
    'a_b@c.museum',
  ].map((address) => [address, true] as const),
  ...[
    'a@b',
    'a@@b.de',
    'a b@c.de',
    'a.@b.de',
    '.a@b.de',
    'a..b@c.de',
    'a@-b.de',
    'a@b-.de',
    'a@b..de',
    'a@b.de.',
    'a@b.d',
    'a@b.de\nBcc: x@y.de',
    'a@b.de,c@d.de',
    '<a@b.de>',
    '"a"@b.de',
    'a@[1.2.3.4]',
    'a@1.2.3.4',
    'a@b_c.de',
    `${'a'.repeat(65)}@b.de`,
    `a@${'b.'.repeat(130)}de`,
    '@b.de',
    'a@',
    'a\u00a0b@c.de',
    'a\u3000b@c.de',
    'a@b\u2009c.de',
    'a\u200bb@c.de',
  ].map((address) => [address, false] as const),
])('whether %j can be an address: %s', async (address, possible) => {
  const { rows } = await database.db.pool.query<{ address: string | null }>('select mail_address($1) as address', [address]);
  expect(rows[0]?.address).toBe(possible ? address : null);
});

describe('the language', () => {
  test('is the user’s, else the library’s, else English', async () => {
    expect((await recipient([], false, 'DE-at')).language).toBe('de-at');
    expect((await recipient([])).language).toBe('en');
    await bench.setting('library.language', 'de');
    expect((await recipient([])).language).toBe('de');
  });
});

describe('what becomes of a letter', () => {
  interface Given {
    readonly user?: string;
    readonly emails?: TestUser['emails'];
    readonly rows?: readonly string[];
    readonly rules?: Partial<LetterRules>;
  }

  /** `rows`: statements that give the user `$1` more. */
  async function decided(code: string, { user, emails, rows = [], rules }: Given) {
    count += 1;
    const id = await bench.user({ primary_id: `d${count}`, ...(emails === undefined ? {} : { emails }) });
    const { pool } = database.db;
    if (user !== undefined) await pool.query(`update users set preferred_channel = '${user}' where id = ${id}`);
    for (const row of rows) await pool.query(row, [id]);
    const read = await readLetterRules(pool, code, { channel: 'preferred', today: '2026-11-27' });
    if (read === null) throw new Error(`no type ${code}`);
    const whole = { ...read, ...rules };
    const source = recordOf('u');
    const { rows: found } = await pool.query<{
      kind: number;
      counted: number;
      channel: string;
      address: string | null;
      state: string | null;
    }>(sql`
      select d.kind, ${recipientKind(source, whole).kind} as counted, d.channel, d.address, d.state
      from users u cross join lateral (${recipientQuery(source, whole)}) d where u.id = ${id}`);
    const [first] = found;
    if (first === undefined) throw new Error('nothing was decided');
    expect(first.counted).toBe(first.kind);
    return { ...first, kind: Object.keys(KIND).find((name) => KIND[name as keyof typeof KIND] === first.kind) };
  }

  const mail = [{ address: 'a@x.org' }];
  const post = `insert into user_addresses (user_id, line1, city) values ($1, 'Am Park 1', 'Konstanz')`;
  const phone = `insert into user_phones (user_id, number, preferred_sms) values ($1, '+49 7531 123456', true)`;
  const sms = { sms: true, languages: [{ language: 'en', version: 1, number: 1, subject: '', sms: true }] };

  test.each<readonly [string, string, Given, string]>([
    ['an e-mail address, though there is a postal one', 'WELCOME', { emails: mail, rows: [post] }, 'email'],
    ['a postal address alone', 'WELCOME', { rows: [post] }, 'print'],
    ['a postal address alone, where nothing is printed by itself', 'WELCOME', { rows: [post], rules: { print: 'chosen' } }, 'no_address'],
    ['none at all', 'WELCOME', {}, 'no_address'],
    ['a wish for paper', 'WELCOME', { user: 'print', emails: mail, rows: [post], rules: { print: 'chosen' } }, 'print'],
    [
      'a wish for paper, where nothing is printed',
      'WELCOME',
      { user: 'print', emails: mail, rows: [post], rules: { print: 'off' } },
      'email',
    ],
    ['a wish for paper without a place', 'WELCOME', { user: 'print', emails: mail, rows: [post.replace("'Konstanz'", 'null')] }, 'email'],
    [
      'a wish for paper at an address of the past',
      'WELCOME',
      { user: 'print', emails: mail, rows: [post, `update user_addresses set end_date = '2026-11-26' where user_id = $1`] },
      'email',
    ],
    ['a wish for SMS', 'WELCOME', { user: 'sms', emails: mail, rows: [phone], rules: sms }, 'sms'],
    [
      'a wish for SMS, where there is no way',
      'WELCOME',
      { user: 'sms', emails: mail, rows: [phone], rules: { ...sms, sms: false } },
      'email',
    ],
    [
      'a wish for SMS, of a letter without such a text',
      'WELCOME',
      {
        user: 'sms',
        emails: mail,
        rows: [phone],
        rules: { sms: true, languages: [{ language: 'en', version: 1, number: 1, subject: '', sms: false }] },
      },
      'email',
    ],
    [
      'a wish for SMS without a number for it',
      'WELCOME',
      { user: 'sms', emails: mail, rows: [phone.replace('true', 'false')], rules: sms },
      'email',
    ],
    ['a number for SMS alone', 'WELCOME', { rows: [phone], rules: sms }, 'sms'],
    ['no wish, but paper for all', 'WELCOME', { emails: mail, rows: [post], rules: { channel: 'print' } }, 'print'],
    ['no place, and paper for all', 'WELCOME', { emails: mail, rules: { channel: 'print' } }, 'no_address'],
    ['e-mail for all, whatever is wished', 'WELCOME', { user: 'print', emails: mail, rows: [post], rules: { channel: 'email' } }, 'email'],
    ['no e-mail address, and e-mail for all', 'WELCOME', { rows: [post], rules: { channel: 'email' } }, 'no_address'],
    [
      'credentials, to an address at work',
      'CREDENTIALS_CHANGED',
      { emails: [{ address: 'a@x.org', types: ['work'] }] },
      'email_institutional',
    ],
    [
      'credentials, to an address at work and another',
      'CREDENTIALS_CHANGED',
      { emails: [{ address: 'a@x.org', types: ['work'] }, { address: 'b@x.org' }] },
      'email',
    ],
  ])('with %s', async (_, code, given, kind) => {
    expect((await decided(code, given)).kind).toBe(kind);
  });

  test('credentials go out as SMS only where a setting allows it', async () => {
    await bench.setting('letters.sms.enabled', true);
    const read = () => readLetterRules(database.db.pool, 'CREDENTIALS_CHANGED', { channel: 'preferred', today: '2026-11-27' });
    expect((await read())?.sms).toBe(false);
    expect((await readLetterRules(database.db.pool, 'WELCOME', { channel: 'preferred', today: '2026-11-27' }))?.sms).toBe(true);
    await bench.setting('letters.sms.credentials', true);
    expect((await read())?.sms).toBe(true);
  });

  test('an address that is suppressed gives way to the next, then to paper, then to nothing', async () => {
    await database.db.pool.query(`insert into suppressed_addresses (channel, address, reason)
      values ('email', 'gone@x.org', 'bounce'), ('email', 'full@x.org', 'manual'), ('sms', '+497531123456', 'manual')`);
    const two = [{ address: 'Gone@x.org', preferred: true }, { address: 'b@x.org' }];
    expect(await decided('WELCOME', { emails: two })).toMatchObject({ kind: 'email', address: 'b@x.org' });
    const gone = [{ address: 'Gone@x.org', preferred: true }, { address: ' full@X.org ' }];
    expect(await decided('CREDENTIALS_CHANGED', { emails: gone, rows: [post] })).toMatchObject({
      kind: 'print',
      address: null,
      state: 'queued',
    });
    expect(await decided('WELCOME', { emails: gone, rows: [post], rules: { channel: 'email' } })).toMatchObject({ kind: 'print' });
    expect(await decided('CREDENTIALS_CHANGED', { emails: gone })).toMatchObject({
      kind: 'suppressed',
      state: 'suppressed',
      address: null,
    });
    expect(await decided('WELCOME', { emails: gone, rows: [phone], rules: sms })).toMatchObject({ kind: 'suppressed' });
    expect((await recipient(gone)).address).toBeNull();
  });

  test.each([
    ['EXPIRES_SOON', false, 'opted_out'],
    ['EXPIRES_SOON', true, 'email'],
    ['EXPIRES_SOON', null, 'email'],
    ['CREDENTIALS_CHANGED', false, 'email'],
    ['ACCOUNT_TYPE_CHANGED', false, 'email'],
  ])('of %s with the preference %s: %s', async (code, value, kind) => {
    const rows =
      value === null ? [] : [`insert into user_letter_preferences (user_id, code, value) values ($1, '${code}', ${String(value)})`];
    expect((await decided(code, { emails: mail, rows })).kind).toBe(kind);
  });

  test('an alias that is no plain name is refused', () => {
    expect(() => recordOf('u; drop table users')).toThrow(TypeError);
    expect(() => recipientSql('U.', { credentials: false })).toThrow(TypeError);
  });
});

test('the language in SQL is the one that is chosen elsewhere, for every code of the code table', async () => {
  const { pool } = database.db;
  const codes = ['de', 'de-AT', 'de-at', 'fr', 'fr-CA', 'FR', 'deu', 'zh-Hans-CN', 'xx', 'en-GB', 'pt-BR'];
  await pool.query(
    `insert into codes (table_name, code, label_en, label_de) select 'UserPreferredLanguage', c, c, c from unnest($1::text[]) c on conflict do nothing`,
    [codes],
  );
  const rules = await readLetterRules(pool, 'WELCOME', { channel: 'preferred', today: '2026-11-27' });
  if (rules === null) throw new Error('no type');
  for (const available of [['de', 'en'], ['de', 'en', 'fr'], ['de-at', 'de', 'zh', 'pt-br'], ['fr']]) {
    for (const library of ['de', 'en', 'it']) {
      const given = {
        ...rules,
        library_language: library,
        languages: available.map((language) => ({ language, version: 1, number: 1, subject: '', sms: false })),
      };
      const whole = {
        ...given,
        spoken: spokenLanguages(
          available,
          codes.map((c) => c.toLowerCase()),
          library,
        ),
      };
      const { rows } = await pool.query<{ code: string | null; language: string }>(sql`
        select u.preferred_language as code, ${languageSql(whole, recordOf('u'))} as language
        from unnest(${codes}::text[] || null::text) u (preferred_language)`);
      expect(rows.map((row) => row.language)).toEqual(rows.map((row) => chooseLanguage(available, row.code, library)));
    }
  }
});
