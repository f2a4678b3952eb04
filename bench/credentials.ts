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
import { cpuMeter, since } from './cpu.ts';
import { portsFor, queueLetters, sendAll, startSink } from './mails.ts';
import { median, options, rounds, secondsOf, withServer } from './support.ts';

const { users, rounds: count } = options({ users: 2_000, rounds: 3 });
/** More at once than there are cores, so that none is idle between two. */
const AT_ONCE = os.availableParallelism() * 2;

const sink = await startSink();
await withServer(async (server) => {
  const library = await server.library(users);
  const spent = { credentials: [] as number[], database: [] as number[], argon2id: [] as number[] };
  const taken = await rounds(count, {
    credentials: async () => {
      const copy = await server.copy(library);
      try {
        await copy.db.pool.query(sql`update users set credential_state = 'pending', credential_id = null`);
        await queueLetters(copy, 'CREDENTIALS_CHANGED', users);
        const channel = createSmtpChannel(sink.url);
        const meter = await cpuMeter(copy.db.pool);
        const before = await meter();
        const seconds = await secondsOf(async () => {
          const sent = await sendAll(copy, portsFor(channel));
          if (sent !== users) throw new Error(`${sent} of ${users} went out`);
        });
        const { node, database } = since(before, await meter(), users);
        spent.credentials.push(node + database);
        spent.database.push(database);
        await channel.close();
        if ((await sink.taken()) !== users) throw new Error('The sink has taken another number.');
        const { rows } = await copy.db.pool.query<{ many: number }>(
          sql`select count(*) as many from users u where u.credential_state = 'password'`,
        );
        if (rows[0]?.many !== users) throw new Error(`${rows[0]?.many} of ${users} passwords are in force`);
        return seconds;
      } finally {
        await copy.drop();
      }
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
  console.log(`processor time: ${mail.toFixed(1)} ms a mail, ${median(spent.database).toFixed(1)} of it in the database, ${hash.toFixed(1)} ms a hash; ratio=${(hash / mail).toFixed(2)}`);
  const rate = (seconds: number) => Math.round(users / seconds);
  console.log(
    `credentials ratio=${(median(taken.argon2id) / median(taken.credentials)).toFixed(2)} letters=${rate(median(taken.credentials))}/s argon2id=${rate(median(taken.argon2id))}/s`,
  );
});
sink.close();
