import type { Logger } from 'pino';
import { Bell } from './bell.ts';
import { isTransient } from './transient.ts';

/**
 * The work there is. Each takes one bite and says whether it found any; what is to be done stands in
 * the tables, so a bite that was lost with its process is found again by the next.
 */
export interface Tasks {
  /** Freezes a queued run, works one chunk, or finishes a run. */
  readonly workOnce: () => Promise<boolean>;
  /** Sends what is due in the outbox; leaves off early when the signal aborts. */
  readonly sendDue: (stopping: AbortSignal) => Promise<boolean>;
  /** Tells webhooks what is due; leaves off early when the signal aborts. */
  readonly tellWebhooks?: (stopping: AbortSignal) => Promise<boolean>;
  /** Takes reports about letters that came back, and does what follows from them. */
  readonly takeReports?: () => Promise<boolean>;
  /** Fetches what feeds have put down, and loads what waits; leaves off early when the signal aborts. */
  readonly tendFeeds?: (stopping: AbortSignal) => Promise<boolean>;
  /** Starts the runs whose time has come. */
  readonly startDueSchedules: () => Promise<boolean>;
  /** Makes the journal's next partitions, and the like. */
  readonly keepHouse: () => Promise<boolean>;
}

export interface WorkerOptions {
  /** How many chunks may be worked on at once in this process. */
  readonly concurrency: number;
  readonly log: Logger;
}

export interface LoopState {
  readonly name: string;
  /** 'failing' from the first error on, until a bite succeeds again. */
  readonly state: 'idle' | 'busy' | 'failing';
  readonly lastError: string | null;
}

export interface Worker {
  wake(task: 'runs' | 'outbox'): void;
  states(): readonly LoopState[];
  /** Lets every bite under way end, takes no other, and resolves when all is still. */
  stop(): Promise<void>;
}

/** The tables are looked at this often when no bell rings; after a crash this is how soon work goes on. */
const POLL_MS = 2_000;
const SCHEDULE_MS = 5_000;
const REPORTS_MS = 5_000;
const FEEDS_MS = 5_000;
const HOUSE_MS = 3_600_000;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Works until it is stopped. No error ends it: it is logged, and the loop tries again after a pause that grows. */
export function startWorker(tasks: Tasks, options: WorkerOptions): Worker {
  const bells = { runs: new Bell(), outbox: new Bell(), clock: new Bell() };
  const stopping = new AbortController();
  const loops = [
    ...Array.from({ length: options.concurrency }, (_, index) =>
      startLoop({ name: `runs ${index + 1}`, bite: tasks.workOnce, bell: bells.runs, pollMs: POLL_MS }, stopping.signal, options.log),
    ),
    startLoop(
      { name: 'letters', bite: () => tasks.sendDue(stopping.signal), bell: bells.outbox, pollMs: POLL_MS },
      stopping.signal,
      options.log,
    ),
    ...tellers(tasks, bells.clock, stopping.signal, options.log),
    startLoop({ name: 'schedules', bite: tasks.startDueSchedules, bell: bells.clock, pollMs: SCHEDULE_MS }, stopping.signal, options.log),
    startLoop({ name: 'housekeeping', bite: tasks.keepHouse, bell: bells.clock, pollMs: HOUSE_MS }, stopping.signal, options.log),
  ];
  return {
    wake: (task) => bells[task].ring(),
    states: () => loops.map((loop) => loop.state()),
    stop: async () => {
      stopping.abort();
      await Promise.all(loops.map((loop) => loop.ended));
    },
  };
}

/** A process that only helps out tells nobody. */
function tellers({ tellWebhooks, takeReports, tendFeeds }: Tasks, bell: Bell, signal: AbortSignal, log: Logger): readonly Loop[] {
  return [
    ...(tellWebhooks === undefined
      ? []
      : [startLoop({ name: 'webhooks', bite: () => tellWebhooks(signal), bell, pollMs: POLL_MS }, signal, log)]),
    ...(tendFeeds === undefined ? [] : [startLoop({ name: 'feeds', bite: () => tendFeeds(signal), bell, pollMs: FEEDS_MS }, signal, log)]),
    ...(takeReports === undefined ? [] : [startLoop({ name: 'reports', bite: takeReports, bell, pollMs: REPORTS_MS }, signal, log)]),
  ];
}

interface Loop {
  state(): LoopState;
  readonly ended: Promise<void>;
}

interface LoopOptions {
  readonly name: string;
  readonly bite: () => Promise<boolean>;
  readonly bell: Bell;
  readonly pollMs: number;
}

function startLoop({ name, bite, bell, pollMs }: LoopOptions, signal: AbortSignal, log: Logger): Loop {
  let state: LoopState['state'] = 'idle';
  let lastError: string | null = null;
  let failures = 0;

  const once = async (): Promise<void> => {
    const seen = bell.count;
    try {
      if (state === 'idle') state = 'busy';
      const found = await bite();
      if (failures > 0) log.info({ loop: name, failures }, 'works again');
      failures = 0;
      lastError = null;
      state = 'idle';
      if (!found) await bell.wait(seen, pollMs, signal);
    } catch (error) {
      failures += 1;
      state = 'failing';
      lastError = error instanceof Error ? error.message : String(error);
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      if (isTransient(error)) log.warn({ loop: name, failures, pause, reason: lastError }, 'the database cannot be reached');
      else log.error({ loop: name, failures, pause, err: error }, 'failed, will try again');
      await bell.wait(bell.count, pause, signal);
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) await once();
  };
  return { state: () => ({ name, state, lastError }), ended: run() };
}
