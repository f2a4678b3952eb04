import sql from 'sql-template-tag';
import type { Queryable } from '../../core/index.ts';
import { readLetterKey } from '../letter-key.ts';
import { readReturnTokens } from '../return-address.ts';
import type { MailReport } from './read-report.ts';

export interface ReportedMessage {
  readonly id: number;
  /** As it was written to. */
  readonly address: string;
}

/** How long after it was sent a message can be reported; servers give up after days, people complain after weeks. */
const RECENT_DAYS = 60;

/** Bytes of a report that are looked through for a return address: headers, status and the original's headers stand before its text. */
const LOOKED_THROUGH = 512 * 1024;

/**
 * The message that a report is about. A return address that we have made names it for certain. Without one it
 * is the message of that Message-ID that went to one of the addresses named; both have to fit, and it has to be recent.
 */
export async function findMessage(db: Queryable, raw: Buffer, report: MailReport): Promise<ReportedMessage | undefined> {
  const tokens = readReturnTokens(await readLetterKey(db), raw.toString('latin1', 0, LOOKED_THROUGH));
  const recent = sql`o.channel = 'email' and o.address is not null
    and coalesce(o.sent_at, o.created_at) > now() - make_interval(days => ${RECENT_DAYS}::integer)`;
  if (tokens.length > 0) {
    const { rows } = await db.query<ReportedMessage>(sql`
      select o.id, o.address from unnest(${tokens}::bigint[]) with ordinality as t (id, place)
      join outbox o on o.id = t.id where ${recent} order by t.place limit 1`);
    return rows[0];
  }
  if (report.messageIds.length === 0 || report.addresses.length === 0) return undefined;
  // By way of the users who have the address: the ledger is not indexed by Message-ID.
  const { rows } = await db.query<ReportedMessage>(sql`
    select o.id, o.address
    from (select distinct e.user_id from user_emails e
      where fold(e.address) in (select fold(a.address) from unnest(${report.addresses}::text[]) as a (address))) w
    join outbox o on o.user_id = w.user_id
    where ${recent} and o.message_id = any (${report.messageIds}::text[]) and o.sent_at is not null
    order by o.id desc limit 1`);
  return rows[0];
}
