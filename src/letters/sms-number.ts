import { type Queryable, readSetting } from '../core/index.ts';
import { DeliveryError } from './channel.ts';
import { e164 } from './phone.ts';
import { LIBRARY_COUNTRY } from './sms-settings.ts';
import { suppressedAmong } from './suppression.ts';

/**
 * The number that a text message goes to, however the record has it. Throws a permanent `DeliveryError` for
 * one that cannot exist, or that nothing is sent to: planning cannot know a number without a country code.
 */
export async function smsNumber(db: Queryable, written: string): Promise<string> {
  const number = await e164(written, await readSetting(db, LIBRARY_COUNTRY));
  if (number === undefined) throw new DeliveryError('permanent', `no telephone number: ${written.slice(0, 40)}`);
  if ((await suppressedAmong(db, 'sms', [number])).size > 0) throw new DeliveryError('permanent', `suppressed: ${number}`);
  return number;
}
