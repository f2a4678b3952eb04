/**
 * One user replaced by a record, or made from one. The merge of files (merge.ts) does this for any
 * number of users at once, with temporary tables and some forty statements; for a single user the same
 * difference is worked out in memory against the locked record and only it is written: one journal
 * row, one run.
 *
 * The caller locks the user in a statement of its own and reads the record after it.
 */
import type { PoolClient } from 'pg';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import {
  type ChildTable,
  type ChildTableName,
  type RecordRow,
  SCALARS,
  type ScalarName,
  SQL_TYPES,
  type WholeUser,
} from '../users/index.ts';
import { holdReplaced, PROTECTED } from './held.ts';
import { type Difference, differenceOf, type Replacement, type RowChange } from './replace-difference.ts';
import { writeRows } from './write-rows.ts';

export interface ReplaceOptions {
  readonly actor: string;
  readonly today: string;
  /** Name of the run, e.g. "User anna". */
  readonly name: string;
  /** What the run keeps as its plan. */
  readonly plan: Readonly<Record<string, unknown>>;
  /** Hashes (never the words themselves) of a new password and PIN. */
  readonly passwordHash?: string | undefined;
  readonly pinHash?: string | undefined;
  /** Protected fields that are held against the feed where the record changes them. */
  readonly hold?: ReadonlySet<string>;
  /** Throws when this must not be written; asked before anything is. */
  readonly check: (difference: Difference) => Promise<void>;
}

export interface Replaced {
  readonly userId: number;
  /** Null when nothing was different. */
  readonly runId: number | null;
  /** The record as it is now; null for a user who is new, whom the database has filled in. */
  readonly after: WholeUser | null;
}

/** Columns that hold texts by which people are found. */
const SEARCHED: ReadonlySet<string> = new Set([
  'primary_id',
  'first_name',
  'middle_name',
  'last_name',
  'pref_first_name',
  'pref_middle_name',
  'pref_last_name',
]);
const SEARCHED_TABLES: ReadonlySet<string> = new Set(['user_identifiers', 'user_emails']);

/** Writes what differs between the user (null: there is none yet) and the record. */
export async function replaceUser(tx: PoolClient, user: WholeUser | null, wanted: Replacement, options: ReplaceOptions): Promise<Replaced> {
  const { fields, rows } = differenceOf(user, wanted);
  const account = wanted.fields.account_type ?? user?.fields.account_type ?? 'INTERNAL';
  const next: Record<string, readonly [unknown, unknown]> = {
    ...fields,
    ...followingFrom(user, fields, account, options),
    ...heldBy(user, fields, account, options),
  };
  const newPassword = account === 'INTERNAL' ? options.passwordHash : undefined;
  if (user !== null && Object.keys(next).length === 0 && rows.size === 0 && newPassword === undefined && options.pinHash === undefined) {
    return { userId: user.id, runId: null, after: user };
  }
  await options.check({ fields: next, rows });
  const userId = user?.id ?? (await insertUser(tx, next, options));
  if (newPassword !== undefined) {
    next['credential_id'] = [user?.inner.credentialId ?? null, await addCredential(tx, userId, 'password', newPassword)];
    if (user?.fields.credential_state !== 'password') next['credential_state'] = [user?.fields.credential_state ?? 'none', 'password'];
  }
  if (options.pinHash !== undefined) next['pin_id'] = [user?.inner.pinId ?? null, await addCredential(tx, userId, 'pin', options.pinHash)];
  const entries: object[] = [];
  const lists: Partial<Record<ChildTableName, readonly RecordRow[]>> = {};
  for (const [table, changes] of rows) {
    const written = await writeRows(
      tx,
      table,
      userId,
      changes.map((change) => (change.op === 'add' ? { ...change, after: madeBy(table, change.after, options) } : change)),
    );
    entries.push(...written.entries);
    lists[table.table] = listAfter(user?.rows[table.table] ?? [], changes, written.added);
  }
  const runId = await record(tx, userId, user === null, next, entries, [...rows.keys()], options);
  if ('held_fields' in next) await holdReplaced(tx, userId, next);
  if (user === null || Object.keys(next).some((name) => SEARCHED.has(name)) || [...rows.keys()].some((t) => SEARCHED_TABLES.has(t.table))) {
    await tx.query(sql`select refresh_user_search(array[${userId}::bigint])`);
  }
  return { userId, runId, after: user === null ? null : wholeAfter(user, next, lists) };
}

