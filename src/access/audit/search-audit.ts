/** Who did what: looking through the audit, newest first. */
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, operation } from '../../core/index.ts';

const DAY = z.iso.date();

/** What both the search and the export can be narrowed by. Days are those of the library's time zone. */
export const auditFilter = {
  actor: z.string().min(1).max(200).optional().describe('Who did it, by primary id'),
  operation: z.string().min(1).max(100).optional().describe('Name of the operation; with an asterisk at its end all that begin so'),
  entity: z.string().min(1).max(100).optional().describe('What kind of thing it was about: user, set, run …'),
  id: z.string().min(1).max(200).optional().describe('Which one'),
  outcome: z.enum(['done', 'refused', 'failed']).optional(),
  from: DAY.optional().describe('From this day on'),
  to: DAY.optional().describe('Up to this day, the day included'),
  text: z.string().min(1).max(200).optional().describe('Occurs in the id or in the details'),
};

export type AuditFilter = z.output<z.ZodObject<typeof auditFilter>>;

export const auditEntry = z.object({
  id: z.number(),
  at: z.string(),
  actor: z.string(),
  source: z.string().describe('cli, http, alma, worker'),
  operation: z.string(),
  entity: z.string().nullable(),
  entity_id: z.string().nullable(),
  outcome: z.enum(['done', 'refused', 'failed']),
  detail: z.record(z.string(), z.unknown()).nullable(),
  key_id: z.number().nullable().describe('The API key that was used'),
  address: z.string().nullable(),
  request_id: z.string().nullable(),
});

export const searchAudit = operation({
  name: 'audit.search',
  summary: {
    en: 'Looks through the audit: who did what, when and from where',
    de: 'Durchsucht das Protokoll: wer wann von wo was getan hat',
  },
  privilege: 'audit:read',
  input: z.strictObject({
    ...auditFilter,
    limit: z.number().int().min(1).max(1_000).default(50),
    before: z.string().max(100).optional().describe('The `next` of the page before: entries older than those'),
  }),
  output: z.object({ entries: z.array(auditEntry), next: z.string().nullable() }),
  // Whom somebody looked up in the audit is itself worth knowing.
  audit: (input) => ({
    entity: 'audit',
    id: null,
    detail: {
      ...(input.actor === undefined ? {} : { actor: input.actor }),
      ...(input.id === undefined ? {} : { about: input.id }),
      ...(input.text === undefined ? {} : { text: input.text }),
    },
  }),
  run: async (ctx, input) => {
    const before = input.before === undefined ? null : parseCursor(input.before);
    const older = before === null ? sql`true` : sql`(a.at, a.id) < (${before.at}::timestamptz, ${before.id}::bigint)`;
    const { rows } = await ctx.db.pool.query<z.output<typeof auditEntry>>(sql`
      select ${AUDIT_COLUMNS} from audit a where ${auditWhere(input, ctx.timeZone)} and ${older}
      order by a.at desc, a.id desc limit ${input.limit + 1}::integer`);
    const entries = rows.slice(0, input.limit);
    const last = entries.at(-1);
    return { entries, next: rows.length > input.limit && last !== undefined ? `${last.at}/${last.id}` : null };
  },
});

export const AUDIT_COLUMNS: Sql = sql`a.id, a.at, a.actor, a.source, a.operation, a.entity, a.entity_id, a.outcome, a.detail, a.key_id,
  a.address, a.request_id`;

/** Condition over `audit a`. */
export function auditWhere(filter: AuditFilter, timeZone: string): Sql {
  const parts: Sql[] = [sql`true`];
  // The names of people who act are primary ids: capitals make no other person.
  if (filter.actor !== undefined) {
    parts.push(
      sql`a.actor in (${filter.actor}::text, (select u.primary_id from users u where fold(u.primary_id) = fold(${filter.actor}::text)))`,
    );
  }
  if (filter.operation !== undefined) {
    parts.push(
      filter.operation.endsWith('*')
        ? sql`starts_with(a.operation, ${filter.operation.slice(0, -1)}::text)`
        : sql`a.operation = ${filter.operation}::text`,
    );
  }
  if (filter.entity !== undefined) parts.push(sql`a.entity = ${filter.entity}::text`);
  if (filter.id !== undefined) {
    // What was done to a record that was merged into this one stands under its own id.
    const former = sql`select fold(i.value) from user_keys k join user_identifiers i on i.user_id = k.user_id and i.type = 'MERGED_ID'
      where k.key = fold(${filter.id}::text)`;
    const own = sql`fold(a.entity_id) = fold(${filter.id}::text)`;
    const ofUsers = filter.entity === undefined || filter.entity === 'user';
    parts.push(ofUsers ? sql`(${own} or a.entity = 'user' and fold(a.entity_id) in (${former}))` : own);
  }
  if (filter.outcome !== undefined) parts.push(sql`a.outcome = ${filter.outcome}::text`);
  if (filter.from !== undefined) parts.push(sql`a.at >= ${filter.from}::date::timestamp at time zone ${timeZone}::text`);
  if (filter.to !== undefined) parts.push(sql`a.at < (${filter.to}::date + 1)::timestamp at time zone ${timeZone}::text`);
  if (filter.text !== undefined) {
    parts.push(sql`strpos(fold(concat_ws(' ', a.entity_id, a.detail::text)), fold(${filter.text}::text)) > 0`);
  }
  return join(parts, ' and ');
}

function parseCursor(text: string): { at: string; id: number } {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)\/(\d{1,15})$/.exec(text);
  if (parts?.[1] === undefined || parts[2] === undefined || Number.isNaN(Date.parse(parts[1]))) {
    throw new AppError('audit.bad_cursor', { cursor: text.slice(0, 60) });
  }
  return { at: parts[1], id: Number(parts[2]) };
}
