/**
 * From a list of changes to SQL. The result is a chain of common table expressions, used as it is
 * by the preview (SELECT) and by the run (the same, followed by the writes), so that they cannot
 * disagree. Invariants:
 *
 * - Conditions read the record as it was before the plan (`old`); values fold in plan order, each
 *   change starting from the result of the one before; child rows likewise (see rows.ts).
 * - `state` has one row per member: where it lies (`tid`), old and new value of every touched column (`o_x`, `n_x`), what
 *   each change came to (`s_0`, `s_1`, …; see STEP), the user's outcome (`g`, `fail`, `changed`).
 * - Identifiers come from the registries, values are parameters.
 */
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { type ChildTableName, SQL_TYPES, scalar } from '../users/index.ts';
import { FED, type GivenBack, holdFields, PROTECTED } from './held.ts';
import type { ChangeEffects, Effect, ScalarEffect, UserColumn, ValueOf } from './kind.ts';
import { type BoundEffect, compileTable, type RowsPlan, stateName } from './rows.ts';

/** What a change came to for one user: value of `s_k`. Above SKIPPED: the change's skip case n − SKIPPED. */
export const STEP = { unchanged: 0, changed: 1, condition: 2, skipped: 3 } as const;

/** Columns beside the described scalars that changes write. */
const EXTRA_TYPES: Readonly<Record<string, string>> = {
  credential_id: 'bigint',
  pin_id: 'bigint',
  merged_into: 'bigint',
  held_fields: 'text[]',
};

export function columnType(column: UserColumn): string {
  const known = scalar(column);
  if (known !== undefined) return SQL_TYPES[known.type];
  const extra = EXTRA_TYPES[column];
  if (extra === undefined) throw new Error(`users has no column ${column}`);
  return extra;
}

/** One change of the plan, ready to be compiled. */
export interface Step extends ChangeEffects {
  /** Over alias `u`, the record before the plan; null: always. */
  readonly condition: Sql | null;
}

export interface CompileOptions {
  /** Protected fields of external users are held against their feed. */
  readonly hold: boolean;
  /** Users the whole plan leaves alone, over alias `u`; the first that holds counts. */
  readonly guards: readonly { readonly reason: string; readonly when: Sql }[];
  /** The plan's value table, when a step reads cells: its rows join as `v`. */
  readonly valueTable: number | null;
  /** Values moved after this instant (ISO) are marked in the journal; null in a preview. */
  readonly movedSince: string | null;
  /** Columns that letters ask for: `state` has l_x of each, as the changes leave it. */
  readonly lettersRead?: readonly UserColumn[];
}

/** Everybody at once; each by themselves, where scans are turned off; a page in the order of their ids. */
export type Look = 'all' | 'each' | 'page';

/** Compiled changes, or a compiled undo: what preview and apply work from. */
export interface Compiled {
  /**
   * The chain from `old` to `state`, without the leading WITH. `members`: a query giving `user_id`.
   * `look`: for a small part of all users, 'each' has their child rows looked up one user at a time.
   */
  readonly ctes: (members: Sql, look?: Look) => Sql;
  /** Touched scalar columns: `state` has o_x and n_x of each. */
  readonly columns: readonly UserColumn[];
  readonly tables: readonly RowsPlan[];
  /** Number of changes: `state` has s_0 … */
  readonly steps: number;
  /** Value of `g` n means guards[n − 1]. */
  readonly guards: readonly string[];
  /** Value of `fail` n means failures[n − 1]. */
  readonly failures: readonly CaseOf[];
  /** `state` has w_0 … */
  readonly warnings: readonly CaseOf[];
  /** Reason of s_k = STEP.skipped + n. */
  readonly skips: readonly (readonly string[])[];
  /** Entries of rows that are added alike to everybody, each a jsonb expression; the journal counts them from 0. */
  readonly templates: readonly Sql[];
  /** `state` has `conflict`: what was changed since, null for none (an undo only). */
  readonly conflicts: boolean;
  /** The users are changed all or none: should one be left out or refused, so are the others. */
  readonly together?: boolean;
  /** Protected fields that may come to be held: then `state` has `fed`, too (see held.ts). */
  readonly holds: readonly UserColumn[];
}

