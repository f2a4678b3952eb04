/** The installation's secret, with which addresses that go out in mails are sealed, so that nobody else can make one. */
import { createHmac } from 'node:crypto';
import sql from 'sql-template-tag';
import { type Queryable, sameText } from '../core/index.ts';

/** What a seal is for: one that was made for something else does not hold. */
export type SealPurpose = 'unsubscribe' | 'bounce';

/** Bytes of a seal: nobody guesses 2^80, one request at a time, and it still goes into an address. */
const SEAL_BYTES = 10;

export async function readLetterKey(db: Queryable): Promise<Buffer> {
  const { rows } = await db.query<{ key: string }>(sql`select k.key from letter_key k`);
  const key = rows[0]?.key;
  if (key === undefined) throw new Error('letter_key has no row');
  return Buffer.from(key, 'utf8');
}

/** 20 digits of hexadecimal: mail servers do not keep the case of what stands before the @. */
export function sealOf(key: Buffer, purpose: SealPurpose, text: string): string {
  return createHmac('sha256', key).update(`${purpose}:${text}`).digest().subarray(0, SEAL_BYTES).toString('hex');
}

export function isSealed(key: Buffer, purpose: SealPurpose, text: string, seal: string): boolean {
  return sameText(sealOf(key, purpose, text), seal);
}
