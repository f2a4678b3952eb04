/**
 * The user's record, described once: every scalar column and every child table with its columns,
 * their types, code tables and labels. Filters, changes, import, export, history and the forms are
 * derived from this. Field names and protection follow the public schema of Alma's user record.
 */

export type FieldType = 'text' | 'code' | 'date' | 'instant' | 'boolean' | 'integer' | 'amount' | 'codes' | 'json';

export interface Field {
  /** Column, filter field and plan field: one name everywhere. */
  readonly name: string;
  readonly type: FieldType;
  readonly label: { readonly en: string; readonly de: string };
  /** Code table that lists the values of a `code` field. */
  readonly codeTable?: string;
  /** Longest value in characters; longer ones are refused. */
  readonly maxLength?: number;
  readonly required?: boolean;
}

export interface ScalarField extends Field {
  /** Name in Alma's wire format, where it is not `name`. */
  readonly alma?: string;
  /** Kept by the library against its feed when set by hand or by a run (external users). */
  readonly protected?: boolean;
  /** Who writes it: a change, or only Muster itself. */
  readonly writable: boolean;
}

export interface ChildTable {
  /** Database table. */
  readonly table: ChildTableName;
  /** Name in filters and plans, singular: `has block(…)`, `{ "change": "block", … }`. */
  readonly name: string;
  readonly label: { readonly en: string; readonly de: string };
  /** Rows carry `segment` (Internal / External). */
  readonly segmented: boolean;
  /** Columns beside id, user_id and segment. */
  readonly fields: readonly Field[];
  /** Columns that say whether two rows are the same content (a second such row is not added). */
  readonly identity: readonly string[];
}

export type ChildTableName =
  | 'user_identifiers'
  | 'user_addresses'
  | 'user_emails'
  | 'user_phones'
  | 'user_notes'
  | 'user_blocks'
  | 'user_roles'
  | 'user_statistics'
  | 'user_rs_libraries'
  | 'user_letter_preferences';

const NAME = 255;