export interface CaseOf {
  readonly change: number;
  readonly reason: string;
}

export function compileChanges(steps: readonly Step[], options: CompileOptions): Compiled {
  const touched = touchedColumns(steps);
  const held = options.hold ? touched.filter((c) => PROTECTED.includes(c)) : [];
  const columns = held.length > 0 && !touched.includes('held_fields') ? [...touched, 'held_fields'] : touched;

  const lettersRead = [...new Set(options.lettersRead ?? [])];
  const reads = new Set<UserColumn>([...columns, ...lettersRead]);
  if (held.length > 0) reads.add('account_type');
  const laterals: Sql[] = [];
  const carried = new Map<string, Sql>();
  const at = new Map<UserColumn, string>();
  const value: ValueOf = (column) => {
    if (column === 'cells' || column === 'id') return raw(`o.${column}`);
    columnType(column);
    reads.add(column);
    return raw(`${at.get(column) ?? 'o'}.${column}`);
  };

  const failures: CaseOf[] = [];
  const warnings: CaseOf[] = [];
  const failCases: Sql[] = [];
  const warnCases: Sql[] = [];
  const scalarMoves: (Sql | null)[] = [];
  const bound = new Map<ChildTableName, BoundEffect[]>();
  const givenBack: GivenBack[] = [];

  steps.forEach((step, k) => {
    const q = raw(`g${k}.q_${k}`);
    laterals.push(sql`cross join lateral (select ${gate(step, k, value)} as ${raw(`q_${k}`)} offset 0) ${raw(`g${k}`)}`);
    const applies = sql`${q} = 0`;
    for (const invalid of step.invalid ?? []) {
      failures.push({ change: k, reason: invalid.reason });
      failCases.push(sql`when ${applies} and (${invalid.when(value)}) then ${raw(String(failures.length))}`);
    }
    for (const warning of step.warn ?? []) {
      warnings.push({ change: k, reason: warning.reason });
      warnCases.push(sql`(${applies} and coalesce((${warning.when(value)}), false))`);
    }
    for (const effect of step.effects) {
      if (effect.effect !== 'set') bindRows(effect, k, touched, value, reads, carried, bound, step.choice);
    }
    scalarMoves.push(foldScalars(step, k, applies, value, at, laterals));
    if (writes(step, 'held_fields')) givenBack.push({ alias: at.get('held_fields') ?? 'o', fields: held.filter((c) => writes(step, c)) });
  });
  if (held.length > 0) {
    laterals.push(holdFields(held, value, givenBack));
    at.set('held_fields', 'held');
  }
  const tables = [...bound].map(([table, effects]) => compileTable(table, effects));
  const final = (column: UserColumn) => raw(`${at.get(column) ?? 'o'}.${column}`);

  const ctes = (members: Sql, look: Look = 'all'): Sql =>
    join(
      [
        oldCte(members, look, steps, options, [...reads], tables),
        sql`folded as (select ${join(
          [
            sql`o.id`,
            sql`o.tid`,
            sql`o.g`,
            sql`o.moved`,
            ...(reads.has('account_type') ? [sql`${final('account_type')}`] : []),
            ...(held.length === 0 ? [] : [FED]),
            ...(options.valueTable === null ? [] : [sql`o.cells`]),
            ...columns.map((c) => sql`o.${raw(c)} as o_${raw(c)}, ${final(c)} as n_${raw(c)}`),
            ...lettersRead.map((c) => sql`${final(c)} as l_${raw(c)}`),
            ...steps.map((_, k) => raw(`g${k}.q_${k}`)),
            ...scalarMoves.flatMap((m, k) => (m === null ? [] : [sql`${m} as m_${raw(String(k))}`])),
            ...[...carried].map(([name, expression]) => sql`${expression} as ${raw(name)}`),
            ...tables.flatMap((t) => t.foldedColumns),
            ...warnCases.map((w, j) => sql`${w} as w_${raw(String(j))}`),
            sql`${failCases.length === 0 ? sql`0` : sql`case ${join(failCases, ' ')} else 0 end`} as fail`,
          ],
          ', ',
        )} from old o ${join([empty, ...laterals], ' ')})`,
        ...tables.flatMap((t) => t.ctes),
        stateCte(columns, steps, scalarMoves, tables),
      ],
      ', ',
    );

  return {
    ctes,
    columns,
    tables,
    failures,
    warnings,
    steps: steps.length,
    guards: options.guards.map((g) => g.reason),
    skips: steps.map((s) => (s.skip ?? []).map((c) => c.reason)),
    templates: tables.flatMap((t) => t.constants.map((c) => c.template)),
    conflicts: false,
    holds: held,
  };
}

