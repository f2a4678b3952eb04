import { onTestFinished } from 'vitest';
import type { Channel } from '../../src/letters/channel.ts';
import { createSmtpChannel, type SendOptions, type SendResult, type SmtpOptions, sendDue } from '../../src/letters/index.ts';
import type { LettersBench } from './letters.ts';
import { type MailServer, type MailServerBehaviour, startMailServer } from './smtp.ts';

/** Sends one batch; `wrapped` may put something between the sender and its channel. */
export type Send = (options?: SendOptions, wrapped?: (channel: Channel) => Channel) => Promise<SendResult>;

export interface SetUp {
  readonly server: MailServer;
  readonly users: readonly number[];
  readonly run: number;
  readonly send: Send;
}

/** Users that have an address each. */
export async function newUsers(bench: LettersBench, many: number): Promise<number[]> {
  const { rows } = await bench.ctx.db.pool.query<{ next: number }>('select coalesce(max(id), 0) + 1 as next from users');
  const first = rows[0]?.next ?? 1;
  const ids: number[] = [];
  for (let n = first; n < first + many; n += 1) {
    ids.push(await bench.user({ primary_id: `s${n}`, last_name: `Name ${n}`, emails: [{ address: `s${n}@example.org` }] }));
  }
  return ids;
}

/** A server, a sender to it, and letters in the outbox; the connections end with the test. */
export async function setUp(
  bench: LettersBench,
  letter: string,
  many: number,
  behaviour: MailServerBehaviour = {},
  options: SmtpOptions = {},
): Promise<SetUp> {
  const server = await startMailServer(behaviour);
  onTestFinished(server.close);
  const users = await newUsers(bench, many);
  const run = await bench.run(letter, users);
  return { server, users, run, send: sender(bench, server.url, options) };
}

export function sender(bench: LettersBench, url: string, options: SmtpOptions = {}): Send {
  const channel = createSmtpChannel(url, options);
  onTestFinished(() => channel.close());
  return (send = {}, wrapped = (same) => same) => sendDue(bench.ctx, bench.ports(wrapped(channel)), send);
}
