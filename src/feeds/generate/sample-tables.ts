import { CopyBuffer } from '../copy-buffer.ts';

/** `keys`: load `user_keys` too, for tables whose triggers are off; null: the triggers do it. */
export interface TableOptions {
  readonly keys: { readonly exempt: ReadonlySet<string> } | null;
}

function makeTables() {
  return {
    users: new CopyBuffer('users', [
      'id',
      'primary_id',
      'record_type',
      'account_type',
      'external_id',
      'status',
      'status_date',
      'first_name',
      'middle_name',
      'last_name',
      'pref_first_name',
      'pref_last_name',
      'user_title',
      'gender',
      'birth_date',
      'expiry_date',
      'purge_date',
      'user_group',
      'campus_code',
      'job_category',
      'job_description',
      'preferred_language',
      'cataloger_level',
      'is_researcher',
      'last_patron_activity_date',
      'loans',
      'requests',
      'fees',
      'circulation_on',
      'created_by',
    ] as const),
    identifiers: new CopyBuffer('user_identifiers', ['user_id', 'segment', 'type', 'value', 'note', 'status'] as const),
    addresses: new CopyBuffer('user_addresses', [
      'user_id',
      'segment',
      'preferred',
      'line1',
      'city',
      'state_province',
      'postal_code',
      'country',
      'types',
    ] as const),
    emails: new CopyBuffer('user_emails', ['user_id', 'segment', 'preferred', 'address', 'description', 'types'] as const),
    phones: new CopyBuffer('user_phones', ['user_id', 'segment', 'preferred', 'preferred_sms', 'number', 'types'] as const),
    notes: new CopyBuffer('user_notes', ['user_id', 'segment', 'type', 'text', 'user_viewable', 'popup', 'created_by'] as const),
    blocks: new CopyBuffer('user_blocks', [
      'user_id',
      'segment',
      'type',
      'description',
      'status',
      'note',
      'expiry_date',
      'created_by',
    ] as const),
    roles: new CopyBuffer('user_roles', ['user_id', 'type', 'scope', 'status', 'expiry_date', 'parameters'] as const),
    statistics: new CopyBuffer('user_statistics', ['user_id', 'segment', 'category', 'type', 'note'] as const),
    rsLibraries: new CopyBuffer('user_rs_libraries', ['user_id', 'code'] as const),
    letterPreferences: new CopyBuffer('user_letter_preferences', ['user_id', 'code', 'value'] as const),
    circulation: new CopyBuffer('circulation', [
      'user_id',
      'kind',
      'reference',
      'title',
      'barcode',
      'amount',
      'currency',
      'due_on',
      'true_on',
    ] as const),
    keys: new CopyBuffer('user_keys', ['key', 'user_id'] as const),
    search: new CopyBuffer('user_search', ['user_id', 'text', 'last_name', 'first_name'] as const),
  };
}

/** One COPY buffer for each table that a sample user has rows in; users first, since the others point to them. */
export interface SampleTables extends ReturnType<typeof makeTables> {
  readonly options: TableOptions;
}

export function sampleTables(options: TableOptions): SampleTables {
  return { ...makeTables(), options };
}

/** What is waiting to be sent, in the order in which it has to be. */
export function takeCopies(tables: SampleTables): { statement: string; bytes: Buffer }[] {
  const copies: { statement: string; bytes: Buffer }[] = [];
  for (const buffer of Object.values(tables)) {
    if (!(buffer instanceof CopyBuffer) || buffer.rows === 0) continue;
    // Table and columns are the constants above.
    copies.push({ statement: `copy ${buffer.table} (${buffer.columns.join(', ')}) from stdin`, bytes: buffer.take() });
  }
  return copies;
}

export const SAMPLE_TABLE_NAMES: readonly string[] = Object.values(makeTables()).map((buffer) => buffer.table);
