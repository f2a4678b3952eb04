/** Plans saved under a name (Vorlagen): private or shared, lockable. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type Actor, AppError, id, instant, operation, type Queryable, todayIn } from '../core/index.ts';
import { parsePlan, planSchema } from './plan.ts';
import { preparePlan } from './prepare-run.ts';

const templateSchema = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  plan: planSchema,
  private: z.boolean(),
  locked: z.boolean().describe('Only the owner may change or delete it'),
  owner: z.string(),
  modified_at: instant,
});
export type Template = z.output<typeof templateSchema>;

const COLUMNS: Sql = sql`t.id, t.name, t.description, t.plan, t.private, t.locked, t.owner, t.modified_at`;

const name = z.string().trim().min(1).max(120);
const saveInput = z.strictObject({
  name,
  description: z.string().trim().max(2000).optional(),
  plan: z.unknown(),
  private: z.boolean().default(true),
  /** Only the owner may change or delete it. */
  locked: z.boolean().default(false),
});

function visible(actor: Actor): Sql {
  return actor.kind === 'user' ? sql`(not t.private or t.owner = ${actor.name}::text)` : sql`true`;
}

/** A template by name, if this actor may see it; throws `runs.template_not_found`. */
export async function findTemplate(db: Queryable, actor: Actor, wanted: string): Promise<Template> {
  const { rows } = await db.query<Template>(
    sql`select ${COLUMNS} from templates t where fold(t.name) = fold(${wanted}::text) and ${visible(actor)}`,
  );
  const template = rows[0];
  if (template === undefined) throw new AppError('runs.template_not_found', { name: wanted });
  return template;
}

export const saveTemplate = operation({
  name: 'template.save',
  summary: { en: 'Saves a plan as a template', de: 'Speichert einen Plan als Vorlage' },
  privilege: 'jobs:run',
  input: saveInput,
  output: templateSchema,
  audit: (i, output) => ({ entity: 'template', id: output?.id ?? i.name }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const plan = parsePlan(i.plan);
      await preparePlan(tx, plan, { today: todayIn(ctx.timeZone), actor: ctx.actor, movedSince: null });
      const { rows: taken } = await tx.query<{ owner: string; locked: boolean; private: boolean }>(sql`
      select t.owner, t.locked, t.private from templates t where fold(t.name) = fold(${i.name}::text) for update`);
      const old = taken[0];
      const own = old === undefined || old.owner === ctx.actor.name || ctx.actor.kind !== 'user';
      if (!own && old.private) throw new AppError('runs.template_taken', { name: i.name });
      if (!own && old.locked) throw new AppError('runs.template_locked', { name: i.name, owner: old.owner });
      const { rows } = await tx.query<Template>(sql`
      insert into templates as t (name, description, plan, private, locked, owner)
      values (${i.name}, ${i.description ?? null}, ${JSON.stringify(plan)}::jsonb, ${i.private}::boolean, ${i.locked}::boolean, ${ctx.actor.name})
      on conflict (fold(name)) do update set description = excluded.description, plan = excluded.plan, private = excluded.private,
        locked = excluded.locked, modified_at = now()
      returning ${COLUMNS}`);
      const saved = rows[0];
      if (saved === undefined) throw new AppError('runs.template_taken', { name: i.name });
      return saved;
    }),
});

export const listTemplates = operation({
  name: 'template.list',
  summary: { en: 'Lists templates', de: 'Listet Vorlagen auf' },
  privilege: 'jobs:read',
  input: z.strictObject({}),
  output: z.object({ templates: z.array(templateSchema) }),
  audit: () => ({ entity: 'template', id: null }),
  run: async (ctx) => {
    const { rows } = await ctx.db.pool.query<Template>(
      sql`select ${COLUMNS} from templates t where ${visible(ctx.actor)} order by fold(t.name)`,
    );
    return { templates: rows };
  },
});

const oneInput = z.strictObject({ name });

export const showTemplate = operation({
  name: 'template.show',
  summary: { en: 'Shows a template', de: 'Zeigt eine Vorlage' },
  privilege: 'jobs:read',
  input: oneInput,
  output: templateSchema,
  audit: (i) => ({ entity: 'template', id: i.name }),
  run: (ctx, i) => findTemplate(ctx.db.pool, ctx.actor, i.name),
});

export const deleteTemplate = operation({
  name: 'template.delete',
  summary: { en: 'Deletes a template', de: 'Löscht eine Vorlage' },
  privilege: 'jobs:run',
  input: oneInput,
  output: z.object({ deleted: z.string() }),
  audit: (i) => ({ entity: 'template', id: i.name }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const template = await findTemplate(tx, ctx.actor, i.name);
      if (ctx.actor.kind === 'user' && template.owner !== ctx.actor.name) {
        throw new AppError('runs.template_locked', { name: template.name, owner: template.owner });
      }
      await tx.query(sql`delete from templates where id = ${template.id}::bigint`);
      return { deleted: template.name };
    }),
});
