/** A user's loans, requests and fees as another system told them. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, operation } from '../core/index.ts';
import { readWhole } from '../users/index.ts';

const input = z.strictObject({
  user: z.string().min(1).describe('Primary id or any identifier'),
  id_type: z.string().min(1).optional(),
  kind: z.enum(['loan', 'request', 'fee']),
  limit: z.number().int().min(0).max(100).default(10),
  offset: z.number().int().min(0).default(0),
});

const output = z.object({
  primary_id: z.string(),
  total: z.number().int(),
  sum: z.string().nullable().describe('Of all fees'),
  currency: z.string().nullable(),
  items: z.array(
    z.object({
      reference: z.string(),
      title: z.string().nullable(),
      barcode: z.string().nullable(),
      amount: z.string().nullable(),
      currency: z.string().nullable(),
      due_on: z.string().nullable(),
      true_on: z.string(),
    }),
  ),
});

type Item = z.output<typeof output>['items'][number];

export const listCirculation = operation({
  name: 'users.circulation',
  summary: { en: 'Lists a user’s loans, requests or fees', de: 'Listet Ausleihen, Bestellungen oder Gebühren eines Benutzers' },
  privilege: 'users:read',
  input,
  output,
  audit: (i) => ({ entity: 'user', id: i.user, detail: { kind: i.kind } }),
  run: async (ctx, i) => {
    const user = await readWhole(ctx.db.pool, { key: i.user, type: i.id_type });
    if (user === undefined) throw new AppError('users.not_found', { id: i.user.slice(0, 100) });
    const { rows: totals } = await ctx.db.pool.query<{ total: number; sum: string | null; currency: string | null }>(sql`
      select count(*) as total, sum(c.amount)::text as sum, min(c.currency) as currency
      from circulation c where c.user_id = ${user.id}::bigint and c.kind = ${i.kind}`);
    const { rows: items } = await ctx.db.pool.query<Item>(sql`
      select c.reference, c.title, c.barcode, c.amount::text, c.currency, c.due_on, c.true_on
      from circulation c where c.user_id = ${user.id}::bigint and c.kind = ${i.kind}
      order by c.due_on nulls last, c.id limit ${i.limit}::integer offset ${i.offset}::bigint`);
    const [counted] = totals;
    return {
      primary_id: String(user.fields.primary_id),
      total: counted?.total ?? 0,
      sum: counted?.sum ?? null,
      currency: counted?.currency ?? null,
      items,
    };
  },
});
