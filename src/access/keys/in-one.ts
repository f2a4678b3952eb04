/**
 * The same question of many at once, asked of the database once. Whoever comes while it is being asked
 * waits for the next time, which is asked after they came and is for all who wait by then: so nobody
 * gets an answer that is older than their question.
 */
import type { Queryable } from '../../core/index.ts';

interface Asked {
  /** The one that is under way. */
  readonly now: Promise<unknown>;
  /** The one after it, once somebody waits for it. */
  next: Promise<unknown> | null;
}

const ASKED = new WeakMap<Queryable, Map<string, Asked>>();

/** What `ask` answers; calls with the same `question` share it, and its error. */
export function inOne<T>(db: Queryable, question: string, ask: () => Promise<T>): Promise<T> {
  const all = ASKED.get(db) ?? new Map<string, Asked>();
  ASKED.set(db, all);
  const under = all.get(question);
  if (under === undefined) return start(all, question, ask);
  under.next ??= under.now.then(
    () => start(all, question, ask),
    () => start(all, question, ask),
  );
  return under.next as Promise<T>; // whoever asks the same question gets answers of the same kind
}

function start<T>(all: Map<string, Asked>, question: string, ask: () => Promise<T>): Promise<T> {
  const now = ask();
  const asked: Asked = { now, next: null };
  all.set(question, asked);
  const done = (): void => {
    if (asked.next === null) all.delete(question);
  };
  now.then(done, done);
  return now;
}
