/**
 * What follows from reports for the users: a password that did not arrive ends, and whoever complained gets no
 * more letters of the kind. Apart from taking the report, since that has to be quick and is done by whoever
 * brings it; the rows say what is still to be done, so nothing is lost.
 */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { AppError, type Context } from '../../core/index.ts';
import type { ChooseLetter } from '../unsubscribe.ts';
import { markFailed } from './take-report.ts';

export interface FollowUpPorts {
  readonly choose: ChooseLetter;
  /** Ends the password or link that the run's letter brought, if it is still the one in force. */
  takeBack(tx: PoolClient, of: { readonly runId: number; readonly userId: number }): Promise<void>;
}

interface OpenReport {
  readonly id: number;
  readonly kind: 'hard' | 'soft' | 'complaint';
  readonly outbox_id: number;
  readonly state: string;
  readonly run_id: number;
  readonly user_id: number;
  /** Primary id. */
  readonly user: string;
  readonly letter: string;
  readonly credentials: boolean;
  readonly may_be_ended: boolean;
}

const BITE = 50;

/** Does what is open, up to a bite; true when there was any that could be done. */
export async function followUpReports(ctx: Context, ports: FollowUpPorts): Promise<boolean> {
  // A message that a sender holds has no outcome yet; its report waits.
  const { rows } = await ctx.db.pool.query<OpenReport>(sql`
    select b.id, b.kind, b.outbox_id, o.state, o.run_id, o.user_id, u.primary_id as user, o.letter,
      coalesce(t.credentials, false) as credentials, coalesce(not t.essential and not t.credentials, false) as may_be_ended
    from letter_bounces b
    join outbox o on o.id = b.outbox_id
    join users u on u.id = o.user_id
    left join notification_types t on t.code = o.letter
    where not b.followed_up and o.state <> 'sending'
    order by b.id limit ${BITE}::integer`);
  for (const report of rows) await followUp(ctx, report, ports);
  return rows.length > 0;
}

async function followUp(ctx: Context, report: OpenReport, ports: FollowUpPorts): Promise<void> {
  if (report.kind === 'complaint' && report.may_be_ended) await endLetters(ctx, report, ports.choose);
  await ctx.db.transaction(async (tx) => {
    // Taken by one process alone, whoever comes first.
    const { rowCount } = await tx.query(sql`
      update letter_bounces b set followed_up = true where b.id = ${report.id}::bigint and not b.followed_up`);
    if (rowCount !== 1 || report.kind === 'complaint') return;
    await markFailed(tx, report.outbox_id);
    const { rows } = await tx.query<{ state: string }>(sql`select o.state from outbox o where o.id = ${report.outbox_id}::bigint`);
    if (report.credentials && rows[0]?.state === 'failed') await ports.takeBack(tx, { runId: report.run_id, userId: report.user_id });
  });
}

/** Done again after a crash it changes nothing. A type that users cannot choose about is no reason to stop. */
async function endLetters(ctx: Context, report: OpenReport, choose: ChooseLetter): Promise<void> {
  try {
    await choose(ctx, { user: report.user, type: report.letter, wanted: false });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
