import type { Catalogue } from './catalogue.ts';

export const dbTexts = {
  'db.unreachable': {
    en: 'The database at {place} cannot be reached: {reason}',
    de: 'Die Datenbank unter {place} ist nicht erreichbar: {reason}',
  },
  'db.version_too_old': {
    en: 'The database is PostgreSQL {version}; Muster needs {needed} or newer.',
    de: 'Die Datenbank ist PostgreSQL {version}; Muster braucht {needed} oder neuer.',
  },
  'db.not_migrated': {
    en: 'The database does not have this version’s tables yet ({pending} migrations are missing). Run: muster migrate',
    de: 'Der Datenbank fehlen noch Tabellen dieser Version ({pending} Migrationen stehen aus). Aufruf: muster migrate',
  },
  'db.newer_schema': {
    en: 'The database was made by a newer Muster (it has {name}; this program knows up to {known}). Please use the newer program.',
    de: 'Die Datenbank stammt von einem neueren Muster (sie hat {name}; dieses Programm kennt nur bis {known}). Bitte das neuere Programm verwenden.',
  },
  'db.migration_changed': {
    en: 'The migration {name} is not the one that this database was made with. A migration must not be edited once it has been applied.',
    de: 'Die Migration {name} ist nicht die, mit der diese Datenbank angelegt wurde. Eine angewandte Migration darf nicht mehr geändert werden.',
  },
  'db.migration_failed': {
    en: 'The migration {name} failed; nothing was changed. {reason}',
    de: 'Die Migration {name} ist fehlgeschlagen; es wurde nichts geändert. {reason}',
  },
  'db.start_failed': {
    en: 'PostgreSQL did not start: {reason}',
    de: 'PostgreSQL ist nicht gestartet: {reason}',
  },
  'db.cluster_version': {
    en: 'The data directory was made by PostgreSQL {found}; this program brings PostgreSQL {needed}.',
    de: 'Das Datenverzeichnis stammt von PostgreSQL {found}; dieses Programm bringt PostgreSQL {needed} mit.',
  },
  'db.password_missing': {
    en: 'The database’s password file {file} is missing.',
    de: 'Die Kennwortdatei der Datenbank {file} fehlt.',
  },
  'db.server_running': {
    en: 'Muster is already running in {dir} (process {pid}).',
    de: 'Muster läuft in {dir} schon (Prozess {pid}).',
  },
  'backup.unreadable': {
    en: 'The backup {file} cannot be read: {reason}. Nothing was changed.',
    de: 'Die Sicherung {file} ist nicht lesbar: {reason}. Es wurde nichts geändert.',
  },
  'backup.not_ours': {
    en: '{file} is no backup of Muster. Nothing was changed.',
    de: '{file} ist keine Sicherung von Muster. Es wurde nichts geändert.',
  },
  'backup.cut': {
    en: 'The backup {file} is not whole: its end is missing, or rows are. Nothing was changed. Take another one.',
    de: 'Die Sicherung {file} ist nicht vollständig: Ihr Ende oder Zeilen fehlen. Es wurde nichts geändert. Nehmen Sie eine andere.',
  },
  'backup.occupied': {
    en: 'There are users or jobs already, which the backup would replace. Restore into a new data directory (--data), or an empty database.',
    de: 'Es gibt schon Benutzer oder Prozesse, die die Sicherung ersetzen würde. Spielen Sie sie in ein neues Datenverzeichnis (--data) oder eine leere Datenbank zurück.',
  },
  'backup.exists': {
    en: '{file} is there already. Name another file, or move that one away.',
    de: '{file} gibt es schon. Nennen Sie eine andere Datei oder räumen Sie diese weg.',
  },
  'config.invalid': {
    en: 'These settings of the environment are not valid (an example follows each arrow):{problems}',
    de: 'Diese Einstellungen der Umgebung sind nicht gültig (nach dem Pfeil je ein Beispiel):{problems}',
  },
} as const satisfies Catalogue;
