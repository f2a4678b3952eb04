import type { Catalogue } from './catalogue.ts';

export const setsTexts = {
  'sets.not_found': {
    en: 'There is no set called “{set}”, or it is private to someone else.',
    de: 'Es gibt kein Set „{set}“, oder es ist das private Set einer anderen Person.',
  },
  'sets.name_taken': {
    en: 'There is already a set called “{name}”. Names of sets are unique, whether in capitals or not; please choose another.',
    de: 'Ein Set „{name}“ gibt es schon. Namen von Sets sind eindeutig, ob groß- oder kleingeschrieben; bitte einen anderen wählen.',
  },
  'sets.not_yours': {
    en: 'The set “{set}” belongs to {owner}; only its owner or an administrator may change it.',
    de: 'Das Set „{set}“ gehört {owner}; ändern dürfen es nur diese Person oder die Administration.',
  },
  'sets.not_itemized': {
    en: 'The set “{set}” is logical: its members come from its filter. Change the filter, or make an itemized set of it first.',
    de: 'Das Set „{set}“ ist logisch: Seine Mitglieder ergeben sich aus dem Filter. Den Filter ändern oder das Set zuerst spezifizieren.',
  },
  'sets.not_logical': {
    en: 'The set “{set}” is itemized, a fixed list of users; it has no filter that could be changed.',
    de: 'Das Set „{set}“ ist spezifiziert, also eine feste Liste; es hat keinen Filter, den man ändern könnte.',
  },
  'sets.in_use': {
    en: 'The set “{set}” cannot be deleted: the schedule “{schedule}” works on it. Please delete the schedule first.',
    de: 'Das Set „{set}“ kann nicht gelöscht werden: Der Zeitplan „{schedule}“ arbeitet damit. Bitte zuerst den Zeitplan löschen.',
  },
  'sets.needed_by_run': {
    en: 'The set “{set}” cannot be deleted: the run {run} has not taken over its members yet. Please wait for it, or abort it.',
    de: 'Das Set „{set}“ kann nicht gelöscht werden: Lauf {run} hat die Mitglieder noch nicht übernommen. Bitte warten oder ihn abbrechen.',
  },
  'sets.source_count': {
    en: 'A set is made from exactly one source: a file, a list of ids, a filter (as text or JSON), another set, or a run’s outcome. Given: {given}.',
    de: 'Ein Set entsteht aus genau einer Quelle: Datei, Liste von Kennungen, Filter (Text oder JSON), anderes Set oder Ergebnis eines Laufs. Angegeben: {given}.',
  },
  'sets.no_such_column': {
    en: 'The file has {columns} columns; there is no column {column}.',
    de: 'Die Datei hat {columns} Spalten; eine Spalte {column} gibt es nicht.',
  },
  'sets.combine_itemized': {
    en: 'The set “{set}” is itemized, a fixed list of users. A logical set is made out of logical sets alone; make an itemized one.',
    de: 'Das Set „{set}“ ist spezifiziert, also eine feste Liste. Ein logisches Set entsteht nur aus logischen Sets; bitte ein spezifiziertes anlegen.',
  },
  'sets.list_count': {
    en: 'Please give either a file or a list of ids, not both and not neither.',
    de: 'Bitte entweder eine Datei oder eine Liste von Kennungen angeben, nicht beides und nicht keins.',
  },
  'sets.id_type_unknown': {
    en: 'There is no identifier type “{type}”. Known are primary_id and: {known}.',
    de: 'Den Kennungstyp „{type}“ gibt es nicht. Bekannt sind primary_id und: {known}.',
  },
  'sets.id_invalid': {
    en: 'Id number {line} of the list contains a character that cannot be stored (a NUL, or half of a surrogate pair).',
    de: 'Kennung Nummer {line} der Liste enthält ein Zeichen, das sich nicht speichern lässt (NUL oder ein halbes Surrogatpaar).',
  },
  'sets.ids_not_found': {
    en: 'Nobody has these identifiers ({count}): {ids}. Nothing has been taken over.',
    de: 'Diese Kennungen hat niemand ({count}): {ids}. Nichts wurde übernommen.',
  },
  'sets.ids_ambiguous': {
    en: 'Several users share these identifiers ({count}): {ids}. Nothing has been taken over.',
    de: 'Diese Kennungen haben mehrere Personen ({count}): {ids}. Nichts wurde übernommen.',
  },
  'sets.ids_twice': {
    en: 'These identifiers lead to users who are in the list already ({count}): {ids}. Nothing has been taken over.',
    de: 'Diese Kennungen führen zu Personen, die schon in der Liste stehen ({count}): {ids}. Nichts wurde übernommen.',
  },
  'sets.ids_already_members': {
    en: 'These users are in the set already ({count}): {ids}. Nothing has been taken over.',
    de: 'Diese Personen sind schon im Set ({count}): {ids}. Nichts wurde übernommen.',
  },
  'sets.ids_no_members': {
    en: 'These users are not in the set ({count}): {ids}. Nothing has been taken out.',
    de: 'Diese Personen sind nicht im Set ({count}): {ids}. Nichts wurde entfernt.',
  },
  'sets.run_not_found': {
    en: 'There is no run {run}.',
    de: 'Es gibt keinen Lauf {run}.',
  },
  'sets.file_unreadable': {
    en: 'The file {file} cannot be read: {reason}',
    de: 'Die Datei {file} lässt sich nicht lesen: {reason}',
  },
  'sets.file_empty': {
    en: 'The file {file} contains no identifier.',
    de: 'Die Datei {file} enthält keine Kennung.',
  },
  'sets.file_encoding': {
    en: 'Line {line} of {file} is not UTF-8. Please save the file as UTF-8 (in Excel: “CSV UTF-8”); nothing has been taken over.',
    de: 'Zeile {line} von {file} ist kein UTF-8. Bitte die Datei als UTF-8 speichern (in Excel: „CSV UTF-8“); nichts wurde übernommen.',
  },
  'sets.file_utf16': {
    en: 'The file {file} is UTF-16 (“Unicode text”). Please save it as UTF-8 (in Excel: “CSV UTF-8”); nothing has been taken over.',
    de: 'Die Datei {file} ist UTF-16 („Unicode-Text“). Bitte als UTF-8 speichern (in Excel: „CSV UTF-8“); nichts wurde übernommen.',
  },
  'sets.file_nul': {
    en: 'Line {line} of {file} contains a NUL byte, so this is not a text file; nothing has been taken over.',
    de: 'Zeile {line} von {file} enthält ein NUL-Byte, es ist also keine Textdatei; nichts wurde übernommen.',
  },
  'sets.line_too_long': {
    en: 'Line {line} of {file} is longer than {limit} bytes, so this is not a list of identifiers (or a quotation mark was never closed); nothing has been taken over.',
    de: 'Zeile {line} von {file} ist länger als {limit} Bytes, es ist also keine Liste von Kennungen (oder ein Anführungszeichen wurde nie geschlossen); nichts wurde übernommen.',
  },
  'sets.quote_not_closed': {
    en: 'In line {line} of {file} a quotation mark is opened and never closed; nothing has been taken over.',
    de: 'In Zeile {line} von {file} wird ein Anführungszeichen geöffnet und nie geschlossen; nichts wurde übernommen.',
  },
  'sets.quote_misplaced': {
    en: 'In line {line} of {file} there is text after a closing quotation mark; a quotation mark inside a quoted field is written twice. Nothing has been taken over.',
    de: 'In Zeile {line} von {file} steht Text nach einem schließenden Anführungszeichen; innerhalb eines Feldes in Anführungszeichen schreibt man es doppelt. Nichts wurde übernommen.',
  },
  'sets.file_old_excel': {
    en: 'The file {file} is an old Excel file (.xls) or one with a password. Please save it as .xlsx without a password, or as “CSV UTF-8”.',
    de: 'Die Datei {file} ist eine alte Excel-Datei (.xls) oder mit Passwort geschützt. Bitte ohne Passwort als .xlsx oder als „CSV UTF-8“ speichern.',
  },
  'sets.xlsx_broken': {
    en: 'The Excel file {file} cannot be read: {reason}. Please save it again as .xlsx, or as “CSV UTF-8”; nothing has been taken over.',
    de: 'Die Excel-Datei {file} lässt sich nicht lesen: {reason}. Bitte neu als .xlsx oder als „CSV UTF-8“ speichern; nichts wurde übernommen.',
  },
  'sets.xlsx_too_large': {
    en: 'The Excel file {file} is larger inside than Muster reads ({what}, at most {limit}). Please save the column of identifiers as “CSV UTF-8”; nothing has been taken over.',
    de: 'Die Excel-Datei {file} ist innen größer, als Muster liest ({what}, höchstens {limit}). Bitte die Spalte mit den Kennungen als „CSV UTF-8“ speichern; nichts wurde übernommen.',
  },
  'sets.values_no_columns': {
    en: 'The first line of {file} must be a header with an identifier column and at least one column of values. Found: {columns}.',
    de: 'Die erste Zeile von {file} muss eine Kopfzeile mit einer Kennungsspalte und mindestens einer Wertespalte sein. Gefunden: {columns}.',
  },
  'sets.values_no_id_column': {
    en: 'No column of {file} is known as an identifier. Name it Primary ID, User name, Barcode or by an identifier type. Found: {columns}.',
    de: 'Keine Spalte von {file} ist als Kennung bekannt. Sie heiße Primary ID, Benutzername, Barcode oder wie ein Kennungstyp. Gefunden: {columns}.',
  },
  'sets.values_column_twice': {
    en: 'The column “{column}” occurs twice in {file}; each column of values needs a name of its own.',
    de: 'Die Spalte „{column}“ kommt in {file} zweimal vor; jede Wertespalte braucht einen eigenen Namen.',
  },
  'sets.values_too_many_fields': {
    en: 'Line {line} of {file} has {found} fields, but the header names {expected} columns; nothing has been taken over.',
    de: 'Zeile {line} von {file} hat {found} Felder, die Kopfzeile nennt aber {expected} Spalten; nichts wurde übernommen.',
  },
  'sets.values_duplicate': {
    en: 'Lines {first} and {second} of {file} are about the same user ({value}); {count} users have several lines. Nothing has been taken over.',
    de: 'Die Zeilen {first} und {second} von {file} meinen dieselbe Person ({value}); {count} Personen haben mehrere Zeilen. Nichts wurde übernommen.',
  },
  'sets.values_not_found': {
    en: 'There is no uploaded table of values {id}.',
    de: 'Es gibt keine hochgeladene Wertetabelle {id}.',
  },
} as const satisfies Catalogue;