function oldCte(
  members: Sql,
  look: Look,
  steps: readonly Step[],
  options: CompileOptions,
  reads: readonly UserColumn[],
  tables: readonly RowsPlan[],
): Sql {
  const moved = options.movedSince === null ? sql`false` : sql`u.modified_at > ${options.movedSince}::timestamptz`;
  const own = [
    sql`u.id`,
    sql`u.ctid as tid`,
    sql`${moved} as moved`,
    ...reads.map((c) => sql`u.${raw(c)}`),
    ...(options.valueTable === null ? [] : [sql`v.data as cells`]),
  ];
  // What may look at child rows.
  const looked = [
    sql`${guardSql(options.guards)} as g`,
    ...steps.flatMap((s, k) => (s.condition === null ? [] : [sql`(${s.condition}) as c_${raw(String(k))}`])),
    ...steps.flatMap((s, k) => (s.choice === undefined ? [] : [sql`(${s.choice})::integer as h_${raw(String(k))}`])),
    ...tables.flatMap((t) => t.oldColumns),
  ];
  const values =
    options.valueTable === null ? empty : sql`left join value_rows v on v.table_id = ${options.valueTable}::bigint and v.user_id = u.id`;
  const from = sql`from (${members}) m join users u on u.id = m.user_id ${values}`;
  // `offset 0` keeps conditions and existence tests from being evaluated once per use.
  if (look === 'all') return sql`old as (select ${join([...own, ...looked], ', ')} ${from} offset 0)`;
  // Said here, else the planner takes the order for useless and sorts everybody for the first page.
  if (look === 'page') return sql`old as (select ${join([...own, ...looked], ', ')} ${from} order by u.id offset 0)`;
  // Inside a lateral query an existence test cannot be turned into a hash of the whole child table, which
  // for each chunk again would be read from end to end (PostgreSQL 18 does so even with scans turned off).
  return sql`old as (select ${join(own, ', ')}, l.* ${from} cross join lateral (select ${join(looked, ', ')} offset 0) l offset 0)`;
}

/** Number of the first guard that holds, from 1; 0 for none. */
export function guardSql(guards: CompileOptions['guards']): Sql {
  if (guards.length === 0) return sql`0`;
  return sql`case ${join(
    guards.map((g, i) => sql`when ${g.when} then ${raw(String(i + 1))}`),
    ' ',
  )} else 0 end`;
}

function stateCte(
  columns: readonly UserColumn[],
  steps: readonly Step[],
  scalarMoves: readonly (Sql | null)[],
  tables: readonly RowsPlan[],
): Sql {
  const results = steps.map((_, k) => {
    const q = raw(`f.q_${k}`);
    const moves = [...(scalarMoves[k] === null ? [] : [raw(`f.m_${k}`)]), ...tables.flatMap((t) => t.stepMoved(k) ?? [])];
    return sql`case when ${q} <> 0 then ${q} when ${join(moves.length > 0 ? moves : [sql`false`], ' or ')} then 1 else 0 end as s_${raw(String(k))}`;
  });
  const moves = [...columns.map((c) => sql`f.n_${raw(c)} is distinct from f.o_${raw(c)}`), ...tables.map((t) => sql`(${t.moved})`)];
  return sql`state as (
    select f.*, ${join([...results, sql`(f.g = 0 and f.fail = 0 and (${join(moves.length > 0 ? moves : [sql`false`], ' or ')})) as changed`], ', ')}
    from folded f ${join([empty, ...tables.flatMap((t) => t.joins)], ' ')})`;
}

