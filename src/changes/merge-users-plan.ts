/**
 * Two records of one person made one: what becomes of every field and row, worked out in memory from the
 * two locked records. The preview shows this plan and the writer (merge-users.ts) writes it, so that they
 * cannot disagree.
 *
 * The record that is kept has the last word: its value stays where it has one, and what it lacks comes
 * from the other. Rows of both stay; one that says what the kept record has already is not doubled. What
 * comes over belongs to the library from then on (segment `Internal`), so that no later file of a feed
 * takes it away again.
 */
import {
  CHILD_TABLES,
  type ChildTable,
  PROTECTED_SCALARS,
  type RecordRow,
  SCALARS,
  type ScalarField,
  type ScalarName,
  type WholeUser,
} from '../users/index.ts';
import { codeIn, foldedRow, joinRows } from './merge-users-rows.ts';

export type Side = 'keep' | 'give_up';

/** Field → whose value is wanted, where not the rule decides. */
export type MergeChoices = Readonly<Record<string, Side>>;

/** Type of the identifier by which the primary id that was given up still leads to the person. */
export const MERGED_ID = 'MERGED_ID';

export interface MergedField {
  readonly field: ScalarName;
  readonly keep: unknown;
  readonly giveUp: unknown;
  readonly result: unknown;
  /** Whose value that is; 'both': added up, or the later of the two. */
  readonly from: Side | 'both';
  readonly choosable: boolean;
}

export interface MergedRow {
  readonly table: ChildTable;
  /** Number of the row of the record that is given up; null: the identifier that is made of its primary id. */
  readonly id: number | null;
  /** As it was; null where `id` is. */
  readonly before: RecordRow | null;
  /**
   * 'added': a row of its own on the kept record; 'joined': its types or note go to a row that says the
   * same; 'same': the kept record has it; 'kept_wins': the kept record says otherwise, and one can be only.
   */
  readonly outcome: 'added' | 'joined' | 'same' | 'kept_wins';
  /** 'added': the new row; 'joined': the row of the kept record as it becomes. */
  readonly after: RecordRow | null;
  /** Number and former content of the kept record's row that it joins. */
  readonly joins: { readonly id: number; readonly before: RecordRow } | null;
}

export interface MergeUsersPlan {
  readonly fields: readonly MergedField[];
  readonly rows: readonly MergedRow[];
  /** Columns of `users` that change: before and after. */
  readonly kept: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly shell: Readonly<Record<string, readonly [unknown, unknown]>>;
}

export interface MergeScope {
  readonly choices: MergeChoices;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Primary id of the record that is given up, from then on. */
  readonly shellId: string;
  /** Loans, requests and fees that both records have under one reference: they count once. */
  readonly doubled: { readonly loans: number; readonly requests: number; readonly fees: number };
}

/** What a person may choose; the others follow from the rule alone. */
const CHOOSABLE: ReadonlySet<string> = new Set<ScalarName>([
  'record_type',
  'status',
  'is_researcher',
  'linking_id',
  'source_link_id',
  'source_institution_code',
  ...(SCALARS as readonly ScalarField[])
    .filter((f) => f.writable && f.required !== true && f.name !== 'external_id')
    .map((f) => f.name as ScalarName),
]);

/** What the record that is given up has no more: all but its number and when and by whom it was made. */
const EMPTY_SHELL: Readonly<Partial<Record<ScalarName, unknown>>> = {
  record_type: 'PUBLIC',
  account_type: 'INTERNAL',
  status: 'INACTIVE',
  force_password_change: false,
  credential_state: 'none',
};
const STAYS_WITH_SHELL: ReadonlySet<string> = new Set<ScalarName>(['primary_id', 'created_at', 'created_by', 'modified_at', 'modified_by']);

/** Whether a field can be chosen at all; for whoever checks choices before there is a plan. */
export function isChoosable(field: string): boolean {
  return CHOOSABLE.has(field);
}

export function planMerge(keep: WholeUser, giveUp: WholeUser, scope: MergeScope): MergeUsersPlan {
  const fields = SCALARS.flatMap(({ name }) => mergedField(name, keep.fields[name] ?? null, giveUp.fields[name] ?? null, scope) ?? []);
  const rows = (CHILD_TABLES as readonly ChildTable[]).flatMap((table) => mergedRows(table, keep, giveUp));
  return { fields, rows, kept: keptColumns(keep, fields, scope), shell: shellColumns(giveUp, keep.id, scope) };
}

const SUMS: ReadonlySet<string> = new Set(['loans', 'requests', 'fees']);
const LATER: ReadonlySet<string> = new Set(['circulation_on', 'last_patron_activity_date']);

/** Null: empty in both, or not to be shown. */
function mergedField(name: ScalarName, keep: unknown, giveUp: unknown, scope: MergeScope): MergedField | null {
  if (STAYS_WITH_SHELL.has(name) || (keep === null && giveUp === null)) return null;
  const shown = { field: name, keep, giveUp, choosable: CHOOSABLE.has(name) && keep !== giveUp };
  if (SUMS.has(name)) return { ...shown, choosable: false, result: sum(name, keep, giveUp, scope), from: 'both' };
  if (LATER.has(name)) {
    const result =
      [keep, giveUp]
        .filter((day) => day !== null)
        .toSorted()
        .at(-1) ?? null;
    return { ...shown, choosable: false, result, from: 'both' };
  }
  if (!CHOOSABLE.has(name)) return { ...shown, result: keep, from: 'keep' };
  const from = scope.choices[name] ?? (keep === null ? 'give_up' : 'keep');
  return { ...shown, result: from === 'keep' ? keep : giveUp, from };
}

