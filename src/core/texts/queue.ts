import type { Catalogue } from './catalogue.ts';

export const queueTexts = {
  'queue.not_installed': {
    en: 'The tables of the queue cannot be made: {reason}',
    de: 'Die Tabellen der Warteschlange lassen sich nicht anlegen: {reason}',
  },
} as const satisfies Catalogue;
