import sql from 'sql-template-tag';
import { z } from 'zod';
import { count, id, instant, operation } from '../../core/index.ts';

export const recentLetters = operation({
  name: 'library.recent_letters',
  summary: { en: 'Shows how far the letters of the latest jobs are', de: 'Zeigt, wie weit die Briefe der letzten Prozesse sind' },
  privilege: 'letters:read',
  input: z.strictObject({ limit: z.int().min(1).max(50).default(5) }),
  output: z.strictObject({
    letters: z.array(
      z.strictObject({
        run: id,
        job: z.string(),
        letter: z.string().describe('Code of the notification type'),
        label: z.string().nullable(),
        created_at: instant,
        states: z.record(z.string(), count).describe('State in the outbox → messages; `to_print`: queued for somebody to print'),
      }),
    ),
  }),
  audit: () => ({ entity: 'outbox', id: null }),
  run: async (ctx, { limit }) => {
    const words = ctx.language === 'de' ? sql`t.label_de` : sql`t.label_en`;
    // Each job's messages are looked up by its number, however many the outbox has.
    const { rows } = await ctx.db.pool.query<{
      run: number;
      job: string;
      letter: string;
      label: string | null;
      created_at: string;
      states: Record<string, number>;
    }>(sql`
      select r.id as run, r.name as job, r.created_at, l.letter, ${words} as label, l.states
      from (select r.* from runs r where r.kind = 'job' and exists (select from outbox o where o.run_id = r.id)
        order by r.id desc limit ${limit}::integer) r
      cross join lateral (
        select s.letter, jsonb_object_agg(s.state, s.messages) as states
        from (select o.letter, case when o.state = 'queued' and o.channel = 'print' then 'to_print' else o.state end as state,
          count(*)::integer as messages from outbox o where o.run_id = r.id group by 1, 2) s
        group by s.letter) l
      left join notification_types t on t.code = l.letter
      order by r.id desc, l.letter
      limit ${limit}::integer`);
    return { letters: rows.map((row) => ({ ...row, run: Number(row.run) })) };
  },
});
