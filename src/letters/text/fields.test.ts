/** The guide lists the catalogue. After a change of it: `UPDATE_GOLDEN=1 npm test -- src/letters/text/fields.test.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fieldAt } from './fields.ts';
import { type LetterFieldView, letterFields } from './index.ts';

const MARK = '<!-- fields -->\n';
const GUIDE = path.join(import.meta.dirname, '../../../docs/guide');
const HEADS = {
  en: ['field', 'what it is', 'example', 'may be empty', 'only in letters with credentials', 'only in letters of runs', 'in an entry'],
  de: [
    'Feld',
    'Bedeutung',
    'Beispiel',
    'kann leer sein',
    'nur in Briefen mit Zugangsdaten',
    'nur in Briefen von Läufen',
    'in einem Eintrag',
  ],
} as const;

describe.each([
  ['en', 'letter-fields.md'],
  ['de', 'de/letter-fields.md'],
] as const)('the guide in %s', (language, file) => {
  test('lists every field as it is', async () => {
    const guide = path.join(GUIDE, file);
    const text = await readFile(guide, 'utf8');
    const head = text.slice(0, text.indexOf(MARK) + MARK.length);
    const whole = `${head}\n${tableOf(language)}`;
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(guide, whole);
    expect(await readFile(guide, 'utf8')).toBe(whole);
  });
});

test('what every list and text has of its own', () => {
  expect(fieldAt(['changes', 'size'])?.type).toBe('number');
  expect(fieldAt(['user', 'name', 'size'])?.type).toBe('number');
  expect(fieldAt(['user', 'constructor'])).toBeUndefined();
  expect(fieldAt(['user', 'expiry_date', 'iso'])).toBeUndefined();
});

function tableOf(language: 'en' | 'de'): string {
  const [field, what, example] = HEADS[language];
  // The fields that only name a changed field again would triple the list: one line tells them.
  const shown = letterFields(language).filter((one) => !/^change\..*\.(?:new|label)$/.test(one.path));
  return [`| ${field} | ${what} | ${example} |`, '| --- | --- | --- |', ...shown.flatMap((one) => linesOf(one, language)), ''].join('\n');
}

function linesOf(one: LetterFieldView, language: 'en' | 'de'): string[] {
  const [, , , empty, credentials, runs, entry] = HEADS[language];
  const hints = [one.optional ? empty : '', one.where === 'credentials' ? credentials : one.where === 'changes' ? runs : ''].filter(
    (hint) => hint !== '',
  );
  const path = one.path.replace(/^(change\..*)\.old$/, '$1.old`, `.new`, `.label');
  const line = `| \`${path}\` | **${one.label}.** ${one.description}${hints.length === 0 ? '' : ` *(${hints.join('; ')})*`} | ${one.example} |`;
  return [
    line,
    ...one.items.map(
      (item) => `| ${entry}: \`${item.path.replace('item', '…')}\` | **${item.label}.** ${item.description} | ${item.example} |`,
    ),
  ];
}
