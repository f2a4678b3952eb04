/**
 * Gives fields that are held against the feed back to it: they take the value that the feed last sent,
 * and follow it from then on. Where that value is not known, the field stays as it is until the feed
 * sends one.
 */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { PROTECTED_SCALARS } from '../../users/index.ts';
import { PROTECTED } from '../held.ts';
import { type ChangeEffects, changeKind, type ScalarEffect, type ValueOf } from '../kind.ts';

const input = z.strictObject({
  fields: z
    .array(z.enum(PROTECTED as [string, ...string[]])) // the record has some
    .min(1, 'name at least one field, or leave the fields out: all that are held')
    .optional()
    .describe('Which fields; all that are held when left out'),
});

type Input = z.output<typeof input>;

/** What the feed says of the field, over the user `id`; `otherwise` where nobody knows. */
function said(field: string, id: Sql, otherwise: Sql): Sql {
  return sql`(coalesce((select array[w.value] from feed_values w where w.user_id = ${id} and w.field = ${field}::text), array[${otherwise}]))[1]`;
}

export const giveBackToFeed = changeKind<Input>({
  kind: 'give_back_to_feed',
  label: { en: 'Give fields back to the feed', de: 'Felder an den Abgleich zurückgeben' },
  help: {
    en: 'Fields of external users that the library holds against the feed take the feed’s value and follow it again.',
    de: 'Felder externer Benutzer, die die Bibliothek gegen den Abgleich festhält, nehmen dessen Wert an und folgen ihm wieder.',
  },
  privilege: 'jobs:run',
  input,
  examples: [{ change: 'give_back_to_feed', fields: ['user_group', 'campus_code'] }, { change: 'give_back_to_feed' }],
  describe: ({ fields }, language) => {
    const de = language === 'de';
    if (fields === undefined)
      return de ? 'Alle festgehaltenen Felder an den Abgleich zurückgeben' : 'Give all held fields back to the feed';
    const names = PROTECTED_SCALARS.filter((f) => fields.includes(f.name)).map((f) => f.label[language]);
    return de ? `An den Abgleich zurückgeben: ${names.join(', ')}` : `Give back to the feed: ${names.join(', ')}`;
  },
  compile: ({ fields }): ChangeEffects => {
    const chosen = PROTECTED.filter((field) => fields?.includes(field) ?? true);
    const holds = (held: Sql) => sql`${held} && ${chosen}::text[]`;
    const holdsOne = (value: ValueOf, field: string) => sql`${field}::text = any (${value('held_fields')})`;
    const values = chosen.map(
      (field): ScalarEffect => ({
        effect: 'set',
        column: field,
        next: (value) => sql`case when ${holdsOne(value, field)} then ${said(field, value('id'), value(field))} else ${value(field)} end`,
      }),
    );
    const others: ScalarEffect = {
      effect: 'set',
      column: 'held_fields',
      next: (value) => sql`case when ${holds(value('held_fields'))}
        then array(select h.name from unnest(${value('held_fields')}) with ordinality as h (name, place)
          where h.name <> all (${chosen}::text[]) order by h.place)
        else ${value('held_fields')} end`,
    };
    // Not an existence test, which could be turned into a hash of the whole table for each chunk.
    const unknown = (value: ValueOf, field: string) => sql`(${holdsOne(value, field)}
      and (select w.field from feed_values w where w.user_id = ${value('id')} and w.field = ${field}::text) is null)`;
    return {
      effects: [...values, others],
      skip: [
        { reason: 'changes.not_external', when: (value) => sql`${value('account_type')} <> 'EXTERNAL'` },
        { reason: 'changes.not_held', when: (value) => sql`not (${holds(value('held_fields'))})` },
      ],
      warn: [
        {
          reason: 'changes.feed_value_unknown',
          when: (value) => chosen.map((field) => unknown(value, field)).reduce((all, one) => sql`${all} or ${one}`),
        },
      ],
      isEmpty: sql`not (${holds(sql`u.held_fields`)})`,
    };
  },
});
