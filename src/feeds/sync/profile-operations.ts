/** Feeds as staff set them up. */
import { Cron } from 'croner';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, operation, type Queryable, say } from '../../core/index.ts';
import { createSet } from '../../sets/index.ts';
import { checkMapping, loadMapping, type Mapping } from '../mapping.ts';
import { SCALARS, type ScalarField } from '../../users/index.ts';
import { codeSchema, DEFAULTABLE, profileFields, type ProfileView, profileView, readProfiles } from './profile.ts';

const f = profileFields;

const created = z.strictObject({
  code: codeSchema,
  name: f.name,
  description: f.description.default(null),
  enabled: f.enabled.default(true),
  format: f.format.default(null),
  encoding: f.encoding.default(null),
  csv_mapping: f.csv_mapping.default(null),
  match_identifier: f.match_identifier.default(null),
  record_type: f.record_type.default('PUBLIC'),
  code_maps: f.code_maps.default({}),
  defaults: f.defaults.default({}),
  source: f.source.default({ kind: 'upload' }),
  secret: f.secret.default(null),
  cron: f.cron.default(null),
  guard_share: f.guard_share.default(20),
  guard_at_least: f.guard_at_least.default(10),
  tell: f.tell.default([]),
  export_target: f.export_target.default(null),
  export_secret: f.export_secret.default(null),
});

const changed = z.strictObject(f).partial();
const which = { code: codeSchema };

export const listFeeds = operation({
  name: 'feed.list',
  summary: { en: 'Lists feeds: who sends which users', de: 'Listet Zulieferer auf: wer welche Benutzer schickt' },
  privilege: 'users:import',
  input: z.strictObject({}),
  output: z.object({ feeds: z.array(profileView) }),
  audit: () => ({ entity: 'feed', id: null }),
  run: async (ctx) => ({ feeds: await readProfiles(ctx.db.pool) }),
});

export const showFeed = operation({
  name: 'feed.show',
  summary: { en: 'Shows one feed', de: 'Zeigt einen Zulieferer' },
  privilege: 'users:import',
  input: z.strictObject(which),
  output: profileView,
  audit: (i) => ({ entity: 'feed', id: i.code }),
  run: (ctx, { code }) => oneProfile(ctx.db.pool, code),
});

export const createFeed = operation({
  name: 'feed.create',
  summary: { en: 'Sets up a feed', de: 'Richtet einen Zulieferer ein' },
  privilege: 'settings:write',
  input: created,
  output: profileView,
  audit: (i) => ({ entity: 'feed', id: i.code, detail: { name: i.name, source: i.source.kind } }),
  run: async (ctx, i) => {
    await checkProfile(ctx.db.pool, i);
    const next = nextFetch(i.cron, i.source.kind, ctx.timeZone);
    try {
      await ctx.db.pool.query(sql`insert into feed_profiles (code, ${columns(i)}, next_at, created_by)
        values (${i.code}, ${values(i)}, ${next}::timestamptz, ${ctx.actor.name})`);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '23505')
        throw new AppError('feeds.profile_exists', { code: i.code }, { cause: error });
      throw error;
    }
    await makeAbsentSet(ctx, i.code, i.name);
    return oneProfile(ctx.db.pool, i.code);
  },
});

export const updateFeed = operation({
  name: 'feed.update',
  summary: { en: 'Changes a feed', de: 'Ändert einen Zulieferer' },
  privilege: 'settings:write',
  input: z.strictObject({ ...which, ...changed.shape }),
  output: profileView,
  audit: ({ code, secret, export_secret, csv_mapping: _mapping, ...rest }) => ({
    entity: 'feed',
    id: code,
    detail: {
      changed: [
        ...Object.keys(rest),
        ...(secret === undefined ? [] : ['secret']),
        ...(export_secret === undefined ? [] : ['export_secret']),
      ],
    },
  }),
  run: async (ctx, { code, ...given }) => {
    const present = await oneProfile(ctx.db.pool, code);
    const now = { ...present, ...(definedOf(given) as Partial<Checked>) };
    await checkProfile(ctx.db.pool, now);
    checkSecretsStay(present, given);
    const next = nextFetch(now.cron, now.source.kind, ctx.timeZone);
    const sets = Object.entries(definedOf(given)).map(([name, value]) => sql`${raw(columnOf(name))} = ${stored(name, value)}`);
    await ctx.db.pool.query(sql`update feed_profiles set ${join([...sets, sql`next_at = ${next}::timestamptz`, sql`modified_at = now()`], ', ')}
      where id = ${present.id}::bigint`);
    return oneProfile(ctx.db.pool, code);
  },
});

