import type { Catalogue } from './catalogue.ts';

/** `muster feeds` */
export const cliFeedsTexts = {
  'cli.group.feeds': {
    en: 'feeds: who sends which users, and the files that come',
    de: 'Zulieferer: wer welche Benutzer schickt, und die Dateien, die kommen',
  },
  'cli.feeds.file': {
    en: 'a JSON file with the fields of the feed; options go before what stands in it',
    de: 'eine JSON-Datei mit den Feldern des Zulieferers; Optionen gehen ihr vor',
  },
  'cli.feeds.format': { en: 'how files are read; else by their content', de: 'wie Dateien gelesen werden; sonst nach ihrem Inhalt' },
  'cli.feeds.encoding': { en: 'how they are encoded; else UTF-8', de: 'ihre Zeichenkodierung; sonst UTF-8' },
  'cli.feeds.mapping': {
    en: 'for CSV: folio, or a JSON file that says what the columns mean',
    de: 'für CSV: folio oder eine JSON-Datei, die sagt, was die Spalten bedeuten',
  },
  'cli.feeds.match': {
    en: 'type of the identifier by which records find their users; else the primary id',
    de: 'Typ der Kennung, über die Datensätze ihre Benutzer finden; sonst die primäre Kennung',
  },
  'cli.feeds.record_type': { en: 'record type of new users', de: 'Datensatztyp neuer Benutzer' },
  'cli.feeds.codes': {
    en: 'the feed’s codes as the library writes them, as JSON with user_group and campus_code',
    de: 'die Codes des Zulieferers, wie die Bibliothek sie schreibt, als JSON mit user_group und campus_code',
  },
  'cli.feeds.defaults': {
    en: 'for new users, where the file has nothing, as JSON: field and value; days also as today+365d',
    de: 'für neue Benutzer, wo die Datei nichts hat, als JSON: Feld und Wert; Tage auch als today+365d',
  },
  'cli.feeds.source': {
    en: 'where files come from, as JSON with kind: upload, directory, sftp or https',
    de: 'woher Dateien kommen, als JSON mit kind: upload, directory, sftp oder https',
  },
  'cli.feeds.secret_file': {
    en: 'file with the password, key or token of the source; - is standard input',
    de: 'Datei mit Passwort, Schlüssel oder Token der Quelle; - ist die Standardeingabe',
  },
  'cli.feeds.cron': {
    en: 'when files are fetched: "0 3 * * *" is every night at three',
    de: 'wann Dateien geholt werden: "0 3 * * *" ist jede Nacht um drei',
  },
  'cli.feeds.guard_share': {
    en: 'a file that touches more than this share of the feed’s users waits for a person',
    de: 'eine Datei, die mehr als diesen Anteil der Benutzer des Zulieferers betrifft, wartet auf eine Person',
  },
  'cli.feeds.guard_at_least': {
    en: 'a file that touches fewer users never waits',
    de: 'eine Datei, die weniger Benutzer betrifft, wartet nie',
  },
  'cli.feeds.tell': {
    en: 'users, by primary id, who get a mail when a load ends, fails or waits',
    de: 'Benutzer, mit primärer Kennung, die eine Mail bekommen, wenn ein Abgleich endet, scheitert oder wartet',
  },
  'cli.feeds.export_target': {
    en: 'where changed users are put for the university',
    de: 'wohin geänderte Benutzer für die Universität gelegt werden',
  },
  'cli.feeds.export_secret_file': { en: 'file with the secret of that place', de: 'Datei mit dem Geheimnis dieses Ortes' },
  'cli.feeds.on': { en: 'switch it on', de: 'einschalten' },
  'cli.feeds.off': {
    en: 'switch it off: nothing is fetched, no file is taken',
    de: 'abschalten: Nichts wird geholt, keine Datei übernommen',
  },
  'cli.feeds.before': { en: 'files older than this one', de: 'Dateien, die älter als diese sind' },
  'cli.feeds.reason': {
    en: 'only those of this code, such as feeds.user_not_external',
    de: 'nur die mit diesem Code, etwa feeds.user_not_external',
  },
  'cli.feeds.users': {
    en: 'the number of users that confirms it, for scripts; else it is asked for',
    de: 'die Zahl der Benutzer, die sie bestätigt, für Skripte; sonst wird danach gefragt',
  },
  'cli.feeds.ask': {
    en: 'This file changes, or no longer names, {users} of {of} users. Type {users} to load it:',
    de: 'Diese Datei ändert {users} von {of} Benutzern oder nennt sie nicht mehr. Geben Sie zum Laden {users} ein:',
  },
  'cli.feeds.count': { en: 'Feeds: {count}', de: 'Zulieferer: {count}' },
  'cli.feeds.files': { en: 'Files: {count}', de: 'Dateien: {count}' },
  'cli.feeds.deleted': { en: 'The feed {code} has been removed.', de: 'Der Zulieferer {code} ist entfernt.' },
  'cli.feeds.nothing_new': { en: 'The feed {code} has put down no new file.', de: 'Der Zulieferer {code} hat keine neue Datei abgelegt.' },
  'cli.feeds.feed': { en: 'Feed', de: 'Zulieferer' },
  'cli.feeds.is_on': { en: 'On', de: 'An' },
  'cli.feeds.owned': { en: 'Users', de: 'Benutzer' },
  'cli.feeds.absent': { en: 'Absent', de: 'Fehlen' },
  'cli.feeds.last': { en: 'Last file', de: 'Letzte Datei' },
  'cli.feeds.held': { en: 'Waits', de: 'Wartet' },
  'cli.feeds.received': { en: 'Received', de: 'Eingegangen' },
  'cli.feeds.created': { en: 'Created', de: 'Angelegt' },
  'cli.feeds.rejected': { en: 'Rejected', de: 'Abgelehnt' },
  'cli.feeds.secret': { en: 'Has a secret', de: 'Hat ein Geheimnis' },
  'cli.feeds.format_label': { en: 'Format', de: 'Format' },
  'cli.feeds.by_content': { en: 'by the content', de: 'nach dem Inhalt' },
  'cli.feeds.match_label': { en: 'Found by', de: 'Gefunden über' },
  'cli.feeds.codes_label': { en: 'Codes', de: 'Codes' },
  'cli.feeds.defaults_label': { en: 'For new users', de: 'Für neue Benutzer' },
  'cli.feeds.guard_label': { en: 'Waits for a person', de: 'Wartet auf eine Person' },
  'cli.feeds.guard_text': { en: 'above {share} %, from {users} users on', de: 'über {share} %, ab {users} Benutzern' },
  'cli.feeds.tell_label': { en: 'Told', de: 'Erfahren davon' },
  'cli.feeds.export_label': { en: 'Export', de: 'Export' },
  'cli.feeds.waits': {
    en: 'File {id} waits for a person: muster feeds show-file {id}',
    de: 'Die Datei {id} wartet auf eine Person: muster feeds show-file {id}',
  },
  'cli.feeds.decide': {
    en: 'Look at it: muster feeds show-file {id} · load it: muster feeds confirm {id} --users {users} · leave it out: muster feeds discard {id}',
    de: 'Ansehen: muster feeds show-file {id} · laden: muster feeds confirm {id} --users {users} · verwerfen: muster feeds discard {id}',
  },
  'cli.feeds.turn': {
    en: 'It is loaded when the files before it are done: muster feeds files {code}',
    de: 'Sie wird geladen, wenn die Dateien vor ihr erledigt sind: muster feeds files {code}',
  },
  'cli.feeds.see_rejections': {
    en: 'What was not taken, line by line: muster feeds rejections {run}',
    de: 'Was nicht übernommen wurde, Zeile für Zeile: muster feeds rejections {run}',
  },
  'cli.feeds.counts.would': {
    en: 'would create {created}, change {updated}, leave {unchanged} unchanged, no longer name {absent}, reject {rejected}',
    de: 'würde {created} anlegen, {updated} ändern, {unchanged} unverändert lassen, {absent} nicht mehr nennen, {rejected} ablehnen',
  },
  'cli.feeds.counts.did': {
    en: '{created} created, {updated} changed, {unchanged} unchanged, {absent} no longer named, {rejected} rejected',
    de: '{created} angelegt, {updated} geändert, {unchanged} unverändert, {absent} nicht mehr genannt, {rejected} abgelehnt',
  },
  'cli.feeds.held_fields': {
    en: 'Fields that the library holds against the file: {held}; released, because both say the same: {released}',
    de: 'Felder, die die Bibliothek gegen die Datei hält: {held}; freigegeben, weil beide dasselbe sagen: {released}',
  },
  'cli.feeds.guarded': {
    en: 'It touches {touched} of the feed’s {of} users, more than {share} %: a person has to confirm it.',
    de: 'Sie betrifft {touched} der {of} Benutzer des Zulieferers, mehr als {share} %: Eine Person muss sie bestätigen.',
  },
  'cli.feeds.nothing_written': { en: 'Only a look: nothing was written.', de: 'Nur ein Blick: Nichts wurde geschrieben.' },
  'cli.feeds.none_rejected': { en: 'Nothing was rejected.', de: 'Nichts wurde abgelehnt.' },
} as const satisfies Catalogue;
