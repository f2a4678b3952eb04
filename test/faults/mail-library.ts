/** A library with an SMTP server, whose senders and database are killed while letters go out; and what has to hold afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import sql, { type Sql } from 'sql-template-tag';
import { verifyPassword } from '../../src/access/index.ts';
import { type DatabaseHandle, openDatabase } from '../../src/db/index.ts';
import { temporaryDirectory } from '../cli/muster.ts';
import { parseMail } from '../support/mail.ts';
import { type Fault, killPostgres, type SenderOrder } from './mail-sender.ts';

const CONCURRENCY = 4;
const PATIENCE_MS = 60_000;
/** A sender takes a second or two; a machine that others use can make it a hundred. */
const LONGEST_MS = 600_000;

interface Taken {
  readonly messageId: string;
  readonly password: string | undefined;
}

interface Row {
  readonly id: number;
  readonly letter: string;
  readonly state: string;
  readonly address: string;
  readonly repeats: number;
  readonly hash: string | null;
}

/** What one fault came to. */
export interface Blow {
  readonly fault: Fault;
  /** Whether it fell: a run of a sender may end before its step has come often enough. */
  readonly fell: boolean;
  /** Messages of which nobody knew afterwards. */
  readonly uncertain: number;
}

/** What all of them came to. */
export interface MailAccount {
  readonly messages: number;
  /** Sent by the ledger and never taken by the server, or still not ended. */
  readonly lost: number;
  /** Taken more than once, and the ledger says that they may have been. */
  readonly flaggedRepeats: number;
  /** Taken more than once, and the ledger does not say so. */
  readonly silentRepeats: number;
  /** Credentials whose mail that arrived last does not hold the password in force. */
  readonly wrongPasswords: number;
}

export class MailLibrary {
  readonly #files = temporaryDirectory();
  readonly #data = path.join(this.#files.directory, 'data');
  readonly #taken = new Map<string, Taken[]>();
  #db: DatabaseHandle | undefined;
  #server: SMTPServer | undefined;
  #smtp = '';
  #users = 0;
  /** Called with the number of messages that have begun to come in, counted from the last fault. */
  #onData: (count: number) => void = () => undefined;
  #begun = 0;

