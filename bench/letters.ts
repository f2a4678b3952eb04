/**
 * Letters from the outbox to a mail server on this machine, with the ledger and the contents that are kept,
 * against a bare nodemailer pool that sends the same mails, made beforehand.
 *
 *     npm run bench -- letters [--mails 100000] [--rounds 3] [--memory 1000000]
 *
 * `--memory` sends that many once more and tells the most memory that the process came to, beside that of
 * ten thousand; 0 leaves it out.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import nodemailer from 'nodemailer';
import sql from 'sql-template-tag';
import { mailOptions } from '../src/letters/compose.ts';
import { createSmtpChannel } from '../src/letters/index.ts';
import { benchContext } from './support/bench-context.ts';
import { cpuMeter, type Spent, since } from './support/cpu.ts';
import { portsFor, queueLetters, sendAll, startSink } from './support/mails.ts';
import { median, rounds, secondsOf } from './support/rounds.ts';
import { type Copy, type Server, withServer } from './support/server.ts';

const LETTER = 'GENERAL_NOTICE';
const CONNECTIONS = 8;
/** Made beforehand, and sent again and again: a hundred thousand of them would fill the memory. */
const PREBUILT = 5_000;
const SMALL = 10_000;

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'string', default: '1000000' },
    child: { type: 'boolean', default: false },
  },
});
const mails = Number(values.mails);

type Mail = Parameters<typeof mailOptions>[0];

/** The very mails that the sender would send, taken where it hands them over. */
async function prebuilt(copy: Copy): Promise<Mail[]> {
  const made: Mail[] = [];
  await queueLetters(copy, LETTER, PREBUILT);
  await sendAll(
    copy,
    portsFor({
      kind: 'smtp',
      defaultFrom: 'library@example.org',
      deliver: async (message) => {
        made.push(message);
        return { file: null };
      },
      close: async () => undefined,
    }),
  );
  return made;
}

async function bare(url: string, messages: readonly Mail[], many: number): Promise<void> {
  const transport = nodemailer.createTransport({ url, pool: true, maxConnections: CONNECTIONS, maxMessages: Infinity });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < many) {
      const message = messages[next % messages.length];
      next += 1;
      if (message !== undefined) await transport.sendMail(mailOptions(message));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS * 3 }, lane));
  transport.close();
}

async function ours(copy: Copy, url: string, many: number): Promise<void> {
  const channel = createSmtpChannel(url, { maxConnections: CONNECTIONS });
  const sent = await sendAll(copy, portsFor(channel), CONNECTIONS * 3);
  await channel.close();
  if (sent !== many) throw new Error(`${sent} of ${many} went out`);
}

/** The most memory of a process of its own that sends so many; in MiB. */
async function memoryOf(server: Server, library: string, url: string, many: number): Promise<number> {
  const copy = await server.copy(library);
  try {
    await queueLetters(copy, LETTER, many);
    const child = spawn(process.execPath, [import.meta.filename, '--child'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { endpoint } = copy.db;
    child.stdin.end(JSON.stringify({ endpoint, url, many }));
    const output: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => output.push(part));
    const [status] = (await once(child, 'close')) as [number];
    if (status !== 0) throw new Error(`The sender ended with ${status}.`);
    const { mebibytes, seconds } = JSON.parse(Buffer.concat(output).toString('utf8')) as { mebibytes: number; seconds: number };
    console.log(`${many} queued: at most ${mebibytes} MiB, ${Math.round(many / seconds)} mails/s`);
    return mebibytes;
  } finally {
    await copy.drop();
  }
}

/** The process whose memory is measured. */
async function child(): Promise<void> {
  const { createDatabase } = await import('../src/db/index.ts');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const { endpoint, url, many } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const db = createDatabase(endpoint);
  const ctx = benchContext(db, '/nonexistent');
  const seconds = await secondsOf(() => ours({ db, ctx, drop: async () => undefined }, url, many));
  await db.close();
  // Kibibytes, of all its life.
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ mebibytes, seconds }));
}

if (values.child) await child();
else {
  const sink = await startSink();
  await withServer(async (server) => {
    const large = Number(values.memory);
    const library = await server.library(mails);
    const making = await server.copy(library);
    const messages = await prebuilt(making);
    await making.drop();
    const bytes = messages.reduce((sum, { subject, text, html }) => sum + subject.length + text.length + html.length, 0);
    console.log(`${mails} mails of ${Math.round(bytes / messages.length)} characters on average, ${CONNECTIONS} connections`);

    const spent = { letters: [] as Spent[], bare: [] as Spent[] };
    const taken = await rounds(Number(values.rounds), {
      letters: async () => {
        const copy = await server.copy(library);
        try {
          await queueLetters(copy, LETTER, mails);
          const meter = await cpuMeter(copy.db.pool);
          const before = await meter();
          const seconds = await secondsOf(() => ours(copy, sink.url, mails));
          spent.letters.push(since(before, await meter(), mails));
          const { rows } = await copy.db.pool.query<{ bytes: number }>(sql`select pg_total_relation_size('message_contents') as bytes`);
          console.log(`contents kept: ${Math.round((rows[0]?.bytes ?? 0) / mails)} bytes a mail, with their index`);
          if ((await sink.taken()) !== mails) throw new Error('The sink has taken another number.');
          return seconds;
        } finally {
          await copy.drop();
        }
      },
      bare: async () => {
        const before = process.cpuUsage();
        const seconds = await secondsOf(() => bare(sink.url, messages, mails));
        const { user, system } = process.cpuUsage(before);
        spent.bare.push({ node: (user + system) / 1_000 / mails, database: 0 });
        if ((await sink.taken()) !== mails) throw new Error('The sink has taken another number.');
        return seconds;
      },
    });
    const rate = (seconds: number) => Math.round(mails / seconds);
    console.log(
      `letters ratio=${(median(taken.bare) / median(taken.letters)).toFixed(2)} letters=${rate(median(taken.letters))}/s bare=${rate(median(taken.bare))}/s`,
    );

    // A machine that others use too stretches seconds, not this.
    const cpu = (side: 'letters' | 'bare', of: keyof Spent) => median(spent[side].map((each) => each[of]));
    console.log(
      `processor time a mail: letters ${cpu('letters', 'node').toFixed(3)} ms and in the database ${cpu('letters', 'database').toFixed(3)} ms, bare ${cpu('bare', 'node').toFixed(3)} ms; ratio of this process=${(cpu('bare', 'node') / cpu('letters', 'node')).toFixed(2)}`,
    );

    if (large > 0) {
      const everybody = large > mails ? await server.library(large) : library;
      const small = await memoryOf(server, everybody, sink.url, SMALL);
      const most = await memoryOf(server, everybody, sink.url, large);
      await sink.taken();
      console.log(`letters memory=${(most / small).toFixed(2)} (${large} queued against ${SMALL})`);
    }
  });
  sink.close();
}
