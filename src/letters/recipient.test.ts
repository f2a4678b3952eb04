import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, type TestUser } from '../../test/support/letters.ts';
import { optedOutSql, recipientSql } from './index.ts';

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

describe('opting out', () => {
  test.each([
    ['EXPIRES_SOON', false, true],
    ['EXPIRES_SOON', true, false],
    ['EXPIRES_SOON', null, false],
    ['CREDENTIALS_CHANGED', false, false],
    ['ACCOUNT_TYPE_CHANGED', false, false],
  ])('of %s with the preference %s suppresses it: %s', async (code, value, expected) => {
    count += 1;
    const id = await bench.user({ primary_id: `o${count}` });
    if (value !== null)
      await database.db.pool.query('insert into user_letter_preferences (user_id, code, value) values ($1, $2, $3)', [id, code, value]);
    const { rows } = await database.db.pool.query<{ out: boolean }>(
      sql`select ${optedOutSql('u', code)} as out from users u where u.id = ${id}`,
    );
    expect(rows[0]?.out).toBe(expected);
  });

  test('an alias that is no plain name is refused', () => {
    expect(() => optedOutSql('u; drop table users', 'X')).toThrow(TypeError);
    expect(() => recipientSql('U.', { credentials: false })).toThrow(TypeError);
  });
});
