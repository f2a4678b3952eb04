/**
 * Undo as a compiled change: before and after come out of the journal of the run that is undone.
 *
 * Per field: a value that still is what the run left comes back as it was; one that was changed since
 * is left alone and makes the user a conflict; one that is already as it was before counts as nothing
 * to do. Child rows likewise: an added row goes, an edited one is restored, a removed one returns
 * with its id and its creation data.
 */
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { AppError } from '../core/index.ts';
import type { ChildTableName } from '../users/index.ts';
import { type Compiled, type CompileOptions, columnType, guardSql } from './compile.ts';
import { FED, PROTECTED } from './held.ts';
import type { Touches } from './prepare.ts';
import { afterDeletion, asJson, contentColumns, rowEntry, rowText } from './row-shape.ts';
import type { RowsPlan } from './rows.ts';

export interface UndoOptions {
  /** The run to undo. */
  readonly runId: number;
  readonly touches: Touches;
  /** Only these changes of its plan (counted from 0); null: all. */
  readonly changes: readonly number[] | null;
  /** Users the undo leaves alone, over alias `u`; the first that holds counts. */
  readonly guards: CompileOptions['guards'];
  /** All users or none, see `Compiled`. */
  readonly together?: boolean;
}

export function compileUndo(options: UndoOptions): Compiled {
  const resets = 'credential_state' in options.touches.scalars;
  const columns = columnsOf(options);
  const unique = [...new Set(columns)];
  const holds = unique.filter(isProtected);
  // What the statement asks of users beside the columns that it brings back.
  const asked = holds.length === 0 || unique.includes('account_type') ? unique : [...unique, 'account_type'];
  const tables = options.touches.tables.map((t) => undoTable(t as ChildTableName, options)); // touches are written from the registry
  const lists = resets
    ? {
        source: foldedPast(unique),
        before: (c: string) => sql`j.b_${raw(c)}`,
        after: (c: string) => sql`j.a_${raw(c)}`,
        has: (c: string) => sql`coalesce(j.h_${raw(c)}, false)`,
      }
    : {
        source: sql`past`,
        before: (c: string) => sql`(j.diff -> 'fields' -> ${c}::text -> 0)`,
        after: (c: string) => sql`(j.diff -> 'fields' -> ${c}::text -> 1)`,
        has: (c: string) => sql`coalesce(j.diff -> 'fields' ? ${c}::text, false)`,
      };

  const typed = (column: string, json: Sql): Sql => {
    const type = columnType(column);
    return type === 'text[]' ? sql`array(select jsonb_array_elements_text(${json}))` : sql`(${json} #>> '{}')::${raw(type)}`;
  };
  const step = (c: string) =>
    sql`cross join lateral (select ${lists.has(c)} as had, ${typed(c, lists.before(c))} as before, ${typed(c, lists.after(c))} as after offset 0) d_${raw(c)}`;
  const next = (c: string) =>
    c === 'held_fields'
      ? heldNext(unique, options.runId)
      : sql`case when d_${raw(c)}.had and o.${raw(c)} is not distinct from d_${raw(c)}.after then d_${raw(c)}.before else o.${raw(c)} end`;
  // What others have held since is nobody's conflict.
  const clash = (c: string) =>
    c === 'held_fields'
      ? sql`false`
      : sql`(d_${raw(c)}.had and o.${raw(c)} is distinct from d_${raw(c)}.after and o.${raw(c)} is distinct from d_${raw(c)}.before)`;

  const ctes = (members: Sql): Sql =>
    join(
      [
        sql`old as (select ${join([sql`u.id`, sql`u.ctid as tid`, sql`${guardSql(options.guards)} as g`, ...asked.map((c) => sql`u.${raw(c)}`)], ', ')} from (${members}) m join users u on u.id = m.user_id)`,
        sql`past as (select j.id, j.user_id, j.diff from old o join journal j on j.user_id = o.id and j.run_id = ${options.runId}::bigint where o.g = 0)`,
        sql`folded as (select ${join(
          [
            sql`o.id`,
            sql`o.tid`,
            sql`o.g`,
            sql`false as moved`,
            sql`0 as fail`,
            ...(holds.length === 0 ? [] : [FED]),
            ...unique.map((c) => sql`o.${raw(c)} as o_${raw(c)}, ${next(c)} as n_${raw(c)}`),
            sql`array_remove(array[${join([...unique.map((c) => sql`case when ${clash(c)} then ${c}::text end`), sql`null::text`], ', ')}], null) as clashes`,
          ],
          ', ',
        )} from old o left join (select * from ${lists.source}) j on j.user_id = o.id ${join([empty, ...unique.map(step)], ' ')})`,
        ...tables.flatMap((t) => t.ctes),
        stateCte(unique, tables),
      ],
      ', ',
    );

  return {
    ctes,
    columns: unique,
    tables,
    steps: 0,
    guards: options.guards.map((g) => g.reason),
    failures: [],
    warnings: [],
    skips: [],
    templates: [],
    conflicts: true,
    together: options.together === true,
    holds,
  };
}

