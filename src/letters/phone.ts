import type { CountryCode } from 'libphonenumber-js';

/**
 * A telephone number as networks know it (E.164, `+4930123456`), or undefined when it cannot be one: of a
 * length that the country does not have, or without a country code where `country` (ISO, two letters) is none.
 */
export async function e164(written: string, country: string): Promise<string | undefined> {
  // A hundred files, which only text messages need.
  const { isSupportedCountry, parsePhoneNumberFromString } = await import('libphonenumber-js');
  const home: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  // 00 is what the prefix + stands for nearly everywhere, also where the country itself is not known.
  const given = written.trim().replace(/^00(?=[1-9])/, '+');
  const number = parsePhoneNumberFromString(given, { ...(home === undefined ? {} : { defaultCountry: home }), extract: false });
  return number?.isPossible() === true ? number.number : undefined;
}
