import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import sql from 'sql-template-tag';
import { type Queryable, readSetting } from '../core/index.ts';
import { DeliveryError } from './channel.ts';
import { LIBRARY_COUNTRY } from './sms-settings.ts';

/**
 * A telephone number as networks know it (E.164, `+4930123456`), or undefined when it cannot be one: of a
 * length that the country does not have, or without a country code where `country` (ISO, two letters) is none.
 */
export function e164(written: string, country: string): string | undefined {
  const home: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  // 00 is what the prefix + stands for nearly everywhere, also where the country itself is not known.
  const given = written.trim().replace(/^00(?=[1-9])/, '+');
  const number = parsePhoneNumberFromString(given, { ...(home === undefined ? {} : { defaultCountry: home }), extract: false });
  return number?.isPossible() === true ? number.number : undefined;
}

/**
 * The number that a text message goes to, however the record has it. Throws a permanent `DeliveryError` for
 * one that cannot exist, or that nothing is sent to.
 */
export async function smsNumber(db: Queryable, written: string): Promise<string> {
  const number = e164(written, await readSetting(db, LIBRARY_COUNTRY));
  if (number === undefined) throw new DeliveryError('permanent', `no telephone number: ${written.slice(0, 40)}`);
  const { rowCount } = await db.query(sql`
    select from suppressed_addresses s where s.channel = 'sms' and s.address = ${number}::text`);
  if (rowCount !== 0) throw new DeliveryError('permanent', `suppressed: ${number}`);
  return number;
}
