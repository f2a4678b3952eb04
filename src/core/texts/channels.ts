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

  'personal.came_back': { en: 'Messages that came back', de: 'Zurückgekommene Nachrichten' },
  'personal.suppressed_addresses': { en: 'Addresses that nothing is sent to', de: 'Adressen, an die nichts verschickt wird' },

  'cli.group.suppressions': { en: 'addresses that nothing is sent to', de: 'Adressen, an die nichts verschickt wird' },
  'cli.group.bounces': { en: 'letters that came back', de: 'zurückgekommene Briefe' },
  'cli.group.channels': { en: 'how letters go out', de: 'wie Briefe verschickt werden' },
  'cli.suppressions.channel': { en: 'email or sms; email when left out', de: 'email oder sms; email, wenn nichts angegeben ist' },
  'cli.suppressions.after': {
    en: 'go on after this place (the previous page says which)',
    de: 'hinter dieser Stelle weitermachen (die vorige Seite nennt sie)',
  },
  'cli.suppressions.why': { en: 'why, for whoever looks later', de: 'warum, für alle, die später nachsehen' },
  'cli.suppressions.added': { en: 'Nothing is sent to {address} any more.', de: 'An {address} wird nichts mehr verschickt.' },
  'cli.suppressions.there': { en: '{address} was on the list already.', de: '{address} stand schon auf der Liste.' },
  'cli.suppressions.lifted': { en: 'Letters are sent to {address} again.', de: 'An {address} werden wieder Briefe verschickt.' },
  'cli.suppressions.imported': { en: 'Addresses read: {read}, new: {added}', de: 'Gelesene Adressen: {read}, neu: {added}' },
  'cli.suppressions.exported': { en: '{addresses} addresses were written to {file}.', de: '{addresses} Adressen stehen jetzt in {file}.' },
  'cli.suppressions.count': { en: 'Addresses that nothing is sent to: {count}', de: 'Adressen, an die nichts verschickt wird: {count}' },
  'cli.suppressions.since': { en: 'Since', de: 'Seit' },
  'cli.suppressions.reason.bounce': { en: 'came back', de: 'kam zurück' },
  'cli.suppressions.reason.complaint': { en: 'complaint', de: 'Beschwerde' },
  'cli.suppressions.reason.manual': { en: 'by staff', de: 'vom Personal' },
  'cli.suppressions.mark': { en: 'nothing is sent here since {since}', de: 'hierhin wird seit {since} nichts verschickt' },
  'cli.bounces.kind': { en: 'Kind', de: 'Art' },
  'cli.bounces.message': { en: 'Message', de: 'Nachricht' },
  'cli.bounces.suppressed': { en: 'Nothing sent any more', de: 'Nichts mehr verschickt' },
  'cli.bounces.reported': { en: 'Reported', de: 'Gemeldet' },
  'cli.bounces.count': { en: 'Letters that came back: {count}', de: 'Zurückgekommene Briefe: {count}' },
  'cli.bounces.outcome.hard': { en: 'nobody there', de: 'niemand da' },
  'cli.bounces.outcome.soft': { en: 'not delivered', de: 'nicht zugestellt' },
  'cli.bounces.outcome.complaint': { en: 'complaint', de: 'Beschwerde' },
  'cli.bounces.outcome.known': { en: 'known already', de: 'schon bekannt' },
  'cli.bounces.outcome.delayed': { en: 'only delayed', de: 'nur verzögert' },
  'cli.bounces.outcome.no_report': { en: 'no report', de: 'kein Bericht' },
  'cli.bounces.outcome.no_match': { en: 'about no message of ours', de: 'zu keiner unserer Nachrichten' },
  'cli.channels.none': { en: 'not configured', de: 'nicht eingerichtet' },
  'cli.channels.enabled': { en: 'In use', de: 'In Gebrauch' },
  'cli.channels.reachable': { en: '{channel} works ({milliseconds} ms).', de: '{channel} funktioniert ({milliseconds} ms).' },
  'cli.channels.unreachable': { en: '{channel} cannot be used: {reason}', de: '{channel} ist nicht benutzbar: {reason}' },
  'usage.channel': { en: '{value} is no way out for letters: email or sms', de: '{value} ist kein Versandweg: email oder sms' },
} as const satisfies Catalogue;
