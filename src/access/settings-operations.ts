/** The library's settings, listed, read and set; what there is says `declareSetting` (core). */
import sql from 'sql-template-tag';
import { z } from 'zod';
import {
  AppError,
  type Context,
  declaredSettings,
  operation,
  parseInput,
  type Queryable,
  type Setting,
  settingNamed,
  settingValue,
} from '../core/index.ts';
import { hasPrivilege } from './roles.ts';

const settingView = z.strictObject({
  name: z.string(),
  label: z.string(),
  value: z.unknown(),
  default: z.unknown(),
  /** False: the default holds. */
  set: z.boolean(),
  /** Who may set it. */
  privilege: z.string(),
  /** JSON Schema of the value. */
  schema: z.record(z.string(), z.unknown()),
  modified_at: z.string().nullable(),
  modified_by: z.string().nullable(),
});
export type SettingView = z.output<typeof settingView>;

interface Stored {
  readonly name: string;
  readonly value: unknown;
  readonly modified_at: string;
  readonly modified_by: string | null;
}

const settingName = z.string().trim().min(1).max(100);

export const listSettings = operation({
  name: 'settings.list',
  summary: { en: 'Lists the library’s settings', de: 'Listet die Einstellungen der Bibliothek' },
  privilege: 'settings:read',
  input: z.strictObject({}),
  output: z.strictObject({ settings: z.array(settingView) }),
  audit: () => ({ entity: 'setting', id: null }),
  run: async (ctx) => {
    const stored = await readStored(ctx.db.pool, null);
    return { settings: declaredSettings().map((setting) => viewOf(ctx, setting, stored.get(setting.name))) };
  },
});

export const getSetting = operation({
  name: 'settings.get',
  summary: { en: 'Shows one setting', de: 'Zeigt eine Einstellung' },
  privilege: 'settings:read',
  input: z.strictObject({ name: settingName }),
  output: settingView,
  audit: ({ name }) => ({ entity: 'setting', id: name }),
  run: async (ctx, { name }) => {
    const setting = known(name);
    return viewOf(ctx, setting, (await readStored(ctx.db.pool, name)).get(name));
  },
});

export const setSetting = operation({
  name: 'settings.set',
  summary: {
    en: 'Changes a setting, or lets its default hold again',
    de: 'Ändert eine Einstellung oder setzt sie auf den Standard zurück',
  },
  privilege: 'settings:write',
  input: z
    .strictObject({
      name: settingName,
      value: z.unknown().optional(),
      /** True: the default holds again. */
      reset: z.boolean().default(false),
    })
    .refine((i) => (i.value !== undefined) !== i.reset, { message: 'needs either a value or reset' }),
  output: settingView,
  audit: ({ name }, output) => ({ entity: 'setting', id: name, ...(output === undefined ? {} : { detail: { set: output.set } }) }),
  run: async (ctx, i) => {
    const setting = known(i.name);
    if (!hasPrivilege(ctx.actor, setting.privilege)) {
      throw new AppError('access.denied', { privilege: setting.privilege, actor: ctx.actor.name });
    }
    if (i.reset) await ctx.db.pool.query(sql`delete from settings where name = ${i.name}::text`);
    else {
      const value = parseInput(setting.schema, i.value);
      await ctx.db.pool.query(sql`
        insert into settings (name, value, modified_by) values (${i.name}, ${JSON.stringify(value)}::jsonb, ${ctx.actor.name})
        on conflict (name) do update set value = excluded.value, modified_at = now(), modified_by = excluded.modified_by`);
    }
    return viewOf(ctx, setting, (await readStored(ctx.db.pool, i.name)).get(i.name));
  },
});

function known(name: string): Setting {
  const setting = settingNamed(name);
  if (setting === undefined) {
    const names = declaredSettings().map((each) => each.name);
    throw new AppError('access.unknown_setting', { name, known: names.join(', ') });
  }
  return setting;
}

async function readStored(db: Queryable, name: string | null): Promise<ReadonlyMap<string, Stored>> {
  const { rows } = await db.query<Stored>(sql`
    select s.name, s.value, s.modified_at, s.modified_by from settings s where ${name}::text is null or s.name = ${name}::text`);
  return new Map(rows.map((row) => [row.name, row]));
}

function viewOf(ctx: Context, setting: Setting, stored: Stored | undefined): SettingView {
  return {
    name: setting.name,
    label: setting.label[ctx.language],
    value: settingValue(setting, stored?.value),
    default: setting.default,
    set: stored !== undefined,
    privilege: setting.privilege,
    schema: z.toJSONSchema(setting.schema, { unrepresentable: 'any', io: 'input' }) as Record<string, unknown>, // a JSON object
    modified_at: stored?.modified_at ?? null,
    modified_by: stored?.modified_by ?? null,
  };
}
