import { expect, it } from 'vitest';
import { describedTable } from './child-rows.ts';
import { contentWords, dayWords, withinSentence } from './sentence.ts';

const names: Readonly<Record<string, string>> = { 'UserBlockDescription 02-GLOBAL': 'Left the university' };
const name = (table: string, code: string): string => names[`${table} ${code}`] ?? code;

it('writes days as the language does, also those that move with today', () => {
  expect(dayWords('2027-09-30', 'en')).toBe('30 Sep 2027');
  expect(dayWords('2027-09-30', 'de')).toBe('30.09.2027');
  expect(dayWords('today + 6 months', 'de')).toBe('heute + 6 Monate');
  expect(dayWords('TODAY - 1 day', 'de')).toBe('heute − 1 Tag');
  expect(dayWords('today', 'en')).toBe('today');
});

it('says what rows are meant by labels and names, a code without a name as it is', () => {
  const block = describedTable('block');
  const content = { description: '02-GLOBAL', type: 'HOUSE', note_contains: 'key', expiry_date_before: '2027-01-05', note_empty: false };
  expect(contentWords(block, content, 'en', name)).toBe(
    'description Left the university, type HOUSE, note contains “key”, expiry date before 5 Jan 2027, note is not empty',
  );
  expect(contentWords(block, { any: true, segment: 'External' }, 'de', name)).toBe('beliebig, extern');
  expect(contentWords(block, { note: { column: 'why' }, expiry_date: null }, 'de', name)).toBe(
    'Notiz aus der Spalte „why“, Ablaufdatum leer',
  );
  expect(contentWords(describedTable('identifier'), { pattern: 'LIB-{primary_id}' }, 'en', name)).toBe('pattern “LIB-{primary_id}”');
});

it('begins a label small within an English sentence, abbreviations and German nouns aside', () => {
  expect(['Expiry date', 'E-mail', 'SMS'].map((label) => withinSentence(label, 'en'))).toEqual(['expiry date', 'e-mail', 'SMS']);
  expect(withinSentence('Ablaufdatum', 'de')).toBe('Ablaufdatum');
});