export const SCALARS = [
  {
    name: 'primary_id',
    type: 'text',
    label: { en: 'Primary id', de: 'Primäre Kennung' },
    maxLength: NAME,
    required: true,
    writable: false,
  },
  {
    name: 'record_type',
    type: 'code',
    label: { en: 'Record type', de: 'Datensatztyp' },
    codeTable: 'RecordTypes',
    required: true,
    writable: true,
  },
  {
    name: 'account_type',
    type: 'code',
    label: { en: 'Account type', de: 'Kontotyp' },
    codeTable: 'AccountTypes',
    required: true,
    writable: true,
  },
  {
    name: 'external_id',
    type: 'text',
    label: { en: 'External id (feed)', de: 'Externe Kennung (Zulieferer)' },
    maxLength: NAME,
    writable: true,
  },
  { name: 'status', type: 'code', label: { en: 'Status', de: 'Status' }, codeTable: 'UserStatus', required: true, writable: true },
  { name: 'status_date', type: 'date', label: { en: 'Status date', de: 'Statusdatum' }, writable: false },
  { name: 'first_name', type: 'text', label: { en: 'First name', de: 'Vorname' }, maxLength: NAME, writable: true },
  { name: 'middle_name', type: 'text', label: { en: 'Middle name', de: 'Zweiter Vorname' }, maxLength: NAME, writable: true },
  { name: 'last_name', type: 'text', label: { en: 'Last name', de: 'Nachname' }, maxLength: NAME, writable: true },
  {
    name: 'pref_first_name',
    type: 'text',
    label: { en: 'Preferred first name', de: 'Bevorzugter Vorname' },
    maxLength: NAME,
    protected: true,
    writable: true,
  },
  {
    name: 'pref_middle_name',
    type: 'text',
    label: { en: 'Preferred middle name', de: 'Bevorzugter zweiter Vorname' },
    maxLength: NAME,
    protected: true,
    writable: true,
  },
  {
    name: 'pref_last_name',
    type: 'text',
    label: { en: 'Preferred last name', de: 'Bevorzugter Nachname' },
    maxLength: NAME,
    protected: true,
    writable: true,
  },
  { name: 'pref_name_suffix', type: 'text', label: { en: 'Name suffix', de: 'Namenszusatz' }, maxLength: NAME, writable: true },
  { name: 'user_title', type: 'code', label: { en: 'User title', de: 'Anrede' }, codeTable: 'UserTitles', protected: true, writable: true },
  { name: 'gender', type: 'code', label: { en: 'Gender', de: 'Geschlecht' }, codeTable: 'Genders', writable: true },
  { name: 'birth_date', type: 'date', label: { en: 'Birth date', de: 'Geburtsdatum' }, writable: true },
  { name: 'expiry_date', type: 'date', label: { en: 'Expiry date', de: 'Ablaufdatum' }, writable: true },
  { name: 'purge_date', type: 'date', label: { en: 'Purge date', de: 'Löschdatum' }, writable: true },
  {
    name: 'user_group',
    type: 'code',
    label: { en: 'User group', de: 'Benutzergruppe' },
    codeTable: 'UserGroups',
    protected: true,
    writable: true,
  },
  { name: 'campus_code', type: 'code', label: { en: 'Campus', de: 'Campus' }, codeTable: 'Campuses', protected: true, writable: true },
  {
    name: 'job_category',
    type: 'code',
    label: { en: 'Job category', de: 'Arbeitsfeld' },
    codeTable: 'JobTitles',
    protected: true,
    writable: true,
  },
  { name: 'job_description', type: 'text', label: { en: 'Job description', de: 'Tätigkeit' }, maxLength: NAME, writable: true },
  {
    name: 'preferred_language',
    type: 'code',
    label: { en: 'Preferred language', de: 'Bevorzugte Sprache' },
    codeTable: 'UserPreferredLanguage',
    protected: true,
    writable: true,
  },
  {
    // Muster's own: Alma has no such field, so it never is on that wire.
    name: 'preferred_channel',
    type: 'code',
    label: { en: 'Preferred channel', de: 'Bevorzugter Versandweg' },
    codeTable: 'LetterChannels',
    writable: true,
  },
  {
    name: 'cataloger_level',
    type: 'code',
    label: { en: 'Cataloger level', de: 'Katalogisierungsstufe' },
    codeTable: 'CatalogerLevel',
    protected: true,
    writable: true,
  },
  { name: 'web_site_url', type: 'text', label: { en: 'Web site', de: 'Webseite' }, maxLength: NAME, writable: true },
  { name: 'is_researcher', type: 'boolean', label: { en: 'Researcher', de: 'Forschende Person' }, writable: true },
  {
    name: 'force_password_change',
    type: 'boolean',
    label: { en: 'Password change at next sign-in', de: 'Passwort bei nächster Anmeldung ändern' },
    required: true,
    writable: true,
  },
  { name: 'last_patron_activity_date', type: 'date', label: { en: 'Last activity', de: 'Letzte Aktivität' }, writable: false },
  {
    // Muster's own, written by the feed that owns the user; on no wire and in no import.
    name: 'absent_since',
    type: 'date',
    label: { en: 'Absent from the feed since', de: 'Fehlt im Abgleich seit' },
    writable: false,
  },
  { name: 'linking_id', type: 'text', label: { en: 'Linking id', de: 'Verknüpfungskennung' }, maxLength: NAME, writable: false },
  { name: 'source_link_id', type: 'text', label: { en: 'Source link id', de: 'Kennung der Quelle' }, maxLength: NAME, writable: false },
  {
    name: 'source_institution_code',
    type: 'text',
    label: { en: 'Source institution', de: 'Quelleinrichtung' },
    maxLength: NAME,
    writable: false,
  },
  { name: 'loans', type: 'integer', label: { en: 'Loans', de: 'Ausleihen' }, writable: false },
  { name: 'requests', type: 'integer', label: { en: 'Requests', de: 'Bestellungen' }, writable: false },
  { name: 'fees', type: 'amount', label: { en: 'Fees', de: 'Gebühren' }, writable: false },
  { name: 'circulation_on', type: 'date', label: { en: 'Circulation as of', de: 'Stand der Ausleihdaten' }, writable: false },
  {
    name: 'credential_state',
    type: 'code',
    label: { en: 'Password', de: 'Passwort' },
    codeTable: 'CredentialStates',
    required: true,
    writable: false,
  },
  { name: 'created_at', type: 'instant', label: { en: 'Created', de: 'Angelegt' }, writable: false },
  { name: 'created_by', type: 'text', label: { en: 'Created by', de: 'Angelegt von' }, writable: false },
  { name: 'modified_at', type: 'instant', label: { en: 'Modified', de: 'Geändert' }, writable: false },
  { name: 'modified_by', type: 'text', label: { en: 'Modified by', de: 'Geändert von' }, writable: false },
] as const satisfies readonly ScalarField[];

export type ScalarName = (typeof SCALARS)[number]['name'];

const PREFERRED: Field = { name: 'preferred', type: 'boolean', label: { en: 'Preferred', de: 'Bevorzugt' } };

