/** For mails that are no letters to users: who they come from, and what a delivery that failed means. */
import type { Queryable } from '../core/index.ts';
import { type Channel, DeliveryError, type DeliveryFailure, type MailAddress } from './channel.ts';
import { singleLine } from './letter-data.ts';
import { readLetterSettings } from './settings.ts';

/** The library's name and address, else the channel's own. */
export async function senderOf(db: Queryable, channel: Channel): Promise<MailAddress> {
  const { libraryName, libraryEmail } = await readLetterSettings(db);
  return { name: singleLine(libraryName ?? ''), address: libraryEmail ?? channel.defaultFrom };
}

/** What to make of whatever a channel has thrown. */
export function deliveryFailure(error: unknown): DeliveryFailure {
  return error instanceof DeliveryError ? error.failure : 'temporary';
}
