/** A report about a message, written down: in the ledger, against the address, and for what is to follow. */
import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, declareSetting, id, operation, readSetting } from '../../core/index.ts';
import { suppress } from '../suppression.ts';
import { findMessage, type ReportedMessage } from './find-message.ts';
import { type MailReport, readReport } from './read-report.ts';
import { severityOf } from './severity.ts';

export const SOFT_LIMIT = declareSetting({
  name: 'letters.bounces.soft_limit',
  label: {
    en: 'Letters that may come back from an address within 90 days before nothing is sent there any more',
    de: 'So viele Briefe dürfen in 90 Tagen von einer Adresse zurückkommen, bevor dorthin nichts mehr verschickt wird',
  },
  schema: z.number().int().min(1).max(100),
  default: 5,
  privilege: 'settings:write',
});

const SOFT_DAYS = 90;
const MEGABYTE = 1024 * 1024;
export const LARGEST_REPORT_MB = 16;

/**
 * hard, soft, complaint: written down · known: told before · delayed: the server is still trying ·
 * no_report: the mail is something else · no_match: about no message of ours, or about one long ago
 */
const OUTCOMES = ['hard', 'soft', 'complaint', 'known', 'delayed', 'no_report', 'no_match'] as const;

const taken = z.object({
  outcome: z.enum(OUTCOMES),
  message: id.nullable().describe('Number of the message in the outbox'),
  address: z.string().nullable(),
  suppressed: z.boolean().describe('Nothing is sent to the address from now on'),
});
export type TakenReport = z.output<typeof taken>;

export const takeReport = operation({
  name: 'bounce.take',
  summary: {
    en: 'Takes a mail that came back, or a complaint, and marks message and address',
    de: 'Nimmt eine zurückgekommene Mail oder eine Beschwerde entgegen und vermerkt sie bei Nachricht und Adresse',
  },
  privilege: 'letters:write',
  input: z.strictObject({
    message: z.string().min(1).describe('The whole mail, as it arrived'),
    encoding: z.enum(['text', 'base64']).default('text').describe('base64 keeps every byte as it is'),
  }),
  output: taken,
  audit: (_, output) => ({ entity: 'message', id: output?.message ?? null, detail: { outcome: output?.outcome ?? null } }),
  run: async (ctx, { message, encoding }): Promise<TakenReport> => {
    const raw = Buffer.from(message, encoding === 'base64' ? 'base64' : 'utf8');
    if (raw.length > LARGEST_REPORT_MB * MEGABYTE) throw new AppError('letters.report_too_large', { megabytes: LARGEST_REPORT_MB });
    const report = await readReport(raw);
    if (report.kind === 'none') return nothing('no_report');
    const found = await findMessage(ctx.db.pool, raw, report);
    if (found === undefined) return nothing('no_match');
    if (report.kind === 'delayed') return { outcome: 'delayed', message: found.id, address: found.address, suppressed: false };
    return ctx.db.transaction((tx) => record(tx, found, report, createHash('sha256').update(raw).digest()));
  },
});

function nothing(outcome: 'no_report' | 'no_match'): TakenReport {
  return { outcome, message: null, address: null, suppressed: false };
}

async function record(tx: PoolClient, found: ReportedMessage, report: MailReport, digest: Buffer): Promise<TakenReport> {
  const kind = report.kind === 'complaint' ? 'complaint' : severityOf(report.status, report.detail);
  const base = { message: found.id, address: found.address };
  // Locked: an erasure takes its rows with it, and two reports about one address are counted one after the other.
  const { rowCount: there } = await tx.query(sql`select from outbox o where o.id = ${found.id}::bigint for no key update`);
  if (there !== 1) return nothing('no_match');
  const { rowCount: fresh } = await tx.query(sql`
    insert into letter_bounces (outbox_id, kind, address, status, detail, digest)
    values (${found.id}::bigint, ${kind}, fold(btrim(${found.address}::text)), ${report.status}, ${report.detail}, ${digest}::bytea)
    on conflict (outbox_id, digest) do nothing`);
  if (fresh === 0) return { outcome: 'known', ...base, suppressed: await isSuppressed(tx, found.address) };
  if (kind !== 'complaint') await markFailed(tx, found.id);
  if (kind !== 'soft' || (await softLimitReached(tx, found.address))) {
    const detail = [report.status, report.detail].filter((part) => part !== null).join(' ') || null;
    const reason = kind === 'complaint' ? 'complaint' : 'bounce';
    await suppress(tx, [{ channel: 'email', address: found.address, reason, detail, outboxId: found.id, by: null }]);
  }
  return { outcome: kind, ...base, suppressed: await isSuppressed(tx, found.address) };
}

/**
 * What came back has not arrived: sent → failed, with the moment it was sent kept. A message that its sender
 * still holds is left to `followUpReports`, since the sender is about to write down that it was sent.
 */
export async function markFailed(tx: PoolClient, outboxId: number): Promise<void> {
  await tx.query(sql`
    update outbox o set state = 'failed', sent_at = coalesce(o.sent_at, o.handed_at, now()),
      last_error = 'letters.bounced: ' || coalesce(nullif(concat_ws(' ', b.status, b.detail), ''), '–')
    from (select b.status, b.detail from letter_bounces b
      where b.outbox_id = ${outboxId}::bigint and b.kind <> 'complaint' order by b.id limit 1) b
    where o.id = ${outboxId}::bigint and o.state in ('sent', 'uncertain')`);
}

async function softLimitReached(tx: PoolClient, address: string): Promise<boolean> {
  const { rows } = await tx.query<{ messages: number }>(sql`
    select count(distinct b.outbox_id) as messages from letter_bounces b
    where b.address = fold(btrim(${address}::text)) and b.kind = 'soft' and b.counts
      and b.reported_at > now() - make_interval(days => ${SOFT_DAYS}::integer)`);
  return (rows[0]?.messages ?? 0) >= (await readSetting(tx, SOFT_LIMIT));
}

async function isSuppressed(tx: PoolClient, address: string): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    select from suppressed_addresses s where s.channel = 'email' and s.address = fold(btrim(${address}::text))`);
  return rowCount === 1;
}
