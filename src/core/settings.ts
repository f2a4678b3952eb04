/**
 * The library's settings: each is declared once, beside the code that it steers, and kept in the
 * table `settings`. The operations `settings.*`, the command line and the page come from the
 * declarations.
 *
 *     const TRUSTED_DAYS = declareSetting({
 *       name: 'sign_in.temporary_days', label: { en: '…', de: '…' },
 *       schema: z.number().int().min(1).max(365), default: 14, privilege: 'settings:write',
 *     });
 *     await readSetting(ctx.db.pool, TRUSTED_DAYS) // number
 *
 * Declare at the top of a module that the room's index.ts loads: what is not loaded is not listed.
 */
import type { z } from 'zod';
import type { Queryable } from './context.ts';
import type { Privilege } from './privileges.ts';
import type { Text } from './texts/index.ts';

export interface Setting<T = unknown> {
  /** `area.name`, in small letters. */
  readonly name: string;
  /** What it does, for a person. */
  readonly label: Text;
  readonly schema: z.ZodType<T>;
  /** What holds as long as nobody has set it. */
  readonly default: T;
  /** Who may set it: `settings:write`, or `access:write` where it decides on rights. */
  readonly privilege: Privilege;
}

const declared = new Map<string, Setting>();

/** Declares a setting; two of one name are a mistake of the program. */
export function declareSetting<S extends z.ZodType>(setting: {
  readonly name: string;
  readonly label: Text;
  readonly schema: S;
  readonly default: z.output<S>;
  readonly privilege: Privilege;
}): Setting<z.output<S>> {
  if (declared.has(setting.name)) throw new Error(`The setting ${setting.name} is declared twice.`);
  const known = setting as unknown as Setting<z.output<S>>; // the same schema, known by what it gives
  declared.set(setting.name, known as Setting);
  return known;
}

/** Every declared setting, in the order of their names. */
export function declaredSettings(): readonly Setting[] {
  return [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The declared setting of that name. */
export function settingNamed(name: string): Setting | undefined {
  return declared.get(name);
}

/** The value that holds: what the library has set, else the default. A stored value that no longer fits counts as not set. */
export async function readSetting<T>(db: Queryable, setting: Setting<T>): Promise<T> {
  const { rows } = await db.query<{ value: unknown }>({ text: 'select s.value from settings s where s.name = $1', values: [setting.name] });
  return settingValue(setting, rows[0]?.value);
}

/** As `readSetting`, for a value that has been read already; undefined: not set. */
export function settingValue<T>(setting: Setting<T>, stored: unknown): T {
  if (stored === undefined) return setting.default;
  const parsed = setting.schema.safeParse(stored);
  return parsed.success ? parsed.data : setting.default;
}
