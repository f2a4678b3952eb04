import { type Context, count, day, id, operation, type Queryable, todayIn } from '../core/index.ts';
import { formatFilter } from '../filters/index.ts';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { searchCondition } from '../users/index.ts';
import { countMembers, findSet, memberIdsSql, SET_COLUMNS, setFields, type SetRow, visibleTo } from './set-row.ts';
import { setReference } from './write-set.ts';

const setViewSchema = z.object({
  ...setFields,
  where: z.string().nullable().describe('A logical set’s filter in its text form'),
  filter: z.unknown().describe('The same as JSON, null for a fixed list'),
  members: count.nullable().describe('null in lists of sets for logical ones: counting them means evaluating each filter'),
});
export type SetView = z.output<typeof setViewSchema>;

function viewOf(set: SetRow, members: number | null): SetView {
  return { ...set, where: set.filter === null ? null : formatFilter(set.filter), members };
}

export const listSets = operation({
  name: 'set.list',
  summary: { en: 'List the sets: one’s own and the public ones', de: 'Die Sets auflisten: eigene und öffentliche' },
  privilege: 'sets:read',
  input: z.strictObject({
    /** Only those that the actor owns. */
    mine: z.boolean().default(false),
    /** Only those for their owner alone, or only those for everybody. */
    private: z.boolean().optional(),
    /** Part of the name or description. */
    search: z.string().trim().min(1).optional(),
    /** Part of the name alone; blanks and underlines are alike. */
    name: z.string().trim().min(1).optional(),
    /** Part of the owner's primary id. */
    owner: z.string().trim().min(1).optional(),
    kind: setFields.kind.optional(),
    limit: z.int().min(1).max(1000).optional(),
    offset: z.int().min(0).optional(),
  }),
  output: z.object({ sets: z.array(setViewSchema), total: count.describe('Sets that match, whatever the page shows') }),
  audit: (input) => ({ entity: 'set', id: null, detail: { mine: input.mine } }),
  run: async (ctx: Context, input) => {
    const found = sql`
      select ${SET_COLUMNS} from sets s
      where ${visibleTo(ctx.actor)}
        and (not ${input.mine}::boolean or s.owner = ${ctx.actor.name}::text)
        and (${input.private ?? null}::boolean is null or s.private = ${input.private ?? null}::boolean)
        and (${input.search ?? null}::text is null
          or strpos(fold(concat_ws(' ', s.name, s.description)), fold(${input.search ?? null}::text)) > 0)
        and (${input.name ?? null}::text is null or strpos(fold(replace(s.name, '_', ' ')), fold(replace(${input.name ?? null}::text, '_', ' '))) > 0)
        and (${input.owner ?? null}::text is null or strpos(fold(s.owner), fold(${input.owner ?? null}::text)) > 0)
        and (${input.kind ?? null}::text is null or s.kind = ${input.kind ?? null}::text)
      order by fold(s.name)`;
    const { rows } = await ctx.db.pool.query<SetRow & { members: number | null }>(sql`
      select found.*,
        case when found.kind = 'itemized' then (select count(*) from set_members m where m.set_id = found.id) end as members
      from (${found} limit ${input.limit ?? null}::bigint offset ${input.offset ?? 0}::bigint) found order by fold(found.name)`);
    const all = input.limit === undefined && input.offset === undefined ? rows.length : await rowsIn(ctx.db.pool, found);
    return { sets: rows.map(({ members, ...set }) => viewOf(set, members)), total: all };
  },
});

async function rowsIn(db: Queryable, query: Sql): Promise<number> {
  const { rows } = await db.query<{ total: number }>(sql`select count(*) as total from (${query}) q`);
  return rows[0]?.total ?? 0;
}

export const showSet = operation({
  name: 'set.show',
  summary: {
    en: 'Show a set and how many members it has today',
    de: 'Ein Set anzeigen, mit der Zahl seiner Mitglieder von heute',
  },
  privilege: 'sets:read',
  input: z.strictObject({ set: setReference }),
  output: setViewSchema,
  audit: (input, output) => ({ entity: 'set', id: output?.id ?? input.set }),
  run: async (ctx: Context, input): Promise<SetView> => {
    const set = await findSet(ctx.db.pool, input.set, ctx.actor);
    return viewOf(set, await countMembers(ctx.db.pool, set, todayIn(ctx.timeZone)));
  },
});

export const memberSchema = z.object({
  user_id: id,
  primary_id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  account_type: z.string(),
  user_group: z.string().nullable(),
  expiry_date: day.nullable(),
});
export type Member = z.output<typeof memberSchema>;

const next = id.nullable().describe('The `after` of the following page; null at the end');

