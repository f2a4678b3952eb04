/** Links by which a user ends letters of one type: they name the user and the type, and only we can make them. */
import { isSealed, sealOf } from './letter-key.ts';

/** Where the page is, below the address of the installation. */
export const UNSUBSCRIBE_PATH = '/letters/unsubscribe';

export interface Subscription {
  readonly userId: number;
  /** Notification type. */
  readonly type: string;
}

const DAY_MS = 86_400_000;

/** The token of a link that is made now; it says so, since links end some time. */
export function unsubscribeToken(key: Buffer, { userId, type }: Subscription, now: number = Date.now()): string {
  const said = `${userId.toString(36)}.${Math.floor(now / DAY_MS).toString(36)}.${encodeURIComponent(type)}`;
  return `${sealOf(key, 'unsubscribe', said)}.${said}`;
}

/** What a token names; undefined when it is none of ours, or older than `days`. */
export function readUnsubscribeToken(key: Buffer, token: string, days: number, now: number = Date.now()): Subscription | undefined {
  const parts = /^([0-9a-f]{20})\.(([0-9a-z]{1,11})\.([0-9a-z]{1,6})\.([\w.~!*'()%-]{1,200}))$/.exec(token);
  if (parts === null) return undefined;
  const [, seal = '', said = '', user = '', day = '', type = ''] = parts;
  if (!isSealed(key, 'unsubscribe', said, seal)) return undefined;
  const age = Math.floor(now / DAY_MS) - Number.parseInt(day, 36);
  return age > days ? undefined : { userId: Number.parseInt(user, 36), type: decodeURIComponent(type) };
}

/** Makes the links that letters carry. Null without an address that people reach: nobody could open them. */
export function unsubscribeLinks(key: Buffer, publicUrl: string | undefined): ((subscription: Subscription) => string) | null {
  if (publicUrl === undefined) return null;
  return (subscription) => `${publicUrl}${UNSUBSCRIBE_PATH}/${unsubscribeToken(key, subscription)}`;
}
