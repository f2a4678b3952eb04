/**
 * How a record looks in Alma's user JSON and XML, field by field, in Alma's order. Import, export and
 * both notations are made from this; the names on the right are those of `users/record.ts`.
 * Source: Alma's public user schema (rest_user.xsd) and recorded answers.
 */
import { CHILD_TABLES, type ChildTable, type ChildTableName, type Field, SCALARS, type ScalarName } from '../users/index.ts';

/**
 * `coded`: `{ value, desc }`, in XML an element with a `desc` attribute. `codes`: a list of those.
 * `plain`: text, number or boolean as it is.
 */
export type AlmaKind = 'plain' | 'coded' | 'codes' | 'parameters';

export interface AlmaField {
  readonly alma: string;
  readonly field: Field;
  readonly kind: AlmaKind;
  /** Written as an attribute in XML. */
  readonly attribute?: boolean;
  /** What an empty value looks like: left out, `""`, `null`; for coded fields both members. */
  readonly empty: 'absent' | 'text' | 'null';
  /** Element around a list's elements in XML. */
  readonly wrapper?: string;
}

export interface AlmaList {
  readonly alma: string;
  readonly wrapper: string;
  /** Inside `contact_info`. */
  readonly contact: boolean;
  readonly table: ChildTable;
  readonly fields: readonly AlmaField[];
}

type Options = Omit<Partial<AlmaField>, 'alma' | 'field'>;

function scalarField(name: ScalarName, options: Options = {}): AlmaField {
  const field = SCALARS.find((f) => f.name === name);
  if (field === undefined) throw new Error(`There is no scalar ${name}.`);
  return { alma: name, field, kind: field.type === 'code' ? 'coded' : 'plain', empty: 'text', ...options };
}

/** Scalars in Alma's order; what the notation has besides comes in between (see to-alma.ts). */
export const ALMA_SCALARS: readonly AlmaField[] = [
  scalarField('record_type'),
  scalarField('primary_id'),
  scalarField('first_name'),
  scalarField('middle_name'),
  scalarField('last_name'),
  scalarField('user_title'),
  scalarField('job_category'),
  scalarField('job_description'),
  scalarField('gender'),
  scalarField('user_group'),
  scalarField('campus_code'),
  scalarField('web_site_url'),
  scalarField('cataloger_level'),
  scalarField('preferred_language'),
  scalarField('birth_date', { empty: 'absent' }),
  scalarField('expiry_date', { empty: 'absent' }),
  scalarField('purge_date', { empty: 'absent' }),
  scalarField('account_type'),
  scalarField('external_id'),
  scalarField('force_password_change'),
  scalarField('status'),
  scalarField('status_date', { empty: 'absent' }),
  scalarField('last_patron_activity_date', { empty: 'absent' }),
  scalarField('pref_first_name'),
  scalarField('pref_middle_name'),
  scalarField('pref_last_name'),
  scalarField('pref_name_suffix'),
  scalarField('is_researcher', { empty: 'absent' }),
  scalarField('linking_id', { empty: 'absent' }),
  scalarField('source_link_id', { empty: 'absent' }),
  scalarField('source_institution_code', { empty: 'absent' }),
];

/** Counts: `{ value, link }`, or null where nothing is known. */
export const ALMA_COUNTS = ['requests', 'loans', 'fees'] as const;

/** What answers carry and imports pass over: derived, or kept by Muster itself. */
export const OUTPUT_ONLY: ReadonlySet<string> = new Set([
  'link',
  'full_name',
  'proxy_for_user',
  'researcher',
  'created_by',
  'created_date',
  'last_modified_by',
  'last_modified_date',
  'held_fields',
]);

/** Never read from a record: they are set by hashing, and given back empty. */
export const SECRETS = ['password', 'pin_number'] as const;

function list(
  alma: string,
  wrapper: string,
  tableName: ChildTableName,
  fields: Readonly<Record<string, Options & { readonly alma: string }>>,
  contact = false,
): AlmaList {
  const table = (CHILD_TABLES as readonly ChildTable[]).find((t) => t.table === tableName);
  if (table === undefined) throw new Error(`There is no child table ${tableName}.`);
  return {
    alma,
    wrapper,
    contact,
    table,
    fields: Object.entries(fields).map(([name, options]) => {
      const field = table.fields.find((f) => f.name === name);
      if (field === undefined) throw new Error(`${tableName} has no column ${name}.`);
      const kind: AlmaKind = field.type === 'code' ? 'coded' : field.type === 'codes' ? 'codes' : 'plain';
      return { field, kind, empty: 'absent', ...options };
    }),
  };
}

