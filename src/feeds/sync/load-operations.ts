/** Files of feeds: what one would do, loading it, and what became of each. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, count, id, instant, operation, sayAny } from '../../core/index.ts';
import { unpack } from '../sources/index.ts';
import { wordsOfProblem } from '../stage-file.ts';
import { fetchFeed } from './fetch.ts';
import { confirmFile, discardFile, findFile, receiveFile, takeFiles } from './files.ts';
import { differencesOf, lookAtFile, withLook } from './load-file.ts';
import { codeSchema, findProfile, type Profile, profileById } from './profile.ts';
import { countsOf, differenceSchema, loadCounts, type Rejection, rejectionSchema, rejectionsOf, shownDifferences } from './report.ts';

const PRIVILEGE = 'users:import';

const fileState = z.enum(['waiting', 'loading', 'held', 'loaded', 'refused', 'discarded']);

const fileView = z.object({
  id,
  feed: codeSchema,
  name: z.string(),
  bytes: count,
  parts: z.array(z.string()).describe('Files in it, when it is an archive of several'),
  state: fileState.describe(
    'waiting: its turn has not come · loading · held: a person has to confirm it · loaded · refused: broken, nothing was written · discarded',
  ),
  state_text: z.string(),
  problem: z.string().nullable().describe('Why it was refused'),
  counts: loadCounts.nullable().describe('What it did; of a file that is held, what it would do'),
  run_id: id.nullable(),
  received_by: z.string(),
  received_at: instant,
  finished_at: instant.nullable(),
});
export type FeedFileView = z.output<typeof fileView>;

interface FileRow extends Omit<FeedFileView, 'state_text' | 'problem'> {
  readonly problem: { readonly code: string; readonly params: Readonly<Record<string, unknown>> } | null;
}

async function readFiles(ctx: Context, where: ReturnType<typeof sql>, limit: number): Promise<FeedFileView[]> {
  const { rows } = await ctx.db.pool.query<FileRow>(sql`
    select f.id, p.code as feed, f.name, f.bytes, f.parts, f.state, f.problem, f.counts, f.run_id, f.received_by, f.received_at, f.finished_at
    from feed_files f join feed_profiles p on p.id = f.profile_id where ${where} order by f.id desc limit ${limit}::integer`);
  return rows.map(({ problem, ...row }) => ({
    ...row,
    bytes: Number(row.bytes),
    state_text: sayAny(ctx.language, `feeds.state.${row.state}`),
    problem: problem === null ? null : wordsOfProblem(ctx, problem.code, problem.params),
  }));
}

async function readFile(ctx: Context, fileId: number): Promise<FeedFileView> {
  const [file] = await readFiles(ctx, sql`f.id = ${fileId}::bigint`, 1);
  if (file === undefined) throw new AppError('feeds.file_not_found', { id: fileId });
  return file;
}

const previewSchema = z.object({
  ...loadCounts.shape,
  rejections: z.array(rejectionSchema).describe('The first, in the file’s order'),
  users: z.array(differenceSchema).describe('The first users who would change, in the file’s order; at most 200'),
});
export type FeedPreview = z.output<typeof previewSchema>;

export const previewFeed = operation({
  name: 'feed.preview',
  summary: {
    en: 'Shows what a file of a feed would do, and writes nothing',
    de: 'Zeigt, was eine Datei eines Zulieferers täte, und schreibt nichts',
  },
  privilege: PRIVILEGE,
  input: z.strictObject({
    code: codeSchema,
    file: z.string().min(1).describe('Path of the file'),
    limit: z.number().int().min(0).max(200).default(20).describe('How many users and rejections to show'),
  }),
  output: previewSchema,
  audit: (i, output) => ({ entity: 'feed', id: i.code, detail: { dry_run: true, shown: output?.users.length ?? null } }),
  run: async (ctx, { code, file, limit }) => look(ctx, await findProfile(ctx.db.pool, code), file, path.basename(file), limit),
});

export const previewHeld = operation({
  name: 'feed.preview_held',
  summary: {
    en: 'Shows what a file that waits for a person would do now',
    de: 'Zeigt, was eine wartende Datei jetzt täte',
  },
  privilege: PRIVILEGE,
  input: z.strictObject({ id: z.number().int().positive(), limit: z.number().int().min(0).max(200).default(20) }),
  output: previewSchema,
  audit: (i, output) => ({ entity: 'feed_file', id: i.id, detail: { dry_run: true, shown: output?.users.length ?? null } }),
  run: async (ctx, { id: fileId, limit }) => {
    const { state, stored, name, profile_id } = await findFile(ctx.db.pool, fileId);
    if (state !== 'held' || stored === null) throw new AppError('feeds.file_not_held', { id: fileId, state });
    const profile = await profileById(ctx.db.pool, profile_id);
    const preview = await look(ctx, profile, path.join(ctx.dataDir, stored), name, limit);
    // What was looked at is what is confirmed, also when records have changed since the file came.
    const { rejections: _rejections, users: _users, ...counts } = preview;
    await ctx.db.pool.query(sql`
      update feed_files set counts = ${JSON.stringify(counts)}::jsonb where id = ${fileId}::bigint and state = 'held'`);
    return preview;
  },
});

async function look(ctx: Context, profile: Profile, file: string, name: string, limit: number): Promise<FeedPreview> {
  const scratch = path.join(ctx.dataDir, 'feeds', 'looks', randomUUID());
  try {
    const parts = await unpack(file, scratch, { name });
    return await withLook(ctx, async (staging) => {
      const looked = await lookAtFile(ctx, profile, staging, parts);
      const users = await differencesOf(staging, limit);
      return { ...countsOf(looked, looked.look), rejections: rejectionsOf(ctx, looked, limit), users: shownDifferences(ctx, users) };
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export const loadFeed = operation({
  name: 'feed.load',
  summary: {
    en: 'Loads a file of a feed: what differs is written as one run, or waits for a person',
    de: 'Lädt eine Datei eines Zulieferers: Was abweicht, wird als ein Lauf geschrieben oder wartet auf eine Person',
  },
  privilege: PRIVILEGE,
  input: z.strictObject({ code: codeSchema, file: z.string().min(1).describe('Path of the file') }),
  output: fileView,
  audit: (i, output) => ({ entity: 'feed', id: i.code, detail: { file: output?.id ?? null, state: output?.state ?? null } }),
  run: async (ctx, { code, file }) => {
    const profile = await findProfile(ctx.db.pool, code);
    if (!profile.enabled) throw new AppError('feeds.profile_disabled', { code: profile.code });
    const name = path.basename(file);
    const fileId = await receiveFile(ctx, profile, { name, path: file, origin: { kind: 'upload', name } });
    await takeFiles(ctx, profile.id, { waits: true });
    return readFile(ctx, fileId);
  },
});

export const confirmFeedFile = operation({
  name: 'feed.confirm',
  summary: {
    en: 'Loads a file that waits because it changes many users',
    de: 'Lädt eine Datei, die wartet, weil sie viele Benutzer ändert',
  },
  privilege: PRIVILEGE,
  input: z.strictObject({
    id: z.number().int().positive(),
    users: z.number().int().min(0).describe('How many users it changes or no longer names, as it says: the number that confirms it'),
  }),
  output: fileView,
  audit: (i) => ({ entity: 'feed_file', id: i.id, detail: { confirmed: i.users } }),
  run: async (ctx, { id: fileId, users }) => {
    const held = await readFile(ctx, fileId);
    const touched = held.counts?.guard.touched ?? 0;
    if (held.state === 'held' && users !== touched) throw new AppError('feeds.confirm_number', { users: touched, given: users });
    const { profile_id } = await confirmFile(ctx, fileId);
    await takeFiles(ctx, profile_id, { waits: true });
    return readFile(ctx, fileId);
  },
});

export const discardFeedFile = operation({
  name: 'feed.discard',
  summary: { en: 'Leaves a file that waits for a person out', de: 'Verwirft eine Datei, die auf eine Person wartet' },
  privilege: PRIVILEGE,
  input: z.strictObject({ id: z.number().int().positive() }),
  output: fileView,
  audit: (i) => ({ entity: 'feed_file', id: i.id }),
  run: async (ctx, { id: fileId }) => {
    const { profile_id } = await discardFile(ctx, fileId);
    await takeFiles(ctx, profile_id, { waits: true });
    return readFile(ctx, fileId);
  },
});

export const listFeedFiles = operation({
  name: 'feed.files',
  summary: { en: 'Lists the files that came, newest first', de: 'Listet die eingegangenen Dateien auf, neueste zuerst' },
  privilege: PRIVILEGE,
  input: z.strictObject({
    code: codeSchema.optional(),
    limit: z.number().int().min(1).max(200).default(50),
    before: z.number().int().positive().optional().describe('Files older than this one'),
    run: z.number().int().positive().optional().describe('Only the file of this run'),
  }),
  output: z.object({ files: z.array(fileView), next: id.nullable() }),
  audit: (i) => ({ entity: 'feed', id: i.code ?? null }),
  run: async (ctx, { code, limit, before, run }) => {
    if (code !== undefined) await findProfile(ctx.db.pool, code);
    const files = await readFiles(
      ctx,
      sql`(${code ?? null}::text is null or fold(p.code) = fold(${code ?? null}::text)) and (${before ?? null}::bigint is null or f.id < ${before ?? null}::bigint) and (${run ?? null}::bigint is null or f.run_id = ${run ?? null}::bigint)`,
      limit,
    );
    return { files, next: files.length === limit ? (files.at(-1)?.id ?? null) : null };
  },
});

export const listRejections = operation({
  name: 'feed.rejections',
  summary: {
    en: 'Lists the records that a load did not take, with line and reason',
    de: 'Listet die Datensätze auf, die ein Laden nicht übernommen hat, mit Zeile und Grund',
  },
  privilege: PRIVILEGE,
  input: z.strictObject({
    run: z.number().int().positive().describe('The load'),
    reason: z.string().min(1).max(100).optional().describe('Only those of this code'),
    limit: z.number().int().min(1).max(1_000).default(100),
    after: z.number().int().min(0).default(0).describe('Rejections after this number'),
  }),
  output: z.object({ rejections: z.array(rejectionSchema), next: z.number().int().nullable() }),
  audit: (i, output) => ({ entity: 'run', id: i.run, detail: { shown: output?.rejections.length ?? null } }),
  run: async (ctx, { run, reason, limit, after }) => {
    const { rows } = await ctx.db.pool.query<Rejection & { readonly no: number; readonly params: Readonly<Record<string, unknown>> }>(sql`
      select r.no, case when cardinality(f.parts) > 1 then f.parts[r.part] end as part, r.line, r.field, r.code, r.params,
        coalesce(u.primary_id, case when r.code = 'feeds.user_not_external' then r.params ->> 'value' end) as primary_id
      from run_rejections r
      left join users u on u.id = r.user_id
      left join lateral (select x.parts from feed_files x where x.run_id = r.run_id limit 1) f on true
      where r.run_id = ${run}::bigint and r.no > ${after}::integer and (${reason ?? null}::text is null or r.code = ${reason ?? null}::text)
      order by r.no limit ${limit}::integer`);
    return {
      rejections: rows.map(({ no: _no, params, ...row }) => ({
        ...row,
        line: Number(row.line),
        message: wordsOfProblem(ctx, row.code, params),
      })),
      next: rows.length === limit ? (rows.at(-1)?.no ?? null) : null,
    };
  },
});

export const fetchFeedNow = operation({
  name: 'feed.fetch',
  summary: {
    en: 'Looks for new files where the feed puts them, and loads them',
    de: 'Sucht dort nach neuen Dateien, wo der Zulieferer sie ablegt, und lädt sie',
  },
  privilege: PRIVILEGE,
  input: z.strictObject({ code: codeSchema }),
  output: z.object({ files: z.array(fileView).describe('The files that were found, in their order') }),
  audit: (i, output) => ({ entity: 'feed', id: i.code, detail: { files: output?.files.length ?? null } }),
  run: async (ctx, { code }) => {
    const profile = await findProfile(ctx.db.pool, code);
    if (!profile.enabled) throw new AppError('feeds.profile_disabled', { code: profile.code });
    if (profile.source.kind === 'upload') throw new AppError('feeds.profile_nothing_to_fetch', {});
    const found = await fetchFeed(ctx, profile);
    await takeFiles(ctx, profile.id, { waits: true });
    const files = await readFiles(ctx, sql`f.id = any (${found}::bigint[])`, found.length + 1);
    return { files: files.reverse() };
  },
});
