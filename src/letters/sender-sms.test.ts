import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench } from '../../test/support/letters.ts';
import { newUsers } from '../../test/support/sender.ts';
import { createMailboxChannel, createSmsGateway, retryMessages, sendDue, showMessage, smsNumber } from './index.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
beforeEach(async () => {
  await database.db.pool.query('delete from outbox; delete from settings');
});
afterAll(() => bench.close());

interface Asked {
  readonly to: string;
  readonly text: string;
  readonly id: string;
}

/** A gateway on loopback; answers with the status that `answer` says for the nth message, counted from 1. */
async function startGateway(answer: (nth: number) => number = () => 200): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    asked.push((await json(request)) as Asked);
    response.writeHead(answer(asked.length), { 'content-type': 'application/json' }).end('{"status":"too busy"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`, asked };
}

/** A run whose letter goes to these numbers. */
async function queue(...numbers: string[]): Promise<number> {
  const users = await newUsers(bench, numbers.length);
  const run = await bench.run('WELCOME', users);
  for (const [i, number] of numbers.entries()) {
    await database.db.pool.query(`update outbox set channel = 'sms', address = $1 where run_id = $2 and user_id = $3`, [
      number,
      run,
      users[i],
    ]);
  }
  return run;
}

async function send(url: string | null) {
  const sms =
    url === null
      ? null
      : createSmsGateway(
          { url, method: 'POST', headers: [], body: undefined, reference: undefined },
          { numberOf: (written) => smsNumber(database.db.pool, written) },
        );
  return sendDue(bench.ctx, {
    ...bench.ports(createMailboxChannel(bench.dataDir)),
    channels: { email: createMailboxChannel(bench.dataDir), sms },
  });
}

const rowsOf = async (run: number) => (await bench.outbox(run)).map(({ state, attempts, last_error }) => ({ state, attempts, last_error }));

describe('text messages', () => {
  test('go to the gateway with the letter’s short text, once each, and are kept as they were', async () => {
    const gateway = await startGateway();
    const run = await queue('+49 151 23456789', '+43 664 1234567');
    expect(await send(gateway.url)).toMatchObject({ sent: 2, failed: 0, retried: 0 });
    expect(await send(gateway.url)).toMatchObject({ sent: 0 });
    const [first, second] = await bench.outbox(run);
    expect(gateway.asked.map(({ to, id }) => ({ to, id })).sort((a, b) => Number(a.id) - Number(b.id))).toEqual([
      { to: '+4915123456789', id: String(first?.id) },
      { to: '+436641234567', id: String(second?.id) },
    ]);
    const kept = await showMessage.run(bench.ctx, { id: first?.id ?? 0 });
    expect(kept).toMatchObject({ channel: 'sms', state: 'sent', content_of: 'sent', content: { html: '' } });
    expect(kept.content?.text).toBe(gateway.asked.find(({ id }) => id === String(first?.id))?.text);
    expect(kept.content?.text).not.toContain('<');
  });

  test('wait when the gateway is too busy, and go out under the number they had', async () => {
    const gateway = await startGateway((nth) => (nth === 1 ? 429 : 200));
    const run = await queue('+4915123456789');
    expect(await send(gateway.url)).toMatchObject({ sent: 0, retried: 1 });
    expect(await rowsOf(run)).toMatchObject([{ state: 'queued', attempts: 1, last_error: expect.stringContaining('429') }]);
    await bench.makeDue(run);
    expect(await send(gateway.url)).toMatchObject({ sent: 1 });
    expect(new Set(gateway.asked.map(({ id }) => id)).size).toBe(1);
  });

  test('to a number that cannot exist fail, and the others go out', async () => {
    const gateway = await startGateway();
    const run = await queue('nobody', '+4915123456789');
    expect(await send(gateway.url)).toMatchObject({ sent: 1, failed: 1 });
    expect(await rowsOf(run)).toMatchObject([{ state: 'failed', last_error: expect.stringContaining('nobody') }, { state: 'sent' }]);
    expect(gateway.asked).toHaveLength(1);
  });
});

describe('text messages of a library that has no way to send them', () => {
  test('say so, and go out when there is one again', async () => {
    const run = await queue('+4915123456789', '+4915123456788');
    expect(await send(null)).toMatchObject({ sent: 0, failed: 0 });
    expect(await rowsOf(run)).toEqual(Array(2).fill({ state: 'queued', attempts: 0, last_error: 'letters.no_sms_channel' }));
    expect((await bench.outbox(run)).every((row) => row.wait_seconds > 600 && row.wait_seconds <= 900)).toBe(true);
    const gateway = await startGateway();
    await bench.makeDue(run);
    expect(await send(gateway.url)).toMatchObject({ sent: 2 });
    expect((await rowsOf(run)).every((row) => row.last_error === null)).toBe(true);
  });

  test('fail after a day, and can be chosen anew; a paused batch waits without', async () => {
    const run = await queue('+4915123456789');
    await database.db.pool.query(`update outbox set created_at = now() - interval '25 hours'`);
    await database.db.pool.query(`insert into outbox_pauses (run_id, letter, reason, paused_by) values ($1, '', 'person', 'anna')`, [run]);
    expect(await send(null)).toMatchObject({ failed: 0 });
    await database.db.pool.query('delete from outbox_pauses');
    expect(await send(null)).toMatchObject({ failed: 1, sent: 0 });
    expect(await rowsOf(run)).toEqual([{ state: 'failed', attempts: 0, last_error: 'letters.no_sms_channel' }]);
    const [row] = await bench.outbox(run);
    expect((await showMessage.run(bench.ctx, { id: row?.id ?? 0 })).error).toContain('No way to send text messages');
    // This user has an e-mail address by now.
    expect(await retryMessages.run(bench.ctx, { run })).toMatchObject({ queued: 1 });
    expect(await send(null)).toMatchObject({ sent: 1 });
  });
});
