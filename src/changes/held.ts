/**
 * Protected fields of users whom a feed owns. What a plan sets there is held against the feed: its name
 * goes into `users.held_fields`, and what the feed says of it, the value that the field had before, into
 * `feed_values`. A step that writes `held_fields` itself gives fields back (kinds/give-back-to-feed.ts).
 */
import type { PoolClient } from 'pg';
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { PROTECTED_SCALARS } from '../users/index.ts';
import type { Compiled } from './compile.ts';
import type { UserColumn, ValueOf } from './kind.ts';

export const PROTECTED: readonly UserColumn[] = PROTECTED_SCALARS.map((f) => f.name);

/** A step that gives fields back: the lateral with its results, and the fields among them. */
export interface GivenBack {
  readonly alias: string;
  readonly fields: readonly UserColumn[];
}

/**
 * The lateral `held`: `held_fields` as the plan leaves it, with the protected fields that changed, for
 * users whom a feed owns. `value` gives what the steps have come to.
 */
export function holdFields(fields: readonly UserColumn[], value: ValueOf, givenBack: readonly GivenBack[]): Sql {
  // What was given back begins anew from there: set again afterwards, it is held again.
  const start = (c: UserColumn): Sql => {
    const by = givenBack.filter((step) => step.fields.includes(c));
    if (by.length === 0) return raw(`o.${c}`);
    const cases = by.map(({ alias }) => sql`when ${c}::text <> all (${raw(alias)}.held_fields) then ${raw(`${alias}.${c}`)}`);
    return sql`case when ${c}::text <> all (o.held_fields) then ${raw(`o.${c}`)} ${join(cases, ' ')} else ${raw(`o.${c}`)} end`;
  };
  const moved = (c: UserColumn): Sql => sql`${value(c)} is distinct from ${start(c)}`;
  const before = value('held_fields');
  const added = fields.map((c) => sql`case when ${moved(c)} then ${c}::text end`);
  // What is held already stays where it stands, so that holding it again is no change.
  const kept = sql`(${before} || array(select x.name from unnest(array[${join(added, ', ')}]) as x (name)
    where x.name is not null and x.name <> all (${before}) order by x.name))`;
  return sql`cross join lateral (select case
    when ${value('account_type')} = 'EXTERNAL' and (${join(fields.map(moved), ' or ')})
    then ${kept} else ${before} end as held_fields offset 0) held`;
}

/** The column of `state` that says whether a feed owned the user before, over alias `o`. */
export const FED = sql`o.account_type = 'EXTERNAL' as fed`;

/**
 * Writes down what the feed says of the fields that come to be held: common table expressions over
 * `state`, each with a comma behind; nothing for plans that hold nothing. Of a user who only now gets a
 * feed nobody knows what it says.
 */
export function feedWrites({ holds, columns }: Pick<Compiled, 'holds' | 'columns'>): Sql {
  if (holds.length === 0) return empty;
  const values = holds.map((c) => sql`(${c}::text, ${raw(`s.o_${c}`)}, ${raw(`s.n_${c}`)})`);
  const newly = (name: Sql) =>
    sql`s.changed and s.n_held_fields is distinct from s.o_held_fields and ${name} = any (s.n_held_fields) and ${name} <> all (s.o_held_fields)`;
  const forgotten = sql`unfed as (delete from feed_values v using state s where v.user_id = s.id and not s.fed and ${newly(sql`v.field`)}),`;
  // A field that is held again without having moved (an undo) keeps what is known of it.
  return sql`fed as (
      insert into feed_values (user_id, field, value, held_since)
      select s.id, x.field, x.said, now() from state s cross join lateral (values ${join(values, ', ')}) x (field, said, now)
      where s.fed and ${newly(sql`x.field`)} and x.now is distinct from x.said
      on conflict (user_id, field) do update set value = excluded.value, at = now(), held_since = now()),
    ${columns.includes('account_type') ? forgotten : empty}`;
}

/** The same for one user whose columns have been replaced: `next` has before and after of each, `held_fields` among them. */
export async function holdReplaced(
  tx: PoolClient,
  userId: number,
  next: Readonly<Record<string, readonly [unknown, unknown]>>,
): Promise<void> {
  const [before, after] = (next['held_fields'] ?? [[], []]) as readonly [readonly string[], readonly string[]]; // as replace.ts makes it
  const newly = after.filter((name) => !before.includes(name));
  await tx.query(sql`
    insert into feed_values (user_id, field, value, held_since)
    select ${userId}::bigint, x.field, x.said, now()
    from unnest(${newly}::text[], ${newly.map((name) => next[name]?.[0] ?? null)}::text[]) as x (field, said)
    on conflict (user_id, field) do update set value = excluded.value, at = now(), held_since = now()`);
}
