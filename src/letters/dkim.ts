import { createPrivateKey, createPublicKey } from 'node:crypto';

/** What mails are signed with (RFC 6376), so that a receiver can tell that they come from the domain. */
export interface Dkim {
  readonly domain: string;
  readonly selector: string;
  /** PEM; RSA, which is what every receiver checks. */
  readonly privateKey: string;
}

/**
 * The headers that are signed. Nodemailer's own list has no List-Unsubscribe-Post, and RFC 8058 wants the
 * signature to cover it: otherwise receivers do not offer to unsubscribe. Auto-Submitted goes with them.
 */
export const SIGNED_HEADERS =
  'From:Reply-To:Subject:Date:Message-ID:To:MIME-Version:Content-Type:Content-Transfer-Encoding:Content-Language:Auto-Submitted:List-Unsubscribe:List-Unsubscribe-Post';

/** Bits: shorter keys are refused by receivers (RFC 8301). */
const SHORTEST_KEY = 1024;

/** Whether the text is a key that mails can be signed with. */
export function isDkimKey(pem: string): boolean {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= SHORTEST_KEY;
  } catch {
    return false;
  }
}

/** The record that the domain's name server has to answer with. */
export function dkimRecord({ domain, selector, privateKey }: Dkim): { readonly name: string; readonly value: string } {
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=${key}` };
}
