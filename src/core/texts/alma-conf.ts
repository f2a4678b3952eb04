import type { Catalogue } from './catalogue.ts';

export const almaConfTexts = {
  'alma.date_cleared': {
    en: 'The program asked for {field} without giving a date: the field is cleared.',
    de: 'Das Programm hat {field} ohne Datum verlangt: Das Feld wird geleert.',
  },
  'alma.no_cloud_identity': {
    en: 'ExportToCloudIdP has no effect here: credentials are kept in Muster or by the institution’s identity provider.',
    de: 'ExportToCloudIdP bewirkt hier nichts: Zugangsdaten liegen in Muster oder beim Identitätsanbieter der Einrichtung.',
  },
  'alma.external_id_assumed': {
    en: 'The program did not say which feed owns the external users; {feed} was taken (setting alma.m148).',
    de: 'Das Programm hat nicht gesagt, welchem Zulieferer die externen Benutzer gehören; angenommen wurde {feed} (Einstellung alma.m148).',
  },
  'alma.reset_with_conversion': {
    en: 'Only users who become internal get a new password; those who were internal already keep theirs.',
    de: 'Nur wer intern wird, bekommt ein neues Passwort; wer es schon war, behält das seine.',
  },
  'users.code_table_not_found': {
    en: 'There is no code table {table}.',
    de: 'Eine Codetabelle {table} gibt es nicht.',
  },
} as const satisfies Catalogue;
