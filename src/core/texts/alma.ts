import type { Catalogue } from './catalogue.ts';

/** Words of single records that are written through an API. Alma's own error texts are English only, and stand in `alma`. */
export const almaTexts = {
  'feeds.record_refused': {
    en: 'The record was refused. {field}: {reason}',
    de: 'Der Datensatz wurde abgelehnt. {field}: {reason}',
  },
  'feeds.unknown_member': {
    en: '“{name}” is not a field of a user.',
    de: '„{name}“ ist kein Feld eines Benutzers.',
  },
  'feeds.new_code': {
    en: '“{value}” is not a code of {table}, and the library takes no new codes from records.',
    de: '„{value}“ ist kein Code von {table}, und die Bibliothek übernimmt aus Datensätzen keine neuen Codes.',
  },
  'feeds.external_id_changed': {
    en: 'The external id of a user who is external already is not changed here.',
    de: 'Die externe Kennung eines Benutzers, der schon extern ist, wird hier nicht geändert.',
  },
  'feeds.account_type_unsupported': {
    en: 'Users do not become {value} this way.',
    de: 'Zu {value} werden Benutzer auf diesem Weg nicht.',
  },
  'feeds.one_created': { en: 'New user {user}', de: 'Neuer Benutzer {user}' },
  'feeds.identifier_in_use': {
    en: '“{value}” already leads to another user. A value can belong to one user only.',
    de: '„{value}“ führt bereits zu einem anderen Benutzer. Ein Wert kann nur zu einem Benutzer gehören.',
  },
} as const satisfies Catalogue;
