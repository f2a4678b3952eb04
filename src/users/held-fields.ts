/** Fields of an external user that the library holds against the feed: its own value, the feed's, and since when. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type Actor, instant, type Language, type Queryable } from '../core/index.ts';
import { codeLabels } from './codes.ts';
import { closedTo, GROUP_FIELDS } from './field-groups.ts';
import type { WholeUser } from './read-whole.ts';
import { PROTECTED_SCALARS, type ScalarName } from './record.ts';

export const heldFieldSchema = z.object({
  field: z.string(),
  label: z.string().describe('Of the field'),
  value: z.string().nullable().describe('The library’s'),
  value_label: z.string().optional().describe('What a code means'),
  since: instant.nullable().describe('From when it is held; null when that is not known'),
  feed: z
    .object({ value: z.string().nullable(), label: z.string().optional(), since: instant })
    .nullable()
    .describe('What the feed says, and from when on; null when that is not known'),
});
export type HeldField = z.output<typeof heldFieldSchema>;

interface FeedValue {
  readonly field: string;
  readonly value: string | null;
  readonly at: string;
  readonly held_since: string | null;
}

/** In the order of the record; none for users whom no feed owns, whatever was held once. Costs nothing where nothing is held. */
export async function heldFields(db: Queryable, whole: WholeUser, actor: Actor, language: Language): Promise<HeldField[]> {
  if (whole.fields.account_type !== 'EXTERNAL' || whole.inner.heldFields.length === 0) return [];
  const closed = closedTo(actor).flatMap((group): readonly string[] => GROUP_FIELDS[group].scalars);
  const fields = PROTECTED_SCALARS.filter(({ name }) => whole.inner.heldFields.includes(name) && !closed.includes(name));
  const { rows } = await db.query<FeedValue>(sql`
    select f.field, f.value, f.at, f.held_since from feed_values f where f.user_id = ${whole.id}::bigint`);
  const words = await codeLabels(
    db,
    fields.flatMap(({ codeTable }) => codeTable ?? []),
    language,
  );
  return fields.map(({ name, label, codeTable }) => {
    const meaning = (code: string | null): string | undefined =>
      code === null || codeTable === undefined ? undefined : (words.label(codeTable, code) ?? undefined);
    const feed = rows.find((row) => row.field === name);
    const own = whole.fields[name as ScalarName]; // fields of the record
    const value = typeof own === 'string' ? own : null;
    const [ours, theirs] = [meaning(value), meaning(feed?.value ?? null)];
    return {
      field: name,
      label: label[language],
      value,
      ...(ours === undefined ? {} : { value_label: ours }),
      since: feed?.held_since ?? null,
      feed: feed === undefined ? null : { value: feed.value, ...(theirs === undefined ? {} : { label: theirs }), since: feed.at },
    };
  });
}
