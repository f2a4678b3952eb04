/**
 * A backup that is put back knows nothing of erasures made after it. Their list is written to a file
 * beside the backups and read into the restored database, which then erases those users again.
 *
 * The file has a line of JSON for each erased user: when, and a salted hash of the primary id.
 */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { outranksSql } from '../../access/index.ts';
import { AppError, operation } from '../../core/index.ts';
import { removeDoomedFiles } from './doomed-files.ts';
import { eraseUsers } from './erase-users.ts';

const lineSchema = z.strictObject({ at: z.iso.datetime(), salt: z.string().min(16), hash: z.string().regex(/^[0-9a-f]{64}$/) });

export const listErasures = operation({
  name: 'erasure.list',
  summary: {
    en: 'Lists erasures by their counts, and writes the file that a restored backup needs',
    de: 'Listet Löschungen mit ihrer Zahl auf und schreibt die Datei, die eine zurückgespielte Sicherung braucht',
  },
  privilege: 'users:delete',
  input: z.strictObject({
    file: z.string().min(1).optional().describe('Where to write the list of hashes'),
    limit: z.number().int().min(1).max(1_000).default(100),
    before: z.number().int().positive().optional().describe('Erasures with smaller numbers'),
  }),
  output: z.object({
    erasures: z.array(
      z.object({
        id: z.number(),
        at: z.string(),
        actor: z.string(),
        reason: z.string().nullable(),
        users: z.number(),
        forced: z.boolean(),
        run_id: z.number().nullable(),
      }),
    ),
    file: z.string().nullable(),
    /** Users on the list that was written. */
    written: z.number(),
  }),
  audit: (input, output) => ({
    entity: 'erasure',
    id: null,
    detail: { written: input.file === undefined ? null : (output?.written ?? null) },
  }),
  run: async (ctx, input) => {
    const { rows } = await ctx.db.pool.query(sql`
      select e.id, e.at, e.actor, e.reason, e.users, e.forced, e.run_id from erasures e
      where ${input.before ?? null}::bigint is null or e.id < ${input.before ?? null}::bigint
      order by e.id desc limit ${input.limit}::integer`);
    if (input.file === undefined) return { erasures: rows, file: null, written: 0 };
    const keys = await ctx.db.pool.query<{ at: string; salt: string; hash: string }>(sql`
      select e.at, s.salt, k.hash from erased_keys k join erasures e on e.id = k.erasure_id cross join erasure_salt s order by e.id, k.hash`);
    const file = input.file;
    await writeFile(file, keys.rows.map((row) => `${JSON.stringify(row)}\n`).join(''), { mode: 0o600 }).catch((error: unknown) => {
      throw new AppError('audit.file_unwritable', { file, reason: error instanceof Error && 'code' in error ? String(error.code) : '' });
    });
    return { erasures: rows, file, written: keys.rows.length };
  },
});

const BATCH = 1_000;

export const reapplyErasures = operation({
  name: 'erasure.reapply',
  summary: {
    en: 'Erases again, after a backup was put back, who had been erased since',
    de: 'Löscht nach dem Zurückspielen einer Sicherung erneut, wer seither gelöscht worden war',
  },
  privilege: 'users:delete',
  input: z.strictObject({ file: z.string().min(1).describe('The list that erasure.list has written') }),
  output: z.object({ users: z.number() }),
  audit: (_, output) => ({ entity: 'erasure', id: null, detail: { users: output?.users ?? null } }),
  run: async (ctx, input) => {
    const client = await ctx.db.pool.connect();
    let found: { id: number }[];
    try {
      await client.query('begin');
      await client.query('create temp table listed (at timestamptz not null, salt text not null, hash text not null) on commit drop');
      for await (const rows of batchesOf(input.file)) {
        await client.query(
          sql`insert into listed select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (at timestamptz, salt text, hash text)`,
        );
      }
      // Somebody who got a freed primary id after the erasure is another person. The list comes out of a
      // file, so it may not name whom the caller could not erase.
      const out = outranksSql(ctx.actor, sql`u.id`) ?? sql`false`;
      const self = ctx.actor.kind === 'user' ? ctx.actor.userId : 0;
      const matches = await client.query<{ id: number }>(sql`
        select u.id from (select distinct l.salt from listed l) s cross join users u
        join listed l on l.salt = s.salt and l.hash = erased_hash(s.salt, u.primary_id) and u.created_at < l.at
        where u.id <> ${self}::bigint and not ${out}
        group by u.id order by u.id`);
      found = matches.rows;
    } finally {
      await client.query('rollback').catch(() => undefined);
      client.release();
    }
    let users = 0;
    for (let start = 0; start < found.length; start += BATCH) {
      const ids = found.slice(start, start + BATCH).map((row) => row.id);
      const erased = await ctx.db.transaction((tx) =>
        eraseUsers(tx, ids, { reason: 'restored backup', forced: true, actor: ctx.actor.name, runId: null, timeZone: ctx.timeZone }),
      );
      users += erased.users;
      ctx.onProgress?.({ stage: 'erase', done: users, total: found.length });
    }
    await removeDoomedFiles(ctx);
    return { users };
  },
});

async function* batchesOf(file: string): AsyncGenerator<z.output<typeof lineSchema>[], void, undefined> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let batch: z.output<typeof lineSchema>[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    batch.push(parseLine(file, number, line));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function parseLine(file: string, number: number, line: string): z.output<typeof lineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new AppError('privacy.bad_erasure_file', { file, line: number });
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) throw new AppError('privacy.bad_erasure_file', { file, line: number });
  return parsed.data;
}
