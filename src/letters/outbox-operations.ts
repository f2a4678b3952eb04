import sql, { empty } from 'sql-template-tag';
import { withMerged } from '../users/index.ts';
import { z } from 'zod';
import { AppError, count, id, operation } from '../core/index.ts';
import { chosen, SHOWN_STATE, SHOWN_STATES } from './outbox.ts';
import { contentOf, contentSchema, messageFields, messageSchema, readMessages, withContents } from './outbox-view.ts';

export const ID = z.coerce.number().int().positive();
export const letterCode = z.string().trim().min(1).max(100);

const paging = {
  after: ID.optional().describe('Continue after the message with this number'),
  limit: z.coerce.number().int().min(1).max(1_000).default(50).describe('Messages per page'),
};
const next = id.nullable().describe('The `after` of the following page; null at the end');

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
      letter: letterCode.optional().describe('Only messages of this notification type'),
      channel: z.enum(['email', 'sms', 'print']).optional().describe('Only messages that go this way'),
      state: z.enum(SHOWN_STATES).optional().describe('Only messages in this state'),
      ...paging,
    })
    .strict(),
  output: z.object({ total: count, messages: z.array(messageSchema), next }),
  audit: (input, output) => ({ entity: 'outbox', id: input.run ?? null, detail: { shown: output?.messages.length ?? null } }),
  run: async (ctx, input) => {
    // What is held is queued: the index finds it by that.
    const state = input.state === 'held' ? 'queued' : input.state;
    const matches = sql`
      ${chosen({ run: input.run, letter: input.letter })}
      ${input.channel === undefined ? empty : sql`and o.channel = ${input.channel}::text`}
      ${state === undefined ? empty : sql`and o.state = ${state}::text`}
      ${input.state === 'held' || input.state === 'queued' ? sql`and ${SHOWN_STATE} = ${input.state}::text` : empty}`;
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
    en: 'Shows one message: what was sent, as long as it is kept, else what would be; a password in it is masked',
    de: 'Zeigt eine Nachricht: was verschickt wurde, solange es aufbewahrt wird, sonst, was es jetzt wäre; ein Passwort darin ist verdeckt',
  },
  privilege: 'jobs:read',
  input: z.object({ id: ID.describe('Number of the message') }).strict(),
  output: z.object({ ...messageFields, content: contentSchema.nullable(), content_of: contentOf }),
  audit: (input, output) => ({ entity: 'message', id: input.id, ...(output === undefined ? {} : { detail: { user: output.user } }) }),
  run: async (ctx, { id }) => {
    const [message] = await withContents(ctx, await readMessages(ctx, sql`where o.id = ${id}::bigint`), { preview: true });
    if (message === undefined) throw new AppError('letters.message_not_found', { id });
    return message;
  },
});

export const listUserMessages = operation({
  name: 'users.messages',
  summary: {
    en: 'Lists the messages to one user, newest first, with what was sent as long as it is kept; passwords in it are masked',
    de: 'Listet die Nachrichten an einen Benutzer auf, die neuesten zuerst, mit dem Verschickten, solange es aufbewahrt wird; Passwörter darin sind verdeckt',
  },
  privilege: 'letters:read',
  input: z.object({ user: z.string().trim().min(1).max(255).describe('Primary id or another identifier of the user'), ...paging }).strict(),
  output: z.object({
    primary_id: z.string(),
    messages: z.array(z.object({ ...messageFields, content: contentSchema.nullable(), content_of: contentOf })),
    next,
  }),
  audit: (input, output) => ({ entity: 'user', id: input.user, detail: { messages: output?.messages.length ?? null } }),
  run: async (ctx, input) => {
    const { rows } = await ctx.db.pool.query<{ id: number; primary_id: string }>(sql`
      select u.id, u.primary_id from user_keys k join users u on u.id = k.user_id where k.key = fold(${input.user}::text)`);
    const user = rows[0];
    if (user === undefined) throw new AppError('letters.user_not_found', { id: input.user });
    const page = input.after === undefined ? empty : sql`and o.id < ${input.after}::bigint`;
    const messages = await readMessages(
      ctx,
      sql`where o.user_id in (${withMerged(user.id)}) ${page} order by o.id desc limit ${input.limit + 1}::integer`,
    );
    const shown = messages.slice(0, input.limit);
    return {
      primary_id: user.primary_id,
      messages: await withContents(ctx, shown, { preview: false }),
      next: messages.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
    };
  },
});
