import { setTimeout as sleep } from 'node:timers/promises';
import { helpOut, sendLetters } from '../app/index.ts';
import { type PrintBatchView, showPrint } from '../letters/index.ts';
import type { Session } from './cli.ts';
import { interrupted } from './signals.ts';

const FIRST_LOOK_MS = 300;
const LONGEST_LOOK_MS = 3_000;

/**
 * Waits until the batches are made, with a bar, and makes them in this process when no server does. Ctrl-C ends
 * the waiting: a server goes on, and what was begun here is made by the next process that works.
 */
export async function waitForPrint(session: Session, batches: readonly { readonly id: number }[]): Promise<PrintBatchView[]> {
  const { signal, forget } = interrupted();
  const stopping = new AbortController();
  void signal.then(() => stopping.abort());
  const helper = session.remote ? undefined : await helpOut(session.app);
  const look = async (): Promise<PrintBatchView[]> => {
    const made: PrintBatchView[] = [];
    for (const { id } of batches) {
      const { remarks: _remarks, next: _next, ...batch } = await session.perform(showPrint, { id, limit: 1 });
      made.push(batch);
    }
    const sum = (of: (batch: PrintBatchView) => number): number => made.reduce((total, batch) => total + of(batch), 0);
    session.progress.show({ stage: 'letters', done: sum((batch) => batch.done), total: sum((batch) => batch.messages) });
    return made;
  };
  try {
    if (helper?.helping() === true) await sendLetters(session.app, stopping.signal, async () => void (await look()));
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LONGEST_LOOK_MS, pause * 1.3)) {
      const made = await look();
      if (stopping.signal.aborted || made.every((batch) => batch.state !== 'making')) return made;
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  } finally {
    forget();
    session.progress.end();
    await helper?.stop();
  }
}
