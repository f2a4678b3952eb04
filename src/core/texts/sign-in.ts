import type { Catalogue } from './catalogue.ts';

/** Signing in, passwords, one-time links, sessions and API keys. */
export const signInTexts = {
  'access.bad_credentials': {
    en: 'The user name or the password is not right.',
    de: 'Benutzername oder Passwort stimmen nicht.',
  },
  'access.locked': {
    en: 'There were too many attempts. Please try again in {seconds} seconds.',
    de: 'Das waren zu viele Versuche. Bitte in {seconds} Sekunden noch einmal versuchen.',
  },
  'access.busy': {
    en: 'Very many people are signing in at this moment. Please try again in a few seconds.',
    de: 'Im Augenblick melden sich sehr viele an. Bitte in einigen Sekunden noch einmal versuchen.',
  },
  'access.account_ended': {
    en: 'This account is inactive or expired. The library will tell you how to renew it.',
    de: 'Dieses Konto ist inaktiv oder abgelaufen. Die Bibliothek sagt Ihnen, wie Sie es verlängern.',
  },
  'access.no_session': {
    en: 'You are not signed in, or your session has ended. Please sign in again.',
    de: 'Sie sind nicht angemeldet, oder Ihre Sitzung ist abgelaufen. Bitte melden Sie sich noch einmal an.',
  },
  'access.bad_key': {
    en: 'This API key is unknown, revoked or expired, or its owner’s account has ended.',
    de: 'Diesen API-Schlüssel gibt es nicht, er ist widerrufen oder abgelaufen, oder das Konto seines Inhabers ist beendet.',
  },
  'access.password_weak': {
    en: 'Please choose another password: 8 to 128 characters, without your name or user name, and none that many people use ({reason}).',
    de: 'Bitte wählen Sie ein anderes Passwort: 8 bis 128 Zeichen, ohne den eigenen Namen oder Benutzernamen, und keines, das viele verwenden ({reason}).',
  },
  'access.password_weak.short': { en: 'The password has fewer than 8 characters.', de: 'Das Passwort hat weniger als 8 Zeichen.' },
  'access.password_weak.long': { en: 'The password has more than 128 characters.', de: 'Das Passwort hat mehr als 128 Zeichen.' },
  'access.password_weak.name': {
    en: 'The password contains your name, user name or card number.',
    de: 'Das Passwort enthält Ihren Namen, Benutzernamen oder Ihre Ausweisnummer.',
  },
  'access.password_weak.common': { en: 'Many people use this password.', de: 'Dieses Passwort verwenden viele.' },
  'access.password_weak.same': { en: 'This is the present password.', de: 'Das ist das bisherige Passwort.' },
  'access.link_ended': {
    en: 'This link has been used, or it is no longer valid. You can ask for a new one.',
    de: 'Dieser Link wurde schon benutzt oder gilt nicht mehr. Sie können einen neuen anfordern.',
  },
  'access.outranked': {
    en: 'The user {user} holds a role that you may not give. Somebody with more rights has to do this.',
    de: 'Der Benutzer {user} hat eine Rolle, die Sie nicht vergeben dürfen. Das muss jemand mit mehr Rechten tun.',
  },
  'access.not_internal': {
    en: 'The password of {user} is not kept here: the account is external.',
    de: 'Das Passwort von {user} wird nicht hier geführt: Das Konto ist extern.',
  },
  'access.user_ended': {
    en: 'The account of {user} is inactive or expired. Reactivate it first.',
    de: 'Das Konto von {user} ist inaktiv oder abgelaufen. Bitte zuerst wieder aktivieren.',
  },
  'access.own_credentials': {
    en: 'Your own password you change yourself, with the present one.',
    de: 'Das eigene Passwort ändern Sie selbst, mit dem bisherigen.',
  },
  'access.no_such_session': { en: 'There is no session {id}.', de: 'Eine Sitzung {id} gibt es nicht.' },
  'access.which_sessions': {
    en: 'Say which session is to end, or whose: exactly one of the two.',
    de: 'Bitte sagen, welche Sitzung enden soll, oder wessen: genau eines von beiden.',
  },
  'access.no_such_key': { en: 'There is no API key {id}.', de: 'Einen API-Schlüssel {id} gibt es nicht.' },
  'access.key_needs_owner': {
    en: 'Say who the key belongs to: it has the rights of that user.',
    de: 'Bitte sagen, wem der Schlüssel gehören soll: Er hat die Rechte dieses Benutzers.',
  },
  'access.key_exceeds': {
    en: 'Such a key would be allowed more than you are ({privilege}).',
    de: 'Ein solcher Schlüssel dürfte mehr als Sie selbst ({privilege}).',
  },
  'letters.no_secret': {
    en: 'Not sent: the letter has no place for what it is to bring. It needs “link” in both parts.',
    de: 'Nicht verschickt: Der Brief hat keinen Platz für das, was er bringen soll. Er braucht “link” in beiden Teilen.',
  },
  'sign_in.run_own': { en: 'New password of {user}', de: 'Neues Passwort von {user}' },
  'sign_in.run_link': { en: 'New password of {user}, by one-time link', de: 'Neues Passwort von {user}, über Einmal-Link' },
  'sign_in.run_slip': { en: 'Temporary password for {user}', de: 'Vorläufiges Passwort für {user}' },
  'sign_in.run_forgotten': { en: 'Forgotten password of {user}', de: 'Vergessenes Passwort von {user}' },
  'sign_in.run_first': { en: 'First administrator', de: 'Erster Administrator' },
  'cli.group.keys': { en: 'API keys for programs', de: 'API-Schlüssel für Programme' },
  'cli.group.sessions': { en: 'Who is signed in', de: 'Wer angemeldet ist' },
  'cli.access.admin': {
    en: 'Makes the first administrator, or shows a new one-time link for them as long as none has signed in',
    de: 'Legt den ersten Administrator an oder zeigt einen neuen Einmal-Link für ihn, solange sich noch keiner angemeldet hat',
  },
  'cli.access.first_link': {
    en: 'There is no administrator who can sign in. Set the password of “{user}” here (the link works once, and is shown only now):\n\n  {url}\n',
    de: 'Es gibt keinen Administrator, der sich anmelden kann. Hier das Passwort von „{user}“ festlegen (der Link gilt einmal und wird nur jetzt angezeigt):\n\n  {url}\n',
  },
  'cli.access.has_administrator': {
    en: 'There is an administrator who can sign in. A link for a user: muster access link ID',
    de: 'Es gibt einen Administrator, der sich anmelden kann. Ein Link für einen Benutzer: muster access link ID',
  },
  'cli.access.link': {
    en: 'With this link {user} sets a password. It works once, until {until}, and is shown only now:\n\n  {url}\n',
    de: 'Über diesen Link legt {user} ein Passwort fest. Er gilt einmal, bis {until}, und wird nur jetzt angezeigt:\n\n  {url}\n',
  },
  'cli.access.slip': {
    en: 'Temporary password of {user}, valid until {until}. It is shown only now, and has to be changed at the first sign-in:\n\n  {password}\n',
    de: 'Vorläufiges Passwort von {user}, gültig bis {until}. Es wird nur jetzt angezeigt und muss beim ersten Anmelden geändert werden:\n\n  {password}\n',
  },
  'cli.access.key_made': {
    en: 'API key {id} “{name}”, acting as {owner}. It is shown only now:\n\n  {key}\n',
    de: 'API-Schlüssel {id} „{name}“, handelt als {owner}. Er wird nur jetzt angezeigt:\n\n  {key}\n',
  },
  'cli.access.key_revoked': { en: 'API key {id} is revoked.', de: 'API-Schlüssel {id} ist widerrufen.' },
  'cli.access.sessions_ended': { en: 'Sessions ended: {count}', de: 'Beendete Sitzungen: {count}' },
  'cli.access.none': { en: 'None.', de: 'Keine.' },
  'cli.access.owner': {
    en: 'User whose rights it has (primary id or any identifier)',
    de: 'Benutzer, dessen Rechte er hat (Primär-ID oder Kennung)',
  },
  'cli.access.read_only': { en: 'May only read', de: 'Darf nur lesen' },
  'cli.access.areas': { en: 'Only these areas, such as users,sets', de: 'Nur diese Bereiche, etwa users,sets' },
  'cli.access.exempt': {
    en: 'Runs of this program do not wait for the guard',
    de: 'Läufe dieses Programms warten nicht auf die Rückfrage',
  },
  'cli.access.expires': { en: 'Last day on which it works (YYYY-MM-DD)', de: 'Letzter Tag, an dem er gilt (JJJJ-MM-TT)' },
  'cli.access.of_user': { en: 'Only of this user', de: 'Nur von diesem Benutzer' },
  'cli.access.id': { en: 'No.', de: 'Nr.' },
  'cli.access.key': { en: 'Key', de: 'Schlüssel' },
  'cli.access.acts_as': { en: 'Acts as', de: 'Handelt als' },
  'cli.access.may': { en: 'May', de: 'Darf' },
  'cli.access.may_all': { en: 'all the owner may', de: 'alles, was der Inhaber darf' },
  'cli.access.last_used': { en: 'Last used', de: 'Zuletzt benutzt' },
  'cli.access.state': { en: 'State', de: 'Zustand' },
  'cli.access.state.active': { en: 'active', de: 'gültig' },
  'cli.access.state.revoked': { en: 'revoked', de: 'widerrufen' },
  'cli.access.state.expired': { en: 'expired', de: 'abgelaufen' },
  'cli.access.user': { en: 'User', de: 'Benutzer' },
  'cli.access.how': { en: 'How', de: 'Wie' },
  'cli.access.since': { en: 'Since', de: 'Seit' },
  'cli.access.last_seen': { en: 'Last seen', de: 'Zuletzt gesehen' },
  'cli.access.address': { en: 'Address', de: 'Adresse' },
} as const satisfies Catalogue;
