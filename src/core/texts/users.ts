import type { Catalogue } from './catalogue.ts';

export const usersTexts = {
  'users.bad_cursor': {
    en: '“{cursor}” is not the `next` value of a page of history.',
    de: '„{cursor}“ ist nicht der Wert `next` einer Seite des Verlaufs.',
  },
  'history.held_fields': { en: 'Held against the feed', de: 'Gegen den Abgleich festgehalten' },
  'history.password': { en: 'Password', de: 'Passwort' },
  'history.pin': { en: 'PIN', de: 'PIN' },
  'history.credential_none': { en: 'None', de: 'Nicht gesetzt' },
  'history.credential_set': { en: 'Set', de: 'Gesetzt' },
  'history.credential_changed': { en: 'Changed', de: 'Geändert' },
  'cli.group.codes': {
    en: 'code tables: their codes, added, reworded, retired',
    de: 'Codetabellen: Codes anlegen, umbenennen, stilllegen',
  },
  'cli.codes.words': { en: 'its words in English and German', de: 'die Bezeichnung auf Englisch und Deutsch' },
  'cli.codes.default': { en: 'make it the default of its table', de: 'zum Standard seiner Tabelle machen' },
  'cli.codes.off': { en: 'retire it', de: 'stilllegen' },
  'cli.codes.on': { en: 'bring it back', de: 'zurückholen' },
  'cli.codes.saved': { en: '{table}: {code} is “{en}”, „{de}“.', de: '{table}: {code} ist “{en}”, „{de}“.' },
  'cli.codes.retired': { en: 'retired', de: 'stillgelegt' },
  'cli.group.system': { en: 'how the installation is', de: 'wie es der Installation geht' },
  'users.code_exists': { en: 'The table {table} already has a code {code}.', de: 'Die Tabelle {table} hat bereits einen Code {code}.' },
  'users.code_not_found': { en: 'The table {table} has no code {code}.', de: 'Die Tabelle {table} hat keinen Code {code}.' },
  'users.code_table_closed': {
    en: 'Muster gives the codes of {table} a meaning; none can be added or retired. Their words can be changed.',
    de: 'Muster gibt den Codes von {table} eine Bedeutung; es kann keiner hinzukommen oder stillgelegt werden. Die Bezeichnungen sind änderbar.',
  },
  'users.code_is_default': {
    en: '{code} is the default. Make another code the default first.',
    de: '{code} ist der Standard. Bitte zuerst einen anderen Code zum Standard machen.',
  },
  'users.code_retired': {
    en: '{code} is retired and cannot be the default. Bring it back first.',
    de: '{code} ist stillgelegt und kann nicht Standard sein. Bitte zuerst zurückholen.',
  },
  'users.search_empty': {
    en: 'Please give at least one word to search for.',
    de: 'Bitte mindestens ein Wort angeben, nach dem gesucht werden soll.',
  },
  'users.not_found': {
    en: 'No user has the primary id or identifier “{id}”.',
    de: 'Kein Benutzer hat die primäre Kennung oder Kennung „{id}“.',
  },
  'users.ambiguous_id': {
    en: 'The identifier “{id}” belongs to several users ({users}). Please name the user by the primary id.',
    de: 'Die Kennung „{id}“ gehört mehreren Benutzern ({users}). Bitte die primäre Kennung angeben.',
  },
  'generate.stage_users': { en: 'Making users', de: 'Benutzer anlegen' },
  'generate.stage_indexes': { en: 'Building indexes', de: 'Indizes aufbauen' },
  'generate.stage_statistics': { en: 'Gathering statistics', de: 'Statistik erheben' },
  'circulation.run': { en: 'Circulation from {file}', de: 'Ausleihdaten aus {file}' },
  'circulation.stage_read': { en: 'Reading rows', de: 'Zeilen lesen' },
  'circulation.columns_missing': {
    en: 'The file lacks these columns: {missing}. It has: {found}. Nothing was changed.',
    de: 'In der Datei fehlen diese Spalten: {missing}. Sie hat: {found}. Es wurde nichts geändert.',
  },
  'circulation.unknown_kind': {
    en: '“{value}” is not a kind. Known are: {known}.',
    de: '„{value}“ ist keine Art. Bekannt sind: {known}.',
  },
  'circulation.bad_currency': {
    en: '“{value}” is not a currency code of three letters such as EUR.',
    de: '„{value}“ ist kein Währungscode aus drei Buchstaben wie EUR.',
  },
  'circulation.in_future': {
    en: 'The as-of date {value} is in the future.',
    de: 'Der Stichtag {value} liegt in der Zukunft.',
  },
  'circulation.user_unknown': {
    en: 'No user has the primary id or identifier “{value}”.',
    de: 'Kein Benutzer hat die primäre Kennung oder Kennung „{value}“.',
  },
  'circulation.reference_twice': {
    en: 'The reference “{value}” of this user and kind is already in line {first_line}.',
    de: 'Die Referenz „{value}“ dieses Benutzers und dieser Art steht schon in Zeile {first_line}.',
  },
  'circulation.none_and_some': {
    en: 'The row says that the user has none of this kind, but other rows have some.',
    de: 'Die Zeile sagt, dass der Benutzer nichts von dieser Art hat; andere Zeilen nennen aber etwas.',
  },
  'circulation.two_dates': {
    en: 'The as-of date {value} differs from {other} in other rows of this user and kind.',
    de: 'Der Stichtag {value} weicht vom {other} anderer Zeilen dieses Benutzers und dieser Art ab.',
  },
  'circulation.known_later': {
    en: 'The as-of date {value} is older than what is known already (as of {known}).',
    de: 'Der Stichtag {value} ist älter als der schon bekannte Stand (vom {known}).',
  },
  'circulation.two_currencies': {
    en: 'The currency {value} differs from {other} in other fees of this user; they cannot be added up.',
    de: 'Die Währung {value} weicht von {other} in anderen Gebühren dieses Benutzers ab; sie lassen sich nicht addieren.',
  },
} as const satisfies Catalogue;
