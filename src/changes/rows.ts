/**
 * Child rows of a plan: how a table's rows fold through the changes, in plan order.
 *
 * A table that is only added to takes the short way: one existence test per change, then one INSERT.
 * Any other goes through a chain of row states, one per effect: every row carries `id` (of the row,
 * or a fresh one), `orig` (the row as it was, null when fresh), `gone` (the change that removed it)
 * and `by` (the changes that edited or added it). The last state is compared with the first.
 */
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { type ChildTableName, childTable } from '../users/index.ts';
import { afterDeletion, asJson, contentColumns, rowEntry, rowJson, rowText } from './row-shape.ts';
import type { AddRow, Effect, ValueOf } from './kind.ts';

/** An effect on a child table, bound to the change it belongs to. */
export interface BoundEffect {
  readonly change: number;
  readonly effect: Exclude<Effect, { effect: 'set' }>;
  /** Folded values as this change found them, as columns of `folded f`. */
  readonly value: ValueOf;
  /** The same over `u`, where the effect reads no column that the plan writes; else null. */
  readonly valueOfOld: ValueOf | null;
}

export interface RowsPlan {
  readonly table: ChildTableName;
  /** Columns that `old` must compute, over alias `u`. */
  readonly oldColumns: readonly Sql[];
  /** Columns that `folded` must compute, over `o` and the gates `q_k`. */
  readonly foldedColumns: readonly Sql[];
  /** Common table expressions between `folded` and `state`. */
  readonly ctes: readonly Sql[];
  /** Joins of `state` from `folded f`. */
  readonly joins: readonly Sql[];
  /** Did change k do something to this table? Over `f` and the joins; null: it never does. */
  readonly stepMoved: (change: number) => Sql | null;
  /** Does the table end up different? Over `f` and the joins. */
  readonly moved: Sql;
  /** Data-modifying expressions over `state s`. */
  readonly writes: readonly Sql[];
  /** Queries giving (user_id, entry): the journal's row entries in full, of users that changed. */
  readonly entries: () => readonly Sql[];
  /** The same without the writes, for the preview. */
  readonly previewEntries: readonly Sql[];
  /**
   * Additions that are the same for everybody: their entry is kept once with the run (its
   * `row_templates`), and the journal only says { "t": number of the template, "id": of the row }.
   * `written`: the expression that wrote them, with (id, user_id).
   */
  readonly constants: readonly { readonly template: Sql; readonly written: Sql }[];
  /** A query giving (user_id, rows): for users with rows, all of them as the changes leave them, as an array of the table's type. Null: no letter goes with these changes. */
  readonly after: Sql | null;
}

const n = (k: number): Sql => raw(String(k));

const LATEST_ID = 2n ** 62n;

/** Inside `folded`: change k applies to the user. */
const gateOf = (k: number): Sql => raw(`g${k}.q_${k} = 0`);

export function compileTable(table: ChildTableName, effects: readonly BoundEffect[]): RowsPlan {
  const addsOnly = effects.every((e) => e.effect.effect === 'add' && e.valueOfOld !== null);
  return addsOnly ? onlyAdds(table, effects) : chain(table, effects);
}

function identityOf(effect: AddRow): readonly string[] {
  return effect.identity ?? childTable(effect.table)?.identity ?? [];
}

/** "Row `r` has the content that would be added", column by column of the identity. */
function sameContent(effect: AddRow, row: string, values: Readonly<Record<string, Sql>>): Sql {
  const columns = contentColumns(effect.table);
  const tests = identityOf(effect).map((name) => {
    const type = columns.find((c) => c.name === name)?.type ?? 'text';
    const given = values[name];
    if (given === undefined) return sql`${raw(`${row}.${name}`)} is not distinct from ${raw(defaultOf(effect.table, name))}`;
    return sql`${raw(`${row}.${name}`)} is not distinct from (${given})::${raw(type)}`;
  });
  return join(tests, ' and ');
}

