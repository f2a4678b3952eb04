/** A user in Alma's JSON shape, read into what the merge takes. */
import type { Segment, StagedRow, StagedValue } from '../changes/index.ts';
import type { ChildTableName, ScalarName } from '../users/index.ts';
import { ALMA_COUNTS, ALMA_LISTS, ALMA_SCALARS, type AlmaField, type AlmaList, OUTPUT_ONLY, SECRETS } from './alma-shape.ts';
import { codedOf, REFUSED, type RecordCheck, shown } from './check-record.ts';
import { SCALARS } from '../users/index.ts';

/** A record with its secrets still in clear; they are hashed before anything is staged. */
export interface ReadRecord {
  readonly fields: Partial<Record<ScalarName, StagedValue>>;
  readonly forNew: Partial<Record<ScalarName, StagedValue>>;
  readonly lists: Partial<Record<ChildTableName, StagedRow[]>>;
  slots?: number;
  password?: string;
  pin?: string;
}

/** Told for every member that no import knows. */
export type UnknownField = (path: string) => void;

const SCALAR_BY_NAME = new Map(ALMA_SCALARS.map((f) => [f.alma, f]));
const LIST_BY_NAME = new Map(ALMA_LISTS.filter((l) => !l.contact).map((l) => [l.alma, l]));
const CONTACT_BY_NAME = new Map(ALMA_LISTS.filter((l) => l.contact).map((l) => [l.alma, l]));

/**
 * Members that are absent stay as they are; members that are there and empty are emptied, but for
 * what a user cannot be without (`required`). Problems are collected in `check`.
 */
export function fromAlma(value: unknown, check: RecordCheck, unknown: UnknownField): ReadRecord {
  const record: ReadRecord = { fields: {}, forNew: {}, lists: {} };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    check.problem('', 'feeds.record_shape', {
      expected: 'a user',
      found: Array.isArray(value) ? 'a list' : String(value === null ? 'null' : typeof value),
    });
    return record;
  }
  for (const [name, raw] of Object.entries(value)) {
    const scalar = SCALAR_BY_NAME.get(name);
    const list = LIST_BY_NAME.get(name);
    if (scalar !== undefined) readScalar(record, scalar, raw, check);
    else if (list !== undefined) readList(record, list, raw, name, check, unknown);
    else if (name === 'contact_info') readContact(record, raw, check, unknown);
    else if ((ALMA_COUNTS as readonly string[]).includes(name)) readCount(record, name, raw, check);
    else if ((SECRETS as readonly string[]).includes(name)) readSecret(record, name, raw, check);
    else if (!OUTPUT_ONLY.has(name)) unknown(name);
  }
  return record;
}

function readScalar(record: ReadRecord, { alma, field, kind }: AlmaField, raw: unknown, check: RecordCheck): void {
  const coded = kind === 'coded' ? codedOf(raw) : { value: raw, label: undefined };
  const value = check.value(field, coded.value, alma, coded.label);
  if (value === REFUSED) return;
  const name = field.name as ScalarName; // ALMA_SCALARS is made of SCALARS
  if (value !== null) record.fields[name] = value;
  else if (name === 'force_password_change') record.fields[name] = false;
  else if (name === 'primary_id') check.problem(alma, 'feeds.required');
  else if (field.required !== true) record.fields[name] = null;
}

/** Counts come as `{ value, link }` or bare; null says nothing. */
function readCount(record: ReadRecord, name: string, raw: unknown, check: RecordCheck): void {
  const field = SCALARS.find((f) => f.name === name);
  if (field === undefined) return;
  const value = check.value(field, codedOf(raw).value, name);
  if (value !== REFUSED && value !== null) record.fields[field.name] = value;
}

function readSecret(record: ReadRecord, name: string, raw: unknown, check: RecordCheck): void {
  if (raw === null || raw === undefined || raw === '') return;
  if (typeof raw !== 'string' || raw.includes('\0') || !raw.isWellFormed()) {
    check.problem(name, 'feeds.record_shape', { expected: 'text', found: typeof raw });
  } else if (raw.length > 255) {
    // The value itself is never quoted.
    check.problem(name, 'feeds.too_long', { value: '…', length: raw.length, max: 255 });
  } else if (name === 'password') record.password = raw;
  else record.pin = raw;
}

