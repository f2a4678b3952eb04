import type { Catalogue } from './catalogue.ts';

export const runsTexts = {
  'runs.not_a_plan': {
    en: 'A plan is a JSON object with "changes" (a list) and, if a letter goes out, "notify". The guide shows examples.',
    de: 'Ein Plan ist ein JSON-Objekt mit „changes“ (einer Liste) und, wenn ein Brief hinausgeht, „notify“. Beispiele stehen im Handbuch.',
  },
  'runs.not_found': { en: 'There is no run {id}.', de: 'Einen Lauf {id} gibt es nicht.' },
  'runs.wrong_state': {
    en: 'Run {id} is {state} and cannot become {wanted}.',
    de: 'Lauf {id} ist {state} und kann nicht {wanted} werden.',
  },
  'runs.still_running': {
    en: 'Run {id} has not ended ({state}). Abort it or wait, then undo it.',
    de: 'Lauf {id} ist noch nicht zu Ende ({state}). Brechen Sie ihn ab oder warten Sie; danach lässt er sich rückgängig machen.',
  },
  'runs.not_undoable': {
    en: 'Run {id} is an import; imports cannot be undone this way.',
    de: 'Lauf {id} ist ein Import; Importe lassen sich so nicht rückgängig machen.',
  },
  'runs.no_such_change': {
    en: 'Run {id} has {count} changes; there is no change {change}.',
    de: 'Lauf {id} hat {count} Änderungen; eine Änderung {change} gibt es nicht.',
  },
  'runs.unknown_users': { en: 'No user has the identifier {users}.', de: 'Kein Benutzer hat die Kennung {users}.' },
  'runs.unknown_notification': {
    en: 'There is no active notification type {type}. Known: {known}.',
    de: 'Einen aktiven Benachrichtigungstyp {type} gibt es nicht. Bekannt: {known}.',
  },
  'runs.credentials_by_themselves': {
    en: 'The letter {type} carries a password and goes out only with a change that resets it: "account_type" to INTERNAL, or "password".',
    de: 'Der Brief {type} enthält ein Passwort und geht nur mit einer Änderung hinaus, die es zurücksetzt: „account_type“ auf INTERNAL oder „password“.',
  },
  'runs.guard': {
    en: 'This would run over {users} of {of} users. Confirm it expressly (in the command: --yes).',
    de: 'Das beträfe {users} von {of} Benutzern. Bestätigen Sie es ausdrücklich (im Befehl: --yes).',
  },
  'runs.needs_confirmation': {
    en: 'Run {id} waits for a person: look at its preview, then resume it with the confirmation (in the command: --yes).',
    de: 'Lauf {id} wartet auf eine Person: Sehen Sie sich die Vorschau an und setzen Sie ihn dann mit Bestätigung fort (im Befehl: --yes).',
  },
  'runs.waits_for_guard': {
    en: 'Waits for a person: it would touch more users than a schedule may',
    de: 'Wartet auf eine Person: Er beträfe mehr Benutzer, als ein Zeitplan darf',
  },
  'runs.held_for_guard': {
    en: 'Waits for a person: it would touch more users than a program may without asking',
    de: 'Wartet auf eine Person: Er beträfe mehr Benutzer, als ein Programm ungefragt darf',
  },
  'runs.set_gone': { en: 'The set of run {id} was deleted.', de: 'Das Set von Lauf {id} wurde gelöscht.' },
  'runs.members_changed': {
    en: 'The set is no longer the one of the preview: it had {before} members and now has {now}. New: {came}. Gone: {went}. Look at the preview again.',
    de: 'Das Set ist nicht mehr das der Vorschau: Es hatte {before} Mitglieder und hat jetzt {now}. Neu: {came}. Weg: {went}. Sehen Sie sich die Vorschau noch einmal an.',
  },
  'runs.plan_changed': {
    en: 'The plan, its letters or the day are not those of the preview. Look at the preview again.',
    de: 'Der Plan, seine Briefe oder der Tag sind nicht die der Vorschau. Sehen Sie sich die Vorschau noch einmal an.',
  },
  'runs.paused_by_restore': {
    en: 'Paused since a backup was put back',
    de: 'Angehalten, weil eine Sicherung zurückgespielt wurde',
  },
  'runs.paused_by_person': { en: 'Paused by a person', de: 'Von einem Menschen angehalten' },
  'runs.no_room': { en: 'Paused: the database has no room or no memory left', de: 'Angehalten: Der Datenbank fehlt Platz oder Speicher' },
  'runs.chunk_failed': {
    en: 'A part of the run failed again and again; see the log',
    de: 'Ein Teil des Laufs ist immer wieder fehlgeschlagen; siehe Protokoll',
  },
  'runs.author_gone': {
    en: 'Its author is no longer a user here, so it has stopped. What is done stays and can be undone; for the rest, start a new run',
    de: 'Sein Verfasser ist hier kein Benutzer mehr, daher ist er stehen geblieben. Erledigtes bleibt und lässt sich rückgängig machen; für den Rest bitte einen neuen Lauf starten',
  },
  'runs.author_inactive': {
    en: 'Its author’s account is inactive or expired, so it has stopped. Reactivate the account and resume the run, or start a new one for the rest',
    de: 'Das Konto seines Verfassers ist inaktiv oder abgelaufen, daher ist er stehen geblieben. Bitte das Konto wieder aktivieren und den Lauf fortsetzen oder für den Rest einen neuen starten',
  },
  'runs.user_erased': {
    en: 'The user was erased after the run was confirmed',
    de: 'Der Benutzer wurde nach der Bestätigung des Laufs gelöscht',
  },
  'runs.changed_since': { en: 'Changed since the run; left as it is', de: 'Seit dem Lauf geändert; bleibt, wie es ist' },
  'runs.own_record': {
    en: 'Nobody shuts themselves out: this is the author’s own record',
    de: 'Niemand sperrt sich selbst aus: Das ist der eigene Datensatz des Verfassers',
  },
  'runs.nothing_would_change': {
    en: 'Nothing would change: every member already is as the plan says.',
    de: 'Es würde sich nichts ändern: Alle Mitglieder sind schon so, wie der Plan es will.',
  },
  'runs.no_address_warning': {
    en: '{letters} letters cannot reach anybody: their users have no address that can be used.',
    de: '{letters} Briefe können niemanden erreichen: Ihre Benutzer haben keine brauchbare Adresse.',
  },
  'runs.suppressed_warning': {
    en: '{letters} letters cannot reach anybody: every address of their users is suppressed.',
    de: '{letters} Briefe können niemanden erreichen: Alle Adressen ihrer Benutzer sind gesperrt.',
  },
  'runs.only_institutional_address': {
    en: '{letters} letters with new credentials go to users who have no address but one of an institution. If that mailbox ends with their account, the letter is lost.',
    de: '{letters} Briefe mit neuen Zugangsdaten gehen an Benutzer, die nur eine Adresse einer Einrichtung haben. Endet dieses Postfach mit ihrem Konto, kommt der Brief nicht an.',
  },
  'runs.no_letter_to_send': {
    en: 'There is no published letter of the type {type}: nothing could be sent.',
    de: 'Vom Typ {type} gibt es keinen veröffentlichten Brief: Es könnte nichts verschickt werden.',
  },
  'runs.print_is_off': {
    en: 'The plan wants letters on paper, but this library does not print (setting letters.print).',
    de: 'Der Plan verlangt Briefe auf Papier, aber diese Bibliothek druckt nicht (Einstellung letters.print).',
  },
  'runs.user_busy': {
    en: 'Something is working on the user {user} at the moment. Try again shortly.',
    de: 'Am Benutzer {user} wird gerade gearbeitet. Bitte gleich noch einmal versuchen.',
  },
  'runs.one_user': { en: 'Edit of {user}', de: 'Bearbeitung von {user}' },
  'runs.template_not_found': { en: 'There is no template named {name}.', de: 'Eine Vorlage namens {name} gibt es nicht.' },
  'runs.template_taken': { en: 'There already is a template named {name}.', de: 'Eine Vorlage namens {name} gibt es schon.' },
  'runs.template_locked': {
    en: 'The template {name} is locked; only {owner} may change it.',
    de: 'Die Vorlage {name} ist gesperrt; nur {owner} darf sie ändern.',
  },
  'runs.schedule_not_found': { en: 'There is no schedule {id}.', de: 'Einen Zeitplan {id} gibt es nicht.' },
  'runs.bad_cron': {
    en: 'The cron expression "{cron}" is not valid: {reason}.',
    de: 'Der Cron-Ausdruck „{cron}“ ist nicht gültig: {reason}.',
  },
  'runs.schedule_past': { en: '{at} has already gone by.', de: '{at} ist schon vorbei.' },
  'runs.repeat_needs_logical': {
    en: 'A repeating schedule needs a logical set; {set} is itemized.',
    de: 'Ein wiederkehrender Zeitplan braucht ein logisches Set; {set} ist spezifiziert.',
  },

  'state.MANUAL_HANDLING_REQUIRED': { en: 'Waits for a person', de: 'Wartet auf eine Person' },
  'state.QUEUED': { en: 'Queued', de: 'Eingereiht' },
  'state.INITIALIZING': { en: 'Initialising', de: 'Wird vorbereitet' },
  'state.RUNNING': { en: 'Running', de: 'Läuft' },
  'state.PAUSED': { en: 'Paused', de: 'Angehalten' },
  'state.FINALIZING': { en: 'Finalising', de: 'Wird abgeschlossen' },
  'state.COMPLETED_SUCCESS': { en: 'Completed', de: 'Abgeschlossen' },
  'state.COMPLETED_SUCCESS.nothing': { en: 'Completed, nothing changed', de: 'Abgeschlossen, nichts geändert' },
  'state.COMPLETED_WARNING': { en: 'Completed with warnings', de: 'Abgeschlossen mit Warnungen' },
  'state.COMPLETED_FAILED': {
    en: 'Completed with errors: no user could be changed',
    de: 'Abgeschlossen mit Fehlern: Kein Benutzer konnte geändert werden',
  },
  'state.COMPLETED_NO_BULKS': { en: 'Completed: the set has no members', de: 'Abgeschlossen: Das Set hat keine Mitglieder' },
  'state.FAILED': { en: 'Failed', de: 'Fehlgeschlagen' },
  'state.SKIPPED': { en: 'Skipped', de: 'Übersprungen' },
  'state.SYSTEM_ABORTED': { en: 'Aborted by the system', de: 'Vom System abgebrochen' },
  'state.USER_ABORTED': { en: 'Aborted by a person', de: 'Von einem Menschen abgebrochen' },
} as const satisfies Catalogue;