/** Defaults of columns that an added row may leave out; as in the schema. */
function defaultOf(table: ChildTableName, column: string): string {
  if (column === 'status') return `'ACTIVE'`;
  if (column === 'segment') return `'Internal'`;
  if (column === 'type' && table === 'user_blocks') return `'GENERAL'`;
  if (column === 'parameters') return `'[]'::jsonb`;
  if (column === 'types') return `'{}'::text[]`;
  if (column === 'user_viewable' || column === 'popup') return 'false';
  return 'null';
}

function valueOrDefault(table: ChildTableName, values: Readonly<Record<string, Sql>>, column: { name: string; type: string }): Sql {
  const given = values[column.name];
  if (given !== undefined) return sql`(${given})::${raw(column.type)}`;
  if (column.name === 'created_at') return sql`now()`;
  return sql`${raw(defaultOf(table, column.name))}::${raw(column.type)}`;
}

function onlyAdds(table: ChildTableName, effects: readonly BoundEffect[]): RowsPlan {
  const columns = contentColumns(table);
  const adds = effects.map((bound, i) => {
    const effect = bound.effect as AddRow; // onlyAdds is called for additions alone
    const valueOfOld = bound.valueOfOld ?? bound.value;
    const carried: ValueOf = (column) => raw(column === 'choice' ? `o.h_${bound.change}` : `o.${column}`);
    const when = effect.when === undefined ? empty : sql` and coalesce((${effect.when(carried)}), false)`;
    return { bound, effect, name: `${table}_${i}`, old: effect.row(valueOfOld), carried: effect.row(carried), when };
  });
  const flag = (i: number) => raw(`a_${table}_${i}`);
  return {
    table,
    oldColumns: adds.map(
      (a) => sql`exists (select from ${raw(table)} r where r.user_id = u.id
      and ${sameContent(a.effect, 'r', a.old)}) as x_${raw(a.name)}`,
    ),
    foldedColumns: adds.map((a, i) => {
      const repeated = adds.slice(0, i).map((b) => {
        const same = identityOf(a.effect).map((c) => {
          const column = { name: c, type: columns.find((x) => x.name === c)?.type ?? 'text' };
          return sql`${valueOrDefault(table, a.carried, column)} is not distinct from ${valueOrDefault(table, b.carried, column)}`;
        });
        return sql` and not (${gateOf(b.bound.change)}${b.when} and ${join(
          same.map((s) => sql`(${s})`),
          ' and ',
        )})`;
      });
      const repeats = repeated.length === 0 ? empty : join(repeated, '');
      return sql`(${gateOf(a.bound.change)}${a.when} and not o.x_${raw(a.name)}${repeats}) as ${flag(i)}`;
    }),
    ctes: [],
    joins: [],
    stepMoved: (change) => {
      const own = adds.flatMap((a, i) => (a.bound.change === change ? [sql`f.${flag(i)}`] : []));
      return own.length === 0 ? null : join(own, ' or ');
    },
    moved: join(
      adds.map((_, i) => sql`f.${flag(i)}`),
      ' or ',
    ),
    writes: adds.map(
      (a, i) => sql`w_${raw(a.name)} as (
      insert into ${raw(table)} (user_id, ${join(
        columns.map((c) => raw(c.name)),
        ', ',
      )})
      select s.id, ${join(
        columns.map((c) => valueOrDefault(table, rebind(a.effect, a.bound), c)),
        ', ',
      )}
      from state s where s.changed and s.${flag(i)}
      returning id, user_id)`,
    ),
    entries: () =>
      adds.flatMap((a) =>
        isConstant(a.effect)
          ? []
          : [
              sql`
      select w.user_id, ${n(a.bound.change)} as change, w.id, jsonb_set(${entryOf(a.effect, a.bound)}, '{id}', to_jsonb(w.id))::text as entry
      from w_${raw(a.name)} w join state s on s.id = w.user_id`,
            ],
      ),
    previewEntries: adds.map(
      (a, i) => sql`select s.id as user_id, ${entryOf(a.effect, a.bound)} as entry
      from state s where s.changed and s.${flag(i)}`,
    ),
    constants: adds.flatMap((a) => (isConstant(a.effect) ? [{ template: entryOf(a.effect, a.bound), written: raw(`w_${a.name}`) }] : [])),
    after: sql`select x.user_id, array_agg(x.row) as rows from (
      select s.id as user_id, l.row from state s cross join lateral (select r as row from ${raw(table)} r where r.user_id = s.id offset 0) l
      ${join([empty, ...adds.map((a, i) => sql`union all select s.id, ${addedRow(a.effect, a.bound, i)} from state s where s.${flag(i)}`)], ' ')}) x
      group by x.user_id`,
  };

  /** Rows that are not there yet come after all that are. */
  function addedRow(effect: AddRow, bound: BoundEffect, i: number): Sql {
    const values = columns.map((c) => valueOrDefault(table, rebind(effect, bound), c));
    return sql`row(${join([raw(String(LATEST_ID + BigInt(i))), raw('s.id'), ...values], ', ')})::${raw(table)}`;
  }

  /** When it was made is the row's own to say: it differs from chunk to chunk. */
  function entryOf(effect: AddRow, bound: BoundEffect): Sql {
    const kept = columns.filter((c) => c.name !== 'created_at');
    return sql`jsonb_build_object('table', ${table}::text, 'op', 'add', 'change', ${n(bound.change)}, 'changes', jsonb_build_array(${n(bound.change)}),
      'after', ${rowJson(kept, (c) => valueOrDefault(table, rebind(effect, bound), c))})`;
  }
}

