import sql, { join } from 'sql-template-tag';
import { type Context, count, id, operation, type Queryable, todayIn } from '../core/index.ts';
import { z } from 'zod';
import { memberSchema } from './show-sets.ts';
import { findSet, memberIdsSql, type SetRow } from './set-row.ts';
import { setReference } from './write-set.ts';

const MOST = 3;

/** A part of the diagram: bit 0 is set for users of the first set, bit 1 of the second, bit 2 of the third. */
const part = z
  .int()
  .min(1)
  .max(2 ** MOST - 1);

const setsComparedSchema = z.object({
  sets: z.array(z.object({ id, name: z.string(), kind: z.enum(['itemized', 'logical']), members: count })),
  parts: z
    .array(z.object({ part, users: count }))
    .describe('Parts that have users: 1 only in the first set, 2 only in the second, 3 in both; with a third set 4 to 7 likewise'),
  members: z.array(memberSchema).describe('Some of the users in the parts that were asked for'),
});
export type SetsCompared = z.output<typeof setsComparedSchema>;

export const compareSets = operation({
  name: 'set.compare',
  summary: { en: 'Count how far sets overlap', de: 'Zählen, wie weit sich Sets überschneiden' },
  privilege: 'sets:read',
  input: z.strictObject({
    sets: z.array(setReference).min(2).max(MOST),
    /** Parts of which some users are shown. */
    parts: z.array(part).min(1).optional(),
    limit: z.int().min(1).max(100).default(5),
  }),
  output: setsComparedSchema,
  audit: (input, output) => ({ entity: 'set', id: null, detail: { sets: input.sets, shown: output?.members.length ?? null } }),
  run: async (ctx: Context, input): Promise<SetsCompared> => {
    const sets: SetRow[] = [];
    for (const reference of input.sets) sets.push(await findSet(ctx.db.pool, reference, ctx.actor));
    const { parts, shown } = await placeUsers(ctx.db.pool, sets, todayIn(ctx.timeZone), input.parts ?? [], input.limit);
    return {
      sets: sets.map((set, index) => ({
        id: set.id,
        name: set.name,
        kind: set.kind,
        members: parts.reduce((sum, each) => sum + ((each.part >> index) % 2 === 1 ? each.users : 0), 0),
      })),
      parts,
      members: shown.length === 0 ? [] : await membersOf(ctx.db.pool, shown),
    };
  },
});

interface Placed {
  readonly parts: { part: number; users: number }[];
  /** Some users of the parts that were asked for. */
  readonly shown: readonly number[];
}

/** Places every user of the sets in a part of the diagram; once, since with a library in a set that is most of the work. */
async function placeUsers(
  db: Queryable,
  sets: readonly SetRow[],
  today: string,
  wanted: readonly number[],
  limit: number,
): Promise<Placed> {
  const each = sets.map((set, index) => sql`select m.user_id, ${2 ** index}::integer as bit from (${memberIdsSql(set, today)}) m`);
  const placed = sql`select e.user_id, sum(e.bit)::integer as part from (${join(each, ' union all ')}) e group by e.user_id`;
  if (wanted.length === 0) {
    const { rows } = await db.query<{ part: number; users: number }>(sql`
      select p.part, count(*) as users from (${placed}) p group by p.part order by p.part`);
    return { parts: rows, shown: [] };
  }
  const { rows } = await db.query<{ part: number; users: number; shown: readonly number[] }>(sql`
    with placed as materialized (${placed})
    select c.part, c.users, array(select p.user_id from placed p where p.part = any (${wanted}::integer[])
      order by p.user_id limit ${limit}::integer) as shown
    from (select p.part, count(*) as users from placed p group by p.part) c order by c.part`);
  return { parts: rows.map(({ part, users }) => ({ part, users })), shown: rows[0]?.shown ?? [] };
}

async function membersOf(db: Queryable, ids: readonly number[]): Promise<z.output<typeof memberSchema>[]> {
  const { rows } = await db.query<z.output<typeof memberSchema>>(sql`
    select u.id as user_id, u.primary_id, u.first_name, u.last_name, u.account_type, u.user_group, u.expiry_date
    from users u where u.id = any (${ids}::bigint[]) order by u.id`);
  return rows;
}
