/**
 * From the changes of a plan, as people write them, to steps ready to be compiled. Everything that
 * is wrong with them comes out here, at once and with its place, before anything is previewed.
 */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type FieldGroup, type Language, type Privilege, problemsOf, type Queryable } from '../core/index.ts';
import { compileFilter, type Filter, groupsAsked, parseFilter, readFilter } from '../filters/index.ts';
import { childTable, groupOf } from '../users/index.ts';
import { type Step, touchedTables } from './compile.ts';
import type { CellUse, ChangeKind } from './kind.ts';
import { changeKindOf } from './registry.ts';
import { named } from './sentence.ts';

/** One change of a plan: `change` names the kind, `when` the condition, the rest is the kind's input. */
export const rawChange = z.looseObject({
  change: z.string().min(1),
  when: z.union([z.string(), z.looseObject({})]).optional(),
});
export type RawChange = z.output<typeof rawChange>;

export interface PrepareScope {
  readonly today: string;
  readonly actor: string;
  readonly grantableRoles: 'all' | readonly string[];
  readonly valueTable: number | null;
}

export interface PreparedChanges {
  readonly steps: readonly Step[];
  readonly privileges: readonly Privilege[];
  /** For each change its sentence, in both languages. */
  readonly words: readonly { readonly kind: string; readonly en: string; readonly de: string }[];
  /** Which changes write which columns and tables; what undo looks at. */
  readonly touches: Touches;
  /** Groups of fields that the changes are about or ask for: closed ones are not the author's. */
  readonly groups: readonly FieldGroup[];
}

export interface Touches {
  readonly scalars: Readonly<Record<string, readonly number[]>>;
  readonly tables: readonly string[];
}

interface Parsed {
  readonly kind: ChangeKind;
  readonly input: unknown;
  readonly when: 'always' | 'if_empty' | 'if_not_empty' | Filter;
}

/** Parses and checks; throws `changes.invalid` with every problem and the change it is in (counted from 1). */
export async function prepareChanges(db: Queryable, changes: readonly RawChange[], scope: PrepareScope): Promise<PreparedChanges> {
  const problems: string[] = [];
  const parsed: Parsed[] = [];
  changes.forEach((change, i) => {
    const { change: name, when, ...rest } = change;
    const kind = changeKindOf(name);
    const input = kind.input.safeParse(rest);
    if (!input.success) problems.push(`${i + 1} (${name}): ${problemsOf(input.error)}`);
    else parsed.push({ kind, input: input.data, when: condition(when) });
  });
  if (problems.length > 0) throw new AppError('changes.invalid', { problems: problems.join('; ') });
  for (const [i, each] of parsed.entries()) parsed[i] = { ...each, input: await settledInput(db, each, false) };
  const properties = await checkCodes(db, parsed);
  await checkCells(db, parsed, scope.valueTable);

  const steps = parsed.map(({ kind, input, when }): Step => {
    const effects = kind.compile(input, {
      today: scope.today,
      actor: scope.actor,
      grantableRoles: scope.grantableRoles,
      codeProperties: (table, code) => properties.get(`${table} ${code}`) ?? {},
    });
    return { ...effects, condition: conditionSql(when, effects.isEmpty, scope.today) };
  });
  if (steps.filter((s) => s.credentials !== undefined).length > 1) throw new AppError('changes.two_credentials', {});
  const words = (language: Language) => named(db, language, (name) => parsed.map((p) => p.kind.describe(p.input, language, name)));
  const english = await words('en');
  const german = await words('de');
  return {
    steps,
    privileges: [...new Set(parsed.map((p) => p.kind.privilege))],
    words: parsed.map(({ kind }, k) => ({ kind: kind.kind, en: english[k] ?? '', de: german[k] ?? '' })),
    touches: touchesOf(steps),
    groups: [...new Set(changes.flatMap((change, k) => groupsIn(change, parsed[k])))],
  };
}

