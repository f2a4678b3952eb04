/** The letters of a part: from the outbox to the page. */
import { randomUUID } from 'node:crypto';
import sql from 'sql-template-tag';
import { type Context, type Queryable, todayIn } from '../../core/index.ts';
import { packContent } from '../contents.ts';
import { failureText } from '../failure.ts';
import { letterData, maskedSecret } from '../letter-data.ts';
import { type LetterInput, readLetterInputs } from '../letter-input.ts';
import { type MadeSecret, newSecret, revokeSecret, type SenderPorts, withoutSecret } from '../secret.ts';
import type { LetterSettings } from '../settings.ts';
import { type LetterShelf, openShelf, type ShelvedLetter } from '../shelf.ts';
import { type LetterNeed, withDetails } from '../text/index.ts';
import { addressLines, type PostalAddress, readAddresses } from './address.ts';
import type { Batch, Outcome, Position } from './batches.ts';
import { type PrintContent, printContent } from './content.ts';
import type { PrintFile } from './file.ts';
import { printLetter } from './letter-pages.ts';
import type { PrintSettings } from './settings.ts';
import { writtenDate } from '../text/letter-date.ts';

/** Passwords hashed at once. */
const HASHES = 4;

interface Message extends LetterInput {
  readonly letter_version: number | null;
  readonly message_id: string | null;
  readonly waiting: boolean;
}

/** A part that is being made. */
export interface Part {
  readonly ctx: Context;
  readonly ports: SenderPorts;
  readonly letters: LetterSettings;
  readonly settings: PrintSettings;
  readonly file: PrintFile;
  readonly outcomes: Outcome[];
  readonly kept: { readonly id: number; readonly body: Buffer }[];
  pages: number;
  /** The letters of the messages so far, with what they were opened for. */
  shelf: { readonly open: LetterShelf; readonly for: ReadonlySet<string> } | undefined;
}

/** The next letters of a part onto its pages; passwords are in force before. */
export async function printChunk(part: Part, batch: Batch, chunk: readonly Position[]): Promise<void> {
  const { pool } = part.ctx.db;
  const ids = chunk.map((position) => position.outbox_id);
  const messages = await readMessages(pool, ids, batch.id);
  const addresses = await readAddresses(pool, [...new Set([...messages.values()].map((message) => message.user_id))]);
  const shelf = await shelfFor(part, [...messages.values()]);
  // What only some letters show of a user is read for those alone.
  for (const message of await withDetails(pool, [...messages.values()], (one) => needsOf(part, one, shelf)))
    messages.set(message.id, message);
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

function letterOf(part: Part, message: Message, shelf: LetterShelf): ShelvedLetter | undefined {
  return shelf.find(message.letter, message.wished_language, part.letters.language, message.letter_version);
}

function needsOf(part: Part, message: Message, shelf: LetterShelf): ReadonlySet<LetterNeed> | undefined {
  try {
    return letterOf(part, message, shelf)?.compiled().needs;
  } catch {
    // A letter that cannot be read fails when it is filled in, and says why.
    return undefined;
  }
}

/** A shelf with these messages' letters; letters are compiled once for a part, as long as no new ones come. */
async function shelfFor(part: Part, messages: readonly Message[]): Promise<LetterShelf> {
  const wanted = new Set(messages.map((message) => JSON.stringify([message.letter, message.letter_version])));
  if (part.shelf !== undefined && [...wanted].every((letter) => part.shelf?.for.has(letter))) return part.shelf.open;
  const all = new Set([...(part.shelf?.for ?? []), ...wanted]);
  const letters = [...all].map((letter) => JSON.parse(letter) as readonly [string, number | null]); // written above
  const open = await openShelf(
    part.ctx.db.pool,
    letters.map(([type]) => type),
    letters.map(([, version]) => version),
  );
  part.shelf = { open, for: all };
  return open;
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
  const letter = letterOf(part, message, shelf);
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
      date: writtenDate(todayIn(ctx.timeZone), language),
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
      const [committed = 'stale'] =
        brings === 'password'
          ? await ports.commitCredentials(tx, [{ ...of, hash, temporary: true }])
          : [await ports.commitLink(tx, { ...of, token: word, brings })];
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

async function readMessages(db: Queryable, ids: readonly number[], batch: number): Promise<Map<number, Message>> {
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

/** What was printed can be read until it is deleted, as what was sent can. */
export async function keepContents(tx: Queryable, kept: Part['kept']): Promise<void> {
  await tx.query(sql`
    insert into message_contents (outbox_id, body)
    select n.id, n.body from unnest(${kept.map((one) => one.id)}::bigint[], ${kept.map((one) => one.body)}::bytea[]) as n (id, body)
    on conflict (outbox_id) do update set body = excluded.body, dictionary = null`);
}
