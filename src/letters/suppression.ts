/** Addresses that nothing is sent to: they came back, somebody complained, or staff have said so. */
import sql from 'sql-template-tag';
import { AppError, type Queryable, readSetting } from '../core/index.ts';
import { e164 } from './phone.ts';
import { LIBRARY_COUNTRY } from './sms-settings.ts';

export const SUPPRESSION_REASONS = ['bounce', 'complaint', 'manual'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];
export type SuppressibleChannel = 'email' | 'sms';

export interface Suppression {
  readonly channel: SuppressibleChannel;
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly detail: string | null;
  /** The message that came back. */
  readonly outboxId: number | null;
  /** Who has said so; null: Muster itself. */
  readonly by: string | null;
  /** ISO instant; null: now. */
  readonly at?: string | null;
}

/**
 * Which of these addresses nothing is sent to, as they were given. Telephone numbers are compared as networks
 * know them, however they are written.
 */
export async function suppressedAmong(
  db: Queryable,
  channel: SuppressibleChannel,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  if (addresses.length === 0) return new Set();
  const country = channel === 'sms' ? await readSetting(db, LIBRARY_COUNTRY) : '';
  const compared =
    channel === 'sms' ? await Promise.all(addresses.map(async (address) => (await e164(address, country)) ?? address)) : addresses;
  const { rows } = await db.query<{ given: string }>(sql`
    select distinct a.given
    from unnest(${addresses}::text[], ${compared}::text[]) as a (given, compared)
    join suppressed_addresses s on s.channel = ${channel}::text and s.address = fold(btrim(a.compared))`);
  return new Set(rows.map((row) => row.given));
}

/** Puts addresses on the list; one that is there already stays as it is. Says how many were new. */
export async function suppress(tx: Queryable, suppressions: readonly Suppression[]): Promise<number> {
  const column = <T>(read: (each: Suppression) => T): T[] => suppressions.map(read);
  const { rowCount } = await tx.query(sql`
    insert into suppressed_addresses (channel, address, reason, detail, outbox_id, created_by, suppressed_at)
    select distinct on (n.channel, fold(btrim(n.address)))
      n.channel, fold(btrim(n.address)), n.reason, n.detail, n.outbox_id, n.by, coalesce(n.at, now())
    from unnest(
      ${column((each) => each.channel)}::text[], ${column((each) => each.address)}::text[], ${column((each) => each.reason)}::text[],
      ${column((each) => each.detail)}::text[], ${column((each) => each.outboxId)}::bigint[], ${column((each) => each.by)}::text[],
      ${column((each) => each.at ?? null)}::timestamptz[]
    ) as n (channel, address, reason, detail, outbox_id, by, at)
    on conflict (channel, address) do nothing`);
  return rowCount ?? 0;
}

/** Takes an address off the list, and forgets what has been counted against it; false when it was not on it. */
export async function liftSuppression(tx: Queryable, channel: SuppressibleChannel, address: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    delete from suppressed_addresses s where s.channel = ${channel}::text and s.address = fold(btrim(${address}::text))`);
  if (channel === 'email') {
    await tx.query(sql`
      update letter_bounces b set counts = false
      where b.address = fold(btrim(${address}::text)) and b.kind = 'soft' and b.counts`);
  }
  return rowCount === 1;
}

/** What of the written address stands on the list; throws `letters.no_address` for one that cannot exist. */
export async function suppressibleAddress(db: Queryable, channel: SuppressibleChannel, written: string): Promise<string> {
  const [checked] = await checkAddresses(db, [{ channel, address: written }]);
  if (checked == null) throw new AppError('letters.impossible_address', { address: written.slice(0, 100) });
  return checked;
}

/** For each pair the address as it stands on the list, or null for one that cannot exist. */
export async function checkAddresses(
  db: Queryable,
  written: readonly { readonly channel: SuppressibleChannel; readonly address: string }[],
): Promise<readonly (string | null)[]> {
  const country = written.some(({ channel }) => channel === 'sms') ? await readSetting(db, LIBRARY_COUNTRY) : '';
  const { rows } = await db.query<{ address: string | null }>(sql`
    select fold(mail_address(w.address)) as address
    from unnest(${written.map(({ address }) => address)}::text[]) with ordinality as w (address, place) order by w.place`);
  return Promise.all(
    written.map(async ({ channel, address }, index) =>
      channel === 'sms' ? ((await e164(address, country)) ?? null) : (rows[index]?.address ?? null),
    ),
  );
}
