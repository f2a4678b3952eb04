import type { Catalogue } from './catalogue.ts';

/** Roles, rights, role profiles and rules, settings. */
export const rolesTexts = {
  'access.group.birth_date': { en: 'Birth date', de: 'Geburtsdatum' },
  'access.group.notes': { en: 'Notes', de: 'Notizen' },
  'access.group.addresses': { en: 'Addresses', de: 'Adressen' },
  'access.group.letters': { en: 'Letter preferences', de: 'Briefeinstellungen' },
  'access.unknown_role': {
    en: 'There is no role “{role}”. “muster access roles” lists those that may do something.',
    de: 'Es gibt keine Rolle „{role}“. „muster access roles“ zeigt die, die etwas dürfen.',
  },
  'access.role_above': {
    en: 'The role {role} is not yours to give, so what it may do is not yours to change.',
    de: 'Die Rolle {role} dürfen Sie nicht vergeben, also auch nicht ändern, was sie darf.',
  },
  'access.more_than_own': {
    en: 'Nobody gives a role more than they have themselves; you do not have: {what}.',
    de: 'Niemand gibt einer Rolle mehr, als er selbst hat; Ihnen fehlt: {what}.',
  },
  'access.administrator_role': {
    en: 'The role General System Administrator keeps the privilege {privilege}; without it nobody could give rights any more.',
    de: 'Die Rolle Allgemeiner Systemadministrator behält das Recht {privilege}; sonst könnte niemand mehr Rechte vergeben.',
  },
  'access.own_rights': {
    en: 'This would take your own privilege {privilege} away; nobody shuts themselves out.',
    de: 'Damit verlören Sie selbst das Recht {privilege}; niemand sperrt sich selbst aus.',
  },
  'access.last_administrator': {
    en: 'This would take away the last General System Administrator who can sign in ({users}). Give somebody else the role first.',
    de: 'Damit ginge der letzte Allgemeine Systemadministrator verloren, der sich anmelden kann ({users}). Geben Sie die Rolle zuerst jemand anderem.',
  },
  'access.field_closed': {
    en: 'These fields are closed to your roles: {groups}.',
    de: 'Diese Felder sind für Ihre Rollen geschlossen: {groups}.',
  },
  'access.bad_cursor': {
    en: '“{cursor}” is not where a page of this report begins; take the “next” of the page before.',
    de: '„{cursor}“ ist kein Anfang einer Seite dieses Berichts; nehmen Sie „next“ der Seite davor.',
  },
  'access.unknown_setting': {
    en: 'There is no setting “{name}”. Known: {known}.',
    de: 'Es gibt keine Einstellung „{name}“. Bekannt: {known}.',
  },
  'access.profile_not_found': {
    en: 'There is no role profile “{name}”.',
    de: 'Es gibt kein Rollenprofil „{name}“.',
  },
  'access.profile_exists': {
    en: 'There is a role profile “{name}” already.',
    de: 'Es gibt schon ein Rollenprofil „{name}“.',
  },
  'access.profile_in_use': {
    en: 'The role profile “{name}” is given by rules ({rules}); change those first.',
    de: 'Das Rollenprofil „{name}“ wird von Regeln vergeben ({rules}); ändern Sie zuerst diese.',
  },
  'access.unknown_code': {
    en: '{table} has no code “{code}” in use.',
    de: '{table} hat keinen gültigen Code „{code}“.',
  },
  'access.rule_not_found': {
    en: 'There is no role assignment rule “{name}”.',
    de: 'Es gibt keine Rollenzuweisungsregel „{name}“.',
  },
  'access.rule_exists': {
    en: 'There is a role assignment rule “{name}” already.',
    de: 'Es gibt schon eine Rollenzuweisungsregel „{name}“.',
  },
  'access.default_rule_exists': {
    en: 'There is a default rule already: “{name}”.',
    de: 'Es gibt schon eine Standardregel: „{name}“.',
  },
  'access.rule_condition': {
    en: 'A rule has a condition, or it is the default rule; not both, and not neither.',
    de: 'Eine Regel hat eine Bedingung, oder sie ist die Standardregel; nicht beides und nicht keins von beiden.',
  },
  'changes.field_closed': {
    en: 'The plan writes fields, or asks for fields, that are closed to your roles: {groups}.',
    de: 'Der Plan ändert Felder oder fragt nach Feldern, die für Ihre Rollen geschlossen sind: {groups}.',
  },
  'runs.last_administrator': {
    en: 'The last administrator who can sign in',
    de: 'Der letzte Administrator, der sich anmelden kann',
  },
  'feeds.last_administrator': {
    en: 'This record would take away the last General System Administrator who can sign in.',
    de: 'Dieser Datensatz nähme den letzten Allgemeinen Systemadministrator weg, der sich anmelden kann.',
  },
  'feeds.field_closed': {
    en: 'The record carries a field that is closed to your roles ({value}).',
    de: 'Der Datensatz enthält ein Feld, das für Ihre Rollen geschlossen ist ({value}).',
  },
  'feeds.warn_rule_roles': {
    en: 'The role assignment rules would have given {count} roles that are not yours to give; they were left out.',
    de: 'Die Rollenzuweisungsregeln hätten {count} Rollen vergeben, die Sie nicht vergeben dürfen; sie wurden weggelassen.',
  },
  'cli.group.access': { en: 'Who may do what: roles, profiles, rules, keys', de: 'Wer was darf: Rollen, Profile, Regeln, Schlüssel' },
  'cli.group.profiles': { en: 'Role profiles: named lists of roles', de: 'Rollenprofile: benannte Listen von Rollen' },
  'cli.group.rules': { en: 'Role assignment rules: who gets which profiles', de: 'Rollenzuweisungsregeln: wer welche Profile bekommt' },
  'cli.group.settings': { en: 'The library’s settings', de: 'Einstellungen der Bibliothek' },
  'cli.access.privileges': { en: 'Privileges', de: 'Rechte' },
  'cli.access.grants': { en: 'Gives and takes away', de: 'Vergibt und entzieht' },
  'cli.access.closed': { en: 'Closed fields', de: 'Geschlossene Felder' },
  'cli.access.grants_all': { en: 'all roles', de: 'alle Rollen' },
  'cli.access.grants_all_but': { en: 'all roles but {roles}', de: 'alle Rollen außer {roles}' },
  'cli.access.grants_none': { en: 'no role', de: 'keine Rolle' },
  'cli.access.role': { en: 'Role', de: 'Rolle' },
  'cli.access.scope': { en: 'Scope', de: 'Geltungsbereich' },
  'cli.access.ends': { en: 'Ends', de: 'Endet' },
  'cli.access.role_status': { en: 'Status', de: 'Status' },
  'cli.access.roles': { en: 'Roles', de: 'Rollen' },
  'cli.access.profiles': { en: 'Profiles', de: 'Profile' },
  'cli.access.condition': { en: 'Condition', de: 'Bedingung' },
  'cli.access.default_rule': { en: 'otherwise (default rule)', de: 'sonst (Standardregel)' },
  'cli.access.enabled': { en: 'In use', de: 'Aktiv' },
  'cli.access.changed_role': { en: 'The role {role} was changed.', de: 'Die Rolle {role} wurde geändert.' },
  'cli.access.give': { en: 'Privileges to add, separated by commas', de: 'Rechte, die dazukommen, durch Kommas getrennt' },
  'cli.access.take': { en: 'Privileges to take away', de: 'Rechte, die wegfallen' },
  'cli.access.may_grant': {
    en: 'Roles it may give: "all", "none", "all but 26,50", or a list',
    de: 'Rollen, die sie vergeben darf: „all“, „none“, „all but 26,50“ oder eine Liste',
  },
  'cli.access.close': {
    en: 'Groups of fields closed to it: birth_date, notes, addresses, letters, or "none"',
    de: 'Feldgruppen, die ihr verschlossen sind: birth_date, notes, addresses, letters oder „none“',
  },
  'cli.access.saved': { en: 'Saved: {name}.', de: 'Gespeichert: {name}.' },
  'cli.access.deleted': { en: 'Deleted: {name}.', de: 'Gelöscht: {name}.' },
  'cli.access.roles_file': {
    en: 'JSON file with the roles: a list of objects with type and, if need be, scope, parameters, expiry_date ("today + 1 year")',
    de: 'JSON-Datei mit den Rollen: eine Liste von Objekten mit type und bei Bedarf scope, parameters, expiry_date ("today + 1 year")',
  },
  'cli.access.roles_list': { en: 'Roles by code, separated by commas', de: 'Rollen nach Code, durch Kommas getrennt' },
  'cli.access.when': { en: 'Condition (filter); without it the default rule', de: 'Bedingung (Filter); ohne sie die Standardregel' },
  'cli.access.gives': { en: 'Profiles that the rule gives, separated by commas', de: 'Profile, die die Regel gibt, durch Kommas getrennt' },
  'cli.access.position': { en: 'Place in the order; the first that fits counts', de: 'Platz in der Reihenfolge; die erste passende zählt' },
  'cli.access.off': { en: 'Not in use', de: 'Nicht aktiv' },
  'cli.access.on': { en: 'In use again', de: 'Wieder aktiv' },
  'cli.access.rename': { en: 'New name', de: 'Neuer Name' },
  'cli.access.status': { en: 'Only roles of this status', de: 'Nur Rollen dieses Status' },
  'cli.access.only_scope': { en: 'Only roles of this scope', de: 'Nur Rollen dieses Geltungsbereichs' },
  'cli.access.only_role': { en: 'Only this role', de: 'Nur diese Rolle' },
  'cli.access.expiring': { en: 'Only roles that end before this date', de: 'Nur Rollen, die vor diesem Tag enden' },
  'cli.access.csv': { en: 'Write all of it as CSV to this file', de: 'Alles als CSV in diese Datei schreiben' },
  'cli.access.holders': { en: '{count} holders of roles', de: '{count} Inhaber von Rollen' },
  'cli.access.csv_written': { en: '{count} lines written to {file}.', de: '{count} Zeilen nach {file} geschrieben.' },
  'cli.settings.setting': { en: 'Setting', de: 'Einstellung' },
  'cli.settings.value': { en: 'Value', de: 'Wert' },
  'cli.settings.default': { en: 'Let the default hold again', de: 'Standard wieder gelten lassen' },
  'cli.settings.saved': { en: '{name} is {value} now.', de: '{name} ist jetzt {value}.' },
} as const satisfies Catalogue;
