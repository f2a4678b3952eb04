/** Makes print batches, part by part. Any number of processes may; each part is made by one. */
import sql from 'sql-template-tag';
import type { Context } from '../../core/index.ts';
import { readLetterInputs } from '../letter-input.ts';
import { revokeSecret, type SenderPorts } from '../secret.ts';
import { readLetterSettings } from '../settings.ts';
import {
  type Batch,
  BatchLost,
  closeBatch,
  holdBatch,
  keepHold,
  letGo,
  lettersWithSecret,
  nextLetters,
  type Position,
  releaseLetters,
  settlePart,
} from './batches.ts';
import { expirePrints } from './expire.ts';
import { openPrintFile, type PrintFile, partPath } from './file.ts';
import { forgetLines } from './lines.ts';
import { keepContents, type Part, printChunk } from './part.ts';
import { hoursKept, readPrintSettings } from './settings.ts';
import { SHEETS } from './sheet.ts';

export interface MakeOptions {
  /** Stops between two letters; what was not finished is made again later. */
  readonly signal?: AbortSignal;
  /** Letters per file; default 2,500. */
  readonly perFile?: number;
  /** How long a maker may not be heard of; default 120 s. */
  readonly leaseSeconds?: number;
}

/** Letters read at once, and between two signs of life. */
const CHUNK = 100;
const MOST_ATTEMPTS = 5;
/**
 * Makes one part of one batch, or ends a batch of which all is made. Says whether there was anything to do.
 * A part that fails is tried again, by whoever comes; after five times the letters that are left wait again.
 */
export async function makePrints(ctx: Context, ports: SenderPorts, options: MakeOptions = {}): Promise<boolean> {
  const batch = await holdBatch(ctx.db.pool, options.leaseSeconds ?? 120);
  if (batch === undefined) {
    // Not left to housekeeping, which comes once an hour: files with passwords go when their day is over.
    await expirePrints(ctx);
    return false;
  }
  if (batch.attempts > MOST_ATTEMPTS) {
    await giveUp(ctx, ports, batch);
    return true;
  }
  try {
    await makePart(ctx, ports, batch, options);
    return true;
  } catch (error) {
    // Whoever holds the batch now goes on with it.
    if (error instanceof BatchLost) return true;
    if (error instanceof Stopped) return false;
    throw error;
  }
}

class Stopped extends Error {
  override readonly name = 'Stopped';
}

async function makePart(ctx: Context, ports: SenderPorts, held: Batch, options: MakeOptions): Promise<void> {
  const leaseSeconds = options.leaseSeconds ?? 120;
  const due = await nextLetters(ctx.db.pool, held, options.perFile ?? 2_500);
  if (due.length === 0) {
    await closeBatch(ctx.db.pool, held, await hoursKept(ctx.db.pool, held.credentials));
    return;
  }
  // The hold's end changes with every sign of life, and with it what proves that it is ours.
  const hold = { batch: held, leaseSeconds };
  let file: PrintFile | undefined;
  try {
    const settings = await readPrintSettings(ctx.db.pool, held.layout);
    const letters = await readLetterSettings(ctx.db.pool);
    const path = partPath(held.id, held.parts + 1);
    const title = [letters.libraryName ?? 'Muster', `${held.id}-${held.parts + 1}`].join(' ');
    file = await openPrintFile(ctx.dataDir, path, { title, language: letters.language, ...SHEETS[held.layout] });
    const part: Part = { ctx, ports, letters, settings, file, outcomes: [], kept: [], pages: 0, shelf: undefined };
    await printAll(part, hold, due, options.signal);
    const printed = part.outcomes.some((outcome) => outcome.state === 'sent');
    if (printed) await file.finish();
    else await file.discard();
    const settled = await settlePart(ctx.db, hold.batch, { file: path, pages: part.pages, outcomes: part.outcomes }, (tx) =>
      keepContents(tx, part.kept),
    );
    if (settled) return;
    // A letter was cancelled after its page had been written: the part is made again without it.
    await file.discard();
    await letGo(ctx.db.pool, hold.batch, { uncounted: true });
  } catch (error) {
    // Not when another process has the batch: it writes under the same name.
    if (error instanceof BatchLost) throw error;
    await file?.discard().catch(() => undefined);
    // Should the database be away, the lease ends by itself.
    const stopped = error instanceof Stopped;
    await letGo(ctx.db.pool, hold.batch, { uncounted: stopped, ...(stopped ? {} : { error: reasonOf(error) }) }).catch(() => undefined);
    throw error;
  }
}

async function printAll(
  part: Part,
  hold: { batch: Batch; readonly leaseSeconds: number },
  due: readonly Position[],
  signal?: AbortSignal,
): Promise<void> {
  for (let from = 0; from < due.length; from += CHUNK) {
    if (signal?.aborted === true) throw new Stopped();
    await printChunk(part, hold.batch, due.slice(from, from + CHUNK));
    if (hold.batch.credentials) forgetLines();
    hold.batch = await keepHold(part.ctx.db.pool, hold.batch, hold.leaseSeconds);
  }
}

/** What could not be printed waits again; passwords that nobody will read end. */
async function giveUp(ctx: Context, ports: SenderPorts, batch: Batch): Promise<void> {
  await endSecrets(ctx, ports, batch.id, ['queued']);
  await ctx.db.transaction((tx) => releaseLetters(tx, batch.id));
  await closeBatch(ctx.db.pool, batch, await hoursKept(ctx.db.pool, batch.credentials));
}

/** Ends the passwords of a batch's letters in these states: their resets are pending again. */
async function endSecrets(ctx: Context, ports: SenderPorts, batchId: number, states: readonly string[]): Promise<void> {
  for (const id of await lettersWithSecret(ctx.db.pool, batchId, states)) {
    const [message] = await readLetterInputs(ctx.db.pool, [id]);
    if (message === undefined) continue;
    await ctx.db.transaction(async (tx) => {
      await revokeSecret(tx, message, ports);
      await tx.query(sql`update outbox o set message_id = null where o.id = ${id}::bigint`);
    });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
