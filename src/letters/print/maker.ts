/** Makes print batches, part by part. Any number of processes may; each part is made by one. */
import { randomUUID } from 'node:crypto';
import sql from 'sql-template-tag';
import type { Context, Queryable } from '../../core/index.ts';
import { todayIn } from '../../core/index.ts';
import { packContent } from '../contents.ts';
import { failureText } from '../failure.ts';
import { letterData, maskedSecret } from '../letter-data.ts';
import { type LetterInput, readLetterInputs } from '../letter-input.ts';
import { type MadeSecret, newSecret, revokeSecret, type SenderPorts, withoutSecret } from '../secret.ts';
import { type LetterSettings, readLetterSettings } from '../settings.ts';
import { type LetterShelf, openShelf } from '../shelf.ts';
import { addressLines, type PostalAddress, readAddresses } from './address.ts';
import {
  type Batch,
  BatchLost,
  closeBatch,
  holdBatch,
  keepHold,
  letGo,
  lettersWithSecret,
  nextLetters,
  type Outcome,
  type Position,
  releaseLetters,
  settlePart,
} from './batches.ts';
import { type PrintContent, printContent } from './content.ts';
import { openPrintFile, type PrintFile, partPath } from './file.ts';
import { printLetter } from './letter-pages.ts';
import { forgetLines } from './lines.ts';
import { hoursKept, type PrintSettings, readPrintSettings } from './settings.ts';
import { SHEETS } from './sheet.ts';
import { writtenDay } from './written-day.ts';

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
/** Passwords hashed at once. */
const HASHES = 4;

interface Message extends LetterInput {
  readonly letter_version: number | null;
  readonly message_id: string | null;
  readonly waiting: boolean;
}

interface Part {
  readonly ctx: Context;
  readonly ports: SenderPorts;
  readonly letters: LetterSettings;
  readonly settings: PrintSettings;
  readonly file: PrintFile;
  readonly outcomes: Outcome[];
  readonly kept: { readonly id: number; readonly body: Buffer }[];
  pages: number;
}

/**
 * Makes one part of one batch, or ends a batch of which all is made. Says whether there was anything to do.
 * A part that fails is tried again, by whoever comes; after five times the letters that are left wait again.
 */
