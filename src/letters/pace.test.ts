import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench } from '../../test/support/letters.ts';
import { newUsers, setUp } from '../../test/support/sender.ts';
import { type ClaimOptions, claimDue, giveRest } from './claim.ts';
import { sendDue } from './index.ts';
import { isOpen, sendingHours } from './sending-hours.ts';
import { saysTooFast } from './throttle.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
beforeEach(async () => {
  await database.db.pool.query('delete from outbox; delete from settings; delete from outbox_pace');
});
afterAll(() => bench.close());

const OPTIONS: ClaimOptions = {
  channel: 'email',
  limit: 100,
  leaseSeconds: 60,
  domain: 'example.org',
  timeZone: 'UTC',
  perSecond: null,
  perSecondAndDomain: null,
  urgentOnly: false,
};
const claim = (more: Partial<ClaimOptions> = {}) => claimDue(database.db.pool, { ...OPTIONS, ...more });

/** Messages to these addresses. */
async function queue(...addresses: string[]): Promise<void> {
  const users = await newUsers(bench, addresses.length);
  const run = await bench.run('GENERAL_NOTICE', users);
  for (const [i, address] of addresses.entries()) {
    await database.db.pool.query('update outbox set address = $1 where run_id = $2 and user_id = $3', [address, run, users[i]]);
  }
}
const many = (count: number, domain: string): string[] => Array.from({ length: count }, (_, i) => `u${i}@${domain}`);

describe('places in time', () => {
  it('are given out once, to whoever asks first, two seconds ahead', async () => {
    await queue(...many(30, 'a.org'));
    const claims = await Promise.all([claim({ perSecond: 5 }), claim({ perSecond: 5 }), claim({ perSecond: 5 })]);
    const taken = claims.reduce((sum, { rows }) => sum + rows.length, 0);
    expect(taken).toBeGreaterThanOrEqual(10);
    // A claim that begins later sees a little further ahead.
    expect(taken).toBeLessThanOrEqual(14);
    for (const { rows } of claims) {
      for (const [i, row] of rows.entries()) if (i > 0) expect(row.start_in - (rows[i - 1]?.start_in ?? 0)).toBeCloseTo(0.2, 3);
    }
  });

  it('of a domain do not hold up other domains; what is over waits for its place', async () => {
    await queue(...many(20, 'slow.org'), ...many(5, 'b.org'), ...many(5, 'c.org'));
    const { rows, putOff } = await claim({ perSecondAndDomain: 3 });
    const { rows: taken } = await database.db.pool.query<{ domain: string; many: number }>(
      `select split_part(address, '@', 2) as domain, count(*) as many from outbox where state = 'sending' group by 1 order by 1`,
    );
    expect(taken).toEqual([
      { domain: 'b.org', many: 5 },
      { domain: 'c.org', many: 5 },
      { domain: 'slow.org', many: 6 },
    ]);
    expect(rows).toHaveLength(16);
    expect(putOff).toBe(14);
    const { rows: waits } = await database.db.pool.query<{ wait: number }>(
      `select extract(epoch from next_at - now())::float as wait from outbox where state = 'queued' order by next_at`,
    );
    expect(waits[0]?.wait).toBeGreaterThan(1.5);
    expect(waits.at(-1)?.wait).toBeLessThan(8);
  });

  it('begin again slowly after a domain has said that it was too fast', async () => {
    await queue(...many(10, 'strict.org'), ...many(3, 'b.org'));
    expect(await giveRest(database.db.pool, 'domain', 'strict.org')).toBe(1);
    // Those that were in hand are refused as well; it is one refusal.
    expect(await giveRest(database.db.pool, 'domain', 'strict.org')).toBe(0);
    expect((await claim()).rows).toHaveLength(3);
    await database.db.pool.query(
      `update outbox_pace set rests_until = now() - interval '1 second', free_at = now() - interval '1 second'; update outbox set next_at = now() where state = 'queued'`,
    );
    const slow = await claim();
    expect(slow.rows.length).toBeGreaterThanOrEqual(2);
    expect(slow.rows.length).toBeLessThanOrEqual(3);
    expect(await giveRest(database.db.pool, 'domain', 'strict.org')).toBe(2);
  });

  it('are kept by the senders: twenty at ten a second take two seconds', async () => {
    await bench.setting('letters.max_per_minute', 600);
    const { server, send } = await setUp(bench, 'GENERAL_NOTICE', 21);
    const began = performance.now();
    for (let left = 50; server.received.length < 21 && left > 0; left -= 1) await send();
    expect(server.received).toHaveLength(21);
    expect(performance.now() - began).toBeGreaterThan(1_900);
  });
});

