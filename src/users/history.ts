/**
 * What happened to one user, out of the journal: newest first, with labels for fields and codes.
 * The journal knows passwords and PINs by the number of their row only, and not even that is shown:
 * the history says that there is a new one.
 */
import sql, { empty, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, id, instant, type Language, operation, type Queryable, say } from '../core/index.ts';
import { type CodeLabels, codeLabels } from './codes.ts';
import { differenceFor } from './field-groups.ts';
import { findUser } from './find.ts';
import { withMerged } from './merged.ts';
import { CHILD_TABLES, type ChildTable, childTable, type Field, SCALARS, scalar } from './record.ts';

const input = z.object({
  user: z.string().min(1).describe('Primary id or identifier'),
  limit: z.number().int().min(1).max(500).default(50).describe('How many entries at most'),
  run: z.int().positive().optional().describe('Only what this run did'),
  before: z.string().optional().describe('The `next` of the page before: entries older than those'),
});

const fieldHistorySchema = z.object({
  field: z.string(),
  label: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  before_label: z.string().optional().describe('What a code means; absent for other fields, and for codes that the library no longer has'),
  after_label: z.string().optional(),
});
export type FieldHistory = z.output<typeof fieldHistorySchema>;

const rowStateSchema = z
  .object({ values: z.record(z.string(), z.unknown()), labels: z.record(z.string(), z.string()) })
  .describe('The columns of a row that are not empty, and what its codes mean');
export type RowState = z.output<typeof rowStateSchema>;

const rowHistorySchema = z.object({
  table: z.string(),
  name: z.string(),
  label: z.string(),
  op: z.enum(['add', 'edit', 'remove']),
  before: rowStateSchema.optional(),
  after: rowStateSchema.optional(),
});
export type RowHistory = z.output<typeof rowHistorySchema>;

const historyEntrySchema = z.object({
  at: instant,
  by: z.string(),
  run: z.object({ id, kind: z.string(), name: z.string() }),
  created: z.boolean().describe('The user was made by this'),
  merged_from: z
    .string()
    .nullable()
    .describe('Former primary id of the record this was done to, where that was merged into this one since'),
  fields: z.array(fieldHistorySchema),
  rows: z.array(rowHistorySchema),
});
export type HistoryEntry = z.output<typeof historyEntrySchema>;

const userHistorySchema = z.object({
  primary_id: z.string(),
  entries: z.array(historyEntrySchema),
  next: z.string().nullable().describe('Give it as `before` to see older entries; null on the last page'),
});
export type UserHistory = z.output<typeof userHistorySchema>;

interface JournalRow {
  readonly id: number;
  readonly at: string;
  readonly run_id: number;
  readonly by: string | null;
  readonly kind: string | null;
  readonly name: string | null;
  readonly created: boolean;
  readonly merged_from: string | null;
  readonly fields: FieldsDiff;
  readonly rows: readonly {
    readonly table: string;
    readonly op: RowHistory['op'];
    readonly before?: Readonly<Record<string, unknown>>;
    readonly after?: Readonly<Record<string, unknown>>;
  }[];
}

/** Before and after by field. */
type FieldsDiff = Readonly<Record<string, readonly [unknown, unknown]>>;

export const userHistory = operation({
  name: 'users.history',
  summary: {
    en: 'Who changed what of a user, when, and by which run',
    de: 'Wer wann durch welchen Lauf was an einem Benutzer geändert hat',
  },
  privilege: 'users:read',
  input,
  output: userHistorySchema,
  audit: ({ user }, output) => ({ entity: 'user', id: output?.primary_id ?? user }),
  run: async (ctx, { user, limit, run, before }): Promise<UserHistory> => {
    const found = await findUser(ctx.db.pool, user);
    const rows = await readJournal(ctx.db.pool, found.id, limit + 1, before === undefined ? null : parseCursor(before), run);
    const shown = rows.slice(0, limit);
    const labels = await codeLabels(ctx.db.pool, CODE_TABLES, ctx.language);
    const last = shown.at(-1);
    return {
      primary_id: found.primary_id,
      entries: shown.map((row) => entryOf(differenceFor(ctx.actor, row), labels, ctx.language)),
      next: rows.length > limit && last !== undefined ? `${last.at}/${last.id}` : null,
    };
  },
});

const CODE_TABLES: readonly string[] = [
  ...new Set(
    [...SCALARS, ...CHILD_TABLES.flatMap((table): readonly Field[] => table.fields)].flatMap((field: Field) => field.codeTable ?? []),
  ),
];

interface Cursor {
  readonly at: string;
  readonly id: number;
}

function parseCursor(text: string): Cursor {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)\/(\d{1,15})$/.exec(text);
  if (parts?.[1] === undefined || parts[2] === undefined || Number.isNaN(Date.parse(parts[1]))) {
    throw new AppError('users.bad_cursor', { cursor: text.slice(0, 60) });
  }
  return { at: parts[1], id: Number(parts[2]) };
}

