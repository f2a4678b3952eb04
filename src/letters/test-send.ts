import { randomInt, randomUUID } from 'node:crypto';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, operation, todayIn } from '../core/index.ts';
import { DeliveryError } from './channel.ts';
import { fillLetters, LANGUAGE_NEEDED, requireLanguage, requireUsers, wordingFields } from './fill.ts';
import { typeCode } from './input.ts';
import type { PreviewUser } from './letter-input.ts';
import { recipientSql } from './recipient.ts';
import { readLetterSettings } from './settings.ts';
import { requireType } from './types.ts';
import { senderOfLetter } from './write-letter.ts';

/** Milliseconds; a person waits for it. */
const PATIENCE_MS = 60_000;

export const testSend = operation({
  name: 'letter.test_send',
  summary: {
    en: 'Sends a letter to oneself, marked as a test; a password in it is a dummy',
    de: 'Verschickt einen Brief an einen selbst, als Test gekennzeichnet; ein Passwort darin ist nur ein Platzhalter',
  },
  privilege: 'letters:read',
  input: z
    .object({
      type: typeCode,
      user: z.string().trim().min(1).max(255).optional().describe('Whose letter; without one a made-up user’s'),
      to: z.string().trim().max(254).optional().describe('One of one’s own e-mail addresses; without it the one that letters go to'),
      ...wordingFields,
    })
    .strict()
    .refine(requireLanguage, LANGUAGE_NEEDED),
  output: z.object({
    type: z.string(),
    to: z.string(),
    language: z.string(),
    subject: z.string(),
    file: z.string().nullable().describe('Path below the data directory, when mails are kept and not sent'),
  }),
  audit: (input, output) => ({
    entity: 'letter',
    id: input.type,
    detail: { test: true, user: input.user ?? null, sent: output !== undefined },
  }),
  run: async (ctx, input) => {
    const channel = ctx.channels?.email ?? null;
    if (channel === null) throw new AppError('letters.no_channel', { channel: 'email' });
    const type = await requireType(ctx, input.type);
    const to = await ownAddress(ctx, input.to);
    const users: (PreviewUser | null)[] =
      input.user === undefined ? [null] : await requireUsers(ctx.db.pool, [input.user], type.credentials);
    const { problems, letters } = await fillLetters(ctx, type, users, input, { sms: false });
    const [letter] = letters;
    if (letter === undefined) {
      const words = problems.map((problem) => `${problem.part} ${problem.line}:${problem.column}: ${problem.message[ctx.language]}`);
      throw new AppError('letters.template_invalid', { problems: words.join('; ') });
    }
    if ('error' in letter) throw new AppError('letters.render_failed', { detail: letter.error });
    const { from, replyTo } = await senderOf(ctx, input.type, channel.defaultFrom);
    const subject = `[Test] ${letter.rendered.subject}`;
    try {
      const { file } = await channel.deliver(
        {
          // It stands in no ledger: the number only names the file that a mailbox keeps.
          outboxId: Date.now() * 1_000 + randomInt(1_000),
          series: 'test',
          queuedOn: todayIn(ctx.timeZone),
          messageId: `<${randomUUID()}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
          from,
          to,
          replyTo: replyTo ?? null,
          language: letter.language,
          subject,
          text: letter.rendered.text,
          html: letter.rendered.html,
        },
        AbortSignal.timeout(PATIENCE_MS),
      );
      return { type: input.type, to: to.address, language: letter.language, subject, file };
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      throw new AppError(
        error.failure === 'permanent' ? 'letters.refused' : 'letters.unreachable',
        { detail: error.message },
        { cause: error },
      );
    }
  },
});

/** The wished one of the actor's own addresses, else the one that letters to them go to; the local administrator has the library's. */
async function ownAddress(ctx: Context, wished: string | undefined): Promise<{ readonly name: string; readonly address: string }> {
  const { actor } = ctx;
  if (actor.kind !== 'user') {
    const { libraryEmail, libraryName } = await readLetterSettings(ctx.db.pool);
    if (libraryEmail === null) throw new AppError('letters.no_own_address', {});
    if (wished !== undefined && wished.toLowerCase() !== libraryEmail.toLowerCase())
      throw new AppError('letters.not_own_address', { to: wished });
    return { name: libraryName ?? '', address: libraryEmail };
  }
  const { rows } = await ctx.db.pool.query<{ name: string; chosen: string | null; all: string[] }>(sql`
    select concat_ws(' ', u.first_name, u.last_name) as name, ${recipientSql('u', { credentials: false }).address} as chosen,
      array(select mail_address(e.address) from user_emails e where e.user_id = u.id and mail_address(e.address) is not null) as all
    from users u where u.id = ${actor.userId}::bigint`);
  const row = rows[0];
  const address = wished === undefined ? row?.chosen : row?.all.find((own) => own.toLowerCase() === wished.toLowerCase());
  if (address !== undefined && address !== null) return { name: row?.name ?? '', address };
  throw wished === undefined ? new AppError('letters.no_own_address', {}) : new AppError('letters.not_own_address', { to: wished });
}

async function senderOf(ctx: Context, type: string, defaultFrom: string) {
  const { rows } = await ctx.db.pool.query<{ sender_name: string | null; sender_email: string | null; reply_to: string | null }>(sql`
    select t.sender_name, t.sender_email, t.reply_to from notification_types t where t.code = ${type}::text`);
  const own = rows[0] ?? { sender_name: null, sender_email: null, reply_to: null };
  return senderOfLetter(own, await readLetterSettings(ctx.db.pool), defaultFrom);
}
