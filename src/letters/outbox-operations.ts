import path from 'node:path';
import sql, { empty, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, count, id, instant, operation } from '../core/index.ts';
import { failureSentence } from './failure.ts';
import { renderLetter } from './letter.ts';
import { letterData, maskedSecret } from './letter-data.ts';
import { readLetterInputs } from './letter-input.ts';
import { cancelMessages, OUTBOX_STATES, requeueMessages } from './outbox.ts';
import { readLetterSettings } from './settings.ts';
import { openShelf } from './shelf.ts';

const messageFields = {
  id,
  run_id: id,
  run_name: z.string(),
  user: z.string().describe('Primary id'),
  letter: z.string().describe('Notification type'),
  state: z.enum(OUTBOX_STATES),
  to: z.string().nullable(),
  language: z.string().nullable(),
  attempts: count,
  message_id: z.string().nullable(),
  created_at: instant,
  sent_at: instant.nullable(),
  next_at: instant.nullable().describe('When it is tried next; null when it is not'),
  error: z.string().nullable().describe('A sentence in the language of who asks'),
  file: z.string().nullable().describe('Absolute path of the file in the mailbox, on the server'),
};
const messageSchema = z.object(messageFields);
/** A message as lists show it. */
export type MessageView = z.output<typeof messageSchema>;

const messageContentSchema = z.object({ subject: z.string(), text: z.string(), html: z.string() });
export type MessageContent = z.output<typeof messageContentSchema>;

const ID = z.coerce.number().int().positive();

const choice = z
  .object({
    ids: z.array(ID).min(1).max(10_000).optional().describe('Numbers of messages'),
    run: ID.optional().describe('All messages of this run'),
  })
  .strict();

export const listMessages = operation({
  name: 'outbox.list',
  summary: {
    en: 'Lists the messages of the outbox, newest first',
    de: 'Listet die Nachrichten des Postausgangs auf, die neuesten zuerst',
  },
  privilege: 'jobs:read',
  input: z
    .object({
      run: ID.optional().describe('Only messages of this run'),
      state: z.enum(OUTBOX_STATES).optional().describe('Only messages in this state'),
      after: ID.optional().describe('Continue after the message with this number'),
      limit: z.coerce.number().int().min(1).max(1_000).default(50).describe('Messages per page'),
    })
    .strict(),
  output: z.object({
    total: count,
    messages: z.array(messageSchema),
    next: id.nullable().describe('The `after` of the following page; null at the end'),
  }),
  audit: (input, output) => ({ entity: 'outbox', id: input.run ?? null, detail: { shown: output?.messages.length ?? null } }),
  run: async (ctx, input) => {
    const matches = sql`
      ${input.run === undefined ? sql`true` : sql`o.run_id = ${input.run}::bigint`}
      and ${input.state === undefined ? sql`true` : sql`o.state = ${input.state}::text`}`;
    const { rows } = await ctx.db.pool.query<{ total: number }>(sql`select count(*) as total from outbox o where ${matches}`);
    const page = input.after === undefined ? empty : sql`and o.id < ${input.after}::bigint`;
    const messages = await readMessages(ctx, sql`where ${matches} ${page} order by o.id desc limit ${input.limit + 1}::integer`);
    const shown = messages.slice(0, input.limit);
    return {
      total: rows[0]?.total ?? 0,
      messages: shown,
      next: messages.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
    };
  },
});

export const showMessage = operation({
  name: 'outbox.show',
  summary: {
    en: 'Shows one message, filled in with the present data; a password in it is masked',
    de: 'Zeigt eine Nachricht, ausgefüllt mit den jetzigen Daten; ein Passwort darin ist verdeckt',
  },
  privilege: 'jobs:read',
  input: z.object({ id: ID.describe('Number of the message') }).strict(),
  output: z.object({
    ...messageFields,
    content: messageContentSchema.nullable().describe('Null when there is no letter that can be filled in'),
  }),
  audit: (input, output) => ({ entity: 'message', id: input.id, ...(output === undefined ? {} : { detail: { user: output.user } }) }),
  run: async (ctx, { id }) => {
    const [message] = await readMessages(ctx, sql`where o.id = ${id}::bigint`);
    if (message === undefined) throw new AppError('letters.message_not_found', { id });
    return { ...message, content: await readContent(ctx, message) };
  },
});

export const retryMessages = operation({
  name: 'outbox.retry',
  summary: {
    en: 'Sends failed messages, and those that had no address, once more',
    de: 'Sendet fehlgeschlagene Nachrichten und solche ohne Adresse noch einmal',
  },
  privilege: 'jobs:run',
  input: choice,
  output: z.object({ queued: count, no_address: count }),
  audit: (input, output) => ({
    entity: 'outbox',
    id: input.run ?? null,
    detail: { ids: input.ids ?? null, result: output ?? null },
  }),
  run: async (ctx, input) => {
    requireChoice(input);
    return ctx.db.transaction(async (tx) => {
      const result = await requeueMessages(tx, input);
      if (result.queued > 0) await ctx.doorbell.ring(tx, 'outbox');
      return result;
    });
  },
});

export const cancelOutbox = operation({
  name: 'outbox.cancel',
  summary: {
    en: 'Gives up messages that are waiting, failed, or without an address',
    de: 'Verwirft Nachrichten, die warten, fehlgeschlagen oder ohne Adresse sind',
  },
  privilege: 'jobs:run',
  input: choice,
  output: z.object({ cancelled: count }),
  audit: (input, output) => ({
    entity: 'outbox',
    id: input.run ?? null,
    detail: { ids: input.ids ?? null, result: output ?? null },
  }),
  run: async (ctx, input) => {
    requireChoice(input);
    return { cancelled: await ctx.db.transaction((tx) => cancelMessages(tx, input)) };
  },
});

function requireChoice(input: z.output<typeof choice>): void {
  if (input.ids === undefined && input.run === undefined) throw new AppError('letters.which_messages', {});
}

async function readMessages(ctx: Context, rest: Sql): Promise<MessageView[]> {
  const { rows } = await ctx.db.pool.query<MessageView>(sql`
    select o.id, o.run_id, r.name as run_name, u.primary_id as "user", o.letter, o.state, o.address as "to", o.language,
      o.attempts, o.message_id, o.created_at, o.sent_at,
      case when o.state in ('queued', 'sending') then o.next_at end as next_at, o.last_error as error, o.file
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

/** Null when the type has no letter, or one that cannot be filled in (its error stands at the message). */
async function readContent(ctx: Context, message: MessageView): Promise<MessageContent | null> {
  const settings = await readLetterSettings(ctx.db.pool);
  const [input] = await readLetterInputs(ctx.db.pool, [message.id]);
  const shelf = await openShelf(ctx.db.pool, [message.letter]);
  const letter = shelf.find(message.letter, message.language ?? input?.wished_language ?? null, settings.language);
  if (input === undefined || letter === undefined) return null;
  const data = letterData(input, input.run, settings, letter.language, input.credentials ? maskedSecret(input.brings) : undefined);
  try {
    return renderLetter(letter.compiled(), data);
  } catch {
    return null;
  }
}