async function readJournal(db: Queryable, userId: number, limit: number, before: Cursor | null, run?: number): Promise<JournalRow[]> {
  const older = before === null ? empty : sql`and (j.at, j.id) < (${before.at}::timestamptz, ${before.id}::bigint)`;
  const found = await db.query<JournalRow>(sql`
    select j.id, j.at, j.run_id, r.created_by as by, r.kind, r.name,
           case when j.user_id <> ${userId}::bigint then (
             select g.diff #>> '{fields,primary_id,0}' from journal g
             where g.user_id = j.user_id and g.diff -> 'fields' ? 'merged_into' order by g.id desc limit 1) end as merged_from,
           j.diff ? 'created' as created, coalesce(j.diff -> 'fields', '{}') as fields,
           coalesce((
             select jsonb_agg(journal_row(e.entry, r.row_templates) order by e.place)
             from jsonb_array_elements(j.diff -> 'rows') with ordinality as e (entry, place)
             where journal_row(e.entry, r.row_templates) is not null), '[]') as rows
    from journal j
    left join runs r on r.id = j.run_id
    where ${ofThem(userId)} ${older} ${run === undefined ? empty : sql`and j.run_id = ${run}::bigint`}
    order by j.at desc, j.id desc
    limit ${limit}::int`);
  return found.rows;
}

/**
 * Of the user and of whose records were merged into theirs: a merge itself stands there twice, and as the
 * kept record saw it is enough.
 */
function ofThem(userId: number): Sql {
  return sql`j.user_id in (${withMerged(userId)})
      and (j.user_id = ${userId}::bigint or j.diff #> '{fields,merged_into,1}' is distinct from to_jsonb(${userId}::bigint))`;
}

function entryOf(row: JournalRow, labels: CodeLabels, language: Language): HistoryEntry {
  return {
    at: row.at,
    by: row.by ?? '',
    run: { id: row.run_id, kind: row.kind ?? '', name: row.name ?? '' },
    created: row.created,
    merged_from: row.merged_from,
    fields: fieldsOf(row.fields, labels, language),
    rows: row.rows.map((entry) => {
      const table = childTable(entry.table);
      return {
        table: entry.table,
        name: table?.name ?? entry.table,
        label: table?.label[language] ?? entry.table,
        op: entry.op,
        ...(entry.before === undefined ? {} : { before: rowState(table, entry.before, labels) }),
        ...(entry.after === undefined ? {} : { after: rowState(table, entry.after, labels) }),
      };
    }),
  };
}

/** Numbers of credentials; shown as what happened, never as a number. */
const PASSWORD = 'credential_id';
const PIN = 'pin_id';
const STATE = 'credential_state';
/** The number of another user; the name of the run says which. */
const MERGED_INTO = 'merged_into';

function fieldsOf(diff: FieldsDiff, labels: CodeLabels, language: Language): FieldHistory[] {
  const shown: FieldHistory[] = [];
  for (const [name, [before, after]] of Object.entries(diff)) {
    if (name === PASSWORD || name === PIN || name === MERGED_INTO) continue;
    const field = scalar(name);
    const label = field?.label[language] ?? (name === 'held_fields' ? say(language, 'history.held_fields', {}) : name);
    if (name === 'held_fields')
      shown.push({ field: name, label, before, after, ...beside(heldLabel(before, language), heldLabel(after, language)) });
    else shown.push({ field: name, label, before, after, ...beside(labelOf(field, before, labels), labelOf(field, after, labels)) });
  }
  const password = diff[PASSWORD];
  // The state says more than "changed" wherever it moved as well.
  if (password !== undefined && !(STATE in diff))
    shown.push(renewed('password', say(language, 'history.password', {}), password, language));
  const pin = diff[PIN];
  if (pin !== undefined) shown.push(renewed('pin', say(language, 'history.pin', {}), pin, language));
  return shown;
}

/** A password or PIN that was set, changed or taken away. */
function renewed(field: string, label: string, [before, after]: readonly [unknown, unknown], language: Language): FieldHistory {
  const is = (value: unknown): boolean => value !== null && value !== undefined;
  const none = { value: 'none', label: say(language, 'history.credential_none', {}) };
  const set = { value: 'set', label: say(language, 'history.credential_set', {}) };
  const changed = { value: 'changed', label: say(language, 'history.credential_changed', {}) };
  const from = is(before) ? set : none;
  const to = is(after) ? (is(before) ? changed : set) : none;
  return { field, label, before: from.value, after: to.value, before_label: from.label, after_label: to.label };
}

function beside(before: string | null, after: string | null): Pick<FieldHistory, 'before_label' | 'after_label'> {
  return { ...(before === null ? {} : { before_label: before }), ...(after === null ? {} : { after_label: after }) };
}

function labelOf(field: Field | undefined, value: unknown, labels: CodeLabels): string | null {
  const table = field?.codeTable;
  if (table === undefined) return null;
  if (typeof value === 'string') return labels.label(table, value);
  if (!Array.isArray(value)) return null;
  return value.map((code) => labels.label(table, String(code)) ?? String(code)).join(', ');
}

function heldLabel(value: unknown, language: Language): string | null {
  if (!Array.isArray(value)) return null;
  return value.map((name) => scalar(String(name))?.label[language] ?? String(name)).join(', ');
}

function rowState(table: ChildTable | undefined, row: Readonly<Record<string, unknown>>, labels: CodeLabels): RowState {
  const values: Record<string, unknown> = {};
  const meanings: Record<string, string> = {};
  for (const [column, value] of Object.entries(row)) {
    if (column === 'id' || column === 'user_id' || value === null) continue;
    values[column] = value;
    const meaning = labelOf(
      table?.fields.find((field) => field.name === column),
      value,
      labels,
    );
    if (meaning !== null) meanings[column] = meaning;
  }
  return { values, labels: meanings };
}
