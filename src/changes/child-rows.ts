/**
 * What the kinds of change for child rows share: inputs and matches made from the table's
 * description, so that each kind's file says only what is special about it.
 */
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type ChildTable, childTable, type Field, SQL_TYPES } from '../users/index.ts';
import { cellCases, cellInput, cellText, containsPattern, dateOrRelative, dateSql, isCell, storable } from './input.ts';
import type { Case, CellUse, ValueOf } from './kind.ts';

export type Content = Readonly<Record<string, unknown>>;

/** The described table behind a kind; a kind names a table that exists. */
export function describedTable(name: string): ChildTable {
  const table = childTable(name);
  if (table === undefined) throw new Error(`no child table ${name}`);
  return table;
}

/** Which role somebody gets stands in the plan, where it is checked against what its author may grant. */
function takesCells(table: ChildTable, field: Field): boolean {
  return ['text', 'code', 'date', 'instant'].includes(field.type) && !(table.name === 'role' && field.name === 'type');
}

function valueSchema(table: ChildTable, field: Field): z.ZodType {
  const own = ownSchema(field);
  return takesCells(table, field) ? z.union([own, cellInput]) : own;
}

function ownSchema(field: Field): z.ZodType {
  switch (field.type) {
    case 'boolean':
      return z.boolean();
    case 'date':
    case 'instant':
      return dateOrRelative;
    case 'codes':
      return z.array(storable(255)).max(20);
    case 'json':
      return z.array(z.strictObject({ type: storable(255), scope: storable(255).nullish(), value: storable(255).nullish() })).max(100);
    default:
      return storable(field.maxLength ?? 255);
  }
}

/** Fields staff may give; who made a row and when is Muster's to say. */
export function givenFields(table: ChildTable): readonly Field[] {
  return table.fields.filter((f) => f.name !== 'created_by' && f.name !== 'created_at' && f.name !== 'item_loan_id');
}

const segment = z.enum(['Internal', 'External', 'by_account_type']);

/** A row to be added. Segment `by_account_type` makes it the feed's for external users, as Alma's FieldType. */
export function addInput(table: ChildTable, optional: readonly string[] = []): z.ZodType<Content> {
  const shape = givenFields(table).map((f): [string, z.ZodType] => {
    const needed = f.required === true && !optional.includes(f.name);
    return [f.name, needed ? valueSchema(table, f) : valueSchema(table, f).optional()];
  });
  return z.strictObject({ ...Object.fromEntries(shape), ...(table.segmented ? { segment: segment.optional() } : {}) });
}

/** Which rows: every given field equal; texts also `_contains`, dates also `_before` and `_after`; `any: true` for all. */
export function matchInput(table: ChildTable): z.ZodType<Content> {
  const shape: Record<string, z.ZodType> = { any: z.literal(true).optional() };
  for (const f of table.fields) {
    if (f.type === 'json') continue;
    if (f.type === 'codes') shape[f.name] = storable(255).optional();
    else if (f.type === 'date' || f.type === 'instant') {
      shape[f.name] = dateOrRelative.optional();
      shape[`${f.name}_before`] = dateOrRelative.optional();
      shape[`${f.name}_after`] = dateOrRelative.optional();
      shape[`${f.name}_empty`] = z.boolean().optional();
    } else if (f.type === 'boolean') shape[f.name] = z.boolean().optional();
    else shape[f.name] = storable(f.maxLength ?? 255).optional();
    if (f.type === 'text') {
      shape[`${f.name}_contains`] = storable(f.maxLength ?? 255).optional();
      shape[`${f.name}_empty`] = z.boolean().optional();
    }
  }
  if (table.segmented) shape['segment'] = z.enum(['Internal', 'External']).optional();
  return z.strictObject(shape).refine((m) => Object.values(m).some((v) => v !== undefined), {
    message: 'says which rows; to mean all of them say { "any": true }',
  });
}

/** Fields to be changed on matching rows; null empties one that may be empty. */
export function editInput(table: ChildTable): z.ZodType<Content> {
  const shape = givenFields(table).map((f): [string, z.ZodType] => {
    return [f.name, f.required ? valueSchema(table, f).optional() : valueSchema(table, f).nullable().optional()];
  });
  return z
    .strictObject({ ...Object.fromEntries(shape), ...(table.segmented ? { segment: z.enum(['Internal', 'External']).optional() } : {}) })
    .refine((m) => Object.values(m).some((v) => v !== undefined), { message: 'names no field to change' });
}

/** One value of a row as SQL, typed as its column. */
export function valueSql(field: Field, given: unknown, today: string, value: ValueOf): Sql {
  const type = raw(SQL_TYPES[field.type]);
  if (given === null) return sql`null::${type}`;
  if (isCell(given)) {
    const cell = cellText(value, given.column);
    return field.type === 'instant' ? sql`${cell}::date::timestamp at time zone 'UTC'` : sql`${cell}::${type}`;
  }
  switch (field.type) {
    case 'date':
      return dateSql(String(given), today);
    case 'instant':
      return sql`(${dateSql(String(given), today)})::timestamp at time zone 'UTC'`;
    case 'json':
      return sql`${JSON.stringify(given)}::jsonb`;
    case 'codes':
      return sql`${given}::text[]`;
    default:
      return sql`${given}::${type}`;
  }
}