/** The columns to bring back; refuses when a chosen change shares a column with one that is not chosen. */
function columnsOf(options: UndoOptions): string[] {
  const { changes, touches } = options;
  const entries = Object.entries(touches.scalars);
  const held = (names: string[]) => (names.some(isProtected) ? [...names, 'held_fields'] : names);
  // The sender journals the new credential's number as part of the run.
  const sender = (names: string[]) => (names.includes('credential_state') ? [...names, 'credential_id'] : names);
  if (changes === null) return held(sender(entries.map(([c]) => c)));
  const chosen = entries.filter(([, by]) => by.some((k) => changes.includes(k)));
  for (const [column, by] of chosen) {
    const others = by.filter((k) => !changes.includes(k));
    if (others.length > 0) {
      throw new AppError('changes.undo_together', { field: column, changes: by.map((k) => k + 1).join(', ') });
    }
  }
  return held(sender(chosen.map(([c]) => c)));
}

function isProtected(column: string): boolean {
  return PROTECTED.includes(column);
}

/**
 * Whether a field is held against the feed goes back with the field itself: what the run held is let go
 * where the value comes back (or held again, when it is an undo that is undone); all else stays. A field
 * that was given back without its value moving is held again as long as nobody has changed it since.
 */
function heldNext(columns: readonly string[], runId: number): Sql {
  const since = (c: string) => sql`exists (select from journal l where l.user_id = o.id and l.diff -> 'fields' ? ${c}::text
    and l.id > (select max(p.id) from past p where p.user_id = o.id) and l.run_id <> ${runId}::bigint)`;
  const only = (c: string) => sql`(${c}::text = any (d_held_fields.before)) <> (${c}::text = any (d_held_fields.after))`;
  const back = columns.filter(isProtected).map(
    (c) => sql`case when d_${raw(c)}.had then case when o.${raw(c)} is not distinct from d_${raw(c)}.after then ${c}::text end
      when ${only(c)} and not ${since(c)} then ${c}::text end`,
  );
  const moved = sql`array_remove(array[${join([...back, sql`null::text`], ', ')}], null)`;
  const sorted = (list: Sql) => sql`(select coalesce(array_agg(z.name order by z.name), '{}') from unnest(${list}) as z (name))`;
  const before = raw('d_held_fields.before');
  const after = raw('d_held_fields.after');
  // Mostly nothing was held or let go since and all of it comes back: then it is simply as before.
  const untouched = sql`o.held_fields = ${after} and ${after} <@ (${before} || ${moved}) and ${before} <@ (${after} || ${moved})`;
  return sql`case when not d_held_fields.had then o.held_fields when ${untouched} then ${before} else (
    select case when y.names = ${sorted(before)} then ${before} when y.names = ${sorted(raw('o.held_fields'))} then o.held_fields else y.names end
    from (select coalesce(array_agg(x.name order by x.name), '{}') as names from (
      select h.name from unnest(o.held_fields) as h (name) cross join (select ${moved} as back offset 0) m
      where not (h.name = any (m.back) and h.name = any (${after}) and h.name <> all (${before}))
      union
      select h.name from unnest(${before}) as h (name) where h.name = any (${moved}) and h.name <> all (${after})) x) y) end`;
}

/** Several journal rows of one user and run (the sender's come later) as one: the first before, the last after. */
function foldedPast(columns: readonly string[]): Sql {
  const parts = columns.map((c) => {
    const own = sql`filter (where j.diff -> 'fields' ? ${c}::text)`;
    return sql`(array_agg(j.diff -> 'fields' -> ${c}::text -> 0 order by j.id) ${own})[1] as b_${raw(c)},
      (array_agg(j.diff -> 'fields' -> ${c}::text -> 1 order by j.id desc) ${own})[1] as a_${raw(c)},
      bool_or(j.diff -> 'fields' ? ${c}::text) as h_${raw(c)}`;
  });
  return sql`(select ${join([sql`j.user_id`, ...parts], ', ')} from past j group by j.user_id) as f`;
}

function stateCte(columns: readonly string[], tables: readonly RowsPlan[]): Sql {
  const moves = [...columns.map((c) => sql`f.n_${raw(c)} is distinct from f.o_${raw(c)}`), ...tables.map((t) => t.moved)];
  const rowClashes = tables.map((t) => sql`coalesce(${raw(`${t.table}_undo_sum`)}.clashes, '{}'::text[])`);
  const all = join([sql`f.clashes`, ...rowClashes], ' || ');
  return sql`state as (
    select f.*, (${join(moves.length > 0 ? moves : [sql`false`], ' or ')}) as changed,
      case when cardinality(${all}) > 0 then jsonb_build_object('fields', to_jsonb(${all})) end as conflict
    from folded f ${join([empty, ...tables.flatMap((t) => t.joins)], ' ')})`;
}

