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
} as const satisfies Catalogue;