/** Rows in the order of their ids: what goes is gone, what was edited is in its place, what is new comes last. */
function listAfter(before: readonly RecordRow[], changes: readonly RowChange[], added: readonly RecordRow[]): readonly RecordRow[] {
  const gone = new Set(changes.flatMap((change) => (change.op === 'remove' ? [change.id] : [])));
  const edited = new Map(changes.flatMap((change) => (change.op === 'edit' ? [[change.id, change.after] as const] : [])));
  const kept = before.flatMap((row) => {
    const id = Number(row['id']);
    return gone.has(id) ? [] : [edited.has(id) ? { ...edited.get(id), id } : row];
  });
  return [...kept, ...added];
}

function wholeAfter(
  user: WholeUser,
  next: Readonly<Record<string, readonly [unknown, unknown]>>,
  lists: Readonly<Partial<Record<ChildTableName, readonly RecordRow[]>>>,
): WholeUser {
  const fields = Object.fromEntries(Object.entries(next).map(([name, [, after]]) => [name, after]));
  const heldFields = next['held_fields']?.[1] ?? user.inner.heldFields;
  return {
    ...user,
    fields: { ...user.fields, ...fields },
    rows: { ...user.rows, ...lists },
    inner: { ...user.inner, heldFields: heldFields as readonly string[] }, // as `heldBy` makes it
  };
}

/** What comes to be held: of a user whom a feed owned and owns, the fields that the caller holds and the record changes. */
function heldBy(
  user: WholeUser | null,
  fields: Readonly<Record<string, unknown>>,
  account: unknown,
  { hold }: ReplaceOptions,
): Readonly<Record<string, readonly [unknown, unknown]>> {
  if (hold === undefined || user?.fields.account_type !== 'EXTERNAL' || account !== 'EXTERNAL') return {};
  const before = user.inner.heldFields;
  const newly = PROTECTED.filter((name) => hold.has(name) && name in fields && !before.includes(name)).toSorted();
  return newly.length === 0 ? {} : { held_fields: [before, [...before, ...newly]] };
}

/** As in the merge: a status has its date, and a local password ends when its user leaves the internal type. */
function followingFrom(
  user: WholeUser | null,
  fields: Readonly<Record<string, unknown>>,
  account: unknown,
  options: ReplaceOptions,
): Readonly<Record<string, readonly [unknown, unknown]>> {
  const leaves =
    user !== null && user.fields.account_type === 'INTERNAL' && account !== 'INTERNAL' && user.fields.credential_state !== 'none';
  return {
    ...('status' in fields && user !== null && user.fields.status_date !== options.today
      ? { status_date: [user.fields.status_date, options.today] as const }
      : {}),
    ...(leaves ? { credential_state: [user.fields.credential_state, 'none'] as const } : {}),
  };
}

const EXTRA_TYPES: Readonly<Record<string, string>> = { credential_id: 'bigint', pin_id: 'bigint', held_fields: 'text[]' };

function typed(column: string, value: unknown): Sql {
  const field = SCALARS.find((f) => f.name === column);
  return sql`${value}::${raw(field === undefined ? (EXTRA_TYPES[column] ?? 'text') : SQL_TYPES[field.type])}`;
}

async function insertUser(
  tx: PoolClient,
  next: Readonly<Record<string, readonly [unknown, unknown]>>,
  options: ReplaceOptions,
): Promise<number> {
  const given = Object.entries(next).filter(([, [, after]]) => after !== null);
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into users (${raw([...given.map(([name]) => name), 'created_by', 'modified_by'].join(', '))})
    values (${join([...given.map(([name, [, after]]) => typed(name, after)), sql`${options.actor}::text`, sql`${options.actor}::text`], ', ')})
    returning id`);
  return idOf(rows);
}

async function addCredential(tx: PoolClient, userId: number, kind: 'password' | 'pin', hash: string): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into credentials (user_id, kind, hash) values (${userId}::bigint, ${kind}, ${hash}) returning id`);
  return idOf(rows);
}

