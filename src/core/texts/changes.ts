import type { Catalogue } from './catalogue.ts';

export const changesTexts = {
  'changes.unknown_kind': {
    en: 'There is no change "{kind}". Known: {known}.',
    de: 'Eine Änderung „{kind}“ gibt es nicht. Bekannt: {known}.',
  },
  'changes.invalid': {
    en: 'The plan is not valid. Change {problems}',
    de: 'Der Plan ist nicht gültig. Änderung {problems}',
  },
  'changes.unknown_code': {
    en: 'The plan names codes that do not exist or are retired. Change {problems}',
    de: 'Der Plan nennt Codes, die es nicht gibt oder die außer Gebrauch sind. Änderung {problems}',
  },
  'changes.two_credentials': {
    en: 'The plan resets passwords twice. Keep one of the changes "account_type" (to INTERNAL) and "password".',
    de: 'Der Plan setzt Passwörter zweimal zurück. Behalten Sie eine der Änderungen „account_type“ (auf INTERNAL) und „password“.',
  },
  'changes.no_values': {
    en: 'The plan takes values from columns ({columns}) but names no uploaded value table.',
    de: 'Der Plan nimmt Werte aus Spalten ({columns}), nennt aber keine hochgeladene Wertetabelle.',
  },
  'changes.no_column': {
    en: 'The uploaded table has no column {missing}. It has: {columns}.',
    de: 'Die hochgeladene Tabelle hat keine Spalte {missing}. Sie hat: {columns}.',
  },
  'changes.bad_cells': {
    en: 'Column {column} must hold values of type {type}. Wrong in line {lines}. Nothing was started.',
    de: 'Die Spalte {column} muss Werte vom Typ {type} enthalten. Falsch in Zeile {lines}. Es wurde nichts gestartet.',
  },
  'changes.cells_twice': {
    en: 'Column {column} gives several users the same value, in lines {lines}. Nothing was started.',
    de: 'Die Spalte {column} gibt mehreren Benutzern denselben Wert, in den Zeilen {lines}. Es wurde nichts gestartet.',
  },
  'changes.role_not_grantable': {
    en: 'You may not grant or remove the role {role}: it outranks your own.',
    de: 'Sie dürfen die Rolle {role} weder vergeben noch entziehen: Sie steht über Ihrer eigenen.',
  },
  'changes.undo_together': {
    en: 'The changes {changes} all wrote {field}; they can only be undone together.',
    de: 'Die Änderungen {changes} haben alle {field} geschrieben; sie lassen sich nur zusammen rückgängig machen.',
  },
  'changes.condition_not_met': { en: 'The condition of the change does not hold', de: 'Die Bedingung der Änderung trifft nicht zu' },
  'changes.other_failed': {
    en: 'Another change of the plan fails for this user',
    de: 'Eine andere Änderung des Plans schlägt für diesen Benutzer fehl',
  },
  'changes.no_row': {
    en: 'No row for this user in the uploaded table',
    de: 'Keine Zeile für diesen Benutzer in der hochgeladenen Tabelle',
  },
  'changes.empty_cell': { en: 'The cell is empty', de: 'Die Zelle ist leer' },
  'changes.no_date': { en: 'There is no date to start from', de: 'Es gibt kein Datum, von dem auszugehen ist' },
  'changes.date_out_of_range': {
    en: 'The date would lie outside the years 1 to 9999',
    de: 'Das Datum läge außerhalb der Jahre 1 bis 9999',
  },
  'changes.not_internal': { en: 'Not an internal user', de: 'Kein interner Benutzer' },
  'changes.identifier_taken': {
    en: 'The identifier already leads to another user',
    de: 'Die Kennung führt schon zu einem anderen Benutzer',
  },
  'changes.constraint': {
    en: 'The database refused the result: a rule of the record would be broken',
    de: 'Die Datenbank hat das Ergebnis abgelehnt: Eine Regel des Datensatzes wäre verletzt',
  },
  'changes.impossible_value': { en: 'The result is not a possible value', de: 'Das Ergebnis ist kein möglicher Wert' },
  'changes.not_permitted': { en: 'The author may not edit this user', de: 'Der Verfasser darf diesen Benutzer nicht bearbeiten' },
  'changes.moved_strict': {
    en: 'Changed by somebody else since the preview, and the plan is strict',
    de: 'Seit der Vorschau von anderer Seite geändert, und der Plan ist streng',
  },
  'changes.protected_field': {
    en: 'A protected field of an external user: held against the feed',
    de: 'Geschütztes Feld eines externen Benutzers: wird gegen die Zulieferung festgehalten',
  },
  'changes.not_external': { en: 'Not an external user', de: 'Kein externer Benutzer' },
  'changes.not_held': {
    en: 'None of these fields is held against the feed',
    de: 'Keines dieser Felder wird gegen den Abgleich festgehalten',
  },
  'changes.feed_value_unknown': {
    en: 'What the feed says is not known for all of these fields: those keep their value until the feed sends one',
    de: 'Nicht von allen diesen Feldern ist bekannt, was der Abgleich sagt: Diese behalten ihren Wert, bis er einen sendet',
  },
  'changes.purge_before_expiry': { en: 'The purge date would lie before the expiry date', de: 'Das Löschdatum läge vor dem Ablaufdatum' },
  'changes.credentials_pending': {
    en: 'No letter is sent: no password works until a link, a desk slip or a later letter',
    de: 'Es geht kein Brief hinaus: Bis zu einem Link, einem Zettel an der Theke oder einem späteren Brief gilt kein Passwort',
  },
  'changes.role_needs_parameter': {
    en: 'The role needs a parameter (desk or service unit)',
    de: 'Die Rolle braucht einen Parameter (Theke oder Dienststelle)',
  },
} as const satisfies Catalogue;
