import type { Catalogue } from './catalogue.ts';

export const lettersTexts = {
  'letters.suppressed': {
    en: 'Every address of the user is suppressed; nothing was sent.',
    de: 'Alle Adressen des Benutzers sind gesperrt; es wurde nichts verschickt.',
  },
  'letters.same_address': {
    en: 'Another user of the run with the same address gets this letter.',
    de: 'Ein anderer Benutzer des Laufs mit derselben Adresse bekommt diesen Brief.',
  },
  'letters.type_not_found': {
    en: 'There is no notification type {type}. There are: {known}.',
    de: 'Den Benachrichtigungstyp {type} gibt es nicht. Es gibt: {known}.',
  },
  'letters.type_exists': {
    en: 'There is a notification type {type} already.',
    de: 'Den Benachrichtigungstyp {type} gibt es schon.',
  },
  'letters.type_in_use': {
    en: 'The notification type {type} cannot be deleted, because it has been used. Please set it inactive instead.',
    de: 'Der Benachrichtigungstyp {type} kann nicht gelöscht werden, weil er verwendet wurde. Bitte stattdessen auf inaktiv setzen.',
  },
  'letters.type_is_default': {
    en: 'The notification type {type} is the default. Please make another one the default first.',
    de: 'Der Benachrichtigungstyp {type} ist der vorausgewählte. Bitte zuerst einen anderen dazu machen.',
  },
  'letters.type_inactive': {
    en: 'The notification type {type} is inactive, and cannot be the default.',
    de: 'Der Benachrichtigungstyp {type} ist inaktiv und kann nicht vorausgewählt sein.',
  },
  'letters.type_built_in': {
    en: 'The notification type {type} carries passwords or one-time links and is sent by Muster itself: it stays, active and essential, goes to each user alone, and is never chosen for a job.',
    de: 'Der Benachrichtigungstyp {type} enthält Passwörter oder Einmal-Links und wird von Muster selbst verschickt: Er bleibt, aktiv und unabdingbar, geht an jeden Benutzer einzeln und wird nie für einen Prozess gewählt.',
  },
  'letters.letter_not_found': {
    en: 'The notification type {type} has no letter in the language {language}.',
    de: 'Der Benachrichtigungstyp {type} hat keinen Brief in der Sprache {language}.',
  },
  'letters.template_invalid': {
    en: 'The letter was not saved, because it could not be sent like this (part, line:column): {problems}',
    de: 'Der Brief wurde nicht gespeichert, weil er so nicht verschickt werden könnte (Teil, Zeile:Spalte): {problems}',
  },
  'letters.text_not_found': {
    en: 'There is no text {text}.',
    de: 'Den Text {text} gibt es nicht.',
  },
  'letters.version_not_found': {
    en: 'The text {text} has no version {version}.',
    de: 'Der Text {text} hat keine Version {version}.',
  },
  'letters.changed_meanwhile': {
    en: '{text} was not saved, because it has changed in the meantime: {author} began with version {base}, and {other} has saved version {version} since. Please compare the two, and save yours as based on version {version}.',
    de: '{text} wurde nicht gespeichert, weil sich der Text inzwischen geändert hat: {author} hat mit Version {base} begonnen, und {other} hat seitdem Version {version} gespeichert. Bitte beide vergleichen und die eigene auf der Grundlage von Version {version} speichern.',
  },
  'letters.nothing_before': {
    en: '{text} has no earlier version to go back to.',
    de: '{text} hat keine frühere Version, zu der man zurückgehen könnte.',
  },
  'letters.breaks_letter': {
    en: 'Not done, because the letter {letter} could not be sent any more (part, line:column): {problems}',
    de: 'Nicht ausgeführt, weil der Brief {letter} dann nicht mehr verschickt werden könnte (Teil, Zeile:Spalte): {problems}',
  },
  'letters.no_own_address': {
    en: 'You have no e-mail address that a test could go to. A user needs one in their own record; the local administrator uses the library’s (setting library.email).',
    de: 'Sie haben keine E-Mail-Adresse, an die ein Test gehen könnte. Benutzer brauchen eine im eigenen Datensatz; der lokale Administrator verwendet die der Bibliothek (Einstellung library.email).',
  },
  'letters.not_own_address': {
    en: '{to} is none of your own e-mail addresses. Tests go to oneself only.',
    de: '{to} ist keine Ihrer eigenen E-Mail-Adressen. Tests gehen nur an einen selbst.',
  },
  'letters.user_not_found': {
    en: 'There is no user with the identifier {id}.',
    de: 'Es gibt keinen Benutzer mit der Kennung {id}.',
  },
  'letters.message_not_found': {
    en: 'There is no message {id} in the outbox.',
    de: 'Die Nachricht {id} gibt es im Postausgang nicht.',
  },
  'letters.which_messages': {
    en: 'Please say which messages: by their numbers, by a run, by a letter, or all.',
    de: 'Bitte angeben, welche Nachrichten gemeint sind: mit ihren Nummern, mit einem Lauf, mit einem Brief oder alle.',
  },
  'letters.refused': {
    en: 'The mail server refuses the letter for good: {detail}',
    de: 'Der Mailserver lehnt den Brief endgültig ab: {detail}',
  },
  'letters.delayed': {
    en: 'The letter could not be handed over: {detail}',
    de: 'Der Brief konnte nicht übergeben werden: {detail}',
  },
  'letters.unreachable': {
    en: 'The mail server cannot be used at the moment: {detail}',
    de: 'Der Mailserver ist zurzeit nicht benutzbar: {detail}',
  },
  'letters.no_sms_channel': {
    en: 'No way to send text messages is set up. The message waits for one for a day, and then fails.',
    de: 'Es ist kein Weg für SMS eingerichtet. Die Nachricht wartet einen Tag lang darauf und scheitert dann.',
  },
  'letters.interrupted': {
    en: 'Sending was cut off again and again; the letter was given up.',
    de: 'Der Versand wurde immer wieder unterbrochen; der Brief wurde aufgegeben.',
  },
  'letters.uncertain': {
    en: 'Sending was cut off while the message was being handed over; nobody knows whether it went out.',
    de: 'Der Versand wurde während der Übergabe unterbrochen; ob die Nachricht hinausgegangen ist, ist nicht bekannt.',
  },
  'letters.address_suppressed': {
    en: 'Nothing is sent to this address any more.',
    de: 'An diese Adresse wird nichts mehr gesendet.',
  },
  'letters.no_letter': {
    en: 'The notification type has no letter. Please write one and send again.',
    de: 'Zu dem Benachrichtigungstyp gibt es keinen Brief. Bitte einen schreiben und erneut senden.',
  },
  'letters.render_failed': {
    en: 'The letter could not be filled in: {detail}',
    de: 'Der Brief konnte nicht ausgefüllt werden: {detail}',
  },
  'letters.credential_stale': {
    en: 'Not sent: the password has been set otherwise in the meantime, or the run was undone.',
    de: 'Nicht verschickt: Das Passwort wurde inzwischen anders gesetzt, oder der Lauf wurde rückgängig gemacht.',
  },
} as const satisfies Catalogue;
