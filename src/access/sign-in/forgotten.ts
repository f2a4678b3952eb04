/**
 * Forgotten passwords. The link goes out like every letter: a row of the outbox, which belongs to a run of
 * kind 'edit' that changes nothing, so that reports, the ledger and retries hold for it as well.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { noCounts } from '../../changes/index.ts';
import { type Context, say, todayIn } from '../../core/index.ts';
import { FORGOTTEN_LETTER, recipientSql } from '../../letters/index.ts';
import { type Account, findAccount } from './account.ts';
import { recordAttempt } from './record.ts';
import { accountKey, addressKey, countAttempt, FORGOTTEN_PER_ACCOUNT, FORGOTTEN_PER_ADDRESS } from './throttle.ts';

/** How long the answer takes at least, whether there is somebody to write to or not. */
const SLOWEST_MS = 250;

/**
 * Sends a link to the user, if there is one with this primary id or identifier who is internal, active and
 * has an address. The answer is always the same, also when there have been too many requests.
 */
export async function requestPasswordReset(ctx: Context, identifier: string): Promise<void> {
  await Promise.all([request(ctx, identifier), sleep(SLOWEST_MS)]);
}

async function request(ctx: Context, identifier: string): Promise<void> {
  const today = todayIn(ctx.timeZone);
  const account = await findAccount(ctx.db.pool, identifier, today);
  const user = account?.primary_id ?? null;
  try {
    if (ctx.origin?.address) await countAttempt(ctx.db.pool, `forgot:${addressKey(ctx.origin.address)}`, FORGOTTEN_PER_ADDRESS);
    await countAttempt(ctx.db.pool, `forgot:${accountKey(account?.id, identifier)}`, FORGOTTEN_PER_ACCOUNT);
  } catch (error) {
    await recordAttempt(ctx, { operation: 'user.forgot_password', user, error });
    return;
  }
  const queued = account?.internal === true && account.active && (await queueLetter(ctx, account, today));
  await recordAttempt(ctx, { operation: 'user.forgot_password', user });
  if (queued) await ctx.doorbell.ring(ctx.db.pool, 'outbox');
}

async function queueLetter(ctx: Context, account: Account, today: string): Promise<boolean> {
  const recipient = recipientSql('u', { credentials: true });
  const counts = JSON.stringify({ ...noCounts(0), members: 1, unchanged: 1 });
  const { rowCount } = await ctx.db.pool.query(sql`
    with whom as (
      select u.id, r.address, ${recipient.language} as language
      from users u cross join lateral (select ${recipient.address} as address) r
      where u.id = ${account.id}::bigint and r.address is not null),
    run as (
      insert into runs (kind, name, state, plan, today, touches, members, counts, created_by, started_at, finished_at)
      select 'edit', ${say('en', 'sign_in.run_forgotten', { user: account.primary_id })}::text, 'COMPLETED_SUCCESS',
        ${JSON.stringify({ notify: { type: FORGOTTEN_LETTER } })}::jsonb, ${today}::date, '{"scalars": {}, "tables": []}', 1, ${counts}::jsonb,
        ${account.primary_id}::text, now(), clock_timestamp()
      from whom returning id),
    chunk as (
      insert into run_chunks (run_id, no, first_user, last_user, members, user_ids, state, counts, finished_at)
      select r.id, 0, w.id, w.id, 1, array[w.id], 'done', ${counts}::jsonb, clock_timestamp() from run r cross join whom w)
    insert into outbox (run_id, user_id, letter, brings, address, language)
    select r.id, w.id, ${FORGOTTEN_LETTER}::text, 'forgotten', w.address, w.language from run r cross join whom w`);
  return rowCount === 1;
}
