import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect } from 'vitest';
import { clientConfig, type Endpoint, useServer } from '../../src/db/index.ts';
import { endpointOf, readState } from '../../src/db/server-state.ts';
import { answerOf, json, start, temporaryDirectory } from '../cli/muster.ts';
import { ABORTED, AFTERMATH, type Aftermath, FINGERPRINTS, SOUND } from './aftermath.ts';

/** What every member gets; external users become internal and are told their new credentials. */
const PLAN = {
  changes: [
    { change: 'expiry_date', set: '2031-03-31' },
    { change: 'block', add: { description: '02-GLOBAL', note: 'fault test' } },
    { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
  ],
};

/** One chunk at a time, so that a run of a library this small has a middle to be killed in. */
const ENVIRONMENT = { MUSTER_WORKERS: '1' };

/** No letter falls due while a test runs: what a run has queued can then be compared row by row. */
const LETTERS_WAIT = `
  create function muster.letters_wait() returns trigger language plpgsql as $$
    begin new.next_at := now() + interval '1 day'; return new; end $$;
  create trigger letters_wait before insert on muster.outbox for each row execute function muster.letters_wait()`;

/** A chunk takes at least this long, so that a fault meets the run in its middle, however fast the machine. */
const CHUNKS_TAKE_TIME = (seconds: number): string => `
  create or replace function muster.chunks_take_time() returns trigger language plpgsql as $$
    begin perform pg_sleep(${seconds}); return new; end $$;
  create or replace trigger chunks_take_time before update on muster.run_chunks
    for each row when (new.state = 'done') execute function muster.chunks_take_time()`;

const MOVING_AGAIN_MS = 30_000;
const LONGEST_RUN_MS = 120_000;
const LOOK_MS = 15;

export interface Progress {
  readonly state: string;
  readonly done: number;
  readonly open: number;
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A library in a data directory of its own, which can be put back to how it was before any run. */
export class Library {
  readonly #files = temporaryDirectory();
  readonly #data = path.join(this.#files.directory, 'data');
  readonly #plan = path.join(this.#files.directory, 'plan.json');
  readonly #running = new Set<ChildProcess>();
  #observer: pg.Client | undefined;

  async make(users: number): Promise<void> {
    writeFileSync(this.#plan, JSON.stringify(PLAN));
    await this.json('users', 'generate', '--count', String(users), '--seed', '5');
    // Else the first server that starts would make one, in the middle of a run.
    await this.json('access', 'admin');
    await this.json('sets', 'create', 'Everybody', '--where', 'primary_id != "admin"');
    await this.#maintain(async (query) => {
      await query(LETTERS_WAIT, 'muster');
      await query('create database original template muster', 'postgres');
    });
  }

  /** As if there had been no run: the same users under the same ids. */
  async reset(): Promise<void> {
    await this.endProcesses();
    await this.#maintain(async (query) => {
      await query('drop database muster with (force)', 'postgres');
      await query('create database muster template original', 'postgres');
    });
  }

  async remove(): Promise<void> {
    await this.endProcesses();
    await this.json('stop');
    this.#files.remove();
  }

  json(...args: string[]): Promise<Record<string, unknown>> {
    return json([...args, '--data', this.#data], { env: ENVIRONMENT });
  }

  /** Until the next reset every chunk takes this many seconds more. */
  async slowChunks(seconds: number): Promise<void> {
    await this.#maintain((query) => query(CHUNKS_TAKE_TIME(seconds), 'muster'));
  }

  /** Confirms the plan on everybody; nobody works on it yet, unless a process was begun before. */
  async confirmRun(): Promise<number> {
    const { id } = await this.json('jobs', 'run', '--set', 'Everybody', '--plan', this.#plan, '--yes', '--no-wait');
    return Number(id);
  }

  begin(kind: 'worker' | 'start'): ChildProcess {
    const args = kind === 'start' ? ['start', '--port', '0'] : ['worker'];
    const child = start([...args, '--json', '--data', this.#data], { env: ENVIRONMENT });
    // Nobody reads what it says; a full pipe would make it wait.
    child.stdout?.resume();
    child.stderr?.resume();
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return child;
  }

  /** `kill -9`, and waits until the process is no more. */
  async kill(child: ChildProcess): Promise<void> {
    if (!this.#running.has(child)) throw new Error('The process had ended before it was killed.');
    const ended = answerOf(child);
    child.kill('SIGKILL');
    await ended;
  }

  /** `kill -9` of the PostgreSQL of this directory alone. */
  killPostmaster(): void {
    process.kill(Number(readFileSync(path.join(this.#data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
  }

  async endProcesses(): Promise<void> {
    for (const child of [...this.#running]) await this.kill(child);
  }

  /** How far the run is; undefined while no database answers. */
  async progress(run: number): Promise<Progress | undefined> {
    try {
      const { rows } = await (await this.#observe()).query<Progress>(
        `select r.state, count(*) filter (where c.state = 'done') as done, count(*) filter (where c.state = 'open') as open
           from runs r join run_chunks c on c.run_id = r.id where r.id = $1 group by r.state`,
        [run],
      );
      return rows[0];
    } catch {
      await this.#observer?.end().catch(() => undefined);
      this.#observer = undefined;
      return undefined;
    }
  }

  /** Waits until this many chunks are done, or the run has ended. */
  async untilChunks(run: number, chunks: number): Promise<Progress> {
    return this.#untilProgress(
      run,
      MOVING_AGAIN_MS,
      `${chunks} chunks are done`,
      ({ state, done }) => done >= chunks || state !== 'RUNNING',
    );
  }

  /** The same, for a fault that has to come in mid-run: fails when the run was faster. */
  async untilMidRun(run: number, chunks: number): Promise<Progress> {
    const reached = await this.untilChunks(run, chunks);
    expect(reached, 'the run had ended before the fault').toMatchObject({ state: 'RUNNING' });
    expect(reached.open).toBeGreaterThan(0);
    return reached;
  }

  /** After a fault: within half a minute a further chunk is done, or the run is. Answers after how many ms. */
  async untilMoving(run: number, before: Progress): Promise<number> {
    const began = Date.now();
    await this.#untilProgress(run, MOVING_AGAIN_MS, 'the run moves again', ({ state, done }) => done > before.done || state !== 'RUNNING');
    return Date.now() - began;
  }

  async untilEnded(run: number): Promise<Progress> {
    return this.#untilProgress(run, LONGEST_RUN_MS, 'the run ends', ({ state }) => !['RUNNING', 'PAUSED'].includes(state));
  }

  /** Everything that the run has left in the database; fails when that contradicts itself. */
  async aftermath(run: number): Promise<Aftermath> {
    const observer = await this.#observe();
    const { rows: sound } = await observer.query<Record<string, boolean>>(SOUND, [run]);
    expect(Object.entries(sound[0] ?? {}).filter(([, holds]) => !holds)).toEqual([]);
    const { rows } = await observer.query<Omit<Aftermath, 'fingerprints'>>(AFTERMATH, [run]);
    const { rows: fingerprints } = await observer.query<{ part: string; mark: string }>(FINGERPRINTS, [run]);
    const aftermath = rows[0];
    if (aftermath === undefined) throw new Error('There is no such run.');
    return { ...aftermath, fingerprints: Object.fromEntries(fingerprints.map(({ part, mark }) => [part, mark])) };
  }

  /** Whether the counts of an aborted run are those of its done chunks, and the users those of its counts. */
  async abortedAsCounted(run: number): Promise<Record<string, boolean>> {
    const { rows } = await (await this.#observe()).query<Record<string, boolean>>(ABORTED, [run]);
    return rows[0] ?? {};
  }

  async #untilProgress(run: number, patienceMs: number, what: string, holds: (progress: Progress) => boolean): Promise<Progress> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const progress = await this.progress(run);
      if (progress !== undefined && holds(progress)) return progress;
      if (Date.now() > deadline) throw new Error(`Not within ${patienceMs / 1000} s: ${what}; it is ${JSON.stringify(progress)}.`);
      await sleep(LOOK_MS);
    }
  }

  /** A connection that counts as no use of the server, so that it comes and goes as if nobody looked. */
  async #observe(): Promise<pg.Client> {
    if (this.#observer !== undefined) return this.#observer;
    const state = readState(this.#data);
    if (state === undefined) throw new Error('The directory has no server yet.');
    this.#observer = await connect(endpointOf(this.#data, state, 'muster'));
    return this.#observer;
  }

  async #maintain(work: (query: (text: string, database: string) => Promise<void>) => Promise<void>): Promise<void> {
    await this.#observer?.end().catch(() => undefined);
    this.#observer = undefined;
    const use = await useServer(this.#data);
    try {
      await work(async (text, database) => {
        const client = await connect({ ...use.endpoint, database } as Endpoint);
        try {
          await client.query(text);
        } finally {
          await client.end();
        }
      });
    } finally {
      await use.release();
    }
  }
}

async function connect(endpoint: Endpoint): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(endpoint, { applicationName: 'muster fault test' }));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
