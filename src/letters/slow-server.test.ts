import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench } from '../../test/support/letters.ts';
import { setUp } from '../../test/support/sender.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
beforeEach(async () => {
  await database.db.pool.query('delete from outbox; delete from settings; delete from outbox_pace');
});
afterAll(() => bench.close());

async function moveTo(run: number, nth: number, domain: string): Promise<void> {
  await database.db.pool.query(`update outbox set address = 'u' || id || '@' || $1 where run_id = $2 and id % 2 = $3`, [domain, run, nth]);
}

test('421 for one domain: it rests, the others do not wait, and in the end everybody has the letter once', async () => {
  let busy = true;
  let refused = 0;
  const { server, run, users, send } = await setUp(bench, 'GENERAL_NOTICE', 20, {
    refuse: (_attempt, recipient) => {
      if (!busy || !recipient.endsWith('@busy.example')) return undefined;
      refused += 1;
      return { code: 421, text: '4.7.0 Too many messages, slow down' };
    },
  });
  await moveTo(run, 0, 'busy.example');
  await moveTo(run, 1, 'calm.example');
  const first = await send({ concurrency: 2 });
  expect(first).toMatchObject({ sent: 10, failed: 0 });
  expect(server.received.every((mail) => mail.recipients[0]?.endsWith('@calm.example'))).toBe(true);
  // What was in hand at the first refusal was tried, on two lines at most twice each; the rest waits for the domain untried.
  const tried = refused;
  expect(tried).toBeGreaterThan(0);
  expect(tried).toBeLessThanOrEqual(4);
  expect((await bench.outbox(run)).filter((row) => row.state === 'queued' && row.attempts === 0).length).toBeGreaterThanOrEqual(8);
  const rests = await database.db.pool.query<{ key: string; seconds: number }>(
    `select key, extract(epoch from rests_until - now())::integer as seconds from outbox_pace where scope = 'domain' and strikes > 0`,
  );
  expect(rests.rows).toMatchObject([{ key: 'busy.example' }]);
  expect(rests.rows[0]?.seconds).toBeGreaterThan(10);
  await database.db.pool.query(`update outbox set next_at = now() where state = 'queued'`);
  expect(await send()).toMatchObject({ sent: 0 });
  expect(refused).toBe(tried);

  // The rest is over, as if time had passed, and the server takes them.
  busy = false;
  await database.db.pool.query(`update outbox_pace set rests_until = now() - interval '11 minutes'`);
  for (let turn = 0; turn < 5; turn += 1) {
    await bench.makeDue(run);
    await send();
  }
  expect(server.received).toHaveLength(users.length);
  expect(new Set(server.received.map((mail) => mail.recipients[0])).size).toBe(users.length);
});

test('a server that takes its time gets each letter once, over as many connections as it was given', async () => {
  const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 12, { delayMs: 300 }, { maxConnections: 3 });
  const begun = performance.now();
  expect(await send({ concurrency: 9 })).toMatchObject({ sent: 12, retried: 0, failed: 0 });
  // Twelve over three lines, 0.3 s each.
  expect(performance.now() - begun).toBeGreaterThan(1_150);
  expect(server.received).toHaveLength(12);
  expect((await bench.outbox(run)).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(12).fill('sent 1'));
});

test('one that takes longer than a delivery may last costs an attempt, and the next has the same Message-ID', async () => {
  let slow = true;
  const { server, run, send } = await setUp(bench, 'GENERAL_NOTICE', 1, { hang: () => slow });
  expect(await send({ deliverySeconds: 1 })).toMatchObject({ sent: 0, retried: 1 });
  const [row] = await bench.outbox(run);
  expect(row).toMatchObject({ state: 'queued', attempts: 1 });
  slow = false;
  await bench.makeDue(run);
  expect(await send()).toMatchObject({ sent: 1 });
  expect(server.received[0]?.headers['message-id']).toBe(row?.message_id);
});
