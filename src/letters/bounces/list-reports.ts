import sql from 'sql-template-tag';
import { z } from 'zod';
import { count, id, instant, operation } from '../../core/index.ts';

const reportSchema = z.object({
  id,
  message: id.describe('Number of the message in the outbox'),
  user: z.string().describe('Primary id'),
  letter: z.string(),
  kind: z.enum(['hard', 'soft', 'complaint']),
  address: z.string(),
  status: z.string().nullable(),
  detail: z.string().nullable(),
  reported_at: instant,
});
export type ReportView = z.output<typeof reportSchema>;

export const listReports = operation({
  name: 'bounce.list',
  summary: { en: 'Lists what came back, newest first', de: 'Listet auf, was zurückkam, das Neueste zuerst' },
  privilege: 'letters:read',
  input: z.strictObject({
    kind: z.enum(['hard', 'soft', 'complaint']).optional(),
    before: z.number().int().positive().optional().describe('Reports with smaller numbers'),
    limit: z.number().int().min(1).max(1_000).default(50),
  }),
  output: z.object({ total: count, reports: z.array(reportSchema), next: id.nullable() }),
  audit: (_, output) => ({ entity: 'bounce', id: null, detail: { shown: output?.reports.length ?? null } }),
  run: async (ctx, input) => {
    const matches = sql`(${input.kind ?? null}::text is null or b.kind = ${input.kind ?? null}::text)`;
    const { rows: counted } = await ctx.db.pool.query<{ total: number }>(
      sql`select count(*) as total from letter_bounces b where ${matches}`,
    );
    const { rows } = await ctx.db.pool.query<ReportView>(sql`
      select b.id, b.outbox_id as message, u.primary_id as user, o.letter, b.kind, b.address, b.status, b.detail, b.reported_at
      from letter_bounces b join outbox o on o.id = b.outbox_id join users u on u.id = o.user_id
      where ${matches} and (${input.before ?? null}::bigint is null or b.id < ${input.before ?? null}::bigint)
      order by b.id desc limit ${input.limit + 1}::integer`);
    const reports = rows.slice(0, input.limit);
    return { total: counted[0]?.total ?? 0, reports, next: rows.length > reports.length ? (reports.at(-1)?.id ?? null) : null };
  },
});
