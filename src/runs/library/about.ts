import sql from 'sql-template-tag';
import { z } from 'zod';
import { day, operation, readSetting, settingNamed, todayIn } from '../../core/index.ts';

export const aboutLibrary = operation({
  name: 'library.about',
  summary: { en: 'Shows whose library this is', de: 'Zeigt, wessen Bibliothek das ist' },
  privilege: 'own:read',
  input: z.strictObject({}),
  output: z.strictObject({
    name: z.string().nullable().describe('As the library has set it'),
    today: day.describe('Today in the library’s time zone'),
    time_zone: z.string(),
    sample: z.boolean().describe('There are made-up users in it'),
  }),
  audit: () => ({ entity: 'library', id: null }),
  run: async (ctx) => {
    const setting = settingNamed('library.name');
    const name = setting === undefined ? null : await readSetting(ctx.db.pool, setting);
    const { rows } = await ctx.db.pool.query<{ sample: boolean }>(sql`
      select exists (select from runs r where r.kind = 'import' and r.plan ? 'sample') as sample`);
    return {
      name: typeof name === 'string' ? name : null,
      today: todayIn(ctx.timeZone),
      time_zone: ctx.timeZone,
      sample: rows[0]?.sample ?? false,
    };
  },
});