const memberPageSchema = z.object({
  id,
  name: z.string(),
  members: z.array(memberSchema),
  next,
  total: count.optional().describe('Members in all, when they were to be counted'),
});
export type MemberPage = z.output<typeof memberPageSchema>;

const page = { limit: z.int().min(1).max(1000).default(100), after: z.int().min(0).default(0) };

export const listMembers = operation({
  name: 'set.members',
  summary: { en: 'List the members of a set, page by page', de: 'Die Mitglieder eines Sets seitenweise auflisten' },
  privilege: 'sets:read',
  input: z.strictObject({
    set: setReference,
    ...page,
    /** Members left out after `after`; for callers that know places in the list only. */
    offset: z.int().min(0).optional(),
    /** Says how many members there are in all. */
    counted: z.boolean().optional(),
    /** Words of names, ids, barcodes or e-mail addresses: only members who have them. */
    search: z.string().trim().min(1).max(1_000).optional(),
  }),
  output: memberPageSchema,
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? input.set,
    detail: { shown: output?.members.length ?? null },
  }),
  run: async (ctx: Context, input): Promise<MemberPage> => {
    const set = await findSet(ctx.db.pool, input.set, ctx.actor);
    const today = todayIn(ctx.timeZone);
    const searched = input.search === undefined ? sql`true` : await foundBy(ctx.db.pool, input.search);
    // `after` is said of both sides: of an inequality the planner does not conclude the other one.
    const { rows } = await ctx.db.pool.query<Member>(sql`
      select u.id as user_id, u.primary_id, u.first_name, u.last_name, u.account_type, u.user_group, u.expiry_date
      from (${memberIdsSql(set, today)}) ids
      join users u on u.id = ids.user_id
      where ids.user_id > ${input.after}::bigint and u.id > ${input.after}::bigint and ${searched}
      order by ids.user_id limit ${input.limit + 1}::integer offset ${input.offset ?? 0}::bigint`);
    const members = rows.slice(0, input.limit);
    return {
      id: set.id,
      name: set.name,
      members,
      next: rows.length > input.limit ? (members.at(-1)?.user_id ?? null) : null,
      ...(input.counted === true ? { total: await countMembers(ctx.db.pool, set, today) } : {}),
    };
  },
});

export const fileLineSchema = z.object({ line: id, value: z.string(), reason: z.enum(['not_found', 'duplicate', 'ambiguous']) });
export type FileLine = z.output<typeof fileLineSchema>;

/** Hits that are looked up one by one; of more, a page is full before long whoever is looked at. */
const FEW_HITS = 10_000;

/** Condition over `users u`: the words occur in what people are searched by. */
async function foundBy(db: Queryable, text: string): Promise<Sql> {
  const words = searchCondition(text);
  if (words === null) return sql`true`;
  const { rows } = await db.query<{ user_id: number }>(
    sql`select s.user_id from user_search s where ${words} limit ${FEW_HITS + 1}::integer`,
  );
  if (rows.length <= FEW_HITS) return sql`u.id = any (${rows.map((row) => row.user_id)}::bigint[])`;
  return sql`exists (select from user_search s where s.user_id = u.id and ${words})`;
}

const fileLinePageSchema = z.object({ id, name: z.string(), lines: z.array(fileLineSchema), next });
export type FileLinePage = z.output<typeof fileLinePageSchema>;

export const listFileLines = operation({
  name: 'set.file_lines',
  summary: {
    en: 'List what a set’s last list of identifiers brought no member for, with line and reason',
    de: 'Auflisten, wozu die letzte Kennungsliste eines Sets kein Mitglied brachte, mit Zeile und Grund',
  },
  privilege: 'sets:read',
  input: z.strictObject({ set: setReference, reason: z.enum(['not_found', 'duplicate', 'ambiguous']).optional(), ...page }),
  output: fileLinePageSchema,
  audit: (input, output) => ({ entity: 'set', id: output?.id ?? input.set }),
  run: async (ctx: Context, input): Promise<FileLinePage> => {
    const set = await findSet(ctx.db.pool, input.set, ctx.actor);
    const { rows } = await ctx.db.pool.query<FileLine>(sql`
      select f.line, f.value, f.reason from set_file_lines f
      where f.set_id = ${set.id}::bigint and f.line > ${input.after}::bigint
        and (${input.reason ?? null}::text is null or f.reason = ${input.reason ?? null}::text)
      order by f.line limit ${input.limit + 1}::integer`);
    const lines = rows.slice(0, input.limit);
    return { id: set.id, name: set.name, lines, next: rows.length > input.limit ? (lines.at(-1)?.line ?? null) : null };
  },
});
