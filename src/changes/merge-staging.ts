/**
 * Staging of an import: typed temporary tables, one for the users' scalars and one per child table,
 * filled by COPY in bounded batches. They belong to the session and vanish with `close`; nothing of
 * a user is written before `mergeStaged` runs.
 *
 * Which fields a record carries is told by bit masks (bit i: `SCALARS[i]`, `CHILD_TABLES[i]`), so
 * that "not in the file" and "empty in the file" stay two things.
 */
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError } from '../core/index.ts';
import {
  CHILD_TABLES,
  type ChildTable,
  type ChildTableName,
  SCALARS,
  type ScalarField,
  type ScalarName,
  SQL_TYPES,
} from '../users/index.ts';

export type Segment = 'Internal' | 'External';

/** Dates `YYYY-MM-DD`, instants ISO 8601 with zone, amounts as decimal text, json as an object; null: empty. */
export type StagedValue = string | number | boolean | readonly string[] | readonly object[] | null;

export interface StagedRow {
  /** Absent: the segment that goes with the user's account type. */
  readonly segment?: Segment;
  readonly values: Readonly<Record<string, StagedValue>>;
}

/** One user of the file, checked value by value; codes of closed tables are known to exist. */
export interface StagedRecord {
  /** Line of the file on which the record starts. */
  readonly line: number;
  /** Fields that the record carries. */
  readonly fields: Readonly<Partial<Record<ScalarName, StagedValue>>>;
  /** Fields for users that the record creates; users who exist keep theirs. */
  readonly forNew?: Readonly<Partial<Record<ScalarName, StagedValue>>>;
  /** Child tables that the record carries; an empty list says "none of these". */
  readonly lists: Readonly<Partial<Record<ChildTableName, readonly StagedRow[]>>>;
  /** Bit mask of the merge's slots (see `MergeOptions.slots`) that the record carries. */
  readonly slots?: number;
  /** Hash of the whole record, by which a feed knows it again; a signed 64-bit number as text. */
  readonly mark?: string;
  /** Hashes (never the words themselves) of a new password and PIN. */
  readonly passwordHash?: string;
  readonly pinHash?: string;
}

const ALL_SCALARS: readonly ScalarField[] = SCALARS;
const ALL_CHILDREN: readonly ChildTable[] = CHILD_TABLES;

/** The bit of a scalar in `present` and `for_new`; a number below 2^53. */
export function scalarBit(name: string): number {
  const index = ALL_SCALARS.findIndex((f) => f.name === name);
  if (index < 0) throw new Error(`There is no scalar ${name}.`);
  return 2 ** index;
}

export function listBit(table: ChildTableName): number {
  return 2 ** ALL_CHILDREN.findIndex((t) => t.table === table);
}

/** Rows held back before a COPY; with the byte limit this bounds the memory of an import. */
const BATCH_RECORDS = 5_000;
const BATCH_CHARACTERS = 4_000_000;
/** New codes in one table beyond which the file was surely mapped to the wrong column. */
const MOST_NEW_CODES = 5_000;

const SCALAR_BITS = new Map(ALL_SCALARS.map((f, i) => [f.name, 2 ** i]));
const USER_COLUMNS = [
  'no',
  'line',
  'present',
  'for_new',
  'lists',
  'slots',
  'mark',
  'password_hash',
  'pin_hash',
  ...ALL_SCALARS.map((f) => f.name),
];

export function childColumns(table: ChildTable): readonly string[] {
  return table.fields.map((f) => f.name);
}

/** The session's staging tables with their columns, but for the record's number `no`, by which they join. */
export const STAGED_TABLES: readonly { readonly name: string; readonly columns: readonly string[] }[] = [
  { name: 'staged_users', columns: USER_COLUMNS.filter((name) => name !== 'no') },
  ...ALL_CHILDREN.map((table) => ({ name: `staged_${table.table}`, columns: ['pos', 'segment', ...childColumns(table)] })),
];

export class Staging {
  readonly client: PoolClient;
  #count = 0;
  #users: string[] = [];
  #rows = new Map<ChildTableName, string[]>();
  #characters = 0;
  #copying: Promise<void> = Promise.resolve();
  readonly #newCodes = new Map<string, Map<string, string | null>>();

  private constructor(client: PoolClient) {
    this.client = client;
  }

  /** Makes the session's empty staging tables. `client` must not be used for anything else until `close`. */
  static async open(client: PoolClient): Promise<Staging> {
    await client.query(`drop table if exists staged_users, staged_labels, ${ALL_CHILDREN.map((t) => `staged_${t.table}`).join(', ')}`);
    await client.query(`create temp table staged_users (
      no integer not null, line bigint not null, present bigint not null, for_new bigint not null,
      lists integer not null, slots integer not null, mark bigint, password_hash text, pin_hash text,
      ${ALL_SCALARS.map((f) => `${f.name} ${SQL_TYPES[f.type]}`).join(', ')})`);
    await client.query('create temp table staged_labels (table_name text not null, code text not null, label text not null)');
    for (const table of ALL_CHILDREN) {
      await client.query(`create temp table staged_${table.table} (no integer not null, pos integer not null, segment text,
        ${table.fields.map((f) => `${f.name} ${SQL_TYPES[f.type]}`).join(', ')})`);
    }
    return new Staging(client);
  }

