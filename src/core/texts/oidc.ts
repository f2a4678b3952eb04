import type { Catalogue } from './catalogue.ts';

/** Identity providers (OpenID Connect): managing them, and why a sign-in through one is refused. */
export const oidcTexts = {
  'access.provider_not_found': {
    en: 'There is no identity provider “{code}”.',
    de: 'Den Identitätsanbieter „{code}“ gibt es nicht.',
  },
  'access.provider_exists': {
    en: 'There is already an identity provider “{code}”. Change that one, or choose another code.',
    de: 'Einen Identitätsanbieter „{code}“ gibt es schon. Bitte diesen ändern oder einen anderen Code wählen.',
  },
  'access.provider_match_unknown': {
    en: 'There is no identifier type {type} to match users by. Use primary_id, or a code of the table UserIdentifierTypes.',
    de: 'Es gibt keinen Kennungstyp {type}, über den Benutzer gefunden werden könnten. Möglich sind primary_id und die Codes der Tabelle UserIdentifierTypes.',
  },
  'access.provider_secret_again': {
    en: 'The client secret of {code} belongs to its present issuer. Please give the secret of the new one with it.',
    de: 'Das Client-Secret von {code} gehört zum bisherigen Aussteller. Bitte das des neuen gleich mit angeben.',
  },
  'access.provider_unreachable': {
    en: 'The identity provider {code} does not answer as it should: {reason}',
    de: 'Der Identitätsanbieter {code} antwortet nicht, wie er soll: {reason}',
  },
  'access.oidc_stale': {
    en: 'This sign-in has expired or was begun in another browser. Please sign in again.',
    de: 'Diese Anmeldung ist abgelaufen oder wurde in einem anderen Browser begonnen. Bitte noch einmal anmelden.',
  },
  'access.oidc_declined': {
    en: 'The sign-in at {provider} was not completed. Nothing has happened; you can try again.',
    de: 'Die Anmeldung bei {provider} wurde nicht abgeschlossen. Es ist nichts passiert; Sie können es noch einmal versuchen.',
  },
  'access.oidc_no_user': {
    en: 'You are signed in at {provider}, but this account cannot be used here. If you think it should, please ask at the library.',
    de: 'Sie sind bei {provider} angemeldet, aber dieses Konto kann hier nicht verwendet werden. Wenn Sie meinen, dass es das sollte, fragen Sie bitte in der Bibliothek nach.',
  },
  'cli.group.providers': {
    en: 'Identity providers through which external users sign in',
    de: 'Identitätsanbieter, über die sich externe Benutzer anmelden',
  },
  'cli.providers.none': {
    en: 'No identity providers: everybody signs in with a password.',
    de: 'Keine Identitätsanbieter: Alle melden sich mit Passwort an.',
  },
  'cli.providers.added': {
    en: 'Added the identity provider {code}. Tell the provider this address: <public URL>{path}',
    de: 'Identitätsanbieter {code} hinzugefügt. Beim Anbieter ist diese Adresse einzutragen: <öffentliche URL>{path}',
  },
  'cli.providers.removed': {
    en: 'Removed the identity provider {code}; {sessions} sessions opened through it have ended.',
    de: 'Identitätsanbieter {code} entfernt; {sessions} über ihn geöffnete Sitzungen sind beendet.',
  },
  'cli.providers.works': {
    en: 'The identity provider {code} answers.',
    de: 'Der Identitätsanbieter {code} antwortet.',
  },
  'cli.providers.issuer': {
    en: 'address of the provider, as its documents name it (https://…)',
    de: 'Adresse des Anbieters, wie er sie selbst nennt (https://…)',
  },
  'cli.providers.client_id': {
    en: 'under which name the provider knows this Muster',
    de: 'Name, unter dem der Anbieter dieses Muster kennt',
  },
  'cli.providers.secret_file': {
    en: 'file with the client secret; - reads it from standard input',
    de: 'Datei mit dem Client-Secret; - liest es von der Standardeingabe',
  },
  'cli.providers.label_en': {
    en: 'what the button says in English',
    de: 'Beschriftung der Schaltfläche auf Englisch',
  },
  'cli.providers.label_de': {
    en: 'what the button says in German',
    de: 'Beschriftung der Schaltfläche auf Deutsch',
  },
  'cli.providers.scopes': {
    en: 'scopes to ask for, separated by spaces',
    de: 'Scopes, die erbeten werden, durch Leerzeichen getrennt',
  },
  'cli.providers.claim': {
    en: 'claim that says who somebody is, such as sub or preferred_username',
    de: 'Claim, der sagt, wer jemand ist, etwa sub oder preferred_username',
  },
  'cli.providers.match': {
    en: 'what the claim is matched with: primary_id or an identifier type',
    de: 'womit der Claim verglichen wird: primary_id oder ein Kennungstyp',
  },
  'cli.providers.account_types': {
    en: 'account types that may sign in through it',
    de: 'Kontotypen, die sich darüber anmelden dürfen',
  },
  'cli.providers.off': {
    en: 'add it without offering it yet',
    de: 'hinzufügen, aber noch nicht anbieten',
  },
  'cli.providers.enable': {
    en: 'Offers an identity provider on the sign-in page',
    de: 'Bietet einen Identitätsanbieter auf der Anmeldeseite an',
  },
  'cli.providers.disable': {
    en: 'No longer lets anybody in through an identity provider, and ends its sessions',
    de: 'Lässt niemanden mehr über einen Identitätsanbieter herein und beendet dessen Sitzungen',
  },
  'cli.providers.enabled': { en: 'offered', de: 'angeboten' },
  'cli.providers.disabled': { en: 'off', de: 'aus' },
  'cli.providers.claim_unlisted': {
    en: 'The provider does not list the claim among those that it knows. Many do not list all; try a sign-in.',
    de: 'Der Anbieter führt den Claim nicht unter denen auf, die er kennt. Viele führen nicht alle auf; bitte eine Anmeldung probieren.',
  },
  'cli.providers.scopes_unknown': {
    en: 'The provider does not know these scopes: {scopes}',
    de: 'Diese Scopes kennt der Anbieter nicht: {scopes}',
  },
  'cli.label.code': { en: 'Code', de: 'Code' },
  'cli.label.account_types': { en: 'Account types', de: 'Kontotypen' },
  'cli.label.callback': { en: 'Comes back to', de: 'Kommt zurück zu' },
  'cli.label.sign_out': { en: 'Signs out there, too', de: 'Meldet auch dort ab' },
  'cli.label.issuer': { en: 'Issuer', de: 'Aussteller' },
  'cli.label.matched': { en: 'Matched by', de: 'Abgleich über' },
} as const satisfies Catalogue;
