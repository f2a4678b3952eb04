import type { Catalogue } from './catalogue.ts';

/** Ways out for letters: what comes back, addresses that are not written to, letters that users end. */
export const channelsTexts = {
  'letters.bounced': {
    en: 'The letter came back: {detail}',
    de: 'Der Brief kam zurück: {detail}',
  },
  'letters.impossible_address': {
    en: '{address} is no address that there can be.',
    de: '{address} kann keine Adresse sein.',
  },
  'letters.suppression_not_found': {
    en: '{address} is not on the list of addresses that nothing is sent to.',
    de: '{address} steht nicht auf der Liste der Adressen, an die nichts verschickt wird.',
  },
  'letters.suppression_line': {
    en: '{file}, line {line}: {problem} is wrong. Nothing was read in.',
    de: '{file}, Zeile {line}: {problem} ist falsch. Es wurde nichts eingelesen.',
  },
  'letters.report_too_large': {
    en: 'The report is larger than {megabytes} MB and was not read.',
    de: 'Der Bericht ist größer als {megabytes} MB und wurde nicht gelesen.',
  },
  'letters.no_channel': {
    en: 'There is no way out for letters by {channel}: it is not configured.',
    de: 'Für {channel} gibt es keinen Versandweg: Er ist nicht eingerichtet.',
  },
  'letters.unsubscribe_ended': {
    en: 'This link does not work any more. Please use the link in a newer letter, or tell your library which letters you do not want.',
    de: 'Dieser Link gilt nicht mehr. Bitte nehmen Sie den Link aus einem neueren Brief, oder sagen Sie Ihrer Bibliothek, welche Briefe Sie nicht möchten.',
  },
  'letters.unsubscribe_essential': {
    en: 'Letters of this kind concern your account itself and are always sent. They cannot be ended.',
    de: 'Briefe dieser Art betreffen Ihr Konto selbst und werden immer verschickt. Sie lassen sich nicht abbestellen.',
  },

  'unsubscribe.title': { en: 'Letters from the library', de: 'Briefe der Bibliothek' },
  'unsubscribe.title_ended': { en: 'Letters ended', de: 'Briefe abbestellt' },
  'unsubscribe.the_library': { en: 'the library', de: 'der Bibliothek' },
  'unsubscribe.question': {
    en: 'Do you want to get no more letters of the kind “{letter}” from {library}?',
    de: 'Möchten Sie keine Briefe der Art „{letter}“ mehr von {library} erhalten?',
  },
  'unsubscribe.end': { en: 'End these letters', de: 'Diese Briefe abbestellen' },
  'unsubscribe.ended': {
    en: 'You get no more letters of the kind “{letter}” from {library}.',
    de: 'Sie erhalten keine Briefe der Art „{letter}“ mehr von {library}.',
  },
  'unsubscribe.back': { en: 'Get them again', de: 'Wieder erhalten' },
  'unsubscribe.others_stay': {
    en: 'Other letters, and those that your account needs, are not affected.',
    de: 'Andere Briefe und solche, die Ihr Konto braucht, sind davon nicht betroffen.',
  },
} as const satisfies Catalogue;
