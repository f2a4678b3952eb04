/**
 * What was sent, exactly as it was, with passwords masked. The bodies themselves are kept, not the data to
 * make them of again: the letter, the frame and this program change, and what was sent does not.
 *
 * They are compressed against the same letter filled in with made-up data, so that of a mail of some
 * kilobytes only what is this user's own remains (docs/performance.md), and so that it costs little.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRawSync, inflateRaw } from 'node:zlib';
import sql from 'sql-template-tag';
import type { Context, Queryable } from '../core/index.ts';
import type { KeptContent } from './ledger.ts';

export interface MessageContent {
  readonly subject: string;
  readonly text: string;
  /** Empty: there was none. */
  readonly html: string;
}

/** A dictionary as it stands in the database; null: without one. */
export interface Dictionary {
  readonly id: number;
  readonly body: Buffer;
}

/** Bytes of a dictionary that deflate can reach back to. */
const WINDOW_BITS = 15;
const WINDOW = 2 ** WINDOW_BITS - 512;
/** Longest content that is inflated again; nothing that a letter may be comes near. */
const MOST_BYTES = 20_000_000;

/** Stores the dictionary of a letter, or finds it; `sample`: the letter filled in with made-up data. */
export async function dictionaryOf(db: Queryable, sample: MessageContent): Promise<Dictionary> {
  const body = Buffer.from(JSON.stringify(contentOf(sample))).subarray(-WINDOW);
  const hash = createHash('sha256').update(body).digest('base64url');
  const { rows } = await db.query<{ id: number }>(sql`
    with made as (
      insert into message_dictionaries (hash, body) values (${hash}::text, ${body}::bytea) on conflict (hash) do nothing returning id)
    select m.id from made m union all select d.id from message_dictionaries d where d.hash = ${hash}::text limit 1`);
  const id = rows[0]?.id;
  // Somebody else has made it in this very moment, and the statement does not see it yet.
  return id === undefined ? dictionaryOf(db, sample) : { id, body };
}

/** What the database keeps of a content. */
export function packContent(content: MessageContent, dictionary: Dictionary | null): KeptContent {
  const json = Buffer.from(JSON.stringify(contentOf(content)));
  // Setting up a window costs more than what is compressed in it: it is as large as it has to be.
  const reach = json.length + (dictionary?.body.length ?? 0);
  const body = deflateRawSync(json, {
    level: 4,
    windowBits: Math.min(WINDOW_BITS, Math.max(9, Math.ceil(Math.log2(reach + 512)))),
    memLevel: 6,
    ...(dictionary === null ? {} : { dictionary: dictionary.body }),
  });
  return { dictionary: dictionary?.id ?? null, body };
}

/** By the outbox's number; a message of which nothing is kept is missing. */
export async function readContents(db: Queryable, outboxIds: readonly number[]): Promise<ReadonlyMap<number, MessageContent>> {
  const { rows } = await db.query<{ id: number; body: Buffer; dictionary: Buffer | null }>(sql`
    select c.outbox_id as id, c.body, d.body as dictionary
    from message_contents c left join message_dictionaries d on d.id = c.dictionary
    where c.outbox_id = any(${outboxIds}::bigint[])`);
  const unpacked = await Promise.all(
    rows.map(async ({ id, body, dictionary }) => {
      const options = { windowBits: WINDOW_BITS, maxOutputLength: MOST_BYTES, ...(dictionary === null ? {} : { dictionary }) };
      const json = await promisify(inflateRaw)(body, options);
      return [id, JSON.parse(json.toString('utf8')) as MessageContent] as const; // written by packContent
    }),
  );
  return new Map(unpacked);
}

/** Rows at once. */
const PAGE = 5_000;

/**
 * Deletes the contents of notification types that have a time of their own; those of the others go by the
 * setting `retention`. Says how many.
 */
export async function expireContents(ctx: Context): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await ctx.db.pool.query(sql`
      delete from message_contents c where c.outbox_id = any (array(
        select c.outbox_id from message_contents c
        join outbox o on o.id = c.outbox_id
        join notification_types t on t.code = o.letter
        where t.keep_days is not null and coalesce(o.sent_at, o.created_at) < now() - make_interval(days => t.keep_days)
        limit ${PAGE}::integer))`);
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < PAGE) break;
  }
  await ctx.db.pool.query(`
    delete from message_dictionaries d where d.created_at < now() - interval '1 day'
      and not exists (select from message_contents c where c.dictionary = d.id)`);
  return deleted;
}

function contentOf({ subject, text, html }: MessageContent): MessageContent {
  return { subject, text, html };
}
