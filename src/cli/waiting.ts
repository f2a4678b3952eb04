import { setTimeout as sleep } from 'node:timers/promises';
import { helpOut, sendLetters } from '../app/index.ts';
import { AppError } from '../core/index.ts';
import { countLetters } from '../letters/index.ts';
import { isTransient } from '../queue/index.ts';
import { isFinal, type RunReport } from '../runs/index.ts';
import { RemoteError } from './client.ts';
import type { Cli, Session } from './cli.ts';
import { interrupted } from './signals.ts';

const LOOK_MS = 150;
/** Each look at a server is a request, and stands in its audit: a long run is looked at less often. */
const FIRST_LOOK_THERE_MS = 500;
const LONGEST_LOOK_THERE_MS = 5_000;
const SLOWER = 1.3;
/** A database that restarts after a kill takes up to twenty seconds. */
const PATIENCE_MS = 90_000;

/**
 * Waits until the run has ended or stands still, with a bar, and does its work in this process when
 * no server does. Then also the letters, which otherwise the server sends. Ctrl-C ends the waiting
 * (`cli.interrupted`): the chunk under way is finished and the run stays as it is.
 */
export async function waitForRun(cli: Cli, session: Session, id: number): Promise<RunReport> {
  const { signal, forget } = interrupted();
  const stopping = new AbortController();
  void signal.then(() => stopping.abort());
  // A server does its work itself.
  const helper = session.remote ? undefined : await helpOut(session.app);
  try {
    const run = await untilAtRest(cli, session, id, stopping.signal);
    if (stopping.signal.aborted) throw await leave(cli, id);
    if (helper?.helping() !== true || run.letters.queued === 0) return run;
    await sendAll(session, id, run.letters.queued, stopping.signal);
    return await session.look(id);
  } finally {
    forget();
    session.progress.end();
    await helper?.stop();
  }
}

async function untilAtRest(cli: Cli, session: Session, id: number, signal: AbortSignal): Promise<RunReport> {
  let reachable = Date.now();
  let pause = session.remote ? FIRST_LOOK_THERE_MS : LOOK_MS;
  for (;;) {
    try {
      const run = await session.look(id);
      reachable = Date.now();
      const { done, total } = run.progress;
      session.progress.show({ stage: 'run', done, total }, noteOf(cli, run));
      if (isFinal(run.state) || run.state === 'PAUSED' || run.state === 'MANUAL_HANDLING_REQUIRED' || signal.aborted) return run;
    } catch (error) {
      if (!(isTransient(error) || isAway(error)) || Date.now() - reachable > PATIENCE_MS) throw error;
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (session.remote) pause = Math.min(LONGEST_LOOK_THERE_MS, pause * SLOWER);
  }
}

/** What is not as it should be; the rest the bar says. */
function noteOf(cli: Cli, run: RunReport): string {
  const failed = (run.counts['failed'] ?? 0) + (run.counts['conflict'] ?? 0);
  return failed === 0 ? '' : cli.screen.text('cli.outcome.failed.did', { count: failed });
}

/** The server cannot be reached, or says that it cannot just now. */
function isAway(error: unknown): boolean {
  if (error instanceof RemoteError) return error.status === 503 || error.status === 429;
  return error instanceof AppError && error.code === 'remote.unreachable';
}

async function sendAll(session: Session, id: number, total: number, signal: AbortSignal): Promise<void> {
  const show = async (): Promise<void> => {
    const { queued, sending } = await countLetters(session.ctx.db.pool, id);
    session.progress.show({ stage: 'letters', done: Math.max(0, total - queued - sending), total });
  };
  await show();
  await sendLetters(session.app, signal, show);
}

async function leave(cli: Cli, id: number): Promise<AppError> {
  cli.aside.line();
  return new AppError('cli.interrupted', { id: String(id) });
}
