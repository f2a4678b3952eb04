import type { Catalogue } from './catalogue.ts';

export const coreTexts = {
  'input.invalid': {
    en: 'The input is not valid: {problems}',
    de: 'Die Eingabe ist nicht gültig: {problems}',
  },
  'access.denied': {
    en: 'This needs the privilege {privilege}, which {actor} does not have.',
    de: 'Dafür ist das Recht {privilege} nötig, das {actor} nicht hat.',
  },
  'internal.error': {
    en: 'Something went wrong inside Muster: {message}',
    de: 'In Muster ist etwas schiefgegangen: {message}',
  },
} as const satisfies Catalogue;
