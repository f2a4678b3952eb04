/** Users by single fields, as the queries of Alma's API have it: every condition holds, `*` stands for anything. */
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, operation, type Queryable } from '../core/index.ts';
import { type CodeLabels, isClosedTo, isRecord, readRecords, recordFor } from '../users/index.ts';
import { withLabels } from './code-cache.ts';
import { isoDateOf } from './dates.ts';
import { toAlma } from './to-alma.ts';

/** Where a condition looks: a column of the user, of a child table, or the text that one searches by. */
type Place =
  | { readonly column: string; readonly as: 'text' | 'date' | 'amount'; readonly searched?: true }
  | { readonly column: string; readonly as: 'code'; readonly codes: string }
  | { readonly table: string; readonly column: string; readonly codes?: string; readonly searched?: true }
  | 'anywhere';

const PLACES = {
  primary_id: { column: 'primary_id', as: 'text', searched: true },
  first_name: { column: 'first_name', as: 'text', searched: true },
  middle_name: { column: 'middle_name', as: 'text', searched: true },
  last_name: { column: 'last_name', as: 'text', searched: true },
  email: { table: 'user_emails', column: 'address', searched: true },
  phone_number: { table: 'user_phones', column: 'number' },
  identifiers: { table: 'user_identifiers', column: 'value', searched: true },
  job_category: { column: 'job_category', as: 'code', codes: 'JobTitles' },
  birth_date: { column: 'birth_date', as: 'date' },
  user_group: { column: 'user_group', as: 'code', codes: 'UserGroups' },
  campus_code: { column: 'campus_code', as: 'code', codes: 'Campuses' },
  fines_fees_sum: { column: 'fees', as: 'amount' },
  block_type: { table: 'user_blocks', column: 'type', codes: 'UserBlockTypes' },
  id_type: { table: 'user_identifiers', column: 'type', codes: 'UserIdentifierTypes' },
  note_type: { table: 'user_notes', column: 'type', codes: 'NoteTypes' },
  note_text: { table: 'user_notes', column: 'text' },
  statistic_category: { table: 'user_statistics', column: 'category', codes: 'UserStatCategories' },
  general_info: 'anywhere',
  ALL: 'anywhere',
} as const satisfies Readonly<Record<string, Place>>;

export type QueryField = keyof typeof PLACES;
export const QUERY_FIELDS = Object.keys(PLACES) as readonly QueryField[]; // the keys of that very object

const ORDERS = ['last_name', 'first_name', 'primary_id'] as const;

const input = z.strictObject({
  conditions: z
    .array(z.strictObject({ field: z.enum(QUERY_FIELDS), text: z.string().min(1).max(1_000) }))
    .max(20)
    .default([])
    .describe('All have to hold'),
  modified_since: z.iso.date().optional().describe('Only users whose record was written on this day or later'),
  order_by: z
    .array(z.enum(ORDERS))
    .min(1)
    .default([...ORDERS]),
  limit: z.number().int().min(0).max(100).default(10),
  offset: z.number().int().min(0).max(2_000_000_000).default(0),
  full: z.boolean().default(false).describe('Whole records instead of names'),
});

const output = z.object({
  total: z.number().int().min(0),
  users: z.array(z.record(z.string(), z.unknown())).describe('In Alma’s JSON notation'),
});

export const queryUsers = operation({
  name: 'users.query',
  summary: { en: 'Finds users by single fields', de: 'Findet Benutzer nach einzelnen Feldern' },
  privilege: 'users:read',
  input,
  output,
  audit: (i, found) => ({ entity: 'users', id: null, detail: { conditions: i.conditions, full: i.full, total: found?.total ?? null } }),
  run: async (ctx, i) => {
    for (const { field } of i.conditions) {
      const place: Place = PLACES[field];
      if (place !== 'anywhere' && isClosedTo(ctx.actor, 'table' in place ? place.table : place.column)) {
        throw new AppError('access.field_closed', { groups: field });
      }
    }
    const { pool } = ctx.db;
    const where = join(
      [
        sql`true`,
        ...i.conditions.map(({ field, text }) => conditionOf(PLACES[field], text)),
        ...(i.modified_since === undefined
          ? []
          : [sql`u.modified_at >= (${i.modified_since}::date)::timestamp at time zone ${ctx.timeZone}::text`]),
      ],
      ' and ',
    );
    const [total, users] = await Promise.all([
      countOf(pool, where),
      i.limit === 0 ? [] : pageOf(pool, where, [...new Set([...i.order_by, ...ORDERS])], i.limit, i.offset),
    ]);
    const records = i.full
      ? await readRecords(
          pool,
          users.map((user) => user.id),
        )
      : [];
    return {
      total,
      users: await withLabels(pool, (labels) =>
        i.full ? records.map((record) => toAlma(recordFor(ctx.actor, record), labels)) : users.map((user) => briefOf(user, labels)),
      ),
    };
  },
});