/** `anew`: what is written in already is read again. */
async function settledInput(db: Queryable, { kind, input }: Pick<Parsed, 'kind' | 'input'>, anew: boolean): Promise<unknown> {
  if (kind.settle === undefined) return input;
  const member = kind.settledBy ?? '';
  const settled =
    typeof input === 'object' && input !== null && member in input && (input as Readonly<Record<string, unknown>>)[member] !== undefined;
  return settled && !anew ? input : kind.settle(input, db);
}

/**
 * The changes with what they refer to (profiles, rules) written in as it is now: what is previewed,
 * kept with a run and worked. Whatever a plan brings along in its place is not believed. Changes that
 * are wrong stay as they are: `prepareChanges` says what is wrong with them.
 */
export async function settleChanges(db: Queryable, changes: readonly RawChange[]): Promise<RawChange[]> {
  const settled: RawChange[] = [];
  for (const change of changes) {
    const { change: name, when, ...rest } = change;
    const kind = changeKindOf(name);
    const input = kind.settle === undefined ? undefined : kind.input.safeParse(rest);
    if (input?.success !== true) settled.push(change);
    else {
      const next = await settledInput(db, { kind, input: input.data }, true);
      settled.push({ change: name, ...(when === undefined ? {} : { when }), ...(next as Readonly<Record<string, unknown>>) }); // an input is an object
    }
  }
  return settled;
}

/**
 * A change is about the field or the table that it is called after; what it adjusts beside (the segment
 * of a note, when a user becomes internal) does not show or alter what is in there.
 */
function groupsIn(change: RawChange, parsed: Parsed | undefined): FieldGroup[] {
  const kind = parsed?.kind.kind ?? change.change;
  const named = [childTable(kind)?.table ?? kind, change['relative_to']].filter((name) => typeof name === 'string');
  const when = parsed?.when;
  return [...named.flatMap((name) => groupOf(name) ?? []), ...(typeof when === 'object' ? groupsAsked(when) : [])];
}

function condition(when: RawChange['when']): Parsed['when'] {
  if (when === undefined || when === 'always') return 'always';
  if (when === 'if_empty' || when === 'if_not_empty') return when;
  return typeof when === 'string' ? parseFilter(when) : readFilter(when);
}

function conditionSql(when: Parsed['when'], isEmpty: Sql, today: string): Sql | null {
  if (when === 'always') return null;
  if (when === 'if_empty') return sql`(${isEmpty})`;
  if (when === 'if_not_empty') return sql`not (${isEmpty})`;
  return compileFilter(when, { today, alias: 'u' });
}

/** Every code that the changes name exists and is in use; answers the properties of those codes. */
async function checkCodes(db: Queryable, parsed: readonly Parsed[]): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const pairs = parsed.flatMap((p, i) => (p.kind.codes?.(p.input) ?? []).map(([table, code]) => ({ change: i, table, code })));
  if (pairs.length === 0) return new Map();
  const { rows } = await db.query<{
    change: number;
    table: string;
    code: string;
    known: boolean;
    near: string | null;
    properties: Record<string, unknown> | null;
  }>(sql`
    select p.change, p.table_name as table, p.code, c.code is not null and c.enabled as known, c.properties,
      (select string_agg(x.code, ', ') from (select k.code from codes k where k.table_name = p.table_name and k.enabled order by k.position, k.code limit 12) x) as near
    from unnest(${pairs.map((p) => p.change)}::integer[], ${pairs.map((p) => p.table)}::text[], ${pairs.map((p) => p.code)}::text[]) as p (change, table_name, code)
    left join codes c on c.table_name = p.table_name and c.code = p.code`);
  const unknown = rows.filter((r) => !r.known);
  if (unknown.length > 0) {
    const problems = unknown.map((r) => `${r.change + 1}: ${r.table} has no code "${r.code}" (${r.near ?? 'none'} …)`).join('; ');
    throw new AppError('changes.unknown_code', { problems });
  }
  return new Map(rows.map((r) => [`${r.table} ${r.code}`, r.properties ?? {}]));
}

