import type { Catalogue } from './catalogue.ts';

/** Around the pages of the guide that the server shows. */
export const helpTexts = {
  'help.title': { en: 'Help', de: 'Hilfe' },
  'help.skip': { en: 'Skip to content', de: 'Zum Inhalt springen' },
  'help.to_page': { en: 'To Muster', de: 'Zu Muster' },
  'help.pages': { en: 'Pages of the help', de: 'Seiten der Hilfe' },
  'help.contents': { en: 'On this page', de: 'Auf dieser Seite' },
  'help.tasks': { en: 'Step by step', de: 'Schritt für Schritt' },
  'help.guide': { en: 'Guide', de: 'Anleitung' },
  'help.operate': { en: 'Operation', de: 'Betrieb' },
  'help.other_language': {
    en: 'This page is in German.',
    de: 'Diese Seite gibt es bisher nur auf Englisch.',
  },
} as const satisfies Catalogue;
