/** Sends the mails about runs that `letters/note-run-mails.ts` has put down. */
import sql from 'sql-template-tag';
import { hasPrivilege, resolveActor } from '../../access/index.ts';
import { type Context, type Language, todayIn } from '../../core/index.ts';
import { type Channel, chooseLanguage, deliveryFailure, recipientSql, senderOf } from '../../letters/index.ts';
import { composeRunMail, type RunFacts } from './run-mail.ts';

const BATCH = 50;
/** A mail whose sender has died is tried again after this long. */
const LEASE_SECONDS = 300;
const MOST_ATTEMPTS = 8;
const BACKOFF_SECONDS = 60;
const DELIVERY_MS = 120_000;

interface DueMail extends RunFacts {
  readonly mail_id: number;
  readonly attempts: number;
  readonly message_id: string;
  readonly queued_on: string;
  readonly recipient: string;
  readonly recipient_name: string;
  readonly address: string | null;
  readonly wished_language: string;
}

/** One batch; says how many went out. Nothing more is begun once the signal aborts. */
export async function sendRunMails(ctx: Context, channel: Channel, signal?: AbortSignal): Promise<number> {
  const from = await senderOf(ctx.db.pool, channel);
  const mails = await claim(ctx, from.address);
  let sent = 0;
  for (const mail of mails) {
    if (signal?.aborted === true) {
      await settle(ctx, mail, { state: 'queued', delay: 0, error: null, uncounted: true });
      continue;
    }
    const outcome = await deliver(ctx, channel, from, mail);
    await settle(ctx, mail, outcome);
    if (outcome.state === 'sent') sent += 1;
  }
  return sent;
}

interface Outcome {
  readonly state: 'sent' | 'queued' | 'failed' | 'cancelled';
  readonly file?: string | null;
  readonly delay?: number;
  readonly error: string | null;
  readonly uncounted?: boolean;
}

async function deliver(ctx: Context, channel: Channel, from: { name: string; address: string }, mail: DueMail): Promise<Outcome> {
  // Between the run and the mail somebody may have left, or may no longer see runs.
  const may = await resolveActor(ctx.db.pool, mail.recipient, todayIn(ctx.timeZone)).then(
    (actor) => hasPrivilege(actor, 'jobs:read'),
    () => false,
  );
  if (!may || mail.address === null) return { state: 'cancelled', error: 'oversight.mail.gone' };
  const language: Language = chooseLanguage(['de', 'en'], mail.wished_language, 'en') === 'de' ? 'de' : 'en';
  try {
    const { file } = await channel.deliver(
      {
        outboxId: mail.mail_id,
        series: 'run',
        queuedOn: mail.queued_on,
        messageId: mail.message_id,
        from,
        to: { name: mail.recipient_name, address: mail.address },
        language,
        ...composeRunMail(mail, language, ctx.publicUrl ?? null),
      },
      AbortSignal.timeout(DELIVERY_MS),
    );
    return { state: 'sent', file, error: null };
  } catch (error) {
    const text = error instanceof Error ? error.message.slice(0, 300) : String(error);
    if (deliveryFailure(error) === 'permanent' || mail.attempts >= MOST_ATTEMPTS) return { state: 'failed', error: text };
    return { state: 'queued', delay: BACKOFF_SECONDS * 2 ** (mail.attempts - 1), error: text };
  }
}

/** Takes what is due; the Message-ID is fixed before the first attempt, so that a second delivery is known as such. */
async function claim(ctx: Context, fromAddress: string): Promise<DueMail[]> {
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
  const { address, language } = recipientSql('u', { credentials: false });
  const { rows } = await ctx.db.pool.query<DueMail>(sql`
    with due as materialized (
      select m.id from staff_mails m where m.state in ('queued', 'sending') and m.next_at <= now()
      order by m.next_at, m.id limit ${BATCH}::integer for update skip locked),
    taken as (
      update staff_mails m set state = 'sending', attempts = m.attempts + 1,
        next_at = now() + make_interval(secs => ${LEASE_SECONDS}::double precision),
        message_id = coalesce(m.message_id, '<' || gen_random_uuid() || '@' || ${domain}::text || '>')
      from due where m.id = due.id
      returning m.*)
    select t.id as mail_id, t.attempts, t.message_id, to_char(t.created_at at time zone ${ctx.timeZone}::text, 'YYYY-MM-DD') as queued_on,
      u.primary_id as recipient, coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.primary_id) as recipient_name,
      ${address} as address, ${language} as wished_language,
      t.event, r.id, r.kind, r.name, r.state, r.state_reason, r.members, r.counts, r.created_by as author,
      (select a.reason from run_approvals a where a.run_id = r.id and a.decision = 'rejected') as rejection
    from taken t join runs r on r.id = t.run_id join users u on u.id = t.user_id
    order by t.id`);
  return rows;
}

async function settle(ctx: Context, mail: DueMail, outcome: Outcome): Promise<void> {
  await ctx.db.pool.query(sql`
    update staff_mails m set state = ${outcome.state}, file = ${outcome.file ?? null}, last_error = ${outcome.error},
      attempts = m.attempts - ${outcome.uncounted === true ? 1 : 0}::integer,
      next_at = now() + make_interval(secs => ${outcome.delay ?? 0}::double precision),
      sent_at = case when ${outcome.state}::text = 'sent' then now() end
    where m.id = ${mail.mail_id}::bigint and m.state = 'sending'`);
}
