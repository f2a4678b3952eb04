/** The way back: users of a feed whom the library has changed go to the university, which merges them into its system. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type Context, count, instant, operation, type Queryable } from '../../core/index.ts';
import { EXPORT_FORMATS, type ExportFormat, writeUsers, writeWhole } from '../export-file.ts';
import { putFile } from '../sources/index.ts';
import { findProfile } from '../sync/profile.ts';
import { allMembers, changedMembers, seenUpTo } from './changed-members.ts';

const ENDINGS: Readonly<Record<ExportFormat, string>> = { 'alma-xml': 'xml', 'alma-json': 'json', csv: 'csv' };

const code = z.string().trim().min(1).max(100).describe('Code of the feed');
const since = instant.optional().describe('Changes since then, in place of the end of the last export; to repeat one whose file was lost');

export const countChanged = operation({
  name: 'feed.changed',
  summary: {
    en: 'Counts the users of a feed that an export would hold, without exporting them',
    de: 'Zählt die Benutzer eines Zulieferers, die ein Export enthielte, ohne sie zu exportieren',
  },
  privilege: 'users:export',
  input: z.strictObject({ code, since }),
  output: z.object({
    users: count.describe('Changed in the library since then'),
    all: count.describe('All users of the feed'),
    since: instant.nullable().describe('Null: nothing was exported yet'),
  }),
  audit: (input, output) => ({ entity: 'feed', id: input.code, detail: { users: output?.users ?? null } }),
  run: async (ctx, input) => {
    const { pool } = ctx.db;
    const profile = await findProfile(pool, input.code);
    const from = input.since ?? profile.exported_to;
    const { rows } = await pool.query<{ users: number; all: number }>(sql`
      select (select count(*) from (${changedMembers(profile.code, from)}) c) as users, (select count(*) from (${allMembers(profile.code)}) a) as all`);
    return { users: rows[0]?.users ?? 0, all: rows[0]?.all ?? 0, since: from };
  },
});

export const exportChanged = operation({
  name: 'feed.export',
  summary: {
    en: 'Exports the users of a feed that changed in the library since the last export',
    de: 'Exportiert die Benutzer eines Zulieferers, die sich in der Bibliothek seit dem letzten Export geändert haben',
  },
  privilege: 'users:export',
  input: z
    .strictObject({
      code,
      format: z.enum(EXPORT_FORMATS).default('alma-xml'),
      all: z.boolean().default(false).describe('Every user of the feed, changed or not'),
      since,
      file: z.string().min(1).optional().describe('Path of a further copy; it appears when it is complete'),
    })
    .refine((i) => !i.all || i.since === undefined, { message: 'takes all or since' }),
  output: z.object({
    users: count,
    code: z.string(),
    format: z.enum(EXPORT_FORMATS),
    since: instant.nullable().describe('Changes since then are in it; null: all of them'),
    exported_to: instant.nullable().describe('Where the next export begins'),
    kept: z
      .string()
      .nullable()
      .describe('The file below the data directory, where it is kept for a time; null: there was nobody to export'),
    sent_to: z.string().nullable().describe('Where it was put for the university; null: the feed has no such place, or nobody to export'),
    file: z.string().nullable(),
  }),
  audit: (input, output) => ({
    entity: 'feed',
    id: input.code,
    detail: {
      format: input.format,
      all: input.all,
      users: output?.users ?? null,
      since: output?.since ?? input.since ?? null,
      sent_to: output?.sent_to ?? null,
    },
  }),
  run: async (ctx, { format, all, since: wanted, file, code: asked }) => {
    const profile = await findProfile(ctx.db.pool, asked);
    // Before anything is read: what is written meanwhile comes with the next export.
    const upTo = await seenUpTo(ctx.db.pool);
    const from = all ? null : (wanted ?? profile.exported_to);
    const name = nameOf(profile.code, format);
    const stored = path.posix.join('exports', name);
    const kept = path.join(ctx.dataDir, stored);
    await mkdir(path.dirname(kept), { recursive: true, mode: 0o700 });
    // Known before it is there, so that its term reaches it whatever happens; and again after that, since an
    // erasure meanwhile has forgotten it and found no file.
    const know = () =>
      ctx.db.pool.query(
        sql`insert into feed_exports (path, profile_id) values (${stored}, ${profile.id}::bigint) on conflict (path) do nothing`,
      );
    await know();
    const users = await writeUsers(ctx, all ? allMembers(profile.code) : changedMembers(profile.code, from), format, kept);
    await know();
    let sentTo: string | null = null;
    try {
      // A file without users would say nothing to a program and puzzle a person.
      if (users > 0 && profile.export_target !== null) {
        sentTo = await putFile(profile.export_target, profile.export_secret, kept, name, { dataDir: ctx.dataDir });
      }
      if (file !== undefined) await writeWhole(createReadStream(kept), file);
    } catch (error) {
      await forget(ctx, stored);
      throw error;
    }
    if (users === 0) await forget(ctx, stored);
    return {
      users,
      code: profile.code,
      format,
      since: from,
      exported_to: await moveMark(ctx.db.pool, profile.id, { all, from, upTo }),
      kept: users === 0 ? null : stored,
      sent_to: sentTo,
      file: file ?? null,
    };
  },
});

/** The row last: a file that could not be removed is tried again when its term is over. */
async function forget({ db, dataDir }: Context, stored: string): Promise<void> {
  await rm(path.join(dataDir, stored), { force: true });
  await db.pool.query(sql`delete from feed_exports e where e.path = ${stored}`);
}

/** Sorted by name is sorted by time; two of one moment do not meet. */
function nameOf(profile: string, format: ExportFormat): string {
  const at = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z');
  return `${profile}-${at}-${randomBytes(2).toString('hex')}.${ENDINGS[format]}`;
}

interface Done {
  readonly all: boolean;
  readonly from: string | null;
  readonly upTo: string;
}

/** Never back, and never over a stretch that no export was about: one that began later than the last one ended moves nothing. */
async function moveMark(db: Queryable, profile: number, { all, from, upTo }: Done): Promise<string | null> {
  const whole = all || from === null;
  await db.query(sql`
    update feed_profiles p set exported_to = greatest(p.exported_to, ${upTo}::timestamptz)
    where p.id = ${profile}::bigint and (${whole}::boolean or p.exported_to >= ${from}::timestamptz)`);
  const { rows } = await db.query<{ exported_to: string | null }>(sql`
    select p.exported_to from feed_profiles p where p.id = ${profile}::bigint`);
  return rows[0]?.exported_to ?? null;
}