export const CHILD_TABLES = [
  {
    table: 'user_identifiers',
    name: 'identifier',
    label: { en: 'Identifier', de: 'Kennung' },
    segmented: true,
    fields: [
      { name: 'type', type: 'code', label: { en: 'Type', de: 'Typ' }, codeTable: 'UserIdentifierTypes', required: true },
      { name: 'value', type: 'text', label: { en: 'Value', de: 'Wert' }, maxLength: NAME, required: true },
      { name: 'note', type: 'text', label: { en: 'Note', de: 'Notiz' }, maxLength: 2000 },
      { name: 'status', type: 'code', label: { en: 'Status', de: 'Status' }, codeTable: 'UserStatus', required: true },
    ],
    identity: ['type', 'value'],
  },
  {
    table: 'user_addresses',
    name: 'address',
    label: { en: 'Address', de: 'Adresse' },
    segmented: true,
    fields: [
      PREFERRED,
      { name: 'line1', type: 'text', label: { en: 'Line 1', de: 'Zeile 1' }, maxLength: NAME },
      { name: 'line2', type: 'text', label: { en: 'Line 2', de: 'Zeile 2' }, maxLength: NAME },
      { name: 'line3', type: 'text', label: { en: 'Line 3', de: 'Zeile 3' }, maxLength: NAME },
      { name: 'line4', type: 'text', label: { en: 'Line 4', de: 'Zeile 4' }, maxLength: NAME },
      { name: 'line5', type: 'text', label: { en: 'Line 5', de: 'Zeile 5' }, maxLength: NAME },
      { name: 'city', type: 'text', label: { en: 'City', de: 'Ort' }, maxLength: NAME },
      { name: 'state_province', type: 'text', label: { en: 'State or province', de: 'Bundesland' }, maxLength: NAME },
      { name: 'postal_code', type: 'text', label: { en: 'Postal code', de: 'Postleitzahl' }, maxLength: NAME },
      { name: 'country', type: 'code', label: { en: 'Country', de: 'Land' }, codeTable: 'CountryCodes' },
      { name: 'note', type: 'text', label: { en: 'Note', de: 'Notiz' }, maxLength: 2000 },
      { name: 'start_date', type: 'date', label: { en: 'From', de: 'Von' } },
      { name: 'end_date', type: 'date', label: { en: 'Until', de: 'Bis' } },
      { name: 'types', type: 'codes', label: { en: 'Types', de: 'Typen' }, codeTable: 'AddressTypes', required: true },
    ],
    identity: ['line1', 'line2', 'line3', 'line4', 'line5', 'city', 'state_province', 'postal_code', 'country', 'types'],
  },
  {
    table: 'user_emails',
    name: 'email',
    label: { en: 'E-mail', de: 'E-Mail' },
    segmented: true,
    fields: [
      PREFERRED,
      { name: 'address', type: 'text', label: { en: 'Address', de: 'Adresse' }, maxLength: NAME, required: true },
      { name: 'description', type: 'text', label: { en: 'Description', de: 'Beschreibung' }, maxLength: NAME },
      { name: 'types', type: 'codes', label: { en: 'Types', de: 'Typen' }, codeTable: 'EmailTypes', required: true },
    ],
    identity: ['address'],
  },
  {
    table: 'user_phones',
    name: 'phone',
    label: { en: 'Phone', de: 'Telefon' },
    segmented: true,
    fields: [
      PREFERRED,
      { name: 'preferred_sms', type: 'boolean', label: { en: 'Preferred for SMS', de: 'Bevorzugt für SMS' } },
      { name: 'number', type: 'text', label: { en: 'Number', de: 'Nummer' }, maxLength: NAME, required: true },
      { name: 'types', type: 'codes', label: { en: 'Types', de: 'Typen' }, codeTable: 'PhoneTypes', required: true },
    ],
    identity: ['number'],
  },
  {
    table: 'user_notes',
    name: 'note',
    label: { en: 'Note', de: 'Notiz' },
    segmented: true,
    fields: [
      { name: 'type', type: 'code', label: { en: 'Type', de: 'Typ' }, codeTable: 'NoteTypes', required: true },
      { name: 'text', type: 'text', label: { en: 'Text', de: 'Text' }, maxLength: 2000, required: true },
      { name: 'user_viewable', type: 'boolean', label: { en: 'Shown to the user', de: 'Für Benutzer sichtbar' }, required: true },
      { name: 'popup', type: 'boolean', label: { en: 'Pop-up', de: 'Pop-up' }, required: true },
      { name: 'created_by', type: 'text', label: { en: 'Created by', de: 'Angelegt von' } },
      { name: 'created_at', type: 'instant', label: { en: 'Created', de: 'Angelegt' }, required: true },
    ],
    identity: ['type', 'text'],
  },
  {
    table: 'user_blocks',
    name: 'block',
    label: { en: 'Block', de: 'Sperre' },
    segmented: true,
    fields: [
      { name: 'type', type: 'code', label: { en: 'Type', de: 'Typ' }, codeTable: 'UserBlockTypes', required: true },
      {
        name: 'description',
        type: 'code',
        label: { en: 'Description', de: 'Beschreibung' },
        codeTable: 'UserBlockDescription',
        required: true,
      },
      { name: 'status', type: 'code', label: { en: 'Status', de: 'Status' }, codeTable: 'UserStatus', required: true },
      { name: 'note', type: 'text', label: { en: 'Note', de: 'Notiz' }, maxLength: 2000 },
      { name: 'expiry_date', type: 'instant', label: { en: 'Expiry date', de: 'Ablaufdatum' } },
      { name: 'item_loan_id', type: 'text', label: { en: 'Item loan', de: 'Ausleihe' }, maxLength: NAME },
      { name: 'created_by', type: 'text', label: { en: 'Created by', de: 'Angelegt von' } },
      { name: 'created_at', type: 'instant', label: { en: 'Created', de: 'Angelegt' }, required: true },
    ],
    identity: ['type', 'description', 'status', 'note', 'expiry_date', 'item_loan_id'],
  },
  {
    table: 'user_roles',
    name: 'role',
    label: { en: 'Role', de: 'Rolle' },
    segmented: false,
    fields: [
      { name: 'type', type: 'code', label: { en: 'Role', de: 'Rolle' }, codeTable: 'UserRoles', required: true },
      { name: 'scope', type: 'code', label: { en: 'Scope', de: 'Geltungsbereich' }, codeTable: 'Scopes', required: true },
      { name: 'status', type: 'code', label: { en: 'Status', de: 'Status' }, codeTable: 'UserRoleStatus', required: true },
      { name: 'expiry_date', type: 'date', label: { en: 'Expiry date', de: 'Ablaufdatum' } },
      { name: 'parameters', type: 'json', label: { en: 'Parameters', de: 'Parameter' }, required: true },
      { name: 'created_at', type: 'instant', label: { en: 'Created', de: 'Angelegt' }, required: true },
    ],
    identity: ['type', 'scope', 'parameters'],
  },
  {
    table: 'user_statistics',
    name: 'statistic',
    label: { en: 'Statistic', de: 'Statistik' },
    segmented: true,
    fields: [
      { name: 'category', type: 'code', label: { en: 'Category', de: 'Kategorie' }, codeTable: 'UserStatCategories', required: true },
      { name: 'type', type: 'code', label: { en: 'Type', de: 'Typ' }, codeTable: 'UserStatisticalTypes' },
      { name: 'note', type: 'text', label: { en: 'Note', de: 'Notiz' }, maxLength: 2000 },
    ],
    identity: ['category', 'type', 'note'],
  },
  {
    table: 'user_rs_libraries',
    name: 'rs_library',
    label: { en: 'Resource-sharing library', de: 'Fernleihbibliothek' },
    segmented: false,
    fields: [{ name: 'code', type: 'code', label: { en: 'Library', de: 'Bibliothek' }, codeTable: 'Libraries', required: true }],
    identity: ['code'],
  },
  {
    table: 'user_letter_preferences',
    name: 'letter_preference',
    label: { en: 'Letter preference', de: 'Briefwunsch' },
    segmented: false,
    fields: [
      { name: 'code', type: 'code', label: { en: 'Letter', de: 'Brief' }, codeTable: 'LibraryNotices', required: true },
      { name: 'value', type: 'boolean', label: { en: 'Wanted', de: 'Erwünscht' }, required: true },
    ],
    identity: ['code'],
  },
] as const satisfies readonly ChildTable[];

/** Fields of external users that a library may hold against the feed (Alma's "protected" fields). */
export const PROTECTED_SCALARS: readonly ScalarField[] = (SCALARS as readonly ScalarField[]).filter((f) => f.protected === true);

export function scalar(name: string): ScalarField | undefined {
  return (SCALARS as readonly ScalarField[]).find((f) => f.name === name);
}

export function childTable(name: string): ChildTable | undefined {
  return (CHILD_TABLES as readonly ChildTable[]).find((t) => t.name === name || t.table === name);
}

/** The PostgreSQL type of a field's column. */
export const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'text',
  code: 'text',
  date: 'date',
  instant: 'timestamptz',
  boolean: 'boolean',
  integer: 'integer',
  amount: 'numeric',
  codes: 'text[]',
  json: 'jsonb',
};
