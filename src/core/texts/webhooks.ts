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

  'cli.group.webhooks': {
    en: 'programs elsewhere that are told of finished runs and changed users',
    de: 'Programme anderswo, die von beendeten Läufen und geänderten Benutzern erfahren',
  },
  'cli.webhooks.events': { en: 'what it is told of; both when left out', de: 'wovon es erfährt; von beidem, wenn nichts angegeben ist' },
  'cli.webhooks.url': { en: 'its new address', de: 'seine neue Adresse' },
  'cli.webhooks.on': { en: 'tell it again', de: 'wieder Mitteilungen schicken' },
  'cli.webhooks.off': { en: 'tell it nothing for a while', de: 'vorerst nichts mitteilen' },
  'cli.webhooks.new_secret': { en: 'make a new secret; the old one ends at once', de: 'neues Geheimnis; das alte gilt sofort nicht mehr' },
  'cli.webhooks.before': {
    en: 'go on before this number (the previous page says which)',
    de: 'vor dieser Nummer weitermachen (die vorige Seite nennt sie)',
  },
  'cli.webhooks.added': { en: 'Webhook {id} is told of {events}.', de: 'Webhook {id} erfährt von {events}.' },
  'cli.webhooks.secret': {
    en: 'Its secret, which is shown this once only: {secret}',
    de: 'Sein Geheimnis, das nur dieses eine Mal gezeigt wird: {secret}',
  },
  'cli.webhooks.removed': { en: 'Webhook {id} has been removed.', de: 'Webhook {id} ist entfernt.' },
  'cli.webhooks.retried': { en: 'Deliveries that are tried again: {count}', de: 'Zustellungen, die noch einmal versucht werden: {count}' },
  'cli.webhooks.count': { en: 'Webhooks: {count}', de: 'Webhooks: {count}' },
  'cli.webhooks.address': { en: 'Address', de: 'Adresse' },
  'cli.webhooks.told': { en: 'Told of', de: 'Erfährt von' },
  'cli.webhooks.active': { en: 'On', de: 'An' },
  'cli.webhooks.last': { en: 'Last delivered', de: 'Zuletzt zugestellt' },
  'cli.webhooks.event': { en: 'Event', de: 'Ereignis' },
  'cli.webhooks.attempts': { en: 'Attempts', de: 'Versuche' },
  'cli.webhooks.state.waiting': { en: 'waiting', de: 'wartet' },
  'cli.webhooks.state.delivered': { en: 'delivered', de: 'zugestellt' },
  'cli.webhooks.state.failed': { en: 'given up', de: 'aufgegeben' },
} as const satisfies Catalogue;
