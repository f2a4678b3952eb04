/**
 * Letters that bring a password, each with its argon2id hash committed before it goes out, against argon2id
 * alone on all cores.
 *
 *     npm run bench -- credentials [--users 2000] [--rounds 3]
 */
import os from 'node:os';
import sql from 'sql-template-tag';
import { hashPassword, newPassword } from '../src/access/index.ts';
import { createSmtpChannel } from '../src/letters/index.ts';
import { cpuMeter, type Spent, since } from './support/cpu.ts';
import { portsFor, queueLetters, sendAll, startSink } from './support/mails.ts';
import { median, options, rounds, secondsOf } from './support/rounds.ts';
import { type Server, withServer } from './support/server.ts';

const { users, rounds: count } = options({ users: 2_000, rounds: 3 });
/** More at once than there are cores, so that none is idle between two. */
const AT_ONCE = os.availableParallelism() * 2;

/** Sent before anything is measured: a sender that has been running for a while is what is compared. */
const WARM_UP = 300;

const sink = await startSink();

/** Seconds for so many letters on a fresh copy, and what each cost in processor time. */
async function send(server: Server, library: string, many: number): Promise<{ seconds: number; spent: Spent }> {
  const copy = await server.copy(library);
  try {
    await copy.db.pool.query(sql`update users set credential_state = 'pending', credential_id = null`);
    await queueLetters(copy, 'CREDENTIALS_CHANGED', many);
    const channel = createSmtpChannel(sink.url);
    const meter = await cpuMeter(copy.db.pool);
    const before = await meter();
    const seconds = await secondsOf(async () => {
      const sent = await sendAll(copy, portsFor(channel));
      if (sent !== many) throw new Error(`${sent} of ${many} went out`);
    });
    const spent = since(before, await meter(), many);
    await channel.close();
    if ((await sink.taken()) !== many) throw new Error('The sink has taken another number.');
    const { rows } = await copy.db.pool.query<{ many: number }>(
      sql`select count(*) as many from users u where u.credential_state = 'password'`,
    );
    if (rows[0]?.many !== many) throw new Error(`${rows[0]?.many} of ${many} passwords are in force`);
    return { seconds, spent };
  } finally {
    await copy.drop();
  }
}

await withServer(async (server) => {
  const library = await server.library(users);
  const spent = { credentials: [] as number[], database: [] as number[], argon2id: [] as number[] };
  await send(server, library, Math.min(users, WARM_UP));
  const taken = await rounds(count, {
    credentials: async () => {
      const { seconds, spent: each } = await send(server, library, users);
      spent.credentials.push(each.node + each.database);
      spent.database.push(each.database);
      return seconds;
    },
    argon2id: async () => {
      const before = process.cpuUsage();
      const seconds = await secondsOf(async () => {
        let left = users;
        const lane = async (): Promise<void> => {
          while (left > 0) {
            left -= 1;
            await hashPassword(newPassword());
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, lane));
      });
      const { user, system } = process.cpuUsage(before);
      spent.argon2id.push((user + system) / 1_000 / users);
      return seconds;
    },
  });
  // A machine that others use too stretches seconds, not this; with all cores at work the two ratios are the same.
  const [mail, hash] = [median(spent.credentials), median(spent.argon2id)];
  console.log(
    `processor time: ${mail.toFixed(1)} ms a mail, ${median(spent.database).toFixed(1)} of it in the database, ${hash.toFixed(1)} ms a hash; ratio=${(hash / mail).toFixed(2)}`,
  );
  const rate = (seconds: number) => Math.round(users / seconds);
  console.log(
    `credentials ratio=${(median(taken.argon2id) / median(taken.credentials)).toFixed(2)} letters=${rate(median(taken.credentials))}/s argon2id=${rate(median(taken.argon2id))}/s`,
  );
});
sink.close();
