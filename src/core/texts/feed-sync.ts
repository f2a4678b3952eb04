import type { Catalogue } from './catalogue.ts';

/** Feeds: profiles, their files, and what a load did. */
export const feedSyncTexts = {
  'feeds.user_not_external': {
    en: '“{value}” is an internal user: the library keeps this record itself, whatever a feed says of it.',
    de: '„{value}“ ist ein interner Benutzer: Diesen Datensatz führt die Bibliothek selbst, was ein Zulieferer auch schickt.',
  },
  'feeds.user_of_other_feed': {
    en: '“{value}” belongs to another feed, which alone may change it.',
    de: '„{value}“ gehört zu einem anderen Zulieferer; nur dieser darf den Datensatz ändern.',
  },
  'feeds.merged_record': {
    en: '“{value}” is what is left of a record that was merged into another. Nothing can be written to it.',
    de: '„{value}“ ist der Rest eines Datensatzes, der in einen anderen übernommen wurde. Dorthin lässt sich nichts schreiben.',
  },
  'feeds.profile_not_found': { en: 'There is no feed {code}.', de: 'Es gibt keinen Zulieferer {code}.' },
  'feeds.profile_exists': { en: 'There is a feed {code} already.', de: 'Es gibt schon einen Zulieferer {code}.' },
  'feeds.profile_in_use': {
    en: 'The feed {code} still owns {users} external users. Make them internal with a job, or give them to nobody by purging them; or switch the feed off.',
    de: 'Dem Zulieferer {code} gehören noch {users} externe Benutzer. Machen Sie diese mit einem Prozess intern oder bereinigen Sie sie; oder schalten Sie den Zulieferer ab.',
  },
  'feeds.profile_disabled': {
    en: 'The feed {code} is switched off. Switch it on before you load a file.',
    de: 'Der Zulieferer {code} ist abgeschaltet. Schalten Sie ihn ein, bevor Sie eine Datei laden.',
  },
  'feeds.profile_code': {
    en: '“{value}” is not a code of the table {table}. Add it there first, or choose another.',
    de: '„{value}“ ist kein Code der Tabelle {table}. Legen Sie ihn dort zuerst an oder wählen Sie einen anderen.',
  },
  'feeds.profile_two_matches': {
    en: 'The mapping finds users by {mapping}, the feed by {profile}. Leave one of them out.',
    de: 'Die Zuordnung findet Benutzer über {mapping}, der Zulieferer über {profile}. Lassen Sie eines davon weg.',
  },
  'feeds.profile_nothing_to_fetch': {
    en: 'Files of this feed are uploaded, so there is nothing to fetch at any time. Choose a source first.',
    de: 'Dateien dieses Zulieferers werden hochgeladen; es gibt also nichts abzuholen. Wählen Sie zuerst eine Quelle.',
  },
  'feeds.profile_secret_again': {
    en: 'The place is another one now. Give its secret again: the old one is not sent there.',
    de: 'Der Ort ist jetzt ein anderer. Geben Sie sein Geheimnis neu an: Das alte wird nicht dorthin geschickt.',
  },
  'feeds.absent_set': { en: '{name}: no longer in the feed', de: '{name}: fehlt im Abgleich' },
  'feeds.file_no_records': {
    en: '{file} has no user in it. Nothing was changed.',
    de: '{file} enthält keinen Benutzer. Nichts wurde geändert.',
  },
  'feeds.parts_differ': {
    en: '{file} has other columns than {first}; files in one archive are read alike. Send them one by one.',
    de: '{file} hat andere Spalten als {first}; Dateien in einem Archiv werden gleich gelesen. Schicken Sie sie einzeln.',
  },
  'feeds.file_impossible': {
    en: 'The database refuses what the file says (rule {rule}). Nothing was changed.',
    de: 'Die Datenbank lehnt ab, was die Datei sagt (Regel {rule}). Nichts wurde geändert.',
  },
  'feeds.file_not_found': { en: 'There is no file {id}.', de: 'Es gibt keine Datei {id}.' },
  'feeds.file_gone': {
    en: '{file} is no longer there to be loaded: its time is over. Load it again.',
    de: '{file} ist nicht mehr da: Die Aufbewahrungszeit ist vorbei. Laden Sie die Datei erneut.',
  },
  'feeds.file_not_held': {
    en: 'The file {id} does not wait for a person; it is {state}.',
    de: 'Die Datei {id} wartet nicht auf eine Person; ihr Zustand ist {state}.',
  },
  'feeds.file_waits': {
    en: 'The file {file} of the feed {code} waits for a person. Confirm or discard it first.',
    de: 'Die Datei {file} des Zulieferers {code} wartet auf eine Person. Bestätigen oder verwerfen Sie sie zuerst.',
  },
  'feeds.confirm_number': {
    en: 'The file changes, or no longer names, {users} users; you confirmed {given}. Look at it again.',
    de: 'Die Datei ändert {users} Benutzer oder nennt sie nicht mehr; bestätigt haben Sie {given}. Sehen Sie sie noch einmal an.',
  },
  'feeds.waits_for_guard': {
    en: 'Waits for a person: it changes, or no longer names, unusually many of the feed’s users',
    de: 'Wartet auf eine Person: Die Datei ändert ungewöhnlich viele Benutzer des Zulieferers oder nennt sie nicht mehr',
  },
  'feeds.file_refused': {
    en: 'The file was refused, and nothing was written; the reason stands with the feed’s files',
    de: 'Die Datei wurde abgelehnt und nichts geschrieben; der Grund steht bei den Dateien des Zulieferers',
  },
  'feeds.file_discarded': { en: 'The file was left out', de: 'Die Datei wurde verworfen' },
  'feeds.run_waits_elsewhere': {
    en: 'Run {id} is a file of a feed. Confirm or discard it there: muster feeds confirm, or Administration › Feeds.',
    de: 'Der Lauf {id} ist die Datei eines Zulieferers. Dort wird sie bestätigt oder verworfen: muster feeds confirm oder Verwaltung › Zulieferer.',
  },
  'feeds.state.waiting': { en: 'waiting for its turn', de: 'wartet, bis sie an der Reihe ist' },
  'feeds.state.loading': { en: 'loading', de: 'wird geladen' },
  'feeds.state.held': { en: 'waits for a person', de: 'wartet auf eine Person' },
  'feeds.state.loaded': { en: 'loaded', de: 'geladen' },
  'feeds.state.refused': { en: 'refused; nothing was written', de: 'abgelehnt; nichts wurde geschrieben' },
  'feeds.state.discarded': { en: 'discarded', de: 'verworfen' },
  'runs.created_by_load': {
    en: 'was made by this load; an undo takes back changes of users, not users',
    de: 'wurde durch dieses Laden angelegt; rückgängig gemacht werden Änderungen an Benutzern, nicht Benutzer',
  },
} as const satisfies Catalogue;
