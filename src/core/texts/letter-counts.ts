import type { Catalogue } from './catalogue.ts';

/** What becomes of the letters of a run, for people: of the preview and of the report; and why one user would get none. */
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
  'no_letter.no_address': {
    en: 'This user has no address that can be used.',
    de: 'Dieser Benutzer hat keine brauchbare Adresse.',
  },
  'no_letter.suppressed': {
    en: 'Every address of this user is suppressed.',
    de: 'Alle Adressen dieses Benutzers sind gesperrt.',
  },
  'no_letter.opted_out': {
    en: 'This user does not want letters of this kind.',
    de: 'Dieser Benutzer wünscht keine Briefe dieser Art.',
  },
  'no_letter.not_again': {
    en: 'This user has had such a letter a short time ago: nobody gets another within {days} days.',
    de: 'Dieser Benutzer hat vor Kurzem einen solchen Brief bekommen: Innerhalb von {days} Tagen bekommt niemand einen weiteren.',
  },
  'no_letter.once': {
    en: 'This user has had such a letter about this date already.',
    de: 'Dieser Benutzer hat zu diesem Datum schon einen solchen Brief bekommen.',
  },
  'no_letter.same_address': {
    en: 'Another user of the job has the same address and gets the letter.',
    de: 'Ein anderer Benutzer des Prozesses hat dieselbe Adresse und bekommt den Brief.',
  },
  'no_letter.unchanged': {
    en: 'Nothing changes for this user, and the letter goes to those alone for whom something does.',
    de: 'Für diesen Benutzer ändert sich nichts, und der Brief geht nur an die, für die sich etwas ändert.',
  },
  'no_letter.no_credentials': {
    en: 'This user gets no new password or link, so no letter that brings one.',
    de: 'Dieser Benutzer bekommt kein neues Passwort und keinen Link, also auch keinen Brief damit.',
  },
  'no_letter.skipped': { en: 'The job skips this user: {reason}', de: 'Der Prozess überspringt diesen Benutzer: {reason}' },
  'no_letter.failed': { en: 'The job leaves this user alone: {reason}', de: 'Der Prozess lässt diesen Benutzer unverändert: {reason}' },
} as const satisfies Catalogue;
