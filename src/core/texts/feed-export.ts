import type { Catalogue } from './catalogue.ts';

export const feedExportTexts = {
  'cli.feeds.export_format': {
    en: 'alma-xml (unless said otherwise), alma-json or csv',
    de: 'alma-xml (wenn nichts anderes angegeben ist), alma-json oder csv',
  },
  'cli.feeds.export_file': { en: 'write a copy to this file', de: 'eine Kopie in diese Datei schreiben' },
  'cli.feeds.export_all': { en: 'every user of the feed, changed or not', de: 'alle Benutzer des Zulieferers, ob geändert oder nicht' },
  'cli.feeds.export_since': {
    en: 'changes since this moment, such as 2026-11-01T00:00:00Z, in place of the last export',
    de: 'Änderungen seit diesem Zeitpunkt, etwa 2026-11-01T00:00:00Z, statt seit dem letzten Export',
  },
  'cli.feeds.export_dry': { en: 'only say how many users it would be', de: 'nur sagen, wie viele Benutzer es wären' },
  'cli.feeds.export_would': {
    en: 'Changed in the library: {users} of {all} users. Nothing was exported.',
    de: 'In der Bibliothek geändert: {users} von {all} Benutzern. Es wurde nichts exportiert.',
  },
  'cli.feeds.exported': { en: 'Users exported: {users}', de: 'Exportierte Benutzer: {users}' },
  'cli.feeds.export_kept': { en: 'Kept as {file} in the data directory', de: 'Aufbewahrt als {file} im Datenverzeichnis' },
  'cli.feeds.export_copied': { en: 'Written to {file}', de: 'Geschrieben in {file}' },
  'cli.feeds.export_sent': { en: 'Put into {place}', de: 'Abgelegt in {place}' },
  'cli.feeds.export_next': { en: 'The next export begins at {at}', de: 'Der nächste Export beginnt bei {at}' },
} as const satisfies Catalogue;
