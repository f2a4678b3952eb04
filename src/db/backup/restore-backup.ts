/**
 * Puts a backup into an installation that has no users yet. The database's side is one transaction: a
 * backup that is cut, or is none, leaves it empty. A backup of an older Muster is loaded into the tables of
 * its time, which are then brought to those of today.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type Extract, extract } from 'tar-stream';
import type { z } from 'zod';
import { AppError } from '../../core/index.ts';
import { clientConfig, type Endpoint } from '../connection.ts';
import { applyPending, compare, readMigrations } from '../migrate.ts';
import { constraintsAside, triggersAside } from './aside.ts';
import { endSchema, type Manifest, manifestSchema } from './manifest.ts';
import { columnList, type KeptTable, qualified } from './tables.ts';

export interface RestoreOptions {
  readonly dataDir: string;
  /** Below which files may be put back. */
  readonly directories: readonly string[];
  /** Whether something is there that a backup would replace. */
  occupied(client: pg.ClientBase): Promise<boolean>;
  /** In the same transaction, when the tables are full. */
  settle(client: pg.ClientBase): Promise<void>;
}

export interface Restored {
  readonly madeAt: string;
  readonly users: number;
  readonly rows: number;
  readonly files: number;
  /** Migrations that the backup was older than. */
  readonly applied: readonly string[];
}

/** Throws `backup.unreadable`, `backup.cut`, `backup.occupied`, `db.newer_schema`, `db.migration_changed`. */
export async function restoreBackup(endpoint: Endpoint, file: string, options: RestoreOptions): Promise<Restored> {
  const entries = entriesOf(file);
  const client = new pg.Client(clientConfig(endpoint, { applicationName: 'muster restore' }));
  client.on('error', () => undefined);
  await client.connect();
  const drafts: string[] = [];
  try {
    const manifest = await readManifest(entries, file);
    const known = await readMigrations();
    compare(known, manifest.migrations);
    await client.query('begin');
    if (await options.occupied(client)) throw new AppError('backup.occupied', {});
    await applyPending(client, known.slice(0, manifest.migrations.length));
    const restored = await load(client, entries, manifest, file, options, drafts);
    const applied = await applyPending(client, known);
    await options.settle(client);
    await client.query('commit');
    for (const draft of drafts) await rename(draft, draft.slice(0, -DRAFT.length));
    return { ...restored, madeAt: manifest.madeAt, applied: applied.map((migration) => migration.name) };
  } finally {
    await entries.return(undefined);
    await client.end();
    await Promise.all(drafts.map((draft) => rm(draft, { force: true })));
  }
}

