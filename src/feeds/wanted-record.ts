/** From one record that a program sent to what is to be there afterwards: Alma's "swap all", with its exceptions. */
import type { Replacement, StagedRow, StagedValue } from '../changes/index.ts';
import { type Actor, AppError } from '../core/index.ts';
import {
  CHILD_TABLES,
  type ChildTableName,
  isClosedTo,
  PROTECTED_SCALARS,
  SCALARS,
  type ScalarName,
  type WholeUser,
} from '../users/index.ts';
import { ALMA_SCALARS } from './alma-shape.ts';
import { RecordCheck } from './check-record.ts';
import type { CodeBook } from './code-book.ts';
import { fromAlma, type ReadRecord } from './from-alma.ts';
import { refuseRecord } from './record-refused.ts';

export interface NewCode {
  readonly table: string;
  readonly code: string;
  readonly label: string;
}

export interface CheckedRecord {
  readonly record: ReadRecord;
  /** Codes of open tables that the library does not have. */
  readonly newCodes: readonly NewCode[];
}

/** Reads and checks the record. @throws `feeds.record_refused`; unknown members are refused as well. */
export function checkRecord(value: unknown, book: CodeBook, learns: boolean): CheckedRecord {
  const newCodes: NewCode[] = [];
  const check: RecordCheck = new RecordCheck({
    ...book,
    learn: (table, code, label) => {
      if (!book.knows(table, code)) newCodes.push({ table, code, label: label ?? code });
    },
  });
  const record = fromAlma(withLegalSegments(value), check, (path) => check.problem(path, 'feeds.unknown_member', { name: path }));
  const [unknown] = newCodes;
  if (!learns && unknown !== undefined) check.problem(unknown.table, 'feeds.new_code', { value: unknown.code, table: unknown.table });
  if (check.problems.length > 0) refuseRecord(check.problems);
  return { record, newCodes };
}

/** A segment that is none is as good as none given: the one that goes with the account type. */
function withLegalSegments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLegalSegments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      name === 'segment_type' && !/^(?:internal|external)$/i.test(String(member))
        ? []
        : [[name, name === 'segment_type' ? member : withLegalSegments(member)]],
    ),
  );
}

/** What a record without the member stands for; null where nothing is told. */
const DEFAULTS: Readonly<Partial<Record<ScalarName, StagedValue>>> = {
  record_type: 'PUBLIC',
  status: 'ACTIVE',
  force_password_change: false,
};

/** Members that may be left out without being erased. */
const KEPT: ReadonlySet<ScalarName> = new Set(['primary_id', 'account_type', 'external_id']);

/** Sent back by clients, never taken from them. */
const READ_ONLY: ReadonlySet<ScalarName> = new Set(SCALARS.filter((f) => !f.writable && f.name !== 'primary_id').map((f) => f.name));

/** Names under which `override` knows lists of external users that are kept when they come empty. */
const PROTECTED_LISTS: Readonly<Partial<Record<ChildTableName, string>>> = {
  user_rs_libraries: 'rs_libraries',
  user_letter_preferences: 'library_notices',
};

export interface WantedOptions {
  readonly actor: Actor;
  /** Protected fields that the record may overwrite or empty. */
  readonly override: ReadonlySet<string>;
}

/** @throws `feeds.account_type_change`, `feeds.account_type_unsupported`, `feeds.external_id_*`, `feeds.required` inside of `feeds.record_refused` */
export function wantedOf(user: WholeUser | null, { fields, lists }: ReadRecord, { actor, override }: WantedOptions): Replacement {
  const external = user?.fields.account_type === 'EXTERNAL';
  const isProtected = new Set(PROTECTED_SCALARS.map((f) => f.name));
  const wanted: Partial<Record<ScalarName, StagedValue>> = {};
  for (const { field } of ALMA_SCALARS) {
    const name = field.name as ScalarName; // ALMA_SCALARS is made of SCALARS
    if (READ_ONLY.has(name)) continue;
    const given = fields[name];
    if (isClosedTo(actor, name)) {
      refuseClosed(name, (given ?? null) !== null);
      continue;
    }
    const value = given ?? DEFAULTS[name] ?? null;
    if (KEPT.has(name) && value === null && user !== null) continue;
    if (external && isProtected.has(name) && !override.has(name) && (user.inner.heldFields.includes(name) || value === null)) continue;
    if (name === 'primary_id' && user !== null && sameKey(value, user.fields.primary_id)) continue;
    wanted[name] = value;
  }
  return { fields: withAccount(user, wanted), lists: wantedLists(user, lists, { actor, override }) };
}

function wantedLists(user: WholeUser | null, lists: ReadRecord['lists'], { actor, override }: WantedOptions): Replacement['lists'] {
  const external = user?.fields.account_type === 'EXTERNAL';
  return Object.fromEntries(
    CHILD_TABLES.flatMap(({ table }): [ChildTableName, readonly StagedRow[]][] => {
      const rows = lists[table] ?? [];
      if (isClosedTo(actor, table)) {
        refuseClosed(table, rows.length > 0);
        return [];
      }
      if (rows.length === 0 && table === 'user_roles') return [];
      const kept = PROTECTED_LISTS[table];
      if (rows.length === 0 && external && kept !== undefined && !override.has(kept)) return [];
      return [[table, rows]];
    }),
  );
}

/** Who cannot see a field sends it back empty, and must not empty it; who sends something learns that it does not count. */
function refuseClosed(name: string, given: boolean): void {
  if (given) throw new AppError('feeds.field_closed', { value: name });
}

/** The same id in other letters is no new id. */
function sameKey(one: unknown, other: unknown): boolean {
  return String(one).normalize('NFC').toLowerCase() === String(other).normalize('NFC').toLowerCase();
}

function withAccount(user: WholeUser | null, wanted: Partial<Record<ScalarName, StagedValue>>): Partial<Record<ScalarName, StagedValue>> {
  if (user === null && (wanted.primary_id ?? null) === null) refuseRecord([{ field: 'primary_id', code: 'feeds.required', params: {} }]);
  const before = user?.fields.account_type ?? null;
  const account = wanted.account_type ?? before ?? 'INTERNAL';
  if (before === 'EXTERNAL' && account !== 'EXTERNAL') throw new AppError('feeds.account_type_change', { value: String(account) });
  if (account === 'INTEXTAUTH' && before !== 'INTEXTAUTH') throw new AppError('feeds.account_type_unsupported', { value: String(account) });
  const given = wanted.external_id ?? null;
  const externalId = given ?? (user?.fields.external_id as string | null | undefined) ?? null; // a text column
  if (account !== 'EXTERNAL' && given !== null) throw new AppError('feeds.external_id_unwanted', { value: String(given) });
  if (account === 'EXTERNAL' && externalId === null) throw new AppError('feeds.external_id_missing', {});
  if (before === 'EXTERNAL' && given !== null && given !== user?.fields.external_id) throw new AppError('feeds.external_id_changed', {});
  return user === null ? { ...wanted, account_type: String(account) } : wanted;
}
