/** A feed: who sends which users, how they are read, and what happens to what the file leaves open. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, id, instant, type Queryable } from '../../core/index.ts';
import { SCALARS, type ScalarField, type ScalarName } from '../../users/index.ts';
import { exportTargetSchema, feedSourceSchema } from '../sources/index.ts';

/** What a library may give to new users of a feed where the file says nothing. */
export const DEFAULTABLE = [
  'user_group',
  'campus_code',
  'job_category',
  'preferred_language',
  'user_title',
  'status',
  'expiry_date',
  'purge_date',
] as const satisfies readonly ScalarName[];

/** A day, or one counted from the day of the load: `today+365d`, `today+24m`. */
const dayOrRelative = z
  .string()
  .regex(/^(?:\d{4}-\d{2}-\d{2}|today\+\d{1,4}[dm])$/, 'is a day like 2027-09-30, or counted like today+365d or today+24m');

const isDate = (name: string): boolean => (SCALARS as readonly ScalarField[]).find((f) => f.name === name)?.type === 'date';
const defaultsShape = Object.fromEntries(
  DEFAULTABLE.map((name) => [name, (isDate(name) ? dayOrRelative : z.string().trim().min(1).max(255)).optional()]),
);

const codeMap = z.record(z.string().min(1).max(255), z.string().min(1).max(255));

export const profileFields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000).nullable(),
  enabled: z.boolean().describe('Off: nothing is fetched, and no file is taken'),
  format: z.enum(['alma-xml', 'alma-json', 'csv']).nullable().describe('Null: told from the file’s content'),
  encoding: z.enum(['utf-8', 'windows-1252']).nullable().describe('Null: UTF-8, or what the file declares'),
  csv_mapping: z
    .union([z.literal('folio'), z.record(z.string(), z.unknown())])
    .nullable()
    .describe('For CSV: what the columns mean, as for the import of users; null: the header is that of our own export'),
  match_identifier: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .nullable()
    .describe('Type of the identifier by which records find their users; null: the primary id'),
  record_type: z.enum(['PUBLIC', 'STAFF', 'CONTACT']),
  code_maps: z
    .strictObject({ user_group: codeMap.optional(), campus_code: codeMap.optional() })
    .describe('The feed’s codes as the library writes them'),
  defaults: z.strictObject(defaultsShape).describe('Values of new users, where the file has none'),
  source: feedSourceSchema,
  secret: z
    .string()
    .min(1)
    .max(20_000)
    .nullable()
    .describe('Password, private key or token of the source. Written only: no answer ever holds it'),
  cron: z.string().trim().min(1).max(200).nullable().describe('When files are fetched: five or six fields, in the library’s time zone'),
  guard_share: z
    .number()
    .int()
    .min(0)
    .max(100)
    .describe('A file that would change, or no longer name, more than this share of the feed’s users (in percent) waits for a person'),
  guard_at_least: z.number().int().min(0).max(1_000_000).describe('A file that touches fewer users never waits'),
  tell: z
    .array(z.string().trim().min(1).max(255))
    .max(50)
    .describe('Users, by primary id, who get a mail when a load ends, fails or waits'),
  export_target: exportTargetSchema.nullable().describe('Where changed users are put for the university'),
  export_secret: z.string().min(1).max(20_000).nullable().describe('Written only, as the other'),
} as const;

export const codeSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$/, 'is 1 to 50 letters, digits, dots, hyphens and underscores')
  .describe('What users of this feed carry as external id');

const { secret: _secret, export_secret: _exportSecret, ...shown } = profileFields;

/** A profile as it is shown: never with its secrets. */
export const profileView = z.object({
  id,
  code: codeSchema,
  ...shown,
  has_secret: z.boolean(),
  has_export_secret: z.boolean(),
  next_at: instant.nullable(),
  absent_set: z.object({ id, name: z.string() }).nullable().describe('Users whom the feed no longer names'),
  exported_to: instant.nullable(),
  users: z.number().int().describe('External users whom this feed owns'),
  absent: z.number().int().describe('Of these, how many it no longer names'),
  held_file: id.nullable().describe('A file that waits for a person'),
  last_load: z.object({ file_id: id, state: z.string(), at: instant, run_id: id.nullable() }).nullable(),
});
export type ProfileView = z.output<typeof profileView>;

