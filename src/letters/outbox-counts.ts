/** How the outbox stands, and what is kept instead of sent. */
import sql, { empty } from 'sql-template-tag';
import { z } from 'zod';
import { count, id, operation } from '../core/index.ts';
import { readContents } from './contents.ts';
import { chosen, SHOWN_STATE, SHOWN_STATES, type ShownState } from './outbox.ts';
import { ID, letterCode } from './outbox-operations.ts';
import { messageSchema, readMessages } from './outbox-view.ts';

export const countMessages = operation({
  name: 'outbox.counts',
  summary: {
    en: 'Counts the messages of the outbox by state',
    de: 'Zählt die Nachrichten des Postausgangs nach ihrem Stand',
  },
  privilege: 'jobs:read',
  input: z
    .object({
      run: ID.optional().describe('Only messages of this run'),
      letter: letterCode.optional().describe('Only messages of this notification type'),
      channel: z.enum(['email', 'sms', 'print']).optional().describe('Only messages that go this way'),
    })
    .strict(),
  output: z.object({
    total: count,
    states: z.array(z.object({ state: z.enum(SHOWN_STATES), messages: count })).describe('Those that there are'),
    hold_all: z.boolean().describe('Nothing goes out: the setting letters.hold_all is on'),
  }),
  audit: (input) => ({ entity: 'outbox', id: input.run ?? null }),
  run: async (ctx, input) => {
    // Counted by batch first, so that what is held is asked for once per batch and not per message.
    const { rows } = await ctx.db.pool.query<{ state: ShownState; messages: number }>(sql`
      with batches as (
        select o.run_id, o.letter, o.state, count(*) as messages from outbox o
        where ${chosen({ run: input.run, letter: input.letter })}
          ${input.channel === undefined ? empty : sql`and o.channel = ${input.channel}::text`}
        group by o.run_id, o.letter, o.state)
      select ${SHOWN_STATE} as state, sum(o.messages)::bigint as messages from batches o group by 1`);
    const { rows: held } = await ctx.db.pool.query<{ held: boolean }>(sql`
      select exists (select from settings s where s.name = 'letters.hold_all' and s.value = 'true') as held`);
    const states = SHOWN_STATES.flatMap((state) => rows.filter((row) => row.state === state));
    return {
      total: states.reduce((sum, { messages }) => sum + messages, 0),
      states,
      hold_all: held[0]?.held ?? false,
    };
  },
});

export const listMailbox = operation({
  name: 'outbox.mailbox',
  summary: {
    en: 'Lists the mails that are kept in the data directory because no mail server is configured, newest first',
    de: 'Listet die Mails auf, die im Datenverzeichnis aufbewahrt werden, weil kein Mailserver eingerichtet ist, die neuesten zuerst',
  },
  privilege: 'jobs:read',
  input: z
    .object({
      user: z.string().trim().min(1).max(255).optional().describe('Only mails to this user: primary id or another identifier'),
      after: ID.optional().describe('Continue after the message with this number'),
      limit: z.coerce.number().int().min(1).max(500).default(50).describe('Mails per page'),
    })
    .strict(),
  output: z.object({
    in_use: z.boolean().describe('Mails are kept there now; false: they go to a mail server'),
    mails: z.array(messageSchema.extend({ subject: z.string().nullable().describe('Null: its contents are no longer kept') })),
    next: id.nullable().describe('The `after` of the following page; null at the end'),
  }),
  audit: (input, output) => ({ entity: 'outbox', id: null, detail: { mailbox: input.user ?? true, shown: output?.mails.length ?? null } }),
  run: async (ctx, { user, after, limit }) => {
    const whose = user === undefined ? empty : sql`and o.user_id = (select k.user_id from user_keys k where k.key = fold(${user}::text))`;
    const found = await readMessages(
      ctx,
      sql`where o.channel = 'email' and o.file is not null ${whose}
        ${after === undefined ? empty : sql`and o.id < ${after}::bigint`} order by o.id desc limit ${limit + 1}::integer`,
    );
    const shown = found.slice(0, limit);
    const contents = await readContents(
      ctx.db.pool,
      shown.map((message) => message.id),
    );
    return {
      in_use: ctx.channels?.email?.kind === 'mailbox',
      mails: shown.map((message) => ({ ...message, subject: contents.get(message.id)?.subject ?? null })),
      next: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  },
});
