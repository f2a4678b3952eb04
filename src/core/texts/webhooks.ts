import type { Catalogue } from './catalogue.ts';

export const webhooksTexts = {
  'webhooks.not_found': { en: 'There is no webhook {id}.', de: 'Es gibt keinen Webhook {id}.' },
  'webhooks.failed_status': {
    en: 'The other side answered {status} instead of 2xx.',
    de: 'Die Gegenstelle antwortete {status} statt 2xx.',
  },
  'webhooks.failed_redirect': {
    en: 'The other side wanted to send Muster elsewhere; redirects are not followed.',
    de: 'Die Gegenstelle wollte weiterleiten; Weiterleitungen wird nicht gefolgt.',
  },
  'webhooks.failed_time': { en: 'The other side did not answer in time.', de: 'Die Gegenstelle hat nicht rechtzeitig geantwortet.' },
  'webhooks.failed_name': { en: 'The name of the computer is not known.', de: 'Der Name des Rechners ist nicht bekannt.' },
  'webhooks.failed_certificate': {
    en: 'The other side’s certificate is not valid.',
    de: 'Das Zertifikat der Gegenstelle ist nicht gültig.',
  },
  'webhooks.failed_connection': { en: 'The other side could not be reached.', de: 'Die Gegenstelle war nicht zu erreichen.' },
} as const satisfies Catalogue;