export async function makePrints(ctx: Context, ports: SenderPorts, options: MakeOptions = {}): Promise<boolean> {
  const batch = await holdBatch(ctx.db.pool, options.leaseSeconds ?? 120);
  if (batch === undefined) return false;
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
    const part: Part = { ctx, ports, letters, settings, file, outcomes: [], kept: [], pages: 0 };
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

async function printChunk(part: Part, batch: Batch, chunk: readonly Position[]): Promise<void> {
  const { pool } = part.ctx.db;
  const ids = chunk.map((position) => position.outbox_id);
  const messages = await readMessages(pool, ids, batch.id);
  const addresses = await readAddresses(pool, [...new Set([...messages.values()].map((message) => message.user_id))]);
  const versions = [...messages.values()].map((message) => message.letter_version);
  const shelf = await openShelf(
    pool,
    [...messages.values()].map((message) => message.letter),
    versions,
  );
  const drafts = chunk.map((position) => draftOf(part, position, messages.get(position.outbox_id), addresses, shelf));
  // Passwords are in force before their pages are written; hashing takes its time, so several at once.
  const queue = drafts.filter((draft) => draft.secret !== undefined).values();
  await Promise.all(
    Array.from({ length: HASHES }, async () => {
      for (const draft of queue) await commitSecret(part, draft);
    }),
  );
  for (const [index, draft] of drafts.entries()) {
    if (draft.outcome !== undefined || draft.message === undefined || draft.content === undefined)
      part.outcomes.push(draft.outcome ?? { ...draft.position, state: 'gone' });
    else print(part, draft as Ready);
    if (index % 10 === 9) await part.file.drained();
  }
  await part.file.drained();
}

interface Draft {
  readonly position: Position;
  readonly message: Message | undefined;
  readonly language: string;
  readonly version: number | null;
  readonly address: readonly string[];
  readonly content: PrintContent | undefined;
  readonly secret: MadeSecret | undefined;
  /** Set as soon as it is known that it is not printed. */
  outcome: Outcome | undefined;
}

interface Ready extends Draft {
  readonly message: Message;
  readonly content: PrintContent;
}

/** The letter of one message, not on paper yet. */
function draftOf(
  part: Part,
  position: Position,
  message: Message | undefined,
  addresses: ReadonlyMap<number, PostalAddress>,
  shelf: LetterShelf,
): Draft {
  const none = { position, message, language: '', version: null, address: [], content: undefined, secret: undefined };
  if (message?.waiting !== true) return { ...none, outcome: { ...position, state: 'gone' } };
  const { home, language: libraryLanguage } = part.settings;
  const letter = shelf.find(message.letter, message.wished_language, part.letters.language, message.letter_version);
  if (letter === undefined) return { ...none, outcome: { ...position, state: 'failed', remark: failureText('letters.no_letter') } };
  const secret = message.credentials ? newSecret(message, part.ports) : undefined;
  const data = letterData(message, message.run, part.letters, letter.language, secret?.shown);
  const address = addressLines(data.user.name, addresses.get(message.user_id), { home, language: libraryLanguage });
  if ('code' in address) {
    return { ...none, outcome: { ...position, state: 'no_address', remark: failureText(address.code, address.detail) } };
  }
  try {
    const content = printContent(letter.compiled(), data);
    if (secret !== undefined && !content.text.includes(secret.word)) {
      return { ...none, outcome: { ...position, state: 'failed', remark: failureText('letters.no_secret') } };
    }
    return { position, message, language: letter.language, version: letter.versionId, address, content, secret, outcome: undefined };
  } catch (error) {
    return {
      ...none,
      outcome: { ...position, state: 'failed', remark: failureText('letters.render_failed', withoutSecret(error, secret)) },
    };
  }
}

function print(part: Part, draft: Ready): void {
  const { position, message, language, content } = draft;
  const { settings, ctx } = part;
  const page = part.pages + 1;
  const { pages, missing } = printLetter(
    part.file.pen,
    {
      language,
      subject: content.subject,
      blocks: content.blocks,
      address: draft.address,
      date: writtenDay(todayIn(ctx.timeZone), language),
    },
    settings.stationery,
  );
  part.pages += pages;
  const shown = masked(draft);
  part.kept.push({ id: message.id, body: packContent({ subject: shown.subject, text: shown.text, html: '' }, null).body });
  part.outcomes.push({
    ...position,
    state: 'sent',
    page,
    language,
    version: draft.version,
    ...(missing.length === 0 ? {} : { remark: failureText('letters.print_glyphs', missing.join(' ')) }),
  });
}

/** What is kept of a letter: passwords are masked. */
function masked({ message, content, secret }: Ready): Pick<PrintContent, 'subject' | 'text'> {
  if (secret === undefined) return content;
  const mask = Object.values(maskedSecret(message.brings))[0] ?? '';
  const words = [...Object.values(secret.shown), secret.word];
  const hide = (text: string): string => words.reduce((kept, word) => kept.replaceAll(word, mask), text);
  return { subject: hide(content.subject), text: hide(content.text) };
}

/** Puts the password's hash, or the link, in force. What an attempt before has brought ends in the same transaction. */
async function commitSecret({ ctx, ports }: Part, draft: Draft): Promise<void> {
  const { message, secret, position } = draft;
  if (message === undefined || secret === undefined) return;
  const { brings, word } = secret;
  const hash = brings === 'password' ? await ports.hashPassword(word) : '';
  const of = { runId: message.run_id, userId: message.user_id };
  try {
    await ctx.db.transaction(async (tx) => {
      if (message.message_id !== null) await revokeSecret(tx, message, ports);
      const committed =
        brings === 'password'
          ? await ports.commitCredential(tx, { ...of, hash, temporary: true })
          : await ports.commitLink(tx, { ...of, token: word, brings });
      if (committed === 'stale') throw new NotPrinted('stale');
      // Says that a password of ours may be in force; letters on paper have no other use for it.
      const { rowCount } = await tx.query(sql`
        update outbox o set message_id = ${`<${randomUUID()}@print>`}::text where o.id = ${message.id}::bigint and o.state = 'queued'`);
      if (rowCount !== 1) throw new NotPrinted('gone');
    });
  } catch (error) {
    if (!(error instanceof NotPrinted)) throw error;
    draft.outcome =
      error.why === 'gone'
        ? { ...position, state: 'gone' }
        : { ...position, state: 'cancelled', remark: failureText('letters.credential_stale') };
  }
}

/** Rolls the password back: the message was cancelled, or the password has been set otherwise. */
class NotPrinted extends Error {
  override readonly name = 'NotPrinted';
  readonly why: 'stale' | 'gone';

  constructor(why: 'stale' | 'gone') {
    super(why);
    this.why = why;
  }
}

async function readMessages(db: Queryable, ids: readonly number[], batch: number): Promise<ReadonlyMap<number, Message>> {
  const { rows } = await db.query<Pick<Message, 'id' | 'letter_version' | 'message_id' | 'waiting'>>(sql`
    select o.id, o.letter_version, o.message_id, (o.state = 'queued' and o.print_batch = ${batch}::bigint) as waiting
    from outbox o where o.id = any(${ids}::bigint[])`);
  const more = new Map(rows.map((row) => [row.id, row]));
  const inputs = await readLetterInputs(db, ids);
  return new Map(
    inputs.flatMap((input) => {
      const own = more.get(input.id);
      return own === undefined ? [] : [[input.id, { ...input, ...own }] as const];
    }),
  );
}

async function keepContents(tx: Queryable, kept: Part['kept']): Promise<void> {
  await tx.query(sql`
    insert into message_contents (outbox_id, body)
    select n.id, n.body from unnest(${kept.map((one) => one.id)}::bigint[], ${kept.map((one) => one.body)}::bytea[]) as n (id, body)
    on conflict (outbox_id) do update set body = excluded.body`);
}

/** What could not be printed waits again; passwords that nobody will read end. */
async function giveUp(ctx: Context, ports: SenderPorts, batch: Batch): Promise<void> {
  await endSecrets(ctx, ports, batch.id, ['queued']);
  await ctx.db.transaction((tx) => releaseLetters(tx, batch.id));
  await closeBatch(ctx.db.pool, batch, await hoursKept(ctx.db.pool, batch.credentials));
}

/** Ends the passwords of a batch's letters in these states: their resets are pending again. */
export async function endSecrets(ctx: Context, ports: SenderPorts, batchId: number, states: readonly string[]): Promise<void> {
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
