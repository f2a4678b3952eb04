import type { Catalogue } from './catalogue.ts';

export const accessTexts = {
  'access.unknown_actor': {
    en: 'There is no user with the identifier “{id}” to act as.',
    de: 'Es gibt keinen Benutzer mit der Kennung „{id}“, in dessen Namen gehandelt werden könnte.',
  },
  'access.inactive_actor': {
    en: 'The user {id} is inactive or expired and cannot act. Reactivate the account first, or act as somebody else.',
    de: 'Der Benutzer {id} ist inaktiv oder abgelaufen und kann nicht handeln. Bitte zuerst das Konto wieder aktivieren oder jemand anderen nehmen.',
  },
  'access.reserved_name': {
    en: 'The name {id} belongs to the local administrator; a user of this name cannot act.',
    de: 'Der Name {id} gehört dem lokalen Administrator; ein Benutzer dieses Namens kann nicht handeln.',
  },
} as const satisfies Catalogue;