function isConstant(effect: AddRow): boolean {
  let reads = 0;
  effect.row(() => {
    reads += 1;
    return sql`null`;
  });
  return reads === 0;
}

/** The row's expressions where the write reads them: the columns that `state` carries for it. */
function rebind(effect: AddRow, bound: BoundEffect): Readonly<Record<string, Sql>> {
  return effect.row((column) => sql`s.${raw(stateName(bound, column))}`);
}

/** Name under which `folded` and `state` carry a column's value as the effect found it. */
export function stateName(bound: { readonly change: number }, column: string): string {
  return `r${bound.change}_${column}`;
}

function chain(table: ChildTableName, effects: readonly BoundEffect[]): RowsPlan {
  const columns = contentColumns(table);
  const names = columns.map((c) => c.name);
  const list = (alias: string) =>
    join(
      names.map((c) => raw(`${alias}.${c}`)),
      ', ',
    );
  const stage = (i: number) => raw(`${table}_${i}`);
  const last = stage(effects.length);
  const ctes: Sql[] = [
    sql`${stage(0)} as (
    select r.id, r.user_id, ${list('r')}, r as orig, null::integer as gone, '{}'::integer[] as by, false as fresh
    from folded f join ${raw(table)} r on r.user_id = f.id)`,
  ];
  effects.forEach((bound, i) => {
    const gate = sql`f.q_${n(bound.change)} = 0`;
    const e = bound.effect;
    if (e.effect === 'add') {
      const values = e.row(bound.value);
      ctes.push(sql`${stage(i + 1)} as (
        select p.* from ${stage(i)} p
        union all
        select nextval(pg_get_serial_sequence(${table}::text, 'id')), f.id,
          ${join(
            columns.map((c) => valueOrDefault(table, values, c)),
            ', ',
          )},
          null::${raw(table)}, null::integer, array[${n(bound.change)}], true
        from folded f
        where ${gate}${e.when === undefined ? empty : sql` and coalesce((${e.when(bound.value)}), false)`} and not exists (select from ${stage(i)} r where r.user_id = f.id and r.gone is null and ${sameContent(e, 'r', values)}))`);
      return;
    }
    const hit = sql`(${gate} and p.gone is null and coalesce((${e.match('p', bound.value, `${table}_${i}`)}), false))`;
    if (e.effect === 'remove') {
      ctes.push(sql`${stage(i + 1)} as (
        select p.id, p.user_id, ${list('p')}, p.orig, case when ${hit} then ${n(bound.change)} else p.gone end as gone, p.by, p.fresh
        from ${stage(i)} p join folded f on f.id = p.user_id)`);
      return;
    }
    const set = e.set('p', bound.value, `${table}_${i}`);
    const next = columns.map((c) => {
      const given = set[c.name];
      return given === undefined ? raw(`p.${c.name}`) : sql`case when h.hit then (${given})::${raw(c.type)} else ${raw(`p.${c.name}`)} end`;
    });
    const differs = columns.flatMap((c) => {
      const given = set[c.name];
      return given === undefined ? [] : [sql`(${given})::${raw(c.type)} is distinct from ${raw(`p.${c.name}`)}`];
    });
    ctes.push(sql`${stage(i + 1)} as (
      select p.id, p.user_id, ${join(
        next.map((x, j) => sql`${x} as ${raw(names[j] ?? '')}`),
        ', ',
      )}, p.orig, p.gone,
        case when h.hit and (${join(differs, ' or ')}) then p.by || ${n(bound.change)} else p.by end as by, p.fresh
      from ${stage(i)} p join folded f on f.id = p.user_id cross join lateral (select ${hit} as hit) h)`);
  });
  const differs = join(
    columns.map((c) => sql`p.${raw(c.name)} is distinct from (p.orig).${raw(c.name)}`),
    ' or ',
  );
  const kept = sql`(not p.fresh and p.gone is null and p.by <> '{}' and (${differs}))`;
  const added = sql`(p.fresh and p.gone is null)`;
  const removed = sql`(not p.fresh and p.gone is not null)`;
  const changes = [...new Set(effects.map((e) => e.change))];
  const sum = raw(`${table}_sum`);
  ctes.push(sql`${sum} as (
    select p.user_id, bool_or(${kept} or ${added} or ${removed}) as moved,
      ${join(
        changes.map((k) => sql`bool_or(coalesce(p.gone = ${n(k)}, false) or ${n(k)} = any (p.by)) as t_${n(k)}`),
        ', ',
      )}
    from ${last} p group by p.user_id)`);

  const change = sql`coalesce(p.gone, p.by[cardinality(p.by)])`;
  const chainEntries = sql`select p.user_id, ${change} as change, p.id, ${rowEntry({
    table,
    op: sql`case when p.fresh then 'add' when p.gone is not null then 'remove' else 'edit' end`,
    id: sql`p.id`,
    change: sql`${change}::text`,
    changes: sql`to_json(array_remove(p.by || p.gone, null))::text`,
    before: sql`case when not p.fresh then ${rowText(columns, (c) => raw(`(p.orig).${c.name}`))} end`,
    after: sql`case when p.gone is null then ${rowText(columns, (c) => raw(`p.${c.name}`))} end`,
  })} as entry
      from ${last} p join state s on s.id = p.user_id where s.changed and (${kept} or ${added} or ${removed})`;
  return {
    table,
    oldColumns: [],
    foldedColumns: [],
    ctes,
    joins: [sql`left join ${sum} on ${sum}.user_id = f.id`],
    stepMoved: (change) => (changes.includes(change) ? sql`coalesce(${sum}.t_${n(change)}, false)` : null),
    moved: sql`coalesce(${sum}.moved, false)`,
    writes: [
      sql`wd_${raw(table)} as (delete from ${raw(table)} t using ${last} p join state s on s.id = p.user_id
        where s.changed and t.id = p.id and ${removed} returning t.id)`,
      sql`wu_${raw(table)} as (update ${raw(table)} t set ${join(
        names.map((c) => sql`${raw(c)} = p.${raw(c)}`),
        ', ',
      )}
        from ${last} p join state s on s.id = p.user_id
        where s.changed and t.id = p.id and ${kept} returning t.id)`,
      sql`wi_${raw(table)} as (insert into ${raw(table)} (id, user_id, ${join(
        names.map((c) => raw(c)),
        ', ',
      )})
        select p.id, p.user_id, ${list('p')} from ${last} p join state s on s.id = p.user_id
        where s.changed and ${added}${afterDeletion(table)} returning id)`,
    ],
    constants: [],
    after: sql`select p.user_id, array_agg(row(${join([raw('p.id'), raw('p.user_id'), ...names.map((c) => raw(`p.${c}`))], ', ')})::${raw(table)}) as rows
      from ${last} p where p.gone is null group by p.user_id`,
    entries: () => [chainEntries],
    previewEntries: [asJson(chainEntries)],
  };
}
