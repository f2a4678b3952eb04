import type { Catalogue } from './catalogue.ts';

export const printTexts = {
  'print.page': { en: 'Page {page} of {pages}', de: 'Seite {page} von {pages}' },
  'print.batch_not_found': {
    en: 'There is no print batch {id}.',
    de: 'Den Druckstapel {id} gibt es nicht.',
  },
  'print.nothing_waits': {
    en: 'No letter waits to be printed.',
    de: 'Kein Brief wartet darauf, gedruckt zu werden.',
  },
  'print.not_ready': {
    en: 'The print batch {id} is still being made: {done} of {total} letters.',
    de: 'Der Druckstapel {id} entsteht noch: {done} von {total} Briefen.',
  },
  'print.no_file': {
    en: 'The print batch {id} has no file {part} (any more).',
    de: 'Der Druckstapel {id} hat keine Datei {part} (mehr).',
  },
  'letters.print_no_place': {
    en: 'Not printed: the address has no street line or no place.',
    de: 'Nicht gedruckt: Der Adresse fehlt die Straße oder der Ort.',
  },
  'letters.print_no_address': {
    en: 'Not printed: the user has no postal address that is valid today.',
    de: 'Nicht gedruckt: Die Person hat keine heute gültige Postanschrift.',
  },
  'letters.print_bad_postcode': {
    en: 'Not printed: {detail} is no postcode of that country.',
    de: 'Nicht gedruckt: {detail} ist keine Postleitzahl dieses Landes.',
  },
  'letters.print_bad_country': {
    en: 'Not printed: {detail} is no country.',
    de: 'Nicht gedruckt: {detail} ist kein Land.',
  },
  'letters.print_glyphs': {
    en: 'Printed, but no font has these characters: {detail}',
    de: 'Gedruckt, doch keine Schrift hat diese Zeichen: {detail}',
  },

  'cli.group.print': {
    en: 'letters on paper: PDFs of those that wait to be printed',
    de: 'Briefe auf Papier: PDFs derer, die auf den Druck warten',
  },
  'cli.print.layout': {
    en: 'din5008 (A4) or us10 (US Letter); else as the library has set',
    de: 'din5008 (A4) oder us10 (US Letter); sonst wie die Bibliothek eingestellt hat',
  },
  'cli.print.no_wait': { en: 'do not wait until it is made', de: 'nicht warten, bis er fertig ist' },
  'cli.print.before': { en: 'continue before this batch', de: 'vor diesem Stapel weitermachen' },
  'cli.print.file': { en: 'where to put the PDF', de: 'wohin mit dem PDF' },
  'cli.print.part': { en: 'this file of the batch alone', de: 'nur diese Datei des Stapels' },
  'cli.print.requeue': {
    en: 'its letters wait to be printed again; passwords are made anew',
    de: 'seine Briefe warten wieder auf den Druck; Passwörter werden neu vergeben',
  },
  'cli.print.begun': { en: 'Print batch {id} is being made: letters: {messages}', de: 'Der Druckstapel {id} entsteht: Briefe: {messages}' },
  'cli.print.made': {
    en: 'Print batch {id}: letters: {printed}, pages: {pages}, left out: {left_out}',
    de: 'Druckstapel {id}: Briefe: {printed}, Seiten: {pages}, ausgelassen: {left_out}',
  },
  'cli.print.made_passwords': {
    en: 'Print batch {id} with passwords: letters: {printed}, pages: {pages}, left out: {left_out}. It can be downloaded once, within 24 hours.',
    de: 'Druckstapel {id} mit Passwörtern: Briefe: {printed}, Seiten: {pages}, ausgelassen: {left_out}. Er lässt sich einmal herunterladen, binnen 24 Stunden.',
  },
  'cli.print.see': { en: 'Who and why: muster outbox print show {id}', de: 'Wer und warum: muster outbox print show {id}' },
  'cli.print.waiting': {
    en: 'Waiting to be printed: {ordinary}; with passwords: {credentials}',
    de: 'Es warten auf den Druck: {ordinary}; mit Passwörtern: {credentials}',
  },
  'cli.print.making': { en: 'being made, {done} of {total}', de: 'entsteht, {done} von {total}' },
  'cli.print.ready': { en: 'ready', de: 'fertig' },
  'cli.print.failed': { en: 'failed', de: 'fehlgeschlagen' },
  'cli.print.deleted': { en: 'deleted', de: 'gelöscht' },
  'cli.print.passwords': { en: 'passwords', de: 'Passwörter' },
  'cli.print.letters': { en: 'Letters', de: 'Briefe' },
  'cli.print.pages': { en: 'Pages', de: 'Seiten' },
  'cli.print.files': { en: 'Files', de: 'Dateien' },
  'cli.print.left_out': { en: 'Left out', de: 'Ausgelassen' },
  'cli.print.made_at': { en: 'Made', de: 'Angelegt' },
  'cli.print.expires': { en: 'Kept until', de: 'Aufgehoben bis' },
  'cli.print.message': { en: 'Message', de: 'Nachricht' },
  'cli.print.downloaded': { en: 'Written: {file}', de: 'Geschrieben: {file}' },
  'cli.print.downloaded_once': {
    en: 'Written: {file}. This is the only copy; the server has deleted its own.',
    de: 'Geschrieben: {file}. Das ist die einzige Kopie; der Server hat seine gelöscht.',
  },
  'cli.print.files_deleted': { en: 'The files of print batch {id} are deleted.', de: 'Die Dateien des Druckstapels {id} sind gelöscht.' },
  'cli.print.requeued': {
    en: 'The files of print batch {id} are deleted; letters that wait to be printed again: {requeued}',
    de: 'Die Dateien des Druckstapels {id} sind gelöscht; Briefe, die wieder auf den Druck warten: {requeued}',
  },
} as const satisfies Catalogue;