/** A profile as loading needs it, secrets included: for this room alone. */
export interface Profile {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly format: 'alma-xml' | 'alma-json' | 'csv' | null;
  readonly encoding: 'utf-8' | 'windows-1252' | null;
  readonly csv_mapping: 'folio' | Readonly<Record<string, unknown>> | null;
  readonly match_identifier: string | null;
  readonly record_type: string;
  readonly code_maps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly defaults: Readonly<Record<string, string>>;
  readonly source: z.output<typeof feedSourceSchema>;
  readonly secret: string | null;
  readonly cron: string | null;
  readonly guard_share: number;
  readonly guard_at_least: number;
  readonly tell: readonly string[];
  readonly export_target: z.output<typeof exportTargetSchema> | null;
  readonly export_secret: string | null;
  readonly exported_to: string | null;
}

const COLUMNS: Sql = sql`p.id, p.code, p.name, p.enabled, p.format, p.encoding, p.mapping as csv_mapping, p.match_identifier, p.record_type, p.code_maps,
  p.defaults, p.source, p.secret, p.cron, p.guard_share, p.guard_at_least,
  p.tell, p.export_target, p.export_secret, p.exported_to`;

/** @throws `feeds.profile_not_found` */
export async function findProfile(db: Queryable, code: string): Promise<Profile> {
  const { rows } = await db.query<Profile>(sql`select ${COLUMNS} from feed_profiles p where fold(p.code) = fold(${code}::text)`);
  const profile = rows[0];
  if (profile === undefined) throw new AppError('feeds.profile_not_found', { code });
  return profile;
}

export async function profileById(db: Queryable, profileId: number): Promise<Profile> {
  const { rows } = await db.query<Profile>(sql`select ${COLUMNS} from feed_profiles p where p.id = ${profileId}::bigint`);
  const profile = rows[0];
  if (profile === undefined) throw new AppError('feeds.profile_not_found', { code: String(profileId) });
  return profile;
}

interface ViewRow extends Omit<ProfileView, 'users' | 'absent'> {
  readonly users: number;
  readonly absent: number;
}

/** Profiles as they are shown, in the order of their names; of one code, or all. */
export async function readProfiles(db: Queryable, code?: string): Promise<ProfileView[]> {
  const { rows } = await db.query<ViewRow>(sql`
    with owned as (
      select u.external_id as code, count(*)::integer as users, count(u.absent_since)::integer as absent
      from users u where u.account_type = 'EXTERNAL' group by u.external_id)
    select p.id, p.code, p.name, p.description, p.enabled, p.format, p.encoding, p.mapping as csv_mapping, p.match_identifier, p.record_type, p.code_maps,
      p.defaults, p.source, p.cron, p.guard_share, p.guard_at_least, p.tell, p.export_target,
      p.secret is not null as has_secret, p.export_secret is not null as has_export_secret,
      case when p.enabled then p.next_at end as next_at, p.exported_to,
      case when s.id is not null then jsonb_build_object('id', s.id, 'name', s.name) end as absent_set,
      coalesce(o.users, 0) as users, coalesce(o.absent, 0) as absent,
      (select f.id from feed_files f where f.profile_id = p.id and f.state = 'held' order by f.id limit 1) as held_file,
      (select jsonb_build_object('file_id', f.id, 'state', f.state, 'at', to_char(f.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'run_id', f.run_id)
        from feed_files f where f.profile_id = p.id and f.finished_at is not null order by f.id desc limit 1) as last_load
    from feed_profiles p
    left join sets s on s.id = p.absent_set
    left join owned o on o.code = p.code
    where ${code ?? null}::text is null or fold(p.code) = fold(${code ?? null}::text)
    order by p.name, p.id`);
  return rows;
}