const DRAFT = '.restored';

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** The archive's entries in their order; what the archive or its packing throws is told as `backup.unreadable`. */
async function* entriesOf(file: string): AsyncGenerator<Entry> {
  const archive = extract();
  const read = pipeline(createReadStream(file), createGunzip(), archive);
  read.catch(() => undefined);
  try {
    for await (const entry of archive) yield entry;
    await read;
  } catch (error) {
    if (error instanceof AppError || error instanceof pg.DatabaseError) throw error;
    throw new AppError('backup.unreadable', { file, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  } finally {
    archive.destroy();
  }
}

async function readManifest(entries: AsyncGenerator<Entry>, file: string): Promise<Manifest> {
  const { value, done } = await entries.next();
  if (done === true || value.header.name !== 'muster.json') throw new AppError('backup.not_ours', { file });
  return parsed(manifestSchema, value, file);
}

async function parsed<S extends z.ZodType>(schema: S, entry: Entry, file: string): Promise<z.output<S>> {
  const content = schema.safeParse(await json(entry));
  if (!content.success) throw new AppError('backup.not_ours', { file });
  return content.data;
}

async function load(
  client: pg.Client,
  entries: AsyncGenerator<Entry>,
  manifest: Manifest,
  file: string,
  options: RestoreOptions,
  drafts: string[],
): Promise<Omit<Restored, 'applied' | 'madeAt'>> {
  for (const month of manifest.months) await client.query('select ensure_journal_partitions($1::date)', [month]);
  const names = manifest.tables.map((table) => qualified(table.name));
  const bringTriggersBack = await triggersAside(client);
  const bringConstraintsBack = await constraintsAside(client);
  await client.query(`truncate ${names.join(', ')}`);

  const pour = pourer(client, manifest.tables);
  let files = 0;
  let complete = false;
  for await (const entry of entries) {
    const [kind, ...rest] = entry.header.name.split('/');
    if (kind === 'tables' && rest.length === 2) await pour.add(rest[0] ?? '', entry);
    else if (kind === 'files') files += await putBack(entry, rest, options, drafts);
    else if (entry.header.name === 'end.json') {
      const rows = await pour.end();
      const end = await parsed(endSchema, entry, file);
      complete = Object.entries(end.rows).every(([table, count]) => (rows.get(table) ?? 0) === count) && end.files === files;
    } else throw new AppError('backup.not_ours', { file });
  }
  if (!complete) throw new AppError('backup.cut', { file });

  for (const { name, last } of manifest.sequences) {
    if (last !== null) await client.query('select setval($1::regclass, $2::bigint)', [qualified(name), last]);
  }
  await bringConstraintsBack();
  await bringTriggersBack();
  const rows = await pour.end();
  return { users: rows.get('users') ?? 0, rows: [...rows.values()].reduce((sum, count) => sum + count, 0), files };
}

interface Pourer {
  add(table: string, piece: Entry): Promise<void>;
  /** Ends the table under way; rows of each so far. */
  end(): Promise<ReadonlyMap<string, number>>;
}

/** The pieces of a table follow each other and are one COPY. */
function pourer(client: pg.Client, tables: readonly KeptTable[]): Pourer {
  const rows = new Map<string, number>();
  let open: { readonly table: string; readonly stream: ReturnType<typeof copyFrom>; readonly failed: Promise<never> } | undefined;

  const end = async (): Promise<ReadonlyMap<string, number>> => {
    const last = open;
    open = undefined;
    if (last !== undefined) {
      const finished = new Promise<void>((resolve) => last.stream.once('finish', () => resolve()));
      last.stream.end();
      await Promise.race([finished, last.failed]);
      rows.set(last.table, last.stream.rowCount);
    }
    return rows;
  };

  return {
    end,
    add: async (name, piece) => {
      const table = tables.find((candidate) => candidate.name === name);
      if (table === undefined || rows.has(name)) throw new AppError('backup.cut', { file: piece.header.name });
      if (open?.table !== name) {
        await end();
        const stream = client.query(copyFrom(`copy ${qualified(name)} (${columnList(table)}) from stdin`));
        const failed = new Promise<never>((_, reject) => stream.once('error', reject));
        failed.catch(() => undefined);
        open = { table: name, stream, failed };
      }
      const { stream, failed } = open;
      for await (const part of piece as AsyncIterable<Buffer>) {
        if (!stream.write(part)) await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), failed]);
      }
    },
  };
}

/** Written beside its place, and named when the database's side is committed. A name that leads elsewhere is refused. */
async function putBack(entry: Entry, parts: readonly string[], options: RestoreOptions, drafts: string[]): Promise<1> {
  const allowed = options.directories.includes(parts[0] ?? '') && parts.length > 1;
  if (!allowed || parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part))) {
    throw new AppError('backup.not_ours', { file: entry.header.name });
  }
  const whole = path.join(options.dataDir, ...parts);
  await mkdir(path.dirname(whole), { recursive: true, mode: 0o700 });
  drafts.push(`${whole}${DRAFT}`);
  await pipeline(entry, createWriteStream(`${whole}${DRAFT}`, { mode: 0o600, flush: true }));
  return 1;
}