function idOf(rows: readonly { readonly id: number }[]): number {
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('An insert gave no id.');
  return id;
}

/** A new row is made now, by the actor, whatever the record says. */
function madeBy(table: ChildTable, row: RecordRow, options: ReplaceOptions): RecordRow {
  const made: Record<string, unknown> = { ...row };
  if (table.fields.some((f) => f.name === 'created_by')) made['created_by'] = options.actor;
  if (table.fields.some((f) => f.name === 'created_at')) made['created_at'] = new Date().toISOString();
  return made;
}

/** The run, done with its one user, and the journal. Planned once per connection: that takes longer than running it. */
const RECORD = {
  name: 'muster run of one user',
  text: `with run as (
      insert into runs (kind, name, state, plan, today, touches, words, members, counts, created_by, started_at, finished_at)
      values ($1::text, $2::text, 'COMPLETED_SUCCESS', $3::jsonb, $4::date, $5::jsonb, $6::jsonb, 1, $7::jsonb, $8::text, now(), clock_timestamp())
      returning id),
    chunk as (
      insert into run_chunks (run_id, no, first_user, last_user, members, user_ids, state, counts, finished_at)
      select r.id, 0, $9::bigint, $9::bigint, 1, array[$9::bigint], 'done', $7::jsonb, now() from run r),
    noted as (insert into journal (run_id, user_id, diff) select r.id, $9::bigint, $10::jsonb from run r)
    select r.id from run r`,
};

/** Programs replace the same few columns over and over; odd combinations must not fill every connection with plans. */
const MOST_PLANNED = 50;
const PLANNED = new Map<string, string>();

/** The statement under a name, so that it is planned once per connection; plain when there are too many already. */
function planned({ text, values }: Sql): { readonly name?: string; readonly text: string; readonly values: unknown[] } {
  const known = PLANNED.get(text);
  if (known === undefined && PLANNED.size >= MOST_PLANNED) return { text, values };
  const name = known ?? `muster columns of one user ${PLANNED.size}`;
  PLANNED.set(text, name);
  return { name, text, values };
}

/** The user's own columns, the run and the journal. */
async function record(
  tx: PoolClient,
  userId: number,
  created: boolean,
  next: Readonly<Record<string, readonly [unknown, unknown]>>,
  entries: readonly object[],
  tables: readonly ChildTable[],
  options: ReplaceOptions,
): Promise<number> {
  const touches = {
    scalars: Object.fromEntries(Object.keys(next).map((name) => [name, [0]])),
    tables: tables.map((t) => t.table),
  };
  const counts = { members: 1, changed: 1, unchanged: 0, skipped: 0, failed: 0, ...(created ? { created: 1 } : {}) };
  const words = [{ kind: 'replace', en: 'Record replaced', de: 'Datensatz ersetzt' }];
  const diff = {
    ...(created ? { created: true } : {}),
    fields: Object.fromEntries(Object.entries(next).filter(([, [a, b]]) => a !== b)),
    rows: entries,
  };
  // A user who is new has been inserted with everything but the credentials.
  const columns = (Object.keys(next) as (ScalarName | string)[]).filter(
    (name) => !created || name in EXTRA_TYPES || name === 'credential_state',
  );
  const sets = columns.map((name) => sql`${raw(name)} = ${typed(name, next[name]?.[1] ?? null)}`);
  if (!created) sets.push(sql`version = u.version + 1`, sql`modified_at = now()`, sql`modified_by = ${options.actor}::text`);
  if (sets.length > 0) await tx.query(planned(sql`update users u set ${join(sets, ', ')} where u.id = ${userId}::bigint`));
  const { rows } = await tx.query<{ id: number }>({
    ...RECORD,
    values: [
      created ? 'import' : 'edit',
      options.name,
      JSON.stringify(options.plan),
      options.today,
      JSON.stringify(touches),
      JSON.stringify(created ? [] : words),
      JSON.stringify(counts),
      options.actor,
      userId,
      JSON.stringify(diff),
    ],
  });
  return idOf(rows);
}
