import { copyFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import sql, { empty, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { type AnyOperation, AppError, type Context, count, id, instant, operation, type Queryable } from '../../core/index.ts';
import { failureSentence } from '../failure.ts';
import { countWaiting, openBatch } from './batches.ts';
import { deleteFiles } from './expire.ts';
import { LAYOUTS, readPrintSettings } from './settings.ts';

const BATCH_STATES = ['making', 'ready', 'failed', 'deleted'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

const batchFields = {
  id,
  state: z.enum(BATCH_STATES).describe('`deleted`: its files are gone'),
  layout: z.enum(LAYOUTS),
  credentials: z.boolean().describe('Its letters carry passwords: a file goes after its first download, at the latest after a day'),
  messages: count.describe('Letters that were put into it'),
  done: count.describe('Letters whose turn it was'),
  printed: count.describe('Letters in its files'),
  left_out: count.describe('Letters that could not be printed'),
  pages: count,
  parts: z.array(z.object({ part: z.number().int(), letters: count, there: z.boolean() })).describe('Its files'),
  error: z.string().nullable().describe('What went wrong while it was made'),
  created_at: instant,
  created_by: z.string().nullable(),
  ready_at: instant.nullable(),
  downloaded_at: instant.nullable(),
  expires_at: instant.nullable().describe('When its files go'),
};
const batchSchema = z.object(batchFields);
export type PrintBatchView = z.output<typeof batchSchema>;

const remarkSchema = z.object({
  message: id.describe('Number in the outbox'),
  user: z.string().describe('Primary id'),
  printed: z.boolean(),
  part: z.number().int().nullable(),
  page: z.number().int().nullable(),
  remark: z.string().describe('A sentence in the language of who asks'),
});
export type PrintRemark = z.output<typeof remarkSchema>;

const waiting = z.object({ ordinary: count, credentials: count.describe('Letters that carry passwords') });

const ID = z.coerce.number().int().positive();

export const makePrint = operation({
  name: 'print.make',
  summary: {
    en: 'Makes a PDF of the letters that wait to be printed; those that carry passwords get one of their own',
    de: 'Macht aus den Briefen, die auf den Druck warten, ein PDF; solche mit Passwörtern bekommen ein eigenes',
  },
  privilege: 'jobs:run',
  input: z
    .object({
      run: ID.optional().describe('Only letters of this run'),
      layout: z.enum(LAYOUTS).optional().describe('Other than the library’s'),
    })
    .strict(),
  output: z.object({ batches: z.array(z.object({ id, credentials: z.boolean(), messages: count })) }),
  audit: (input, output) => ({
    entity: 'print_batch',
    id: input.run ?? null,
    detail: { batches: output?.batches.map((batch) => batch.id) ?? null },
  }),
  run: async (ctx, input) => {
    const { layout, home } = await readPrintSettings(ctx.db.pool, input.layout);
    const batches = await ctx.db.transaction(async (tx) => {
      const opened: { id: number; credentials: boolean; messages: number }[] = [];
      for (const credentials of [false, true]) {
        const batch = await openBatch(tx, { credentials, layout, home, run: input.run, by: ctx.actor.name });
        if (batch !== null) opened.push({ ...batch, credentials });
      }
      if (opened.length > 0) await ctx.doorbell.ring(tx, 'outbox');
      return opened;
    });
    if (batches.length === 0) throw new AppError('print.nothing_waits', {});
    return { batches };
  },
});

export const listPrints = operation({
  name: 'print.list',
  summary: {
    en: 'Lists the print batches, newest first, and how many letters wait',
    de: 'Listet die Druckstapel auf, die neuesten zuerst, und wie viele Briefe warten',
  },
  privilege: 'jobs:read',
  input: z
    .object({
      before: ID.optional().describe('Continue before the batch with this number'),
      limit: z.coerce.number().int().min(1).max(200).default(20).describe('Batches per page'),
    })
    .strict(),
  output: z.object({
    waiting,
    batches: z.array(batchSchema),
    next: id.nullable().describe('The `before` of the following page; null at the end'),
  }),
  audit: () => ({ entity: 'print_batch', id: null }),
  run: async (ctx, input) => {
    const page = input.before === undefined ? empty : sql`where b.id < ${input.before}::bigint`;
    const found = await readBatches(ctx.db.pool, sql`${page} order by b.id desc limit ${input.limit + 1}::integer`);
    const batches = found.slice(0, input.limit);
    return { waiting: await countWaiting(ctx.db.pool), batches, next: found.length > batches.length ? (batches.at(-1)?.id ?? null) : null };
  },
});

export const showPrint = operation({
  name: 'print.show',
  summary: {
    en: 'Shows a print batch, and the letters that were left out or lack characters',
    de: 'Zeigt einen Druckstapel und die Briefe, die ausgelassen wurden oder denen Zeichen fehlen',
  },
  privilege: 'jobs:read',
  input: z
    .object({
      id: ID.describe('Number of the batch'),
      after: z.coerce.number().int().min(0).default(0).describe('Continue after this many letters of the batch'),
      limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('Remarks per page'),
    })
    .strict(),
  output: z.object({
    ...batchFields,
    remarks: z.array(remarkSchema),
    next: z.number().int().nullable().describe('The `after` of the following page; null at the end'),
  }),
  audit: (input) => ({ entity: 'print_batch', id: input.id }),
  run: async (ctx, input) => {
    const batch = await requireBatch(ctx.db.pool, input.id);
    const { rows } = await ctx.db.pool.query<{
      position: number;
      message: number;
      user: string;
      part: number | null;
      page: number | null;
      remark: string;
    }>(sql`
      select l.position, l.outbox_id as message, u.primary_id as "user", l.part, l.page, l.remark
      from print_letters l join outbox o on o.id = l.outbox_id join users u on u.id = o.user_id
      where l.batch_id = ${input.id}::bigint and l.position > ${input.after}::integer and l.remark is not null
      order by l.position limit ${input.limit + 1}::integer`);
    const shown = rows.slice(0, input.limit);
    return {
      ...batch,
      remarks: shown.map(({ position: _position, ...row }) => ({
        ...row,
        printed: row.part !== 0,
        part: row.part === 0 ? null : row.part,
        remark: failureSentence(ctx.language, row.remark) ?? '',
      })),
      next: rows.length > shown.length ? (shown.at(-1)?.position ?? null) : null,
    };
  },
});

export const downloadPrint = operation({
  name: 'print.download',
  summary: {
    en: 'Copies a file of a print batch; one with passwords is deleted then',
    de: 'Kopiert eine Datei eines Druckstapels; eine mit Passwörtern wird danach gelöscht',
  },
  privilege: 'jobs:run',
  input: z
    .object({
      id: ID.describe('Number of the batch'),
      part: z.coerce.number().int().min(1).default(1).describe('Which of its files'),
      file: z.string().min(1).describe('Where to put it'),
    })
    .strict(),
  output: z.object({
    id,
    part: z.number().int(),
    file: z.string(),
    bytes: count,
    deleted: z.boolean().describe('It was the only one and is gone'),
  }),
  audit: (input) => ({ entity: 'print_batch', id: input.id, detail: { part: input.part } }),
  run: async (ctx, input) => {
    const batch = await requireBatch(ctx.db.pool, input.id);
    if (batch.state === 'making') throw new AppError('print.not_ready', { id: input.id, done: batch.done, total: batch.messages });
    return ctx.db.transaction(async (tx) => {
      // Two who download passwords at once: the second finds nothing.
      const { rows } = await tx.query<{ file: string | null }>(sql`
        select nullif(b.files[${input.part}::integer], '') as file from print_batches b where b.id = ${input.id}::bigint for update`);
      const stored = rows[0]?.file ?? null;
      if (stored === null) throw new AppError('print.no_file', { id: input.id, part: input.part });
      const source = path.join(ctx.dataDir, stored);
      await copyFile(source, input.file).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
          throw new AppError('print.no_file', { id: input.id, part: input.part }, { cause: error });
        throw error;
      });
      const { size } = await stat(input.file);
      await tx.query(sql`update print_batches b set downloaded_at = now() where b.id = ${input.id}::bigint`);
      if (batch.credentials) await deletePart(ctx, tx, input.id, input.part, stored);
      return { id: input.id, part: input.part, file: path.resolve(input.file), bytes: size, deleted: batch.credentials };
    });
  },
});

export const deletePrint = operation({
  name: 'print.delete',
  summary: {
    en: 'Deletes the files of a print batch; `requeue`: its letters are printed again, passwords are made anew',
    de: 'Löscht die Dateien eines Druckstapels; `requeue`: seine Briefe werden neu gedruckt, Passwörter neu vergeben',
  },
  privilege: 'jobs:run',
  input: z
    .object({
      id: ID.describe('Number of the batch'),
      requeue: z.boolean().default(false).describe('Its letters wait to be printed again, as if they had never been'),
    })
    .strict(),
  output: z.object({ id, requeued: count }),
  audit: (input, output) => ({
    entity: 'print_batch',
    id: input.id,
    detail: { requeue: input.requeue, requeued: output?.requeued ?? null },
  }),
  run: async (ctx, input) => {
    const batch = await requireBatch(ctx.db.pool, input.id);
    if (batch.state === 'making') throw new AppError('print.not_ready', { id: input.id, done: batch.done, total: batch.messages });
    return ctx.db.transaction(async (tx) => {
      await deleteFiles(ctx, tx, input.id);
      return { id: input.id, requeued: input.requeue ? await requeue(tx, input.id) : 0 };
    });
  },
});

export const PRINT_OPERATIONS = [makePrint, listPrints, showPrint, downloadPrint, deletePrint] as const satisfies readonly AnyOperation[];

/** What an earlier page carried ends when the letter is printed anew: its `message_id` says that there was something. */
async function requeue(tx: Queryable, batch: number): Promise<number> {
  const { rowCount } = await tx.query(sql`
    with held as materialized (
      select o.id from outbox o where o.print_batch = ${batch}::bigint and o.state = 'sent' order by o.id for update
    )
    update outbox o set state = 'queued', print_batch = null, sent_at = null, last_error = null, next_at = now()
    from held h where o.id = h.id`);
  return rowCount ?? 0;
}

async function deletePart(ctx: Context, tx: Queryable, batch: number, part: number, file: string): Promise<void> {
  await rm(path.join(ctx.dataDir, file), { force: true });
  await tx.query(sql`
    update print_batches b
    set files[${part}::integer] = '',
      state = case when (select bool_and(f.file = '' or f.nth = ${part}::bigint) from unnest(b.files) with ordinality as f (file, nth)) then 'deleted' else b.state end
    where b.id = ${batch}::bigint`);
}

async function requireBatch(db: Queryable, batch: number): Promise<PrintBatchView> {
  const [found] = await readBatches(db, sql`where b.id = ${batch}::bigint`);
  if (found === undefined) throw new AppError('print.batch_not_found', { id: batch });
  return found;
}

async function readBatches(db: Queryable, rest: Sql): Promise<PrintBatchView[]> {
  const { rows } = await db.query<PrintBatchView>(sql`
    select b.id, b.state, b.layout, b.credentials, b.messages, b.printed, b.pages, b.error, b.created_at, b.created_by, b.ready_at,
      b.downloaded_at, b.expires_at,
      (select count(*) from print_letters l where l.batch_id = b.id and l.part is not null) as done,
      (select count(*) from print_letters l where l.batch_id = b.id and l.part = 0) as left_out,
      coalesce((select jsonb_agg(jsonb_build_object('part', f.nth, 'there', f.file <> '', 'letters',
          (select count(*) from print_letters l where l.batch_id = b.id and l.part = f.nth)) order by f.nth)
        from unnest(b.files) with ordinality as f (file, nth)), '[]') as parts
    from print_batches b
    ${rest}`);
  return rows;
}
