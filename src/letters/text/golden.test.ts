/**
 * The letters that Muster brings, filled in, next to how they were when somebody last looked at them
 * (golden/*.html, *.txt). After a change that is meant: `UPDATE_GOLDEN=1 npm test -- src/letters/text/golden.test.ts`,
 * and look at the difference.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { letterData, MASKED_PASSWORD, sampleData, type Secret } from '../letter-data.ts';
import { readSurroundings } from '../surroundings.ts';
import { checkLetter, compileLetter, type LetterSource } from './index.ts';

const GOLDEN = path.join(import.meta.dirname, 'golden');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const database = useTestDatabase();
let letters: { readonly type: string; readonly credentials: boolean; readonly source: LetterSource }[] = [];

beforeAll(async () => {
  const around = await readSurroundings(database.db.pool);
  const { rows } = await database.db.pool.query<{
    type: string;
    language: string;
    subject: string;
    body: string;
    sms: string | null;
    credentials: boolean;
  }>(sql`
    select v.code as type, v.language, v.subject, v.body, v.sms, t.credentials
    from letter_heads h join letter_versions v on v.id = h.published join notification_types t on t.code = v.code
    where h.kind = 'letter' order by v.code, v.language`);
  letters = rows.map(({ type, credentials, ...text }) => ({ type, credentials, source: around.sourceOf(text) }));
  await mkdir(GOLDEN, { recursive: true });
});

const TYPES = ['ACCOUNT_TYPE_CHANGED', 'CREDENTIALS_CHANGED', 'EXPIRED', 'EXPIRES_SOON', 'GENERAL_NOTICE', 'PASSWORD_FORGOTTEN', 'WELCOME'];

describe.each(TYPES)('%s', (type) => {
  test.each(['en', 'de'])('in %s looks as it did', async (language) => {
    const letter = letterOf(type, language);
    const full = sampleData(language, letter.credentials);
    await sameAs(letter.source, `${type.toLowerCase()}.${language}`, full);
    if (letter.credentials) {
      await sameAs(letter.source, `${type.toLowerCase()}-link.${language}`, {
        ...full,
        password: null,
        link: 'https://library.example.org/link/x',
      });
    }
  });

  test.each(['en', 'de'])('in %s has nothing to complain about', (language) => {
    const letter = letterOf(type, language);
    expect(checkLetter(letter.source, { credentials: letter.credentials })).toEqual([]);
  });

  test.each(['en', 'de'])('in %s can be read by a user who has nothing but a number', (language) => {
    const letter = letterOf(type, language);
    const secret: Secret | undefined = letter.credentials ? { password: MASKED_PASSWORD } : undefined;
    const library = { libraryName: null, libraryEmail: null, libraryWeb: null, libraryPhone: null, libraryAddress: null };
    const nobody = {
      primary_id: '4711',
      first_name: null,
      last_name: null,
      pref_first_name: null,
      pref_last_name: null,
      expiry_date: null,
      account_type: 'INTERNAL',
      group_en: null,
      group_de: null,
      type_en: null,
      type_de: null,
    };
    const made = compileLetter(letter.source).render(letterData(nobody, { name: 'Run', today: '2026-10-01' }, library, language, secret));
    expect(made.text).toContain('4711');
    expect(made.text).not.toMatch(/null|undefined|\n\n\n|[ \t]\n(?<!-- \n)/);
    expect(made.html).not.toMatch(/null|undefined|<p[^>]*>\s*<\/p>/);
  });
});

test('every type with a letter is among those above', () => {
  expect([...new Set(letters.map((letter) => letter.type))].sort()).toEqual(TYPES);
});

function letterOf(type: string, language: string) {
  const found = letters.find((letter) => letter.type === type && letter.source.language === language);
  if (found === undefined) throw new Error(`no letter ${type} ${language}`);
  return found;
}

async function sameAs(source: LetterSource, name: string, data: Parameters<ReturnType<typeof compileLetter>['render']>[0]): Promise<void> {
  const made = compileLetter(source).render(data);
  const text = `Subject: ${made.subject}\n\n${made.text}${made.sms === null ? '' : `\nSMS: ${made.sms}\n`}`;
  for (const [file, content] of [
    [`${name}.html`, made.html],
    [`${name}.txt`, text],
  ] as const) {
    const golden = path.join(GOLDEN, file);
    if (UPDATE) await writeFile(golden, content);
    expect(content, `${file} differs`).toBe(await readFile(golden, 'utf8'));
  }
}
