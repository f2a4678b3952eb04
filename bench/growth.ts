/**
 * Ten times as many users: time per user relative to the same growth of the bare SQL, and the peak
 * memory of a worker process.
 *
 *     npm run bench -- growth [--users 1000000] [--rounds 1]
 */
import { spawn } from 'node:child_process';
import { startRun } from '../src/runs/index.ts';
import { bareTwoSessions, PLAN, runPlan } from './support/plan.ts';
import { median, options, rounds } from './support/rounds.ts';
import { type Copy, onCopy, type Server, withServer } from './support/server.ts';

const { users, rounds: count } = options({ users: 1_000_000, rounds: 3 });
const few = Math.round(users / 10);

/** Peak resident memory, in MB, of a worker process that works a whole run off. */
async function workerMemory(server: Server, library: string): Promise<number> {
  const copy: Copy = await server.copy(library);
  try {
    await startRun.run(copy.ctx, startRun.input.parse({ set: 'everyone', plan: PLAN, confirm: true }));
    const worker = spawn(process.execPath, [...process.execArgv, new URL('support/growth-worker.ts', import.meta.url).pathname], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    worker.stdin.end(JSON.stringify(copy.db.endpoint));
    let answer = '';
    worker.stdout.on('data', (text) => {
      answer += String(text);
    });
    const status = await new Promise((resolve) => worker.on('exit', resolve));
    if (status !== 0) throw new Error(`the worker ended with ${status}`);
    return Number(answer) / 1024;
  } finally {
    await copy.drop();
  }
}

await withServer(async (server) => {
  const small = await server.library(few);
  const large = await server.library(users);
  const taken = await rounds(count, {
    run_few: () => onCopy(server, small, async (copy) => void (await runPlan(copy))),
    bare_few: () => onCopy(server, small, bareTwoSessions),
    run_many: () => onCopy(server, large, async (copy) => void (await runPlan(copy))),
    bare_many: () => onCopy(server, large, bareTwoSessions),
  });
  const growth = (many: readonly number[], fewer: readonly number[]) => median(many) / users / (median(fewer) / few);
  const memory = { few: await workerMemory(server, small), many: await workerMemory(server, large) };
  console.log(`peak memory of a worker: ${memory.few.toFixed(0)} MB at ${few}, ${memory.many.toFixed(0)} MB at ${users}`);
  const ratio = growth(taken.run_many, taken.run_few) / growth(taken.bare_many, taken.bare_few);
  console.log(`growth ratio=${ratio.toFixed(2)} memory=${(memory.many / memory.few).toFixed(2)} peak_mb=${memory.many.toFixed(0)}`);
});