/** The value table has the columns that the changes name, and every cell has the right type. */
async function checkCells(db: Queryable, parsed: readonly Parsed[], table: number | null): Promise<void> {
  const uses = parsed.flatMap((p) => p.kind.cells?.(p.input) ?? []);
  if (uses.length === 0) return;
  if (table === null) throw new AppError('changes.no_values', { columns: uses.map((u) => u.column).join(', ') });
  const { rows } = await db.query<{ columns: string[] }>(sql`select t.columns from value_tables t where t.id = ${table}::bigint`);
  const columns = rows[0]?.columns;
  if (columns === undefined) throw new AppError('changes.no_values', { columns: uses.map((u) => u.column).join(', ') });
  const missing = uses.filter((u) => !columns.includes(u.column));
  if (missing.length > 0) {
    throw new AppError('changes.no_column', { missing: missing.map((u) => u.column).join(', '), columns: columns.join(', ') });
  }
  for (const use of uses) await checkCell(db, use, table);
}

async function checkCell(db: Queryable, use: CellUse, table: number): Promise<void> {
  const cell = sql`btrim(r.data ->> ${use.column}::text)`;
  const { rows } = await db.query<{ line: number; value: string }>(sql`
    select r.line, left(${cell}, 80) as value from value_rows r
    where r.table_id = ${table}::bigint and ${cell} <> '' and not (${validCell(use, cell)})
    order by r.line limit 20`);
  if (rows.length > 0) {
    const lines = rows.map((r) => `${r.line} ("${r.value}")`).join(', ');
    throw new AppError('changes.bad_cells', { column: use.column, type: use.codeTable ?? use.type, lines });
  }
  if (use.unique !== true) return;
  const twice = await db.query<{ lines: string }>(sql`
    select string_agg(r.line::text, ' = ' order by r.line) as lines from value_rows r
    where r.table_id = ${table}::bigint and ${cell} <> '' group by fold(${cell}) having count(*) > 1 limit 20`);
  if (twice.rows.length > 0)
    throw new AppError('changes.cells_twice', { column: use.column, lines: twice.rows.map((r) => r.lines).join(', ') });
}

function validCell(use: CellUse, cell: Sql): Sql {
  switch (use.type) {
    // A real calendar day: the pattern, and a cast that only runs on what looks like a date.
    case 'date':
      return sql`case when ${cell} ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
      then substr(${cell}, 9, 2)::integer <= extract(day from (substr(${cell}, 1, 7) || '-01')::date + interval '1 month' - interval '1 day') else false end`;
    case 'boolean':
      return sql`lower(${cell}) in ('true', 'false')`;
    case 'code':
      return sql`exists (select from codes c where c.table_name = ${use.codeTable ?? ''}::text and c.code = ${cell} and c.enabled)`;
    case 'text':
      return sql`char_length(${cell}) <= ${use.maxLength ?? 255}::integer`;
  }
}

function touchesOf(steps: readonly Step[]): Touches {
  const scalars: Record<string, number[]> = {};
  steps.forEach((step, k) => {
    for (const effect of step.effects) {
      if (effect.effect !== 'set') continue;
      const own = scalars[effect.column] ?? [];
      if (!own.includes(k)) scalars[effect.column] = [...own, k];
    }
  });
  return { scalars, tables: touchedTables(steps) };
}

/** Touching one of these changes what people search by. */
export function touchesSearch(touches: Touches): boolean {
  const names = ['first_name', 'middle_name', 'last_name', 'pref_first_name', 'pref_middle_name', 'pref_last_name', 'primary_id'];
  return names.some((n) => n in touches.scalars) || touches.tables.some((t) => t === 'user_identifiers' || t === 'user_emails');
}
