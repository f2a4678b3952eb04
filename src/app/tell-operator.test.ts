import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Logger, pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { tellAlerts } from '../letters/index.ts';
import { createTellOperator } from './tell-operator.ts';

const database = useTestDatabase();

interface Told {
  readonly id: number;
  readonly kind: string;
  readonly at: string;
  readonly detail: unknown;
}

/** Somebody's alarm on loopback, that answers the nth call as it is told to. */
async function startAlarm(answer: (nth: number) => { status: number; location?: string }): Promise<{ url: string; told: Told[] }> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    told.push((await json(request)) as Told);
    const { status, location } = answer(told.length);
    response.writeHead(status, location === undefined ? {} : { location }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarm`, told };
}

function memoryLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  return {
    log: pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) }),
    lines,
  };
}

const waiting = async (): Promise<{ attempts: number; told: boolean; seconds: number }[]> =>
  (
    await database.db.pool.query<{ attempts: number; told: boolean; seconds: number }>(
      'select attempts, told_at is not null as told, extract(epoch from next_at - now())::integer as seconds from operator_alerts',
    )
  ).rows;

test('an alert is told until it has been taken: logged once, posted again after a minute, then two', async () => {
  const alarm = await startAlarm((nth) =>
    nth === 1 ? { status: 503 } : nth === 2 ? { status: 302, location: '/elsewhere' } : { status: 204 },
  );
  const { log, lines } = memoryLog();
  const tell = createTellOperator(alarm.url, log);
  await database.db.pool.query(
    `insert into operator_alerts (kind, detail) values ('batch_paused', '{ "run": 12, "letter": "WELCOME", "reason": "550 no" }')`,
  );
  const later = () => database.db.pool.query('update operator_alerts set next_at = now()');
  await tellAlerts(database.db.pool, tell);
  expect((await waiting())[0]?.seconds).toBeGreaterThan(30);
  // Not due yet.
  await tellAlerts(database.db.pool, tell);
  expect(alarm.told).toHaveLength(1);
  await later();
  await tellAlerts(database.db.pool, tell);
  expect((await waiting())[0]?.seconds).toBeGreaterThan(90);
  await later();
  await tellAlerts(database.db.pool, tell);
  await later();
  await tellAlerts(database.db.pool, tell);

  expect(alarm.told).toHaveLength(3);
  expect(new Set(alarm.told.map((call) => JSON.stringify(call))).size).toBe(1);
  expect(alarm.told[0]).toMatchObject({ kind: 'batch_paused', detail: { run: 12, letter: 'WELCOME', reason: '550 no' } });
  expect(Math.abs(Date.parse(alarm.told[0]?.at ?? '') - Date.now())).toBeLessThan(600_000);
  expect(lines).toMatchObject([{ level: 50, alert: 'batch_paused', run: 12, letter: 'WELCOME' }]);
});

test('without an address the log alone tells it, and it is done', async () => {
  await database.db.pool.query('delete from operator_alerts');
  const { log, lines } = memoryLog();
  await database.db.pool.query(`insert into operator_alerts (kind, detail) values ('channel_unreachable', '{ "channel": "email" }')`);
  await tellAlerts(database.db.pool, createTellOperator(undefined, log));
  await database.db.pool.query('update operator_alerts set next_at = now()');
  await tellAlerts(database.db.pool, createTellOperator(undefined, log));
  expect(lines).toMatchObject([{ alert: 'channel_unreachable', channel: 'email' }]);
});
