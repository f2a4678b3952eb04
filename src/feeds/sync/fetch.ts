/** What a feed has put where its profile says: fetched when its time comes, and loaded in its order. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import { systemActor } from '../../access/index.ts';
import type { Context } from '../../core/index.ts';
import { eachFile } from '../sources/index.ts';
import { receiveFile, takeFiles } from './files.ts';
import { type Profile, profileById } from './profile.ts';
import { nextFetch } from './profile-operations.ts';

/** New files of the feed, received; their numbers in the order in which they are loaded. */
export async function fetchFeed(ctx: Context, profile: Profile, signal?: AbortSignal): Promise<readonly number[]> {
  if (profile.source.kind === 'upload') return [];
  const parent = path.join(ctx.dataDir, 'feeds', String(profile.id));
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const into = await mkdtemp(path.join(parent, 'fetch-'));
  const received: number[] = [];
  try {
    const files = eachFile(profile.source, profile.secret, {
      into,
      dataDir: ctx.dataDir,
      known: async (origin) => {
        const { rows } = await ctx.db.pool.query<{ known: boolean }>(sql`
          select exists (select from feed_files f where f.profile_id = ${profile.id}::bigint and f.origin = ${JSON.stringify(origin)}::jsonb) as known`);
        return rows[0]?.known === true;
      },
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const file of files) received.push(await receiveFile(ctx, profile, file));
  } finally {
    await rm(into, { recursive: true, force: true });
  }
  return received;
}

/**
 * One look at all feeds: fetches where the time has come, and loads what waits. Answers whether there
 * was anything. A place that cannot be reached is logged by the caller and asked again at its next time;
 * the other feeds are looked at all the same.
 */
export async function tendFeeds(ctx: Context, signal: AbortSignal, failed: (code: string, error: unknown) => void): Promise<boolean> {
  const { rows } = await ctx.db.pool.query<{ id: number; code: string; due: boolean }>(sql`
    select p.id, p.code, p.next_at is not null and p.next_at <= now() as due from feed_profiles p
    where p.enabled and (p.next_at <= now() or exists (
      select from feed_files f where f.profile_id = p.id and f.state in ('waiting', 'loading'))) order by p.id`);
  let found = false;
  for (const { id, code, due } of rows) {
    if (signal.aborted) break;
    const own = { ...ctx, actor: systemActor(`feed ${code}`) };
    try {
      if (due && (await claimTurn(own, id))) found = (await fetchFeed(own, await profileById(ctx.db.pool, id), signal)).length > 0 || found;
      found = (await takeFiles(own, id, { waits: false, signal })) || found;
    } catch (error) {
      failed(code, error);
    }
  }
  return found;
}

/** Moves the feed's next time on; false: another process was first. */
async function claimTurn(ctx: Context, profileId: number): Promise<boolean> {
  const profile = await profileById(ctx.db.pool, profileId);
  const next = nextFetch(profile.cron, profile.source.kind, ctx.timeZone);
  const { rowCount } = await ctx.db.pool.query(sql`
    update feed_profiles set next_at = ${next}::timestamptz where id = ${profileId}::bigint and next_at <= now()`);
  return rowCount === 1;
}
