import type { Catalogue } from './catalogue.ts';

export const feedsTexts = {
  // The file as a whole: nothing is changed.
  'feeds.file_unreadable': {
    en: 'The file {file} cannot be read: {reason}',
    de: 'Die Datei {file} kann nicht gelesen werden: {reason}',
  },
  'feeds.file_unwritable': {
    en: 'The file {file} cannot be written: {reason}',
    de: 'Die Datei {file} kann nicht geschrieben werden: {reason}',
  },
  'feeds.file_empty': {
    en: 'The file {file} is empty. Nothing was changed.',
    de: 'Die Datei {file} ist leer. Es wurde nichts geändert.',
  },
  'feeds.not_utf8': {
    en: 'Line {line} of {file} is not UTF-8; it looks like {likely}. Please save the file as UTF-8, or say --encoding {likely}. Nothing was changed.',
    de: 'Zeile {line} von {file} ist kein UTF-8; sie sieht nach {likely} aus. Bitte die Datei als UTF-8 speichern oder --encoding {likely} angeben. Es wurde nichts geändert.',
  },
  'feeds.encoding_unknown': {
    en: 'The encoding {encoding} is not supported. Please save the file as UTF-8. Nothing was changed.',
    de: 'Die Zeichenkodierung {encoding} wird nicht unterstützt. Bitte die Datei als UTF-8 speichern. Es wurde nichts geändert.',
  },
  'feeds.record_too_long': {
    en: 'The record that starts in line {line} is longer than {limit} characters. This is not a file of users, or it is damaged. Nothing was changed.',
    de: 'Der Datensatz, der in Zeile {line} beginnt, ist länger als {limit} Zeichen. Das ist keine Benutzerdatei, oder sie ist beschädigt. Es wurde nichts geändert.',
  },
  'feeds.too_deep': {
    en: 'Line {line}: nested more than {limit} levels deep. This is not a file of users. Nothing was changed.',
    de: 'Zeile {line}: mehr als {limit} Ebenen tief geschachtelt. Das ist keine Benutzerdatei. Es wurde nichts geändert.',
  },
  'feeds.json_broken': {
    en: 'Line {line}: the file is not valid JSON ({reason}). Nothing was changed.',
    de: 'Zeile {line}: Die Datei ist kein gültiges JSON ({reason}). Es wurde nichts geändert.',
  },
  'feeds.file_cut': {
    en: 'The file ends in line {line} in the middle of a record; it has been cut off. Nothing was changed.',
    de: 'Die Datei endet in Zeile {line} mitten in einem Datensatz; sie ist abgeschnitten. Es wurde nichts geändert.',
  },
  'feeds.xml_broken': {
    en: 'Line {line}: the file is not well-formed XML ({reason}). Nothing was changed.',
    de: 'Zeile {line}: Die Datei ist kein wohlgeformtes XML ({reason}). Es wurde nichts geändert.',
  },
  'feeds.xml_doctype': {
    en: 'Line {line}: the file has a document type declaration (DOCTYPE). For safety such files are refused; please remove it. Nothing was changed.',
    de: 'Zeile {line}: Die Datei enthält eine Dokumenttyp-Deklaration (DOCTYPE). Solche Dateien werden aus Sicherheitsgründen abgelehnt; bitte entfernen. Es wurde nichts geändert.',
  },
  'feeds.xml_root': {
    en: 'Line {line}: expected <users> or <user>, found <{found}>. Nothing was changed.',
    de: 'Zeile {line}: <users> oder <user> erwartet, <{found}> gefunden. Es wurde nichts geändert.',
  },
  'feeds.csv_broken': {
    en: 'Line {line}: the file is not valid CSV ({reason}). Nothing was changed.',
    de: 'Zeile {line}: Die Datei ist kein gültiges CSV ({reason}). Es wurde nichts geändert.',
  },
  'feeds.columns_missing': {
    en: 'The mapping {mapping} needs these columns, which the file does not have: {missing}. The file has: {found}. Nothing was changed.',
    de: 'Die Zuordnung {mapping} braucht diese Spalten, die in der Datei fehlen: {missing}. Die Datei hat: {found}. Es wurde nichts geändert.',
  },
  'feeds.columns_twice': {
    en: 'The file has these columns more than once: {columns}. Nothing was changed.',
    de: 'Diese Spalten kommen in der Datei mehrfach vor: {columns}. Es wurde nichts geändert.',
  },
  'feeds.mapping_needed': {
    en: 'For this CSV file a mapping is needed that says what its columns mean: --mapping folio, or --mapping FILE (see the guide on importing).',
    de: 'Für diese CSV-Datei ist eine Zuordnung nötig, die sagt, was ihre Spalten bedeuten: --mapping folio oder --mapping DATEI (siehe die Anleitung zum Import).',
  },
  'feeds.mapping_unused': {
    en: 'A mapping belongs to CSV files; this file is {format}.',
    de: 'Eine Zuordnung gehört zu CSV-Dateien; diese Datei ist {format}.',
  },
  'feeds.mapping_invalid': {
    en: 'The mapping {mapping} is not valid: {problems}',
    de: 'Die Zuordnung {mapping} ist nicht gültig: {problems}',
  },
  'feeds.too_many_codes': {
    en: 'The file has {count} codes for {table} that the library does not know, e.g. “{example}”. Surely the wrong column. Nothing was changed.',
    de: 'Die Datei enthält {count} Codes für {table}, die die Bibliothek nicht kennt, z. B. „{example}“. Das ist sicher die falsche Spalte. Es wurde nichts geändert.',
  },
  // One record: it is left out, the others go in.
  'feeds.record_shape': {
    en: 'Expected {expected}, found {found}.',
    de: '{expected} erwartet, {found} gefunden.',
  },
  'feeds.required': {
    en: 'The value is missing; it is required.',
    de: 'Der Wert fehlt; er ist erforderlich.',
  },
  'feeds.too_long': {
    en: '“{value}” has {length} characters; {max} are allowed.',
    de: '„{value}“ hat {length} Zeichen; erlaubt sind {max}.',
  },
  'feeds.bad_date': {
    en: '“{value}” is not a date. Expected is {expected}.',
    de: '„{value}“ ist kein Datum. Erwartet wird {expected}.',
  },
  'feeds.bad_boolean': {
    en: '“{value}” is neither true nor false.',
    de: '„{value}“ ist weder true noch false.',
  },
  'feeds.bad_number': {
    en: '“{value}” is not {expected}.',
    de: '„{value}“ ist nicht {expected}.',
  },
  'feeds.bad_segment': {
    en: '“{value}” is not a segment; segments are Internal and External.',
    de: '„{value}“ ist kein Segment; es gibt Internal und External.',
  },
  'feeds.bad_characters': {
    en: 'The value contains {what}, which cannot be stored.',
    de: 'Der Wert enthält {what}; das lässt sich nicht speichern.',
  },
  'feeds.unknown_code': {
    en: '“{value}” is not a code of {table}. Known are: {known}.',
    de: '„{value}“ ist kein Code von {table}. Bekannt sind: {known}.',
  },
  'feeds.contradiction': {
    en: '“{value}” is given twice with different values.',
    de: '„{value}“ ist zweimal mit verschiedenen Werten angegeben.',
  },
  'feeds.column_count': {
    en: 'The row has {found} columns, the header {expected}.',
    de: 'Die Zeile hat {found} Spalten, die Kopfzeile {expected}.',
  },
  'feeds.packed_parts': {
    en: '“{value}” has {found} parts; {expected} are expected.',
    de: '„{value}“ hat {found} Teile; erwartet werden {expected}.',
  },
  'feeds.primary_id_missing': {
    en: 'The record has no primary id, and nobody it could mean was found.',
    de: 'Der Datensatz hat keine primäre Kennung, und niemand wurde gefunden, den er meinen könnte.',
  },
  'feeds.match_ambiguous': {
    en: '“{value}” belongs to several users, so it is not clear which one is meant.',
    de: '„{value}“ gehört mehreren Benutzern; es ist nicht klar, wer gemeint ist.',
  },
  'feeds.duplicate_user': {
    en: 'The user “{value}” is already in line {first_line} of the file. Only the first record was taken.',
    de: 'Der Benutzer „{value}“ steht schon in Zeile {first_line} der Datei. Nur der erste Datensatz wurde übernommen.',
  },
  'feeds.identifier_taken': {
    en: '“{value}” already leads to the user {holder}. A value can belong to one user only.',
    de: '„{value}“ führt bereits zum Benutzer {holder}. Ein Wert kann nur zu einem Benutzer gehören.',
  },
  'feeds.identifier_twice': {
    en: '“{value}” is also in the record of line {first_line}. A value can belong to one user only.',
    de: '„{value}“ steht auch im Datensatz von Zeile {first_line}. Ein Wert kann nur zu einem Benutzer gehören.',
  },
  'feeds.external_id_missing': {
    en: 'An external user needs an external id: the code of the feed that owns the record.',
    de: 'Ein externer Benutzer braucht eine externe Kennung: den Code des Zulieferers, dem der Datensatz gehört.',
  },
  'feeds.external_id_unwanted': {
    en: 'Only external users have an external id; here it is “{value}”.',
    de: 'Nur externe Benutzer haben eine externe Kennung; hier steht „{value}“.',
  },
  'feeds.account_type_change': {
    en: 'An import does not make an external user {value}. Use the change of account type in a job, which also sees to the password.',
    de: 'Ein Import macht einen externen Benutzer nicht zu {value}. Dafür gibt es die Änderung des Kontotyps in einem Prozess, die sich auch um das Passwort kümmert.',
  },
  'feeds.own_record': {
    en: 'This is your own record; an import of yours does not change it.',
    de: 'Das ist Ihr eigener Datensatz; ein Import von Ihnen ändert ihn nicht.',
  },
  'feeds.user_not_yours': {
    en: '“{value}” has a role that outranks yours, so you may not edit this user.',
    de: '„{value}“ hat eine Rolle, die über Ihren steht; diesen Benutzer dürfen Sie nicht bearbeiten.',
  },
  'feeds.role_not_yours': {
    en: 'You may not give the role {value}: it outranks your own.',
    de: 'Die Rolle {value} dürfen Sie nicht vergeben: Sie steht über Ihren eigenen.',
  },
  // Told beside the result; nothing is left out because of them.
  'feeds.warn_unknown_field': {
    en: '{field} is not known and was left out; it occurs {count} times',
    de: '{field} ist nicht bekannt und wurde ausgelassen; es kommt {count} Mal vor',
  },
  'feeds.warn_unread_column': {
    en: 'The column {field} is not in the mapping and was left out',
    de: 'Die Spalte {field} steht nicht in der Zuordnung und wurde ausgelassen',
  },
  'feeds.warn_password': {
    en: 'Passwords of {count} users were left out: only internal accounts have one here',
    de: 'Passwörter von {count} Benutzern wurden ausgelassen: nur interne Konten haben hier eines',
  },
  // Words inside the sentences above.
  'feeds.word_date': { en: 'a date like 2027-09-30', de: 'ein Datum wie 2027-09-30' },
  'feeds.word_instant': { en: 'a time like 2027-09-30T12:00:00Z', de: 'ein Zeitpunkt wie 2027-09-30T12:00:00Z' },
  'feeds.word_integer': { en: 'a whole number of at least 0', de: 'eine ganze Zahl ab 0' },
  'feeds.word_amount': { en: 'an amount like 12.50', de: 'ein Betrag wie 12.50' },
  'feeds.word_nul': { en: 'a NUL character', de: 'ein NUL-Zeichen' },
  'feeds.word_surrogate': { en: 'half a character (an unpaired surrogate)', de: 'ein halbes Zeichen (ein einzelnes Surrogat)' },
  'feeds.stage_read': { en: 'Reading the file', de: 'Datei lesen' },
  'feeds.stage_merge': { en: 'Merging', de: 'Einarbeiten' },
  'feeds.stage_write': { en: 'Writing', de: 'Schreiben' },
} as const satisfies Catalogue;