function sum(name: string, keep: unknown, giveUp: unknown, { doubled }: MergeScope): number | string {
  const once = name === 'loans' ? doubled.loans : name === 'requests' ? doubled.requests : doubled.fees;
  const total = Math.max(0, Number(keep ?? 0) + Number(giveUp ?? 0) - once);
  return name === 'fees' ? total.toFixed(2) : total;
}

function keptColumns(keep: WholeUser, fields: readonly MergedField[], { today }: MergeScope): Record<string, [unknown, unknown]> {
  const columns: Record<string, [unknown, unknown]> = {};
  for (const { field, keep: before, result, from } of fields) {
    if (from !== 'keep' && !sameValue(before, result)) columns[field] = [before, result];
  }
  if ('status' in columns && keep.fields.status_date !== today) columns['status_date'] = [keep.fields.status_date ?? null, today];
  // As after every change by hand: a feed does not take back what the library has decided.
  const held = keep.fields.account_type === 'EXTERNAL' ? PROTECTED_SCALARS.map((f) => f.name).filter((name) => name in columns) : [];
  const next = [...new Set([...keep.inner.heldFields, ...held])].toSorted();
  if (next.length > keep.inner.heldFields.length) columns['held_fields'] = [keep.inner.heldFields, next];
  return columns;
}

/** Amounts come as text or number, as the reader has it. */
function sameValue(one: unknown, other: unknown): boolean {
  if (typeof one === 'string' && typeof other === 'string' && /^\d+\.\d+$/.test(other)) return Number(one) === Number(other);
  return one === other;
}

function shellColumns(giveUp: WholeUser, keptId: number, { today, shellId }: MergeScope): Record<string, [unknown, unknown]> {
  const columns: Record<string, [unknown, unknown]> = {
    primary_id: [giveUp.fields.primary_id, shellId],
    merged_into: [null, keptId],
  };
  for (const { name } of SCALARS) {
    if (STAYS_WITH_SHELL.has(name) || name === 'status_date') continue;
    const before = giveUp.fields[name] ?? null;
    const after = EMPTY_SHELL[name] ?? null;
    if (before !== after) columns[name] = [before, after];
  }
  if (giveUp.fields.status_date !== today) columns['status_date'] = [giveUp.fields.status_date ?? null, today];
  if (giveUp.inner.credentialId !== null) columns['credential_id'] = [giveUp.inner.credentialId, null];
  if (giveUp.inner.pinId !== null) columns['pin_id'] = [giveUp.inner.pinId, null];
  return columns;
}

/** One row of a code only: what the kept record says is what counts. */
const ONE_EACH: ReadonlySet<string> = new Set(['user_letter_preferences', 'user_rs_libraries']);

function mergedRows(table: ChildTable, keep: WholeUser, giveUp: WholeUser): MergedRow[] {
  // Rows of the kept record as they become, row by row of the other.
  const present = keep.rows[table.table].map((row) => ({
    id: Number(row['id']),
    before: contentOf(table, row),
    now: contentOf(table, row),
  }));
  const merged = giveUp.rows[table.table].map((row): MergedRow => {
    const id = Number(row['id']);
    const before = contentOf(table, row);
    const incoming: RecordRow = table.segmented ? { ...before, segment: 'Internal' } : before;
    const base = { table, id, before };
    if (ONE_EACH.has(table.table)) {
      const same = present.find((each) => codeIn(each.now) === codeIn(incoming));
      if (same !== undefined) {
        const equal = foldedRow(table, same.now) === foldedRow(table, incoming);
        return { ...base, outcome: equal ? 'same' : 'kept_wins', after: null, joins: null };
      }
    }
    for (const each of present) {
      if (each.id === 0) continue; // came over just now: the other record has it twice, and so it stays
      const joined = joinRows(table, each.now, incoming);
      if (joined === null) continue;
      if (joined === 'same') return { ...base, outcome: 'same', after: null, joins: null };
      each.now = joined;
      return { ...base, outcome: 'joined', after: joined, joins: { id: each.id, before: each.before } };
    }
    const after = withoutSecondPreference(
      table,
      incoming,
      present.map((each) => each.now),
    );
    present.push({ id: 0, before: after, now: after });
    return { ...base, outcome: 'added', after, joins: null };
  });
  return table.table === 'user_identifiers' ? [...merged, formerId(table, giveUp)] : merged;
}

/** A row's columns, empty ones as null, in the table's order. */
function contentOf(table: ChildTable, row: RecordRow): RecordRow {
  const columns = [...(table.segmented ? ['segment'] : []), ...table.fields.map((f) => f.name)];
  return Object.fromEntries(columns.map((c) => [c, row[c] ?? null]));
}

/** One address, e-mail and number is preferred; that of the kept record stays it. */
function withoutSecondPreference(table: ChildTable, row: RecordRow, present: readonly RecordRow[]): RecordRow {
  const flags = ['preferred', 'preferred_sms'].filter((flag) => table.fields.some((f) => f.name === flag));
  const second = flags.filter((flag) => row[flag] === true && present.some((each) => each[flag] === true));
  return second.length === 0 ? row : { ...row, ...Object.fromEntries(second.map((flag) => [flag, false])) };
}

function formerId(table: ChildTable, giveUp: WholeUser): MergedRow {
  const after = contentOf(table, { segment: 'Internal', type: MERGED_ID, value: giveUp.fields.primary_id, status: 'ACTIVE' });
  return { table, id: null, before: null, outcome: 'added', after, joins: null };
}