interface Brief {
  readonly id: number;
  readonly primary_id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly status: string;
  readonly gender: string | null;
}

async function countOf(db: Queryable, where: Sql): Promise<number> {
  const { rows } = await db.query<{ total: number }>(sql`select count(*) as total from users u where ${where} and ${isRecord()}`);
  return rows[0]?.total ?? 0;
}

async function pageOf(db: Queryable, where: Sql, order: readonly string[], limit: number, offset: number): Promise<Brief[]> {
  const by = join(
    order.map((column) => sql`fold(${raw(`u.${column}`)})`),
    ', ',
  );
  const { rows } = await db.query<Brief>(sql`
    select u.id, u.primary_id, u.first_name, u.last_name, u.status, u.gender
    from users u where ${where} and ${isRecord()} order by ${by} limit ${limit}::integer offset ${offset}::bigint`);
  return rows;
}

/** What a list shows of a user. */
function briefOf(user: Brief, labels: CodeLabels): Record<string, unknown> {
  const coded = (table: string, code: string | null) => ({ value: code ?? '', desc: code === null ? '' : labels.label(table, code) });
  return {
    primary_id: user.primary_id,
    first_name: user.first_name ?? '',
    last_name: user.last_name ?? '',
    status: coded('UserStatus', user.status),
    gender: coded('Genders', user.gender),
    password: '',
    requests: null,
    loans: null,
    fees: null,
  };
}

function conditionOf(place: Place, given: string): Sql {
  const text = given.trim();
  // PostgreSQL has no NUL in texts, so nothing stored can contain it.
  if (text === '' || text.includes('\0')) return sql`false`;
  if (place === 'anywhere') return anywhere(text);
  const column = raw('table' in place ? `r.${place.column}` : `u.${place.column}`);
  const matches =
    'codes' in place && place.codes !== undefined
      ? isCode(column, place.codes, text)
      : 'as' in place && place.as === 'date'
        ? isDay(column, text)
        : 'as' in place && place.as === 'amount'
          ? isAmount(column, text)
          : sql`fold(${column}) like fold(${patternOf(text)}::text)`;
  const here = 'table' in place ? sql`exists (select from ${raw(place.table)} r where r.user_id = u.id and ${matches})` : matches;
  return 'searched' in place ? sql`(${here} and ${occurs(longestPart(text))})` : here;
}

/** Without a `*`, the text may stand anywhere in the value. */
function patternOf(text: string): string {
  const escaped = text.replace(/[\\%_]/g, (character) => `\\${character}`);
  return escaped.includes('*') ? escaped.replace(/\*+/g, '%') : `%${escaped}%`;
}

/** The longest piece between wildcards: the index on the search text narrows by it. */
function longestPart(text: string): string {
  return text.split('*').reduce((longest, part) => (part.trim().length > longest.length ? part.trim() : longest), '');
}

/** Whether the search text, which has an index, contains the piece; a filter before the exact condition. */
function occurs(piece: string): Sql {
  if ([...piece].length < 3) return sql`true`;
  const pattern = `%${piece.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return sql`exists (select from user_search s where s.user_id = u.id and s.text like fold(${pattern}::text) collate "default")`;
}

function anywhere(text: string): Sql {
  const words = text
    .split(/[\s*,;]+/u)
    .filter((word) => word !== '')
    .slice(0, 12);
  if (words.length === 0) return sql`true`;
  return sql`exists (select from user_search s where s.user_id = u.id and ${join(
    words.map((word) => sql`s.text like fold(${`%${word.replace(/[\\%_]/g, (character) => `\\${character}`)}%`}::text) collate "default"`),
    ' and ',
  )})`;
}

/** A code, or what it is called. */
function isCode(column: Sql, table: string, text: string): Sql {
  const pattern = text.includes('*') ? patternOf(text) : text.replace(/[\\%_]/g, (character) => `\\${character}`);
  return sql`(fold(${column}) like fold(${pattern}::text) or ${column} in (
    select c.code from codes c where c.table_name = ${table} and (fold(c.label_en) like fold(${pattern}::text) or fold(c.label_de) like fold(${pattern}::text))))`;
}

function isDay(column: Sql, text: string): Sql {
  const day =
    isoDateOf(text) ??
    isoDateOf(
      text.replace(
        /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/,
        (_, d: string, m: string, y: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
      ),
    );
  return day === undefined ? sql`false` : sql`${column} = ${day}::date`;
}

function isAmount(column: Sql, text: string): Sql {
  return /^\d{1,10}(?:\.\d{1,2})?$/.test(text) ? sql`coalesce(${column}, 0) = ${text}::numeric` : sql`false`;
}
