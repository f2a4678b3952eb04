/** E-mail addresses: find and replace (a changed domain), make another type the preferred one, edit, remove. */
import sql, { raw } from 'sql-template-tag';
import { z } from 'zod';
import { type Content, codesOf, describedTable, editInput, matchInput, matchSql, noRows, setSql } from '../child-rows.ts';
import { containsPattern, storable } from '../input.ts';
import { type ChangeEffects, changeKind } from '../kind.ts';
import { contentWords } from '../sentence.ts';

const table = describedTable('email');

const input = z
  .strictObject({
    /** Replaces text in addresses, upper and lower case alike; `@old.example.org` finds the domain only. */
    replace: z.strictObject({ find: storable(255), with: storable(255) }).optional(),
    /** Makes the matching address the preferred one and the others not. */
    prefer: matchInput(table).optional(),
    remove: matchInput(table).optional(),
    edit: z.strictObject({ match: matchInput(table), set: editInput(table) }).optional(),
  })
  .refine((v) => Object.values(v).filter((x) => x !== undefined).length === 1, {
    message: 'needs exactly one of replace, prefer, remove, edit',
  });

type Input = z.output<typeof input>;

/** A find text as a regular expression that matches it literally, at the end when it names a domain. */
function literal(find: string): string {
  const escaped = find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return find.startsWith('@') ? `${escaped}$` : escaped;
}

export const email = changeKind<Input>({
  kind: 'email',
  label: table.label,
  help: {
    en: 'Finds and replaces in e-mail addresses, makes another address the preferred one, edits or removes those that match.',
    de: 'Sucht und ersetzt in E-Mail-Adressen, macht eine andere zur bevorzugten, ändert oder entfernt passende.',
  },
  privilege: 'jobs:run',
  input,
  examples: [
    { change: 'email', replace: { find: '@students.example.org', with: '@alumni.example.org' } },
    { change: 'email', prefer: { types: 'personal' } },
    { change: 'email', remove: { types: 'school' } },
  ],
  codes: (value) => codesOf(table, { ...value.edit?.set }),
  describe: (value, language, name) => {
    const de = language === 'de';
    const say = (content: Content): string => contentWords(table, content, language, name);
    if (value.replace)
      return de
        ? `In E-Mail-Adressen „${value.replace.find}“ durch „${value.replace.with}“ ersetzen`
        : `In e-mail addresses replace “${value.replace.find}” by “${value.replace.with}”`;
    if (value.prefer) return de ? `E-Mail bevorzugen, wo ${say(value.prefer)}` : `Prefer the e-mail where ${say(value.prefer)}`;
    if (value.remove) return de ? `E-Mail entfernen, wo ${say(value.remove)}` : `Remove e-mail where ${say(value.remove)}`;
    const match = say(value.edit?.match ?? {});
    const set = say(value.edit?.set ?? {});
    return de ? `E-Mail ändern, wo ${match}: ${set}` : `Edit e-mail where ${match}: ${set}`;
  },
  compile: (value, scope): ChangeEffects => {
    const isEmpty = noRows(table, null, {});
    if (value.replace !== undefined) {
      const { find, with: replacement } = value.replace;
      const next = (row: string) =>
        sql`regexp_replace(${raw(`${row}.address`)}, ${literal(find)}::text, ${replacement.replace(/\\/g, '\\\\')}::text, 'gi')`;
      return {
        effects: [
          {
            effect: 'edit',
            table: table.table,
            match: (row) => sql`fold(${raw(`${row}.address`)}) like ${containsPattern(find)}`,
            set: (row) => ({ address: next(row) }),
          },
        ],
        isEmpty,
      };
    }
    if (value.prefer !== undefined) {
      const { prefer } = value;
      // Preferred is the lowest matching row; users without a match keep what they have.
      const found = (row: string, rows: string) =>
        sql`from ${raw(rows)} e where e.user_id = ${raw(`${row}.user_id`)} and e.gone is null and ${matchSql(table, prefer, scope.today, 'e')}`;
      return {
        effects: [
          {
            effect: 'edit',
            table: table.table,
            // Where nothing was said of being preferred, not being it is no news.
            match: (row, _v, rows) => sql`exists (select ${found(row, rows)})
            and (${raw(`${row}.preferred`)} or ${raw(`${row}.id`)} = (select min(e.id) ${found(row, rows)}))`,
            set: (row, _v, rows) => ({ preferred: sql`${raw(`${row}.id`)} = (select min(e.id) ${found(row, rows)})` }),
          },
        ],
        isEmpty,
      };
    }
    if (value.remove !== undefined) {
      const { remove } = value;
      return { effects: [{ effect: 'remove', table: table.table, match: (row) => matchSql(table, remove, scope.today, row) }], isEmpty };
    }
    const match = value.edit?.match ?? {};
    const set = value.edit?.set ?? {};
    return {
      effects: [
        {
          effect: 'edit',
          table: table.table,
          match: (row) => matchSql(table, match, scope.today, row),
          set: (_row, v) => setSql(table, set, scope.today, v),
        },
      ],
      isEmpty,
    };
  },
});
