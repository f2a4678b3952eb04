/**
 * Files of a feed: received, kept, taken one at a time in the order in which they came. One advisory
 * lock per feed says who loads; a file whose loader is gone is taken again from its beginning, which is
 * as good as the first time, since a load that did not end has written nothing.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { AppError, type Context, localName, type Queryable } from '../../core/index.ts';
import { noteRunMails } from '../../letters/index.ts';
import { unpack } from '../sources/index.ts';
import { type Looked, lookAtFile, withLook, writeFile } from './load-file.ts';
import { type Profile, profileById } from './profile.ts';
import { countsOf } from './report.ts';

export type FileState = 'waiting' | 'loading' | 'held' | 'loaded' | 'refused' | 'discarded';

export interface StoredFile {
  readonly id: number;
  readonly profile_id: number;
  readonly name: string;
  readonly stored: string | null;
  readonly state: FileState;
  readonly confirmed: boolean;
  readonly run_id: number | null;
}

const COLUMNS = sql`f.id, f.profile_id, f.name, f.stored, f.state, f.confirmed, f.run_id`;

export interface Received {
  /** What it is called where it comes from. */
  readonly name: string;
  /** Where it lies; it is copied from there. */
  readonly path: string;
  readonly origin: Readonly<Record<string, unknown>>;
}

