/** A user's record as the server shows it, and how its rows are named in changes. */
import type { FilterCatalogue, Output } from '../../../api/index.ts';

export type UserRecord = Output<'users.record'>;
export type RecordRow = UserRecord['rows'][string][number];
export type CatalogueField = FilterCatalogue['fields'][number];
export type Change = Readonly<Record<string, unknown>>;

/** Fields of the record that stand together. What the library has none of is shown only while editing. */
export const SECTIONS = {
  person: [
    'first_name',
    'middle_name',
    'last_name',
    'pref_first_name',
    'pref_middle_name',
    'pref_last_name',
    'pref_name_suffix',
    'user_title',
    'gender',
    'birth_date',
    'job_category',
    'job_description',
    'is_researcher',
    'web_site_url',
  ],
  account: [
    'status',
    'record_type',
    'account_type',
    'external_id',
    'user_group',
    'campus_code',
    'expiry_date',
    'purge_date',
    'credential_state',
    'force_password_change',
    'cataloger_level',
    'status_date',
    'last_patron_activity_date',
    'absent_since',
    'created_at',
    'created_by',
    'modified_at',
    'modified_by',
  ],
  letters: ['preferred_language', 'preferred_channel'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Section = keyof typeof SECTIONS;

/** Shown though they are empty. */
export const ALWAYS: readonly string[] = [
  'first_name',
  'last_name',
  'birth_date',
  'user_group',
  'expiry_date',
  'purge_date',
  'status',
  'account_type',
  'preferred_language',
  'preferred_channel',
];

export function nameOf({ fields, primary_id }: UserRecord): string {
  return [fields['first_name'], fields['last_name']].filter((part) => typeof part === 'string' && part !== '').join(' ') || primary_id;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What says of a row that it is this one: all that is told of it, in the words of a change's match. */
export function matchOf(row: RecordRow, fields: readonly CatalogueField[]): Change {
  const match: Record<string, unknown> = row.segment === null ? {} : { segment: row.segment };
  for (const { name, type } of fields) {
    if (name === 'segment') continue;
    const value = row.values[name];
    const none = value === null || value === undefined || value === '';
    if (type === 'text' && none) match[`${name}_empty`] = true;
    else if (type === 'date') Object.assign(match, none ? { [`${name}_empty`]: true } : { [name]: value });
    else if (type === 'codes') Object.assign(match, Array.isArray(value) && value.length > 0 ? { [name]: String(value[0]) } : {});
    else if ((type === 'text' || type === 'code' || type === 'boolean') && !none) match[name] = value;
  }
  return match;
}

/** Set by Muster itself. */
const NOT_GIVEN = ['created_by', 'created_at', 'item_loan_id', 'segment', 'parameters'];

export function givenFields(fields: readonly CatalogueField[]): readonly CatalogueField[] {
  return fields.filter(({ name }) => !NOT_GIVEN.includes(name));
}

export function isActiveBlock({ values }: RecordRow): boolean {
  const ends = textOf(values['expiry_date']);
  return values['status'] === 'ACTIVE' && (ends === '' || Date.parse(ends) > Date.now());
}
