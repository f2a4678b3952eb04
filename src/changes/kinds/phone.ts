/** Telephone numbers: SMS off, edit, remove. */
import sql, { raw } from 'sql-template-tag';
import { z } from 'zod';
import { type Content, codesOf, describedTable, editInput, matchInput, matchSql, noRows, setSql } from '../child-rows.ts';
import { type ChangeEffects, changeKind, type Effect } from '../kind.ts';
import { contentWords } from '../sentence.ts';

const table = describedTable('phone');

const input = z
  .strictObject({
    /** No number is preferred for SMS any more (Alma's DisableSMS). */
    sms: z.literal('off').optional(),
    remove: matchInput(table).optional(),
    edit: z.strictObject({ match: matchInput(table), set: editInput(table) }).optional(),
  })
  .refine((v) => Object.values(v).filter((x) => x !== undefined).length === 1, { message: 'needs exactly one of sms, remove, edit' });

type Input = z.output<typeof input>;

export const phone = changeKind<Input>({
  kind: 'phone',
  label: table.label,
  help: {
    en: 'Switches SMS off, edits or removes telephone numbers that match.',
    de: 'Schaltet SMS ab, ändert oder entfernt passende Telefonnummern.',
  },
  privilege: 'jobs:run',
  input,
  examples: [
    { change: 'phone', sms: 'off' },
    { change: 'phone', remove: { types: 'office' } },
  ],
  codes: (value) => codesOf(table, { ...value.edit?.set }),
  describe: (value, language, name) => {
    const de = language === 'de';
    const say = (content: Content): string => contentWords(table, content, language, name);
    if (value.sms) return de ? 'SMS abschalten' : 'Switch SMS off';
    if (value.remove) return de ? `Telefon entfernen, wo ${say(value.remove)}` : `Remove phone where ${say(value.remove)}`;
    const match = say(value.edit?.match ?? {});
    const set = say(value.edit?.set ?? {});
    return de ? `Telefon ändern, wo ${match}: ${set}` : `Edit phone where ${match}: ${set}`;
  },
  compile: (value, scope): ChangeEffects => ({ effects: [effectOf(value, scope.today)], isEmpty: noRows(table, null, {}) }),
});

function effectOf(value: Input, today: string): Effect {
  if (value.sms !== undefined) {
    return {
      effect: 'edit',
      table: table.table,
      match: (row) => sql`${raw(`${row}.preferred_sms`)}`,
      set: () => ({ preferred_sms: sql`false` }),
    };
  }
  const { remove } = value;
  if (remove !== undefined) return { effect: 'remove', table: table.table, match: (row) => matchSql(table, remove, today, row) };
  const match = value.edit?.match ?? {};
  const set = value.edit?.set ?? {};
  return {
    effect: 'edit',
    table: table.table,
    match: (row) => matchSql(table, match, today, row),
    set: (_row, v) => setSql(table, set, today, v),
  };
}