/** Keeps a copy of the file and puts it at the end of its feed's line. */
export async function receiveFile(ctx: Context, profile: Profile, received: Received): Promise<number> {
  const { size } = await stat(received.path).catch((error: unknown) => {
    throw new AppError(
      'feeds.file_unreadable',
      { file: received.name, reason: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  });
  const { rows } = await ctx.db.pool.query<{ id: number }>(sql`select nextval(pg_get_serial_sequence('feed_files', 'id')) as id`);
  const id = rows[0]?.id ?? 0;
  const stored = path.join('feeds', String(profile.id), `${id}-${randomUUID().slice(0, 8)}-${localName(received.name)}`);
  const whole = path.join(ctx.dataDir, stored);
  await mkdir(path.dirname(whole), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  try {
    await pipeline(
      createReadStream(received.path),
      async function* (source: AsyncIterable<Buffer>) {
        for await (const bytes of source) {
          hash.update(bytes);
          yield bytes;
        }
      },
      createWriteStream(whole, { mode: 0o600, flags: 'wx' }),
    );
    await ctx.db.pool.query(sql`
      insert into feed_files (id, profile_id, name, stored, bytes, sha256, origin, received_by)
      values (${id}::bigint, ${profile.id}::bigint, ${received.name}, ${stored}, ${size}::bigint, ${hash.digest('hex')},
        ${JSON.stringify(received.origin)}::jsonb, ${ctx.actor.name})`);
  } catch (error) {
    await rm(whole, { force: true });
    throw error;
  }
  return id;
}

/** @throws `feeds.file_not_found` */
export async function findFile(db: Queryable, id: number): Promise<StoredFile> {
  const { rows } = await db.query<StoredFile>(sql`select ${COLUMNS} from feed_files f where f.id = ${id}::bigint`);
  const file = rows[0];
  if (file === undefined) throw new AppError('feeds.file_not_found', { id });
  return file;
}

const LOCK = 5_318_421;

/**
 * Loads what waits, in its order, until nothing does or a file waits for a person. Answers whether
 * anything was taken. `waits`: whoever else loads for this feed is waited for; else they are left to it.
 */
export async function takeFiles(
  ctx: Context,
  profileId: number,
  options: { readonly waits: boolean; readonly signal?: AbortSignal },
): Promise<boolean> {
  const client = await ctx.db.pool.connect();
  let lost: Error | undefined;
  try {
    if (options.waits) await client.query(sql`select pg_advisory_lock(${LOCK}::integer, ${profileId}::integer)`);
    else {
      const { rows } = await client.query<{ mine: boolean }>(
        sql`select pg_try_advisory_lock(${LOCK}::integer, ${profileId}::integer) as mine`,
      );
      if (rows[0]?.mine !== true) return false;
    }
    try {
      let taken = false;
      while (options.signal?.aborted !== true) {
        const file = await nextFile(client, profileId);
        if (file === undefined) break;
        await takeFile(ctx, await profileById(client, profileId), file);
        taken = true;
      }
      return taken;
    } finally {
      await client.query(sql`select pg_advisory_unlock(${LOCK}::integer, ${profileId}::integer)`);
    }
  } catch (error) {
    if (!(error instanceof AppError)) lost = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // The lock ends with its connection, whatever has happened.
    client.release(lost);
  }
}

/** The file at the head of the line, unless it waits for a person or the feed is switched off. */
async function nextFile(db: Queryable, profileId: number): Promise<StoredFile | undefined> {
  const { rows } = await db.query<StoredFile>(sql`
    select ${COLUMNS} from feed_files f join feed_profiles p on p.id = f.profile_id
    where f.profile_id = ${profileId}::bigint and f.state in ('waiting', 'loading', 'held') and p.enabled order by f.id limit 1`);
  return rows[0]?.state === 'held' ? undefined : rows[0];
}

async function takeFile(ctx: Context, profile: Profile, file: StoredFile): Promise<void> {
  await ctx.db.pool.query(sql`update feed_files set state = 'loading' where id = ${file.id}::bigint`);
  const scratch = path.join(ctx.dataDir, 'feeds', String(profile.id), `${file.id}.parts`);
  try {
    if (file.stored === null) throw new AppError('feeds.file_gone', { file: file.name });
    const parts = await unpack(path.join(ctx.dataDir, file.stored), scratch, { name: file.name });
    await withLook(ctx, async (staging) => {
      const looked = await lookAtFile(ctx, profile, staging, parts);
      if (looked.guard.needed && !file.confirmed) return holdFile(ctx, profile, file, looked);
      const names = parts.length > 1 ? parts.map((p) => p.name) : [];
      await writeFile(ctx, staging, looked, file.run_id, async (tx, result) => {
        const counts = countsOf(looked, { ...result, rejected: result.rejected });
        await tx.query(sql`update feed_files set state = 'loaded', run_id = ${result.runId}::bigint, counts = ${JSON.stringify(counts)}::jsonb,
          parts = ${names}::text[], problem = null, finished_at = clock_timestamp() where id = ${file.id}::bigint`);
        await noteRunMails(tx, result.runId, 'ended', profile.tell);
      });
    });
  } catch (error) {
    const refused = error instanceof AppError ? error : impossible(error);
    if (refused === null) throw error;
    await refuseFile(ctx, profile, file, refused);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What the database refuses (SQLSTATE 22xxx, 23xxx) it would refuse again; anything else is tried again. */
function impossible(error: unknown): AppError | null {
  const { code, constraint } = (error ?? {}) as { readonly code?: unknown; readonly constraint?: unknown };
  if (typeof code !== 'string' || !/^2[23]\d{3}$/.test(code)) return null;
  return new AppError('feeds.file_impossible', { rule: typeof constraint === 'string' ? constraint : code }, { cause: error });
}

/** Nothing is written; the run stands there with what it would do, and waits. */
function holdFile(ctx: Context, profile: Profile, file: StoredFile, looked: Looked): Promise<void> {
  return ctx.db.transaction(async (tx) => {
    const { look } = looked;
    const counts = countsOf(looked, look);
    const runId = await endedRun(tx, ctx, profile, file, {
      state: 'MANUAL_HANDLING_REQUIRED',
      reason: 'feeds.waits_for_guard',
      members: look.created + look.updated + look.unchanged + look.rejected + look.absent,
    });
    await tx.query(sql`update feed_files set state = 'held', run_id = ${runId}::bigint, counts = ${JSON.stringify(counts)}::jsonb
      where id = ${file.id}::bigint`);
    await noteRunMails(tx, runId, 'waits', profile.tell);
  });
}

function refuseFile(ctx: Context, profile: Profile, file: StoredFile, error: AppError): Promise<void> {
  return ctx.db.transaction(async (tx) => {
    const runId = await endedRun(tx, ctx, profile, file, { state: 'FAILED', reason: 'feeds.file_refused', members: 0 });
    await tx.query(sql`update feed_files set state = 'refused', run_id = ${runId}::bigint,
      problem = ${JSON.stringify({ code: error.code, params: error.params })}::jsonb, finished_at = clock_timestamp() where id = ${file.id}::bigint`);
    await noteRunMails(tx, runId, 'failed', profile.tell);
  });
}

interface Ended {
  readonly state: 'MANUAL_HANDLING_REQUIRED' | 'FAILED' | 'USER_ABORTED';
  readonly reason: string;
  readonly members: number;
}

/** The run of a file that was not written; the one that was made when it was held, or a new one. */
async function endedRun(tx: PoolClient, ctx: Context, profile: Profile, file: StoredFile, ended: Ended): Promise<number> {
  const over = ended.state !== 'MANUAL_HANDLING_REQUIRED';
  if (file.run_id !== null) {
    await tx.query(sql`update runs set state = ${ended.state}::text, state_reason = ${ended.reason}::text,
      finished_at = case when ${over}::boolean then clock_timestamp() end where id = ${file.run_id}::bigint`);
    return file.run_id;
  }
  const plan = { feed: { code: profile.code, file: file.name } };
  const none = { members: 0, changed: 0, unchanged: 0, skipped: 0, failed: 0 };
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into runs (kind, name, state, state_reason, plan, today, touches, members, counts, created_by, started_at, finished_at)
    values ('feed', ${`${profile.name}: ${file.name}`.slice(0, 200)}, ${ended.state}::text, ${ended.reason}::text, ${JSON.stringify(plan)}::jsonb,
      (now() at time zone ${ctx.timeZone}::text)::date, '{"scalars": {}, "tables": []}', ${ended.members}::bigint, ${JSON.stringify(none)}::jsonb,
      ${ctx.actor.name}, now(), case when ${over}::boolean then clock_timestamp() end)
    returning id`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The run was not recorded.');
  return id;
}

/** A person has seen what the file would do: it is loaded, however much that is. */
export function confirmFile(ctx: Context, id: number): Promise<StoredFile> {
  return ctx.db.transaction(async (tx) => {
    const file = await lockHeld(tx, id);
    await tx.query(sql`update feed_files set state = 'waiting', confirmed = true where id = ${id}::bigint`);
    return file;
  });
}

/** The file is not taken; those after it are. */
export function discardFile(ctx: Context, id: number): Promise<StoredFile> {
  return ctx.db.transaction(async (tx) => {
    const file = await lockHeld(tx, id);
    await tx.query(sql`update feed_files set state = 'discarded', finished_at = clock_timestamp() where id = ${id}::bigint`);
    const profile = await profileById(tx, file.profile_id);
    await endedRun(tx, ctx, profile, file, { state: 'USER_ABORTED', reason: 'feeds.file_discarded', members: 0 });
    return file;
  });
}

async function lockHeld(tx: PoolClient, id: number): Promise<StoredFile> {
  const { rows } = await tx.query<StoredFile>(sql`select ${COLUMNS} from feed_files f where f.id = ${id}::bigint for no key update`);
  const file = rows[0];
  if (file === undefined) throw new AppError('feeds.file_not_found', { id });
  if (file.state !== 'held') throw new AppError('feeds.file_not_held', { id, state: file.state });
  return file;
}