function readContact(record: ReadRecord, raw: unknown, check: RecordCheck, unknown: UnknownField): void {
  if (raw === null || raw === undefined || raw === '') return;
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    check.problem('contact_info', 'feeds.record_shape', { expected: 'an object', found: Array.isArray(raw) ? 'a list' : typeof raw });
    return;
  }
  for (const [name, part] of Object.entries(raw)) {
    const list = CONTACT_BY_NAME.get(name);
    if (list === undefined) unknown(`contact_info.${name}`);
    else readList(record, list, part, `contact_info.${name}`, check, unknown);
  }
}

function readList(record: ReadRecord, list: AlmaList, raw: unknown, path: string, check: RecordCheck, unknown: UnknownField): void {
  if (raw === null || raw === undefined || raw === '') return;
  if (!Array.isArray(raw)) {
    check.problem(path, 'feeds.record_shape', { expected: 'a list', found: typeof raw });
    return;
  }
  const rows: StagedRow[] = [];
  for (const [i, item] of raw.entries()) {
    const row = readRow(list, item, `${path}[${i}]`, check, unknown);
    if (row !== undefined) rows.push(row);
  }
  checkContradictions(list, rows, path, check);
  record.lists[list.table.table] = rows;
}

function readRow(list: AlmaList, item: unknown, path: string, check: RecordCheck, unknown: UnknownField): StagedRow | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    check.problem(path, 'feeds.record_shape', {
      expected: 'an object',
      found: Array.isArray(item) ? 'a list' : String(item === null ? 'null' : typeof item),
    });
    return undefined;
  }
  const before = check.problems.length;
  const members = item as Readonly<Record<string, unknown>>;
  const values: Record<string, StagedValue> = {};
  for (const { alma, field, kind } of list.fields) {
    const raw = Object.hasOwn(members, alma) ? members[alma] : undefined;
    // Some answers give a code as plain text, others as a coded value; both are understood everywhere.
    const coded = field.type === 'code' ? codedOf(raw) : { value: raw, label: undefined };
    const value = check.value(field, coded.value, `${path}.${alma}`, kind === 'coded' ? coded.label : undefined);
    if (value === REFUSED) continue;
    values[field.name] = value ?? defaultOf(list, field.name);
    if (values[field.name] === null && field.required === true && field.name !== 'created_at')
      check.problem(`${path}.${alma}`, 'feeds.required');
  }
  for (const name of Object.keys(members)) {
    // `suppressed` is what the record shows of an e-mail, and nobody's to send back.
    const shown = name === 'segment_type' || (name === 'suppressed' && list.table.table === 'user_emails');
    if (!shown && !list.fields.some((f) => f.alma === name)) unknown(`${path.replace(/\[\d+\]/g, '[]')}.${name}`);
  }
  const segment = list.table.segmented ? segmentOf(members['segment_type'], `${path}.segment_type`, check) : undefined;
  if (check.problems.length > before) return undefined;
  return { values, ...(segment === undefined ? {} : { segment }) };
}

/** Values that an empty member of a row stands for, as in the schema. */
export function defaultOf(list: { readonly table: { readonly table: ChildTableName } }, column: string): StagedValue {
  if (column === 'status') return 'ACTIVE';
  if (column === 'type' && list.table.table === 'user_blocks') return 'GENERAL';
  if (column === 'user_viewable' || column === 'popup') return false;
  return null;
}

export function segmentOf(raw: unknown, path: string, check: RecordCheck): Segment | undefined {
  if (raw === null || raw === undefined || raw === '') return undefined;
  const word = typeof raw === 'string' ? raw.trim().toLowerCase() : '';
  if (word === 'internal') return 'Internal';
  if (word === 'external') return 'External';
  check.problem(path, 'feeds.bad_segment', { value: shown(String(raw)) });
  return undefined;
}

/** A letter cannot be wanted and unwanted. */
export function checkContradictions(
  list: { readonly table: { readonly table: ChildTableName } },
  rows: readonly StagedRow[],
  path: string,
  check: RecordCheck,
): void {
  if (list.table.table !== 'user_letter_preferences') return;
  const seen = new Map<StagedValue | undefined, StagedValue | undefined>();
  for (const row of rows) {
    const code = row.values['code'];
    if (seen.has(code) && seen.get(code) !== row.values['value']) check.problem(path, 'feeds.contradiction', { value: String(code) });
    seen.set(code, row.values['value']);
  }
}
