/**
 * The records of a feed that its last files have brought and that nothing has changed since, so that a
 * nightly file is read only where it is new. A record is known by a hash of all of it together with how
 * the feed is read; the hash stands in `feed_seen` beside the version that the user had when it was taken
 * in. A user whom anybody has changed since has another version, and is looked at again.
 *
 * Open addressing over typed arrays: 24 bytes a user and as much room again, where a Map would take some
 * hundred and fifty.
 */
import { hash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Where the other half of a 64-bit number goes. */
const HALF = 2 ** 32;

export class KnownRecords {
  readonly #salt: string;
  /** What every hash begins with, and the heading that it was made with. */
  #prefix = { header: '', text: '' };
  #low: Uint32Array;
  #high: Uint32Array;
  #users: Float64Array;
  /** Line on which the file has the record; 0: not yet. */
  #lines: Float64Array;
  /** Users of whom nothing is known. */
  readonly #others: number[] = [];
  #mask: number;
  #size = 0;
  #met = 0;

  private constructor(salt: string) {
    this.#salt = salt;
    this.#prefix = this.#prefixOf('');
    const room = 1024;
    this.#low = new Uint32Array(room);
    this.#high = new Uint32Array(room);
    this.#users = new Float64Array(room);
    this.#lines = new Float64Array(room);
    this.#mask = room - 1;
  }

  /**
   * What is known of the external users of the feed `code`, as it is now. `reading`: everything that decides how a
   * record is read.
   */
  static async load(client: PoolClient, code: string, reading: unknown): Promise<KnownRecords> {
    const known = new KnownRecords(`2 ${JSON.stringify(reading)}`);
    // Held fields are compared every time, since the file may say what lets them go. COPY takes no parameters.
    const rows = client.query(
      copyTo(`copy (
        select u.id, f.hash
        from users u left join feed_seen f on f.user_id = u.id and f.version = u.version and u.merged_into is null and u.held_fields = '{}'
        where u.account_type = 'EXTERNAL' and u.external_id = ${client.escapeLiteral(code)} and u.absent_since is null
      ) to stdout (format binary)`),
    );
    await pipeline(rows, (source: AsyncIterable<Buffer>) => known.#read(source));
    return known;
  }

  /** All users of the feed. */
  get feedUsers(): number {
    return this.#size + this.#others.length;
  }

  /** How many of them the file has named, word for word as before. */
  get met(): number {
    return this.#met;
  }

  /**
   * Null: known, and met here for the first time; else the mark by which the record will be known. `header`: what
   * stands above the records and says how they are read.
   */
  look(record: string, line: number, header = ''): string | null {
    if (header !== this.#prefix.header) this.#prefix = this.#prefixOf(header);
    const digest = hash('sha256', this.#prefix.text + record, 'buffer');
    const low = digest.readUInt32LE(0);
    const high = digest.readUInt32LE(4);
    const at = this.#find(low, high);
    if (this.#users[at] === 0 || this.#lines[at] !== 0) return digest.readBigInt64LE(0).toString();
    this.#lines[at] = line;
    this.#met += 1;
    return null;
  }

  /** Short, since it is hashed with every record. */
  #prefixOf(header: string): { readonly header: string; readonly text: string } {
    return { header, text: hash('sha256', `${this.#salt}\n${header}`, 'base64') };
  }

  /** Line on which the file has named the user word for word; the users are few, so all is walked through once. */
  linesOf(users: ReadonlySet<number>): ReadonlyMap<number, number> {
    const lines = new Map<number, number>();
    this.#each((user, line) => {
      if (line !== 0 && users.has(user)) lines.set(user, line);
    });
    return lines;
  }

  /** Users of the feed whom the file has not named word for word. */
  missing(): number[] {
    const users = [...this.#others];
    this.#each((user, line) => {
      if (line === 0) users.push(user);
    });
    return users;
  }

  #each(tell: (user: number, line: number) => void): void {
    for (let at = 0; at <= this.#mask; at += 1) {
      const user = this.#users[at] ?? 0;
      if (user !== 0) tell(user, this.#lines[at] ?? 0);
    }
  }

  /** PostgreSQL's binary COPY: 19 bytes of header, then rows of an 8-byte id and an 8-byte hash or none, each behind its length, then -1. */
  async #read(source: AsyncIterable<Buffer>): Promise<void> {
    let rest: Buffer = Buffer.alloc(0);
    let begun = false;
    for await (const chunk of source) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      if (!begun && bytes.length >= HEADER) {
        begun = true;
        at = HEADER;
      }
      while (begun && bytes.length - at >= WITHOUT_HASH && bytes.readInt16BE(at) === 2) {
        const user = bytes.readUInt32BE(at + 6) * HALF + bytes.readUInt32BE(at + 10);
        if (bytes.readInt32BE(at + 14) === -1) {
          this.#others.push(user);
          at += WITHOUT_HASH;
        } else {
          if (bytes.length - at < WITH_HASH) break;
          this.#put(bytes.readUInt32BE(at + 22), bytes.readUInt32BE(at + 18), user);
          at += WITH_HASH;
        }
      }
      rest = bytes.subarray(at);
    }
  }

  #put(low: number, high: number, user: number): void {
    if (this.#size * 2 >= this.#mask) this.#grow();
    const at = this.#find(low, high);
    // Two records of one hash: the second is looked at as one that is not known.
    if (this.#users[at] !== 0) {
      this.#others.push(user);
      return;
    }
    this.#size += 1;
    this.#low[at] = low;
    this.#high[at] = high;
    this.#users[at] = user;
  }

  /** The place of the hash, or the free one where it would go. */
  #find(low: number, high: number): number {
    let at = low & this.#mask;
    while (this.#users[at] !== 0 && (this.#low[at] !== low || this.#high[at] !== high)) at = (at + 1) & this.#mask;
    return at;
  }

  #grow(): void {
    const [low, high, users, before] = [this.#low, this.#high, this.#users, this.#mask];
    const room = (before + 1) * 2;
    this.#low = new Uint32Array(room);
    this.#high = new Uint32Array(room);
    this.#users = new Float64Array(room);
    this.#lines = new Float64Array(room);
    this.#mask = room - 1;
    for (let at = 0; at <= before; at += 1) {
      if (users[at] === 0) continue;
      const to = this.#find(low[at] ?? 0, high[at] ?? 0);
      this.#low[to] = low[at] ?? 0;
      this.#high[to] = high[at] ?? 0;
      this.#users[to] = users[at] ?? 0;
    }
  }
}

const HEADER = 19;
const WITHOUT_HASH = 18;
const WITH_HASH = 26;
