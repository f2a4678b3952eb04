/** Writes a backup while everything else goes on: one snapshot of the database, and the files beside it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type Pack, pack } from 'tar-stream';
import { clientConfig, type Endpoint, SCHEMA } from '../connection.ts';
import { type End, FORMAT, type Manifest } from './manifest.ts';
import { columnList, type KeptTable, keptTables, qualified, sequences } from './tables.ts';

export interface BackupFiles {
  readonly dataDir: string;
  /** Directories below the data directory whose files go with it. */
  readonly directories: readonly string[];
  /** Files that do not, below the data directory, with `/`. */
  without(client: pg.Client): Promise<ReadonlySet<string>>;
}

export interface Backup {
  readonly file: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly users: number;
  readonly rows: number;
  readonly files: number;
}

/** A table goes through the memory in pieces of this size. */
const PIECE = 4 * 1024 * 1024;

/** Under `file` there is a whole backup or none: it is written beside it and renamed. Only its owner can read it. */
export async function writeBackup(endpoint: Endpoint, file: string, beside: BackupFiles): Promise<Backup> {
  const draft = `${file}.${process.pid}.draft`;
  const client = new pg.Client(clientConfig(endpoint, { applicationName: 'muster backup' }));
  client.on('error', () => undefined);
  await client.connect();
  try {
    const tar = pack();
    const written = pipeline(tar, createGzip({ level: 4 }), createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
    const filled = fill(client, tar, beside).catch((error: unknown) => {
      tar.destroy(error instanceof Error ? error : new Error(String(error)));
      throw error;
    });
    const [end] = await Promise.all([filled, written]);
    await rename(draft, file);
    const rows = Object.values(end.rows).reduce((sum, count) => sum + count, 0);
    return { file, size: (await stat(file)).size, users: end.rows['users'] ?? 0, rows, files: end.files };
  } finally {
    await client.end();
    await rm(draft, { force: true });
  }
}

async function fill(client: pg.Client, tar: Pack, beside: BackupFiles): Promise<End> {
  await client.query('begin isolation level repeatable read read only');
  const tables = await keptTables(client);
  const manifest: Manifest = {
    format: FORMAT,
    madeAt: new Date().toISOString(),
    postgres: await one(client, 'select version()'),
    migrations: (await client.query(`select number, name, sha256 from ${SCHEMA}.muster_migrations order by number`)).rows,
    tables,
    sequences: await sequences(client),
    months: (await client.query(`select distinct date_trunc('month', at)::date as month from ${SCHEMA}.journal order by 1`)).rows.map(
      (row: { month: string }) => row.month,
    ),
  };
  await entry(tar, 'muster.json', Buffer.from(JSON.stringify(manifest)));
  const rows: Record<string, number> = {};
  for (const table of tables) rows[table.name] = await addTable(client, tar, table);
  const without = await beside.without(client);
  await client.query('commit');
  let files = 0;
  for (const directory of beside.directories) files += await addFiles(tar, beside.dataDir, directory, without);
  const end: End = { rows, files };
  await entry(tar, 'end.json', Buffer.from(JSON.stringify(end)));
  tar.finalize();
  return end;
}

/** Says how many rows went out. */
async function addTable(client: pg.Client, tar: Pack, table: KeptTable): Promise<number> {
  // Of a table in parts COPY takes only a query.
  const copy = client.query(copyTo(`copy (select ${columnList(table)} from ${qualified(table.name)}) to stdout`));
  let number = 0;
  for await (const piece of inPieces(copy)) {
    await entry(tar, `tables/${table.name}/${String(number).padStart(6, '0')}`, piece);
    number += 1;
  }
  return copy.rowCount;
}

async function* inPieces(source: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of source as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length < PIECE) continue;
    yield Buffer.concat(parts);
    parts = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(parts);
}

async function addFiles(tar: Pack, dataDir: string, directory: string, without: ReadonlySet<string>): Promise<number> {
  const found = await readdir(path.join(dataDir, directory), { recursive: true, withFileTypes: true }).catch(ifMissing);
  let count = 0;
  for (const item of found) {
    const whole = path.join(item.parentPath, item.name);
    const name = path.relative(dataDir, whole).split(path.sep).join('/');
    // What begins with a dot is being written.
    if (!item.isFile() || item.name.startsWith('.') || without.has(name)) continue;
    count += (await addFile(tar, whole, name)) ? 1 : 0;
  }
  return count;
}

/** False when the file has gone meanwhile: letters expire. */
async function addFile(tar: Pack, whole: string, name: string): Promise<boolean> {
  const size = (await stat(whole).catch(ifMissing))?.size;
  if (size === undefined) return false;
  const into = tar.entry({ name: `files/${name}`, size, mode: 0o600 });
  // Not one byte more than was announced, should it have grown.
  await pipeline(createReadStream(whole, { end: Math.max(0, size - 1) }), into);
  return true;
}

function ifMissing(error: NodeJS.ErrnoException): never[] & undefined {
  if (error.code === 'ENOENT') return [] as never[] & undefined; // nothing there: no names, no size
  throw error;
}

/** Resolves when the archive has taken it, so that a slow disk slows the database's reading down. */
function entry(tar: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry({ name, mode: 0o600 }, content, (error) => (error ? reject(error) : resolve()));
  });
}

async function one(client: pg.Client, query: string): Promise<string> {
  const { rows } = await client.query<Record<string, string>>(query);
  return Object.values(rows[0] ?? {})[0] ?? '';
}
