import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { Actor, Context } from '../../src/core/index.ts';
import type { DatabaseHandle } from '../../src/db/index.ts';
import { exportUsers, type ImportResult, importUsers, showUser } from '../../src/feeds/index.ts';

type Format = 'alma-json' | 'alma-xml' | 'csv';

export interface ImportOptions {
  readonly mode?: 'both' | 'add' | 'update';
  readonly dryRun?: boolean;
  readonly format?: Format;
  readonly encoding?: 'utf-8' | 'windows-1252';
  /** A name of a mapping, or a mapping that is written to a file. */
  readonly mapping?: string | object;
  readonly actor?: Actor;
  readonly language?: 'en' | 'de';
}

const ADMINISTRATOR: Actor = { kind: 'administrator', name: 'administrator' };

/** Imports and exports through files of a directory that goes with the test file. */
export class FeedDesk {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'muster-feeds-'));
  readonly #test: { readonly db: DatabaseHandle };
  #files = 0;

  constructor(test: { readonly db: DatabaseHandle }) {
    this.#test = test;
    afterAll(() => rm(this.directory, { recursive: true, force: true }));
  }

  context(actor: Actor = ADMINISTRATOR, language: 'en' | 'de' = 'en'): Context {
    return {
      db: this.#test.db,
      actor,
      source: 'cli',
      language,
      timeZone: 'Europe/Berlin',
      dataDir: this.directory,
      doorbell: { ring: () => Promise.resolve() },
    };
  }

  path(name: string): string {
    this.#files += 1;
    return path.join(this.directory, `${this.#files}-${name}`);
  }

  async import(content: string | Buffer | object, options: ImportOptions = {}): Promise<ImportResult> {
    const file = this.path('users');
    await writeFile(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
    return this.importFile(file, options);
  }

  async importFile(file: string, options: ImportOptions = {}): Promise<ImportResult> {
    const { mode = 'both', dryRun = false, mapping, actor, language, ...rest } = options;
    const mappingFile = typeof mapping === 'object' ? this.path('mapping.json') : mapping;
    if (typeof mapping === 'object' && mappingFile !== undefined) await writeFile(mappingFile, JSON.stringify(mapping));
    return importUsers.run(this.context(actor, language), {
      file,
      mode,
      dryRun,
      mapping: mappingFile,
      format: undefined,
      encoding: undefined,
      ...rest,
    });
  }

  async export(format: Format, where = 'everyone'): Promise<string> {
    const file = this.path(`export.${format}`);
    await exportUsers.run(this.context(), { where, format, file });
    return readFile(file, 'utf8');
  }

  show(user: string): Promise<Record<string, unknown>> {
    return showUser.run(this.context(), { user });
  }

  async query<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#test.db.pool.query<Row>(text, values)).rows;
  }

  /** As after the migrations: no users, runs, and no codes but the seeded ones. */
  async empty(): Promise<void> {
    await this.#test.db.pool.query('truncate users, runs, journal restart identity cascade');
    await this.#test.db.pool.query('delete from codes where position = 1000');
  }

  /** Everything that an import may write, to compare before and after. */
  async everything(): Promise<unknown> {
    const tables = [
      'users',
      'user_identifiers',
      'user_addresses',
      'user_emails',
      'user_phones',
      'user_notes',
      'user_blocks',
      'user_roles',
      'user_statistics',
      'user_rs_libraries',
      'user_letter_preferences',
      'user_keys',
      'user_search',
      'credentials',
      'codes',
    ];
    const parts = await Promise.all(
      tables.map(async (table) => [table, await this.query(`select to_jsonb(t) as row from ${table} t order by 1`)]),
    );
    return Object.fromEntries(parts);
  }
}

/**
 * What two notations of a record must agree in: empty texts, nulls, empty lists and absent members are
 * one thing; numbers may be written as text; what only answers carry is left out.
 */
export function essence(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(essence);
  if (typeof value !== 'object') return typeof value === 'number' ? String(value) : value;
  const entries = Object.entries(value).flatMap(([name, member]) => {
    const kept = essence(member);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