it('what somebody waits for goes before everything else, and outside the hours', async () => {
  await queue(...many(3, 'a.org'));
  const [user = 0] = await newUsers(bench, 1);
  const run = await bench.run('PASSWORD_FORGOTTEN', [user]);
  await database.db.pool.query(`update outbox set brings = 'forgotten' where run_id = $1`, [run]);
  expect((await claim({ urgentOnly: true })).rows.map((row) => row.run_id)).toEqual([run]);
  expect((await claim({ limit: 2 })).rows).toHaveLength(2);
});

describe('hours', () => {
  test.each([
    ['08:00-20:00', '2026-11-23T08:00', true],
    ['08:00-20:00', '2026-11-23T20:00', false],
    ['Mo-Fr 08:00-18:00; Sa 10:00-14:00', '2026-11-28T10:30', true],
    ['Mo-Fr 08:00-18:00; Sa 10:00-14:00', '2026-11-29T10:30', false],
    ['22:00-02:00', '2026-11-24T01:00', true],
    ['So 22:00-02:00', '2026-11-23T01:00', true],
    ['Sa-Mo 09:00-10:00', '2026-11-23T09:30', true],
    ['Di 09:00-10:00', '2026-11-24T09:30', true],
  ])('%s at %s: %s', (text, local, open) => {
    const hours = sendingHours(text);
    expect(hours).toBeDefined();
    // Berlin is an hour ahead of UTC in November.
    expect(isOpen(hours ?? [], 'Europe/Berlin', new Date(`${local}:00+01:00`))).toBe(open);
  });

  test.each(['', '8-20', '25:00-26:00', 'Xx 08:00-09:00', '08:00-08:00', '08:61-09:00'])('%j are none', (text) => {
    expect(sendingHours(text)).toBeUndefined();
  });
});

test.each([
  ['421 4.7.0 Too many connections', true],
  ['451 4.7.1 Greylisted', true],
  ['450 4.2.1 The user is receiving mail too quickly', true],
  ['451 4.3.0 Temporary failure', false],
  ['550 5.7.1 rate limit', false],
])('%s: %s', (answer, expected) => {
  expect(saysTooFast(answer)).toBe(expected);
});

test('whatever the senders, their number and their batches: each message goes out once', async () => {
  const sizes = fc.record({
    messages: fc.integer({ min: 1, max: 30 }),
    senders: fc.array(fc.record({ batch: fc.integer({ min: 1, max: 9 }), concurrency: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    pauseMs: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 30, maxLength: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ messages, senders, pauseMs }) => {
      const run = await bench.run('GENERAL_NOTICE', await newUsers(bench, messages));
      const handed: number[] = [];
      const ports = bench.ports({
        kind: 'smtp',
        defaultFrom: 'library@example.org',
        deliver: async (message) => {
          handed.push(message.outboxId);
          await new Promise((resolve) => setTimeout(resolve, pauseMs[handed.length % 30]));
          return { file: null };
        },
        close: async () => undefined,
      });
      const drain = async (options: { batch: number; concurrency: number }): Promise<void> => {
        while ((await sendDue(bench.ctx, ports, options)).sent > 0);
      };
      await Promise.all(senders.map(drain));
      const rows = await bench.outbox(run);
      expect(handed.sort((a, b) => a - b)).toEqual(rows.map((row) => row.id));
      expect(rows.every((row) => row.state === 'sent' && row.attempts === 1)).toBe(true);
    }),
    { numRuns: 12 },
  );
});
