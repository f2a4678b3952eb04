/** Messages as they are shown: their place in the ledger, and what was in them. */
import path from 'node:path';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type Context, count, id, instant } from '../core/index.ts';
import { type MessageContent, readContents } from './contents.ts';
import { failureSentence } from './failure.ts';
import { readDue } from './ledger.ts';
import { maskedSecret } from './letter-data.ts';
import { SHOWN_STATE, SHOWN_STATES } from './outbox.ts';
import { readLetterSettings } from './settings.ts';
import { openShelf } from './shelf.ts';
import { letterFor, withNeeds, writeLetter } from './write-letter.ts';

export const messageFields = {
  id,
  run_id: id,
  run_name: z.string(),
  user: z.string().describe('Primary id'),
  letter: z.string().describe('Notification type'),
  channel: z.enum(['email', 'sms', 'print']),
  state: z.enum(SHOWN_STATES),
  to: z.string().nullable(),
  language: z.string().nullable(),
  attempts: count,
  repeats: count.describe('Times that it was sent once more although an earlier attempt may have arrived'),
  message_id: z.string().nullable(),
  created_at: instant,
  sent_at: instant.nullable(),
  next_at: instant.nullable().describe('When it is tried next; null when it is not, or when it is held'),
  error: z.string().nullable().describe('A sentence in the language of who asks'),
  file: z.string().nullable().describe('Absolute path of the file in the mailbox or of the print batch, on the server'),
  print_batch: id.nullable().describe('The print batch that it is in, of a letter on paper'),
};
export const messageSchema = z.object(messageFields);
/** A message as lists show it. */
export type MessageView = z.output<typeof messageSchema>;

export const contentSchema = z.object({
  subject: z.string(),
  text: z.string(),
  html: z.string().describe('Empty: the message had its text alone'),
});

/**
 * What `content` is: `sent`: exactly what was sent, passwords masked; `deleted`: what was sent is no longer kept;
 * `preview`: what would be sent by now; `none`: nothing, since there is no letter that can be filled in.
 */
export const contentOf = z.enum(['sent', 'deleted', 'preview', 'none']);

export async function readMessages(ctx: Context, rest: Sql): Promise<MessageView[]> {
  const { rows } = await ctx.db.pool.query<MessageView>(sql`
    select o.id, o.run_id, r.name as run_name, u.primary_id as "user", o.letter, o.channel, ${SHOWN_STATE} as state, o.address as "to",
      o.language, o.attempts, o.repeats, o.message_id, o.created_at, o.sent_at,
      case when o.state = 'queued' and o.next_at < 'infinity' then o.next_at when o.state = 'sending' then o.lease end as next_at,
      o.last_error as error, o.print_batch,
      coalesce(o.file, (
        select nullif(b.files[l.part], '')
        from print_letters l join print_batches b on b.id = l.batch_id
        where l.outbox_id = o.id and l.batch_id = o.print_batch)) as file
    from outbox o
    join runs r on r.id = o.run_id
    join users u on u.id = o.user_id
    ${rest}`);
  return rows.map((row) => ({
    ...row,
    error: failureSentence(ctx.language, row.error),
    file: row.file === null ? null : path.join(ctx.dataDir, row.file),
  }));
}

export interface ShownContent {
  readonly content: MessageContent | null;
  readonly content_of: z.output<typeof contentOf>;
}

/** What was in messages; of those that have not gone out, with `preview`, what would be. */
export async function withContents<M extends MessageView>(
  ctx: Context,
  messages: readonly M[],
  options: { readonly preview: boolean },
): Promise<(M & ShownContent)[]> {
  const kept = await readContents(
    ctx.db.pool,
    messages.map((message) => message.id),
  );
  return Promise.all(
    messages.map(async (message) => {
      const content = kept.get(message.id);
      if (content !== undefined) return { ...message, content, content_of: 'sent' as const };
      if (message.state === 'sent') return { ...message, content: null, content_of: 'deleted' as const };
      const preview = options.preview ? await previewOf(ctx, message) : null;
      return { ...message, content: preview, content_of: preview === null ? ('none' as const) : ('preview' as const) };
    }),
  );
}

/** Null when the type has no letter, or one that cannot be filled in (its error stands at the message). */
async function previewOf(ctx: Context, message: MessageView): Promise<MessageContent | null> {
  const settings = await readLetterSettings(ctx.db.pool);
  const claim = { id: message.id, run_id: message.run_id, letter: message.letter, lease: '', attempts: 0, message_id: null, queued_on: '' };
  const [due] = await readDue(ctx.db.pool, [{ ...claim, credentials: false }]);
  if (due === undefined) return null;
  const { rows } = await ctx.db.pool.query<{ credentials: boolean }>(sql`
    select t.credentials from notification_types t where t.code = ${message.letter}::text`);
  const shelf = await openShelf(ctx.db.pool, [message.letter], [due.letter_version]);
  const letter = letterFor(due, shelf, settings);
  if (letter === undefined) return null;
  const secret = rows[0]?.credentials === true ? maskedSecret(due.brings) : undefined;
  try {
    const [whole = due] = await withNeeds(ctx.db.pool, [due], shelf, settings);
    const { name: _name, ...content } = writeLetter(letter, whole, message.channel, settings, secret);
    return content;
  } catch {
    return null;
  }
}