export const ALMA_LISTS: readonly AlmaList[] = [
  list(
    'address',
    'addresses',
    'user_addresses',
    {
      preferred: { alma: 'preferred', attribute: true, empty: 'null' },
      line1: { alma: 'line1', empty: 'null' },
      line2: { alma: 'line2', empty: 'null' },
      line3: { alma: 'line3', empty: 'null' },
      line4: { alma: 'line4', empty: 'null' },
      line5: { alma: 'line5', empty: 'null' },
      city: { alma: 'city', empty: 'text' },
      state_province: { alma: 'state_province', empty: 'text' },
      postal_code: { alma: 'postal_code', empty: 'text' },
      country: { alma: 'country', empty: 'null' },
      note: { alma: 'address_note', empty: 'text' },
      start_date: { alma: 'start_date' },
      end_date: { alma: 'end_date' },
      types: { alma: 'address_type', wrapper: 'address_types' },
    },
    true,
  ),
  list(
    'email',
    'emails',
    'user_emails',
    {
      preferred: { alma: 'preferred', attribute: true, empty: 'null' },
      address: { alma: 'email_address' },
      description: { alma: 'description', empty: 'null' },
      types: { alma: 'email_type', wrapper: 'email_types' },
    },
    true,
  ),
  list(
    'phone',
    'phones',
    'user_phones',
    {
      preferred: { alma: 'preferred', attribute: true, empty: 'null' },
      preferred_sms: { alma: 'preferred_sms', attribute: true, empty: 'null' },
      number: { alma: 'phone_number' },
      types: { alma: 'phone_type', wrapper: 'phone_types' },
    },
    true,
  ),
  list('user_identifier', 'user_identifiers', 'user_identifiers', {
    type: { alma: 'id_type' },
    value: { alma: 'value' },
    note: { alma: 'note', empty: 'null' },
    status: { alma: 'status', kind: 'plain' },
  }),
  list('user_role', 'user_roles', 'user_roles', {
    status: { alma: 'status' },
    scope: { alma: 'scope' },
    type: { alma: 'role_type' },
    expiry_date: { alma: 'expiry_date' },
    parameters: { alma: 'parameter', kind: 'parameters', wrapper: 'parameters' },
  }),
  list('user_block', 'user_blocks', 'user_blocks', {
    type: { alma: 'block_type' },
    description: { alma: 'block_description' },
    status: { alma: 'block_status', kind: 'plain' },
    note: { alma: 'block_note', empty: 'null' },
    created_by: { alma: 'created_by' },
    created_at: { alma: 'created_date' },
    expiry_date: { alma: 'expiry_date' },
    item_loan_id: { alma: 'item_loan_id' },
  }),
  list('user_note', 'user_notes', 'user_notes', {
    type: { alma: 'note_type' },
    text: { alma: 'note_text' },
    user_viewable: { alma: 'user_viewable' },
    popup: { alma: 'popup_note' },
    created_by: { alma: 'created_by' },
    created_at: { alma: 'created_date' },
  }),
  list('user_statistic', 'user_statistics', 'user_statistics', {
    category: { alma: 'statistic_category' },
    type: { alma: 'category_type' },
    note: { alma: 'statistic_note', empty: 'null' },
  }),
  list('rs_library', 'rs_libraries', 'user_rs_libraries', { code: { alma: 'code' } }),
  list('library_notice', 'library_notices', 'user_letter_preferences', {
    code: { alma: 'code', kind: 'plain' },
    value: { alma: 'value' },
  }),
];

/** Members of a role's parameter and the tables of their codes. Alma never describes the type. */
export const PARAMETER_CODES = [
  { name: 'type', codeTable: 'RoleParameterTypes', described: false },
  { name: 'scope', codeTable: 'Scopes', described: true },
  { name: 'value', codeTable: 'RoleParameterValues', described: true },
] as const;

export type RoleParameter = Readonly<Partial<Record<(typeof PARAMETER_CODES)[number]['name'], string>>>;
