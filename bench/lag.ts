/**
 * How long the server's event loop is held up while it works on a run over everybody, with two workers,
 * and answers programs besides: the delay of a timer, as Node itself measures it.
 *
 *     npm run bench -- lag [--users 1000000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMINISTRATOR } from '../src/access/index.ts';
import { openApp, readConfig, startServer } from '../src/app/index.ts';
import { generateUsers } from '../src/feeds/index.ts';
import { isFinal, showRun, startRun } from '../src/runs/index.ts';
import { createSet } from '../src/sets/index.ts';
import { programKey, rateOf } from './support/api-measure.ts';
import { PLAN } from './support/plan.ts';
import { options } from './support/rounds.ts';

const CONNECTIONS = 2;
/** The programs ask for so long; a shorter run ends before them. */
const SECONDS = 20;

const { users } = options({ users: 1_000_000, rounds: 1 });
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster-bench-'));
const config = readConfig({ dataDir, language: 'en' }, { MUSTER_TIMEZONE: 'UTC', MUSTER_WORKERS: '2' });
const app = await openApp(config, { role: 'command' });
try {
  const ctx = app.contextOf(ADMINISTRATOR, 'bench', 'en');
  await generateUsers.run(ctx, generateUsers.input.parse({ count: users, seed: 1 }));
  await createSet.run(ctx, createSet.input.parse({ name: 'everyone', where: 'everyone' }));
  await app.db.pool.query('vacuum (analyze)');
  const key = await programKey(app);
  const { rows } = await app.db.pool.query<{ primary_id: string }>('select u.primary_id from users u order by hashint8(u.id) limit 2000');
  const ids = rows.map((row) => row.primary_id);
  const service = await startServer(config, 0);
  try {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const { id } = await startRun.run(ctx, startRun.input.parse({ set: 'everyone', plan: PLAN, confirm: true }));
    delay.enable();
    const started = performance.now();
    const url = `${service.url}/almaws/v1/users`;
    const asking = rateOf({ url, key, method: 'GET', ids, connections: CONNECTIONS, seconds: SECONDS });
    let run = await showRun.run(ctx, { id });
    while (!isFinal(run.state)) {
      await sleep(500);
      run = await showRun.run(ctx, { id });
    }
    delay.disable();
    const seconds = (performance.now() - started) / 1_000;
    // The program and the administrator are among everybody.
    if ((run.counts['changed'] ?? 0) < users) throw new Error(`run ${id} is ${run.state} with ${JSON.stringify(run.counts)}`);
    const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
    console.log(`${users} users in ${seconds.toFixed(1)} s, ${(await asking).toFixed(0)} answers a second meanwhile`);
    console.log(`lag p50_ms=${ms(delay.percentile(50))} p99_ms=${ms(delay.percentile(99))} max_ms=${ms(delay.max)}`);
  } finally {
    await service.stop();
  }
} finally {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
}
