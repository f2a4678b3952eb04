/** Opts users in to a letter or out of it, or forgets what they chose. */
import sql, { raw } from 'sql-template-tag';
import { z } from 'zod';
import { describedTable, noRows } from '../child-rows.ts';
import { storable } from '../input.ts';
import { type ChangeEffects, changeKind } from '../kind.ts';

const table = describedTable('letter_preference');
const input = z
  .strictObject({
    opt_in: storable(255).optional(),
    opt_out: storable(255).optional(),
    clear: storable(255).optional(),
  })
  .refine((v) => Object.values(v).filter((x) => x !== undefined).length === 1, { message: 'needs exactly one of opt_in, opt_out, clear' });

type Input = z.output<typeof input>;

export const letterPreference = changeKind<Input>({
  kind: 'letter_preference',
  label: table.label,
  help: {
    en: 'Opts users in to a letter, out of it, or forgets their choice.',
    de: 'Meldet Benutzer für einen Brief an, davon ab, oder vergisst ihre Wahl.',
  },
  privilege: 'jobs:run',
  input,
  examples: [
    { change: 'letter_preference', opt_out: 'GENERAL_NOTICE' },
    { change: 'letter_preference', clear: 'GENERAL_NOTICE' },
  ],
  codes: (value) => [value.opt_in, value.opt_out].flatMap((code) => (code === undefined ? [] : [['LibraryNotices', code] as const])),
  describe: (value, language, name) => {
    const de = language === 'de';
    const letter = name('LibraryNotices', value.opt_in ?? value.opt_out ?? value.clear ?? '');
    if (value.opt_in) return de ? `Für „${letter}“ anmelden` : `Opt in to “${letter}”`;
    if (value.opt_out) return de ? `Von „${letter}“ abmelden` : `Opt out of “${letter}”`;
    return de ? `Wahl zu „${letter}“ vergessen` : `Forget the choice on “${letter}”`;
  },
  compile: (value): ChangeEffects => {
    const code = value.opt_in ?? value.opt_out ?? value.clear ?? '';
    const match = (row: string) => sql`${raw(`${row}.code`)} = ${code}::text`;
    const isEmpty = noRows(table, 'code', { code });
    if (value.clear !== undefined) return { effects: [{ effect: 'remove', table: table.table, match }], isEmpty };
    const wanted = sql`${value.opt_in !== undefined}::boolean`;
    return {
      effects: [
        { effect: 'edit', table: table.table, match, set: () => ({ value: wanted }) },
        { effect: 'add', table: table.table, row: () => ({ code: sql`${code}::text`, value: wanted }), identity: ['code'] },
      ],
      isEmpty,
    };
  },
});