  /** Records staged so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * A code that the library does not have yet, and what it is to be called (the first label given
   * stays). Throws `feeds.too_many_codes` when a table gets so many that it must be the wrong column;
   * it also bounds the memory that this takes.
   */
  newCode(table: string, code: string, label: string | null): void {
    const codes = this.#newCodes.get(table) ?? new Map<string, string | null>();
    this.#newCodes.set(table, codes);
    if ((codes.get(code) ?? null) === null) codes.set(code, label);
    if (codes.size > MOST_NEW_CODES) throw new AppError('feeds.too_many_codes', { table, count: codes.size, example: code });
  }

  /** Code tables for which the file has codes that the library does not have. */
  get tablesWithNewCodes(): ReadonlySet<string> {
    return new Set(this.#newCodes.keys());
  }

  async add(record: StagedRecord): Promise<void> {
    this.#count += 1;
    const no = this.#count;
    this.#push(this.#users, userLine(no, record));
    for (const table of ALL_CHILDREN) {
      const rows = record.lists[table.table];
      if (rows === undefined || rows.length === 0) continue;
      const lines = this.#rows.get(table.table) ?? [];
      this.#rows.set(table.table, lines);
      const seen = rows.length > 1 ? new Set<string>() : undefined;
      for (const [pos, row] of rows.entries()) {
        const content = rowContent(table, row);
        // The same row twice in one record is one row.
        if (seen?.has(content)) continue;
        seen?.add(content);
        this.#push(lines, `${no}\t${pos}\t${content}\n`);
      }
    }
    if (this.#users.length >= BATCH_RECORDS || this.#characters >= BATCH_CHARACTERS) await this.#flush();
  }

  #push(lines: string[], line: string): void {
    lines.push(line);
    this.#characters += line.length;
  }

  /** Waits for the batch before, then sends this one in the background: parsing and COPY overlap. */
  async #flush(): Promise<void> {
    const users = this.#users;
    const rows = this.#rows;
    this.#users = [];
    this.#rows = new Map();
    this.#characters = 0;
    await this.#copying;
    this.#copying = this.#copy(users, rows);
    // Handled where it is awaited; without this a failure in between would count as unhandled.
    this.#copying.catch(() => undefined);
  }

  async #copy(users: readonly string[], rows: ReadonlyMap<ChildTableName, readonly string[]>): Promise<void> {
    await copyLines(this.client, `staged_users (${USER_COLUMNS.join(', ')})`, users);
    for (const table of ALL_CHILDREN) {
      const lines = rows.get(table.table);
      if (lines === undefined) continue;
      await copyLines(this.client, `staged_${table.table} (no, pos, segment, ${childColumns(table).join(', ')})`, lines);
    }
  }

  /** Everything is in the tables afterwards, and the planner knows their size. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#copying;
    await copyLines(
      this.client,
      'staged_labels (table_name, code, label)',
      [...this.#newCodes].flatMap(([table, codes]) =>
        [...codes].map(([code, label]) => `${text(table)}\t${text(code)}\t${text(label ?? code)}\n`),
      ),
    );
    for (const name of ['staged_users', 'staged_labels', ...ALL_CHILDREN.map((t) => `staged_${t.table}`)]) {
      await this.client.query(`analyze ${name}`);
    }
  }

  /** Drops the staging tables; the client may be released afterwards. */
  async close(): Promise<void> {
    await this.#copying.catch(() => undefined);
    await this.client.query(`drop table if exists staged_users, staged_labels, ${ALL_CHILDREN.map((t) => `staged_${t.table}`).join(', ')}`);
  }
}

async function copyLines(client: PoolClient, target: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const stream = client.query(copyFrom(`copy ${target} from stdin`));
  const done = finished(stream);
  for (let i = 0; i < lines.length; i += 500) stream.write(lines.slice(i, i + 500).join(''));
  stream.end();
  await done;
}

function userLine(no: number, record: StagedRecord): string {
  let present = 0;
  let forNew = 0;
  const values: string[] = [];
  for (const field of ALL_SCALARS) {
    const name = field.name as ScalarName;
    const given = record.fields[name];
    const fresh = given === undefined ? record.forNew?.[name] : undefined;
    if (given !== undefined) present += SCALAR_BITS.get(name) ?? 0;
    if (fresh !== undefined) forNew += SCALAR_BITS.get(name) ?? 0;
    values.push(value(given ?? fresh ?? null));
  }
  let lists = 0;
  ALL_CHILDREN.forEach((table, i) => {
    if (record.lists[table.table] !== undefined) lists += 2 ** i;
  });
  const head = [
    no,
    record.line,
    present,
    forNew,
    lists,
    record.slots ?? 0,
    record.mark ?? '\\N',
    value(record.passwordHash ?? null),
    value(record.pinHash ?? null),
  ];
  return `${head.join('\t')}\t${values.join('\t')}\n`;
}

function rowContent(table: ChildTable, row: StagedRow): string {
  const cells = table.fields.map((f) => {
    const given = row.values[f.name] ?? null;
    return f.type === 'json' && given !== null ? text(JSON.stringify(given)) : value(given);
  });
  return `${row.segment ?? '\\N'}\t${cells.join('\t')}`;
}

/** A value in COPY's text format. */
function value(given: StagedValue): string {
  if (given === null) return '\\N';
  if (Array.isArray(given)) return text(`{${given.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
  return typeof given === 'string' ? text(given) : String(given);
}

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function text(given: string): string {
  return SPECIAL.test(given) ? given.replace(/[\\\n\r\t]/g, (c) => ESCAPES[c] ?? c) : given;
}
