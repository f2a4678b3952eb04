import type { Catalogue } from './catalogue.ts';

/** What becomes of the letters of a run, for people: of the preview and of the report. */
export const letterCountsTexts = {
  'letter_counts.would': { en: '{queued} of {recipients} letters would go out', de: '{queued} von {recipients} Briefen gingen hinaus' },
  'letter_counts.did': {
    en: '{queued} of {recipients} letters for the outbox',
    de: '{queued} von {recipients} Briefen für den Postausgang',
  },
  'letter_counts.email': { en: 'by e-mail', de: 'per E-Mail' },
  'letter_counts.sms': { en: 'as SMS', de: 'als SMS' },
  'letter_counts.print': { en: 'on paper', de: 'auf Papier' },
  'letter_counts.only_institutional': {
    en: 'of these only to an address of an institution',
    de: 'davon nur an eine Adresse einer Einrichtung',
  },
  'letter_counts.no_address': { en: 'no address that can be used', de: 'keine brauchbare Adresse' },
  'letter_counts.suppressed': { en: 'every address suppressed', de: 'alle Adressen gesperrt' },
  'letter_counts.opted_out': { en: 'not wanted by the user', de: 'vom Benutzer nicht erwünscht' },
  'letter_counts.not_again': { en: 'written to a short time ago', de: 'vor Kurzem schon angeschrieben' },
  'letter_counts.once': { en: 'written to about this date already', de: 'zu diesem Datum schon angeschrieben' },
  'letter_counts.same_address': {
    en: 'another user with the same address gets it',
    de: 'ein anderer Benutzer mit derselben Adresse bekommt ihn',
  },
  'letter_counts.subject': { en: '“{subject}”', de: '„{subject}“' },
  'letter_counts.version': { en: 'version {number}', de: 'Version {number}' },
} as const satisfies Catalogue;
