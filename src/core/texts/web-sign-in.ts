import type { Catalogue } from './catalogue.ts';

/** The pages on which one signs in, and what the routes behind them refuse. */
export const webSignInTexts = {
  'access.csrf': {
    en: 'This request did not come from a page of Muster. Please reload the page and try again.',
    de: 'Diese Anfrage kam nicht von einer Seite von Muster. Bitte die Seite neu laden und noch einmal versuchen.',
  },
  'web.product': { en: 'Muster', de: 'Muster' },
  'web.tagline': { en: 'User administration', de: 'Benutzerverwaltung' },
  'web.other_language': { en: 'Deutsch', de: 'English' },
  'web.sign_in': { en: 'Sign in', de: 'Anmelden' },
  'web.identifier': { en: 'User name or card number', de: 'Benutzername oder Ausweisnummer' },
  'web.password': { en: 'Password', de: 'Passwort' },
  'web.forgot': { en: 'Forgotten your password?', de: 'Passwort vergessen?' },
  'web.or': { en: 'or', de: 'oder' },
  'web.sign_in_with': { en: 'Sign in with {provider}', de: 'Anmelden mit {provider}' },
  'web.signed_out': { en: 'You are signed out.', de: 'Sie sind abgemeldet.' },
  'web.password_set': {
    en: 'Your password is set. Sign in with it now.',
    de: 'Ihr Passwort ist gesetzt. Melden Sie sich jetzt damit an.',
  },
  'web.password_changed': {
    en: 'Your password is changed. Everywhere else you are signed out.',
    de: 'Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet.',
  },
  'web.set_password': { en: 'Set your password', de: 'Passwort festlegen' },
  'web.set_password_for': { en: 'For the user name {user}', de: 'Für den Benutzernamen {user}' },
  'web.set_password_button': { en: 'Set password', de: 'Passwort festlegen' },
  'web.change_password': { en: 'Change password', de: 'Passwort ändern' },
  'web.must_change': {
    en: 'You signed in with a temporary password. Choose one of your own to go on.',
    de: 'Sie haben sich mit einem vorläufigen Passwort angemeldet. Wählen Sie ein eigenes, um fortzufahren.',
  },
  'web.current_password': { en: 'Present password', de: 'Bisheriges Passwort' },
  'web.new_password': { en: 'New password', de: 'Neues Passwort' },
  'web.new_password_again': { en: 'New password once more', de: 'Neues Passwort noch einmal' },
  'web.password_rules': {
    en: 'At least 8 characters, not your name and not one that many people use. A short sentence is good.',
    de: 'Mindestens 8 Zeichen, nicht der eigene Name und keines, das viele verwenden. Ein kurzer Satz ist gut.',
  },
  'web.passwords_differ': {
    en: 'The two new passwords are not the same.',
    de: 'Die beiden neuen Passwörter stimmen nicht überein.',
  },
  'web.no_token': {
    en: 'The address of this page is not complete. Please open the link from your letter again, or ask for a new one.',
    de: 'Die Adresse dieser Seite ist unvollständig. Bitte öffnen Sie den Link aus Ihrem Brief noch einmal, oder fordern Sie einen neuen an.',
  },
  'web.forgot_title': { en: 'Forgotten password', de: 'Passwort vergessen' },
  'web.forgot_text': {
    en: 'If the account has a password here and an e-mail address, we send a link to that address. With it you choose a new password.',
    de: 'Wenn das Konto hier ein Passwort und eine E-Mail-Adresse hat, schicken wir einen Link an diese Adresse. Damit wählen Sie ein neues Passwort.',
  },
  'web.forgot_button': { en: 'Send link', de: 'Link schicken' },
  'web.forgot_sent': {
    en: 'If there is such an account, the link is on its way. It may take a few minutes. Without an e-mail, ask at the library.',
    de: 'Wenn es dieses Konto gibt, ist der Link unterwegs. Das kann einige Minuten dauern. Kommt keine E-Mail, fragen Sie in der Bibliothek nach.',
  },
  'web.back_to_sign_in': { en: 'Back to signing in', de: 'Zurück zur Anmeldung' },
  'web.back': { en: 'Back', de: 'Zurück' },
  'web.not_built_title': { en: 'The web page is not built yet', de: 'Die Webseite ist noch nicht gebaut' },
  'web.not_built': {
    en: 'The server runs, and its API answers. Build the page with "npm run build" beside this server, or start it with "npm start", which does so by itself; then load this page again.',
    de: 'Der Server läuft, und seine API antwortet. Bauen Sie die Seite mit „npm run build“ neben diesem Server, oder starten Sie ihn mit „npm start“, das dies von selbst tut; dann laden Sie diese Seite neu.',
  },
  'web.your_account': { en: 'Your account', de: 'Ihr Konto' },
  'web.signed_in': { en: 'You are signed in', de: 'Sie sind angemeldet' },
  'web.name': { en: 'Name', de: 'Name' },
  'web.primary_id': { en: 'User name', de: 'Benutzername' },
  'web.roles': { en: 'Roles', de: 'Rollen' },
  'web.no_roles': { en: 'none', de: 'keine' },
  'web.session_until': { en: 'Signed in until', de: 'Angemeldet bis' },
  'web.sign_out': { en: 'Sign out', de: 'Abmelden' },
  'web.sign_out_there': {
    en: 'You are still signed in at {provider}. You will be taken there to sign out, too.',
    de: 'Bei {provider} sind Sie noch angemeldet. Sie werden dorthin weitergeleitet, um sich auch dort abzumelden.',
  },
  'web.sign_out_there_link': { en: 'Sign out at {provider}', de: 'Bei {provider} abmelden' },
  'web.problem': { en: 'That did not work', de: 'Das hat nicht geklappt' },
  'web.not_signed_in_there': { en: 'You were not signed in', de: 'Sie wurden nicht angemeldet' },
  'web.provider_down': {
    en: 'The sign-in service does not answer properly at present. Please try again later, or tell the library.',
    de: 'Der Anmeldedienst antwortet zurzeit nicht richtig. Bitte versuchen Sie es später noch einmal, oder sagen Sie der Bibliothek Bescheid.',
  },
  'web.number': { en: 'Number for enquiries: {id}', de: 'Nummer für Rückfragen: {id}' },
} as const satisfies Catalogue;