export function rowSql(table: ChildTable, content: Content, scope: { today: string; actor: string }, value: ValueOf): Record<string, Sql> {
  const row: Record<string, Sql> = {};
  for (const field of givenFields(table)) {
    const given = content[field.name];
    if (given !== undefined) row[field.name] = valueSql(field, given, scope.today, value);
  }
  if (table.fields.some((f) => f.name === 'created_by')) row['created_by'] = sql`${scope.actor}::text`;
  const where = content['segment'];
  if (where === 'by_account_type')
    row['segment'] = sql`case when ${value('account_type')} = 'EXTERNAL' then 'External' else 'Internal' end`;
  else if (typeof where === 'string') row['segment'] = sql`${where}::text`;
  return row;
}

export function matchSql(table: ChildTable, match: Content, today: string, row: string): Sql {
  const tests: Sql[] = [];
  const column = (name: string) => raw(`${row}.${name}`);
  if (typeof match['segment'] === 'string') tests.push(sql`${column('segment')} = ${match['segment']}::text`);
  for (const f of table.fields) {
    const given = match[f.name];
    const instant = f.type === 'instant';
    const own = instant ? sql`(${column(f.name)} at time zone 'UTC')::date` : column(f.name);
    if (given !== undefined) {
      if (f.type === 'date' || instant) tests.push(sql`${own} = ${dateSql(String(given), today)}`);
      else if (f.type === 'codes') tests.push(sql`${given}::text = any (${own})`);
      else if (f.type === 'boolean') tests.push(sql`coalesce(${own}, false) = ${given}::boolean`);
      else if (f.type === 'text') tests.push(sql`fold(${own}) = fold(${given}::text)`);
      else tests.push(sql`${own} = ${given}::text`);
    }
    const contains = match[`${f.name}_contains`];
    if (typeof contains === 'string') tests.push(sql`fold(${own}) like ${containsPattern(contains)}`);
    const before = match[`${f.name}_before`];
    if (typeof before === 'string') tests.push(sql`${own} < ${dateSql(before, today)}`);
    const after = match[`${f.name}_after`];
    if (typeof after === 'string') tests.push(sql`${own} > ${dateSql(after, today)}`);
    const isEmpty = match[`${f.name}_empty`];
    if (typeof isEmpty === 'boolean') tests.push(isEmpty ? sql`${own} is null` : sql`${own} is not null`);
  }
  return tests.length === 0 ? sql`true` : join(tests, ' and ');
}

export function setSql(table: ChildTable, set: Content, today: string, value: ValueOf): Record<string, Sql> {
  const next: Record<string, Sql> = {};
  for (const field of givenFields(table)) {
    const given = set[field.name];
    if (given !== undefined) next[field.name] = valueSql(field, given, today, value);
  }
  if (typeof set['segment'] === 'string') next['segment'] = sql`${set['segment']}::text`;
  return next;
}

/** Codes that a row's content or match names, for the check before the preview. */
export function codesOf(table: ChildTable, content: Content): readonly (readonly [string, string])[] {
  return table.fields.flatMap((f): (readonly [string, string])[] => {
    const given = content[f.name];
    if (f.codeTable === undefined || given === undefined || given === null || isCell(given)) return [];
    return (Array.isArray(given) ? given : [given]).map((code) => [f.codeTable ?? '', String(code)] as const);
  });
}

export function cellsOf(table: ChildTable, content: Content): readonly CellUse[] {
  return table.fields.flatMap((f) => {
    const given = content[f.name];
    if (!isCell(given)) return [];
    const type = f.type === 'code' ? 'code' : f.type === 'date' || f.type === 'instant' ? 'date' : 'text';
    return [
      {
        column: given.column,
        type,
        ...(f.codeTable === undefined ? {} : { codeTable: f.codeTable }),
        ...(f.maxLength === undefined ? {} : { maxLength: f.maxLength }),
      },
    ];
  });
}

export function cellSkips(table: ChildTable, content: Content): readonly Case[] {
  return cellsOf(table, content).flatMap((use) => cellCases(use.column));
}

/** Columns that two rows of an "add" must share to count as the same content: identity and what was given. */
export function addIdentity(table: ChildTable, content: Content): readonly string[] {
  return [
    ...new Set([
      ...table.identity,
      ...givenFields(table)
        .filter((f) => content[f.name] !== undefined)
        .map((f) => f.name),
    ]),
  ];
}

/** "The user has no row with this `key`", over alias `u`: what "if empty" means for a table. */
export function noRows(table: ChildTable, key: string | null, content: Content): Sql {
  const given = key === null ? undefined : content[key];
  const same = key === null || typeof given !== 'string' ? sql`true` : sql`e.${raw(key)} = ${given}::text`;
  return sql`not exists (select from ${raw(table.table)} e where e.user_id = u.id and ${same})`;
}