/** Binds a row effect to its change, and notes which folded values it reads. */
function bindRows(
  effect: Exclude<Effect, ScalarEffect>,
  change: number,
  touched: readonly UserColumn[],
  value: ValueOf,
  reads: Set<UserColumn>,
  carried: Map<string, Sql>,
  bound: Map<ChildTableName, BoundEffect[]>,
  choice: Sql | undefined,
): void {
  const used = new Set<UserColumn>();
  const note: ValueOf = (column): Sql => {
    used.add(column);
    return sql`null`;
  };
  if (effect.effect === 'add') {
    effect.row(note);
    effect.when?.(note);
  } else effect.match('p', note, 'p');
  if (effect.effect === 'edit') effect.set('p', note, 'p');
  for (const column of used) {
    const name = stateName({ change }, column);
    if (!carried.has(name)) carried.set(name, column === 'choice' ? raw(`o.h_${change}`) : value(column));
  }
  const folds = [...used].some((c) => touched.includes(c));
  const entry: BoundEffect = {
    change,
    effect,
    value: (column) => raw(`f.${stateName({ change }, column)}`),
    valueOfOld: folds
      ? null
      : (column) => {
          if (column === 'cells') return raw('v.data');
          if (column === 'id') return raw('u.id');
          if (column === 'choice') return choice ?? sql`0`;
          reads.add(column);
          return raw(`u.${column}`);
        },
  };
  bound.set(effect.table, [...(bound.get(effect.table) ?? []), entry]);
}

/** 0: the change applies; else STEP.condition or STEP.skipped + n. */
function gate(step: Step, k: number, value: ValueOf): Sql {
  const cases: Sql[] = [];
  if (step.condition !== null) cases.push(sql`when not o.c_${raw(String(k))} then ${raw(String(STEP.condition))}`);
  for (const [i, skip] of (step.skip ?? []).entries()) cases.push(sql`when ${skip.when(value)} then ${raw(String(STEP.skipped + i))}`);
  return cases.length === 0 ? sql`0` : sql`case ${join(cases, ' ')} else 0 end`;
}

/** Folds a step's scalar effects; answers "did it move a value", or null when it has none. */
function foldScalars(step: Step, k: number, applies: Sql, value: ValueOf, at: Map<UserColumn, string>, laterals: Sql[]): Sql | null {
  const effects = step.effects.filter((e): e is ScalarEffect => e.effect === 'set');
  if (effects.length === 0) return null;
  const alias = `f${k}`;
  const unconditional = step.condition === null && (step.skip ?? []).length === 0;
  const before = effects.map((e) => value(e.column));
  const next = effects.map((e, i) => {
    const expression = sql`(${e.next(value)})::${raw(columnType(e.column))}`;
    const folded = unconditional ? expression : sql`case when ${applies} then ${expression} else ${before[i]} end`;
    return sql`${folded} as ${raw(e.column)}`;
  });
  // `offset 0` keeps the planner from pulling the step up and multiplying its expression into every later use.
  const barrier = effects.some((e) => at.has(e.column)) ? sql` offset 0` : empty;
  laterals.push(sql`cross join lateral (select ${join(next, ', ')}${barrier}) ${raw(alias)}`);
  for (const e of effects) at.set(e.column, alias);
  return join(
    effects.map((e, i) => sql`${raw(`${alias}.${e.column}`)} is distinct from ${before[i]}`),
    ' or ',
    '(',
    ')',
  );
}

function writes(step: Step, column: UserColumn): boolean {
  return step.effects.some((e) => e.effect === 'set' && e.column === column);
}

function touchedColumns(steps: readonly Step[]): UserColumn[] {
  const columns = new Set<UserColumn>();
  for (const step of steps) {
    for (const e of step.effects as readonly Effect[]) if (e.effect === 'set') columns.add(e.column);
  }
  return [...columns];
}

export function touchedTables(steps: readonly Step[]): ChildTableName[] {
  const tables = new Set<ChildTableName>();
  for (const step of steps) for (const e of step.effects) if (e.effect !== 'set') tables.add(e.table);
  return [...tables];
}