export const deleteFeed = operation({
  name: 'feed.delete',
  summary: {
    en: 'Removes a feed that owns no users any more',
    de: 'Entfernt einen Zulieferer, dem keine Benutzer mehr gehören',
  },
  privilege: 'settings:write',
  input: z.strictObject(which),
  output: z.object({ deleted: codeSchema }),
  audit: (i) => ({ entity: 'feed', id: i.code }),
  run: (ctx, { code }) =>
    ctx.db.transaction(async (tx) => {
      const profile = await oneProfile(tx, code);
      // They would belong to nobody, and no file could ever reach them.
      if (profile.users > 0) throw new AppError('feeds.profile_in_use', { code, users: profile.users });
      if (profile.held_file !== null) throw new AppError('feeds.file_waits', { code, file: profile.held_file });
      await tx.query(sql`
        insert into doomed_files (path) select f.stored from feed_files f where f.profile_id = ${profile.id}::bigint and f.stored is not null
        on conflict do nothing`);
      await tx.query(sql`delete from feed_profiles where id = ${profile.id}::bigint`);
      return { deleted: profile.code };
    }),
});

function definedOf(given: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function oneProfile(db: Queryable, code: string): Promise<ProfileView> {
  const [profile] = await readProfiles(db, code);
  if (profile === undefined) throw new AppError('feeds.profile_not_found', { code });
  return profile;
}

type Checked = Pick<ProfileView, 'code' | 'csv_mapping' | 'code_maps' | 'match_identifier' | 'cron' | 'source' | 'tell' | 'defaults'>;

/** What only the library's own data can tell: codes, identifier types, people, the mapping. */
async function checkProfile(db: Queryable, profile: Checked): Promise<void> {
  const mapping = await mappingOf(profile.csv_mapping, profile.code);
  if (
    mapping !== undefined &&
    mapping.match !== 'primary_id' &&
    profile.match_identifier !== null &&
    mapping.match.identifier !== profile.match_identifier
  ) {
    throw new AppError('feeds.profile_two_matches', { mapping: mapping.match.identifier, profile: profile.match_identifier });
  }
  const codes: (readonly [string, string])[] = [
    ...Object.values(profile.code_maps.user_group ?? {}).map((code) => ['UserGroups', code] as const),
    ...Object.values(profile.code_maps.campus_code ?? {}).map((code) => ['Campuses', code] as const),
    ...(profile.match_identifier === null ? [] : [['UserIdentifierTypes', profile.match_identifier] as const]),
    ...Object.entries(DEFAULT_TABLES).flatMap(([field, table]) => {
      const code = profile.defaults[field];
      return code === undefined ? [] : [[table, code] as const];
    }),
  ];
  const unknown = await db.query<{ table_name: string; code: string }>(sql`
    select x.table_name, x.code from unnest(${codes.map(([t]) => t)}::text[], ${codes.map(([, c]) => c)}::text[]) x (table_name, code)
    where not exists (select from codes c where c.table_name = x.table_name and c.code = x.code) limit 1`);
  const [first] = unknown.rows;
  if (first !== undefined) throw new AppError('feeds.profile_code', { table: first.table_name, value: first.code });
  const nobody = await db.query<{ name: string }>(sql`
    select x.name from unnest(${[...profile.tell]}::text[]) x (name) where not exists (select from users u where fold(u.primary_id) = fold(x.name)) limit 1`);
  const [missing] = nobody.rows;
  if (missing !== undefined) throw new AppError('users.not_found', { id: missing.name });
  if (profile.cron !== null && profile.source.kind === 'upload') throw new AppError('feeds.profile_nothing_to_fetch', {});
}

const DEFAULT_TABLES: Readonly<Record<string, string>> = Object.fromEntries(
  (SCALARS as readonly ScalarField[]).flatMap((f) =>
    f.codeTable !== undefined && (DEFAULTABLE as readonly string[]).includes(f.name) ? [[f.name, f.codeTable]] : [],
  ),
);

/** @throws `feeds.mapping_invalid` with every problem */
export async function mappingOf(given: ProfileView['csv_mapping'], name: string): Promise<Mapping | undefined> {
  if (given === null) return undefined;
  return given === 'folio' ? loadMapping('folio') : checkMapping({ name, ...given }, name);
}

/** A secret belongs to the place it was given for: pointing it at another would hand it out. */
function checkSecretsStay(present: ProfileView, given: z.output<typeof changed>): void {
  const moved = (before: unknown, now: unknown): boolean =>
    now !== undefined && now !== null && JSON.stringify(place(before)) !== JSON.stringify(place(now));
  if (present.has_secret && given.secret === undefined && moved(present.source, given.source))
    throw new AppError('feeds.profile_secret_again', {});
  if (present.has_export_secret && given.export_secret === undefined && moved(present.export_target, given.export_target))
    throw new AppError('feeds.profile_secret_again', {});
}

/** Of a source or target, what decides who learns the secret. */
function place(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return null;
  const { kind, host, port, user, host_key, url, header, ca } = given as Readonly<Record<string, unknown>>;
  return { kind, host, port, user, host_key, url, header, ca };
}

/** When files are fetched next; null: never by itself. @throws `runs.bad_cron` */
export function nextFetch(cron: string | null, kind: string, timeZone: string): string | null {
  if (cron === null || kind === 'upload') return null;
  try {
    return new Cron(cron, { timezone: timeZone, paused: true }).nextRun()?.toISOString() ?? null;
  } catch (error) {
    throw new AppError('runs.bad_cron', { cron, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}

const NAMES = Object.keys(profileFields) as readonly (keyof typeof profileFields)[]; // the keys of that very object
const JSONS: ReadonlySet<string> = new Set(['csv_mapping', 'code_maps', 'defaults', 'source', 'export_target']);

function columnOf(name: string): string {
  return name === 'csv_mapping' ? 'mapping' : name;
}

function stored(name: string, value: unknown): Sql {
  if (JSONS.has(name)) return value === null ? sql`null` : sql`${JSON.stringify(value)}::jsonb`;
  if (name === 'tell') return sql`${value as readonly string[]}::text[]`;
  return sql`${value as string | number | boolean | null}`;
}

function columns(_given: z.output<typeof created>): Sql {
  return raw(NAMES.map(columnOf).join(', '));
}

function values(given: z.output<typeof created>): Sql {
  return join(
    NAMES.map((name) => stored(name, given[name])),
    ', ',
  );
}

/** The logical set of those whom the feed no longer names: ready for a plan from the first load on. */
async function makeAbsentSet(ctx: Context, code: string, name: string): Promise<void> {
  const where = `account_type = "EXTERNAL" and external_id = "${code}" and absent_since is not empty`;
  const setName = say(ctx.language, 'feeds.absent_set', { name: name.slice(0, 120) });
  const make = (called: string) => createSet.run(ctx, createSet.input.parse({ name: called, where, private: false }));
  const set = await make(setName).catch((error: unknown) => {
    // Somebody has a set of that name already.
    if (error instanceof AppError && error.code === 'sets.name_taken') return make(`${setName} (${code})`);
    throw error;
  });
  await ctx.db.pool.query(sql`update feed_profiles set absent_set = ${set.id}::bigint where code = ${code}`);
}