function undoTable(table: ChildTableName, options: UndoOptions): RowsPlan {
  const columns = contentColumns(table).map((c) => c.name);
  // When a row was made is not content: nobody changes it.
  const content = columns.filter((c) => c !== 'created_at');
  const row = (alias: string) =>
    sql`row(${join(
      content.map((c) => raw(`${alias}.${c}`)),
      ', ',
    )})`;
  const list = (alias: string) =>
    join(
      columns.map((c) => raw(`(e.${alias}).${c}`)),
      ', ',
    );
  const cte = raw(`${table}_undo`);
  const sum = raw(`${table}_undo_sum`);
  // A row that an unchosen change touched as well cannot be brought back halfway: it stays, and is listed.
  const all =
    options.changes === null ? empty : sql`when not x.entry -> 'changes' <@ ${JSON.stringify(options.changes)}::jsonb then 'clash'`;
  const chosen =
    options.changes === null
      ? empty
      : sql` and exists (select from jsonb_array_elements(x.entry -> 'changes') k where k <@ ${JSON.stringify(options.changes)}::jsonb)`;
  // A row that went to another user (see merge-users.ts) and was changed there stays there, as a conflict.
  const strayed = sql`(x.entry ? 'moved' and exists (select from ${raw(table)} t
            cross join lateral jsonb_populate_record(null::${raw(table)}, x.entry -> 'moved') as m
            where t.id = (x.entry -> 'moved' ->> 'id')::bigint and ${row('t')} is distinct from ${row('m')}))`;
  const ctes = [
    sql`${cte} as (
      select x.*, case ${all}
          when x.op = 'add' then case when x.r is null then 'nothing' when ${row('(x.r)')} is not distinct from ${row('(x.a)')} then 'do' else 'clash' end
          when x.op = 'edit' then case when x.r is null then 'clash' when ${row('(x.r)')} is not distinct from ${row('(x.a)')} then 'do'
            when ${row('(x.r)')} is not distinct from ${row('(x.b)')} then 'nothing' else 'clash' end
          when x.strayed then 'clash'
          else case when x.r is null then 'do' when ${row('(x.r)')} is not distinct from ${row('(x.b)')} then 'nothing' else 'clash' end
        end as verdict
      from (
        select x.user_id, x.entry, x.entry ->> 'op' as op, (x.entry ->> 'id')::bigint as id,
          case when r.id is not null then r end as r,
          ${strayed} as strayed,
          jsonb_populate_record(null::${raw(table)}, x.entry -> 'before') as b,
          jsonb_populate_record(null::${raw(table)}, x.entry -> 'after') as a
        from (select j.user_id, e.entry from past j
          cross join (select r.row_templates from runs r where r.id = ${options.runId}::bigint offset 0) t
          cross join lateral (select journal_row(e.entry, t.row_templates) as entry from jsonb_array_elements(j.diff -> 'rows') as e (entry) offset 0) e
          where e.entry ->> 'table' = ${table}::text) x
        left join ${raw(table)} r on r.id = (x.entry ->> 'id')::bigint and r.user_id = x.user_id
        where true${chosen}
        offset 0) x)`,
    sql`${sum} as (
      select e.user_id, bool_or(e.verdict = 'do') as moved,
        array_agg(distinct ${table}::text) filter (where e.verdict = 'clash') as clashes
      from ${cte} e group by e.user_id)`,
  ];
  const entries = sql`select e.user_id, (e.entry ->> 'change')::integer as change, e.id, ${rowEntry({
    table,
    op: sql`case e.op when 'add' then 'remove' when 'remove' then 'add' else 'edit' end`,
    id: sql`e.id`,
    change: sql`e.entry ->> 'change'`,
    changes: sql`e.entry ->> 'changes'`,
    before: sql`case when e.op <> 'remove' then ${rowText(contentColumns(table), (c) => raw(`(e.r).${c.name}`))} end`,
    after: sql`e.entry ->> 'before'`,
  })} as entry
    from ${cte} e where e.verdict = 'do'`;
  return {
    table,
    oldColumns: [],
    foldedColumns: [],
    ctes,
    joins: [sql`left join ${sum} on ${sum}.user_id = f.id`],
    stepMoved: () => null,
    moved: sql`coalesce(${sum}.moved, false)`,
    writes: [
      sql`wd_${raw(table)} as (delete from ${raw(table)} t using ${cte} e where e.verdict = 'do' and e.op = 'add' and t.id = e.id returning t.id)`,
      sql`wu_${raw(table)} as (update ${raw(table)} t set ${join(
        columns.map((c) => sql`${raw(c)} = (e.b).${raw(c)}`),
        ', ',
      )}
        from ${cte} e where e.verdict = 'do' and e.op = 'edit' and t.id = e.id)`,
      sql`wi_${raw(table)} as (insert into ${raw(table)} (id, user_id, ${join(
        columns.map((c) => raw(c)),
        ', ',
      )})
        select e.id, e.user_id, ${list('b')} from ${cte} e where e.verdict = 'do' and e.op = 'remove'${afterDeletion(table)})`,
    ],
    constants: [],
    entries: () => [entries],
    after: null,
    previewEntries: [asJson(entries)],
  };
}
