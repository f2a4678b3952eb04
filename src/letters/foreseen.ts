/**
 * Letters of a job that is only tried out: read while its transaction lasts, as the sender reads them, and
 * filled in when it has been rolled back. What a letter with credentials brings is a dummy.
 */
import sql from 'sql-template-tag';
import type { Context, Queryable } from '../core/index.ts';
import { isClosedTo } from '../users/index.ts';
import type { MessageContent } from './contents.ts';
import { failureSentence, failureText } from './failure.ts';
import { dummyUnsubscribeLink, withoutClosed } from './fill.ts';
import { letterData, maskedSecret } from './letter-data.ts';
import { type LetterInput, readLetterInputs } from './letter-input.ts';
import type { LetterChannel } from './letter-rules.ts';
import { type PostalAddress, readAddresses } from './print/address.ts';
import { readLetterSettings } from './settings.ts';
import { openShelf } from './shelf.ts';
import { type Form, formsOf, NO_FORMS, type ShownForms, usesOf } from './shown-forms.ts';
import { type LetterNeed, type RenderedLetter, withDetails } from './text/index.ts';
import { tells } from './write-letter.ts';

/** A message of the outbox with everything that its letter shows, and where it goes. */
export interface ForeseenMessage extends LetterInput {
  readonly channel: LetterChannel;
  readonly state: 'queued' | 'suppressed' | 'no_address';
  /** `letter_versions.id` */
  readonly letter_version: number | null;
  /** Code of why it does not go out. */
  readonly last_error: string | null;
  readonly essential: boolean;
  /** Where it goes on paper; undefined when the user has no address that is valid today. */
  readonly postal: PostalAddress | undefined;
}

const EVERYTHING: ReadonlySet<LetterNeed> = new Set<LetterNeed>(['contact', 'identifiers', 'changes', 'circulation']);

/** What a run has put into the outbox for one user, in the transaction that is going to be rolled back. */
export async function readForeseen(tx: Queryable, runId: number, userId: number): Promise<readonly ForeseenMessage[]> {
  type Row = Pick<ForeseenMessage, 'id' | 'channel' | 'state' | 'letter_version' | 'last_error' | 'essential'>;
  const { rows } = await tx.query<Row>(sql`
    select o.id, o.channel, o.state, o.letter_version, o.last_error, coalesce(t.essential, false) as essential
    from outbox o left join notification_types t on t.code = o.letter
    where o.run_id = ${runId}::bigint and o.user_id = ${userId}::bigint`);
  if (rows.length === 0) return [];
  const inputs = await readLetterInputs(
    tx,
    rows.map((row) => row.id),
  );
  const detailed = await withDetails(tx, inputs, () => EVERYTHING);
  const postal = (await readAddresses(tx, [userId])).get(userId);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return detailed.flatMap((input) => {
    const row = rowOf.get(input.id);
    return row === undefined ? [] : [{ ...input, ...row, postal }];
  });
}

export interface ForeseenLetter extends ShownForms {
  /** How the user is addressed. */
  readonly name: string;
  readonly language: string;
  /** Why it cannot be filled in for this user, or could not be sent; then the rest is empty. */
  readonly problem: string | null;
}

/** `pinned`: the version to fill in, else the one that is published. */
export async function fillForeseen(
  ctx: Context,
  message: ForeseenMessage,
  options: { readonly forms: readonly Form[]; readonly pinned: number | null },
): Promise<ForeseenLetter> {
  const settings = await readLetterSettings(ctx.db.pool);
  const shelf = await openShelf(ctx.db.pool, [message.letter], [options.pinned]);
  const letter = shelf.find(message.letter, message.wished_language, settings.language, options.pinned);
  const failed = (error: string): ForeseenLetter => ({
    name: '',
    language: letter?.language ?? message.wished_language,
    ...NO_FORMS,
    problem: failureSentence(ctx.language, error),
  });
  if (letter === undefined) return failed(failureText('letters.no_letter'));
  const { language } = letter;
  const secret = message.credentials ? maskedSecret(message.brings) : undefined;
  // As in the sender, letters on paper and SMS bring none.
  const unsubscribe_link = message.channel === 'email' ? dummyUnsubscribeLink(ctx, message.essential) : null;
  const data = letterData({ ...withoutClosed(ctx, message), unsubscribe_link }, message.run, settings, language, secret);
  const use = usesOf(options.forms);
  try {
    const rendered = letter.compiled().render(data, secret === undefined ? use : { ...use, html: true, text: true, sms: true });
    const word = Object.values(secret ?? {})[0];
    if (word !== undefined && !tells(asSent(rendered, message.channel), word)) return failed(failureText('letters.no_secret'));
    const address = isClosedTo(ctx.actor, 'user_addresses') ? undefined : message.postal;
    return {
      name: data.user.name,
      language,
      ...(await formsOf(ctx, { ...rendered, language, sms: use.sms ? rendered.sms : null }, use, { name: data.user.name, address })),
      problem: null,
    };
  } catch (error) {
    return failed(failureText('letters.render_failed', error instanceof Error ? error.message : String(error)));
  }
}

/** What of a letter goes that way. */
function asSent({ subject, text, html, sms }: RenderedLetter, channel: LetterChannel): MessageContent {
  if (channel === 'sms') return { subject: '', text: sms ?? '', html: '' };
  return { subject, text, html: channel === 'print' ? '' : html };
}