  async make(): Promise<void> {
    this.#db = await openDatabase({ dataDir: this.#data });
    const server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      logger: false,
      closeTimeout: 100,
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.once('data', () => {
          this.#begun += 1;
          this.#onData(this.#begun);
        });
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', () => undefined);
        stream.on('end', () => {
          // Somebody who has been killed in the middle has not sent the end.
          const mail = parseMail(Buffer.concat(chunks));
          const to = session.envelope.rcptTo[0]?.address ?? '';
          const taken = this.#taken.get(to) ?? [];
          taken.push({
            messageId: mail.headers['message-id'] ?? '',
            password: /Password[^A-Za-z0-9]*(?:\n)?\s*([A-Za-z0-9]{10})\b/.exec(mail.text)?.[1],
          });
          this.#taken.set(to, taken);
          callback(null);
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#smtp = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    this.#server = server;
  }

  async remove(): Promise<void> {
    await new Promise<void>((resolve) => (this.#server === undefined ? resolve() : this.#server.close(() => resolve())));
    await this.#db?.close();
    this.#files.remove();
  }

  /** Messages to so many new users: half of them bring a password. */
  async queue(many: number): Promise<void> {
    const first = this.#users + 1;
    this.#users += many;
    await this.#query(sql`
      with made as (
        insert into users (primary_id, last_name, account_type, credential_state)
        select 'm' || n, 'Name ' || n, 'INTERNAL', case when n % 2 = 0 then 'pending' else 'none' end
        from generate_series(${first}::integer, ${this.#users}::integer) n returning id, primary_id, credential_state),
      run as (
        insert into runs (kind, name, state, plan, today, created_by, finished_at)
        values ('job', 'faults', 'COMPLETED_SUCCESS', '{}', current_date, 'administrator', now()) returning id)
      insert into outbox (run_id, user_id, letter, address, language)
      select run.id, m.id, case m.credential_state when 'pending' then 'CREDENTIALS_CHANGED' else 'GENERAL_NOTICE' end, m.primary_id || '@example.org', 'en'
      from made m cross join run`);
  }

  /** Runs a sender until the fault has killed it, or, when it kills the database, until nothing is due any more. */
  async strike(fault: Fault): Promise<Blow> {
    const child = this.#begin(fault.step === 'in_data' ? null : fault);
    let fell = fault.kills === 'database' && fault.step !== 'in_data';
    this.#begun = 0;
    this.#onData = (count) => {
      if (fault.step !== 'in_data' || count !== fault.nth) return;
      fell = true;
      if (fault.kills === 'database') killPostgres(this.#data);
      else child.kill('SIGKILL');
    };
    const signal = await ended(child);
    this.#onData = () => undefined;
    if (signal === 'SIGKILL' && fault.kills === 'sender') fell = true;
    return { fault, fell, uncertain: await this.#passTime() };
  }

  /** Sends whatever is left, undisturbed; staff decide on what is uncertain by what the mail server says it took. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      await ended(this.#begin(null));
      await this.#passTime();
      const rows = await this.#rows(sql`o.state = 'uncertain'`);
      for (const row of rows) {
        const state = this.#taken.has(row.address) ? 'sent' : 'queued';
        await this.#query(sql`update outbox set state = ${state}::text, next_at = now() where id = ${row.id}::bigint`);
      }
      if (rows.length === 0 && round > 0) return;
    }
  }

  async account(): Promise<MailAccount> {
    const rows = await this.#rows(sql`true`);
    let [lost, flaggedRepeats, silentRepeats, wrongPasswords] = [0, 0, 0, 0];
    for (const row of rows) {
      const taken = this.#taken.get(row.address) ?? [];
      if (row.state !== 'sent' || taken.length === 0) lost += 1;
      if (taken.length > 1 && row.repeats > 0) flaggedRepeats += 1;
      if (taken.length > 1 && row.repeats === 0) silentRepeats += 1;
      // A letter without a password is the same mail at each attempt.
      if (row.letter !== 'CREDENTIALS_CHANGED' && new Set(taken.map((mail) => mail.messageId)).size > 1) silentRepeats += 1;
      if (row.letter === 'CREDENTIALS_CHANGED' && taken.length > 0) {
        const passwords = taken.map((mail) => mail.password ?? '');
        const last = passwords.at(-1) ?? '';
        if (row.hash === null || !(await verifyPassword(row.hash, last))) wrongPasswords += 1;
      }
    }
    return { messages: rows.length, lost, flaggedRepeats, silentRepeats, wrongPasswords };
  }

  #begin(fault: Fault | null): ChildProcess {
    const order: SenderOrder = { dataDir: this.#data, smtp: this.#smtp, fault, concurrency: CONCURRENCY };
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'mail-sender.ts'), JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    child.stderr?.pipe(process.stderr);
    return child;
  }

  /** As time passing, when nobody sends: leases end, rests are over. Answers how many messages are uncertain that were not before. */
  async #passTime(): Promise<number> {
    await this.#query(sql`update outbox set lease = now() where state = 'sending'`);
    const { length } = await this.#rows(sql`o.state = 'sending' and o.handed_at is not null and o.letter = 'GENERAL_NOTICE'`);
    await this.#query(sql`delete from outbox_pace`);
    await this.#query(sql`update outbox set next_at = now() where state = 'queued'`);
    return length;
  }

  async #rows(which: Sql): Promise<readonly Row[]> {
    return this.#query<Row>(sql`
      select o.id, o.letter, o.state, o.address, o.repeats, c.hash
      from outbox o join users u on u.id = o.user_id left join credentials c on c.id = u.credential_id
      where ${which} order by o.id`);
  }

  /** The database may have been killed: whoever uses it has it started again. */
  async #query<R extends object>(statement: Sql): Promise<R[]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        if (this.#db === undefined) throw new Error('There is no library yet.');
        return (await this.#db.pool.query<R>(statement)).rows;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(100);
      }
    }
  }
}

async function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  const timer = setTimeout(() => child.kill('SIGTERM'), LONGEST_MS);
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  if (signal === 'SIGTERM') throw new Error('The sender did not come to an end.');
  if (status !== null && status !== 0) throw new Error(`The sender ended with ${status}.`);
  return signal;
}
