import { describe, expect, test } from 'vitest';
import { type LetterUser, letterData, sampleData } from './letter-data.ts';
import { letterFields } from './text/index.ts';

const LIBRARY = { libraryName: null, libraryEmail: null, libraryWeb: null, libraryPhone: null, libraryAddress: null };
const RUN = { name: 'Run', today: '2026-11-24' };

function user(values: Partial<LetterUser>): LetterUser {
  return {
    primary_id: 'p1',
    first_name: 'Maria',
    last_name: 'Beispiel',
    pref_first_name: null,
    pref_last_name: null,
    expiry_date: '2027-09-30',
    account_type: 'INTERNAL',
    group_en: 'Students',
    group_de: 'Studierende',
    type_en: 'Internal',
    type_de: 'Intern',
    ...values,
  };
}
const dataOf = (values: Partial<LetterUser>, language = 'en') => letterData(user(values), RUN, LIBRARY, language).user;

describe('what a letter shows', () => {
  test('preferred names come first, each on its own; without a name the primary id stands in', () => {
    expect(dataOf({ pref_first_name: 'Mia' }).name).toBe('Mia Beispiel');
    expect(dataOf({ pref_last_name: 'Muster' }).name).toBe('Maria Muster');
    expect(dataOf({ first_name: null, last_name: 'Nur' }).name).toBe('Nur');
    expect(dataOf({ first_name: null, last_name: null }).name).toBe('p1');
    expect(dataOf({ first_name: '  ', last_name: '\t' }).name).toBe('p1');
  });

  test.each([
    ['en', '30 September 2027'],
    ['de', '30. September 2027'],
    ['en-us', 'September 30, 2027'],
    ['fr', '30 septembre 2027'],
  ])('dates are written out in %s, the same day in every time zone', (language, expected) => {
    expect(String(dataOf({}, language).expiry_date)).toBe(expected);
  });

  test('labels are in the language of the letter, other languages than German read English ones', () => {
    expect(dataOf({}, 'de-at').group).toBe('Studierende');
    expect(dataOf({}, 'fr').group).toBe('Students');
  });

  test.each(['\r\nBcc: all@example.org', '\nX: y', '\u2028Bcc: x', '\u0085Bcc: x', '\0', '\u202egpj.exe', '\u0002p\u0004', '\u2066x'])(
    'a name with %j is one line without marks',
    (name) => {
      expect(dataOf({ last_name: `Nasty${name}` }).name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    },
  );
});

test('the catalogue of fields names everything that the data has, and nothing else', () => {
  const listed = letterFields('en').flatMap((field) => [field.path, ...field.items.map((item) => item.path.replace('item', field.path))]);
  expect(pathsOf(sampleData('en', true)).sort()).toEqual([...new Set(listed)].sort());
});

/** Paths down to plain values; a list by its first entry. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [path, ...(typeof value[0] === 'object' ? pathsOf(value[0], path) : [])];
  if (typeof value !== 'object' || value === null || 'iso' in value) return [path];
  const paths = Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, path === '' ? name : `${path}.${name}`));
  // `change.x` also says which field it is, for `changes`.
  return path.startsWith('change.') ? paths.filter((one) => !one.endsWith('.field')) : paths;
}
