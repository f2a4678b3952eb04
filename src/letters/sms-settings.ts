import { z } from 'zod';
import { declareSetting } from '../core/index.ts';

/** Whether letters may go out as text messages at all; planning reads it as well as sending. */
export const SMS_ENABLED = declareSetting({
  name: 'letters.sms.enabled',
  label: { en: 'Send letters as text messages to those who want it', de: 'Briefe als SMS verschicken, an alle, die das wünschen' },
  schema: z.boolean(),
  default: false,
  privilege: 'settings:write',
});

export const LIBRARY_COUNTRY = declareSetting({
  name: 'library.country',
  label: {
    en: 'Country of the library, two letters: that of telephone numbers without a country code',
    de: 'Land der Bibliothek, zwei Buchstaben: das von Telefonnummern ohne Ländervorwahl',
  },
  schema: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2}$/)
    .transform((code) => code.toUpperCase()),
  default: 'DE',
  privilege: 'settings:write',
});
