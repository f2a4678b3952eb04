/** One look at a run serves everybody who watches it. */
import type { Queryable } from '../core/index.ts';
import { readProgress, type RunProgress } from '../runs/index.ts';

export type Listener = (progress: RunProgress | null) => void;

interface Watch {
  readonly listeners: Set<Listener>;
  readonly timer: NodeJS.Timeout;
  last: RunProgress | undefined;
  looking: boolean;
}

/** How often a run is looked at while somebody watches. */
const LOOK_MS = 500;

export class RunWatcher {
  readonly #db: Queryable;
  readonly #watches = new Map<number, Watch>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** Runs that are being looked at. */
  get runs(): number {
    return this.#watches.size;
  }

  /** Calls the listener with every change of the run's progress, null when there is no such run any more; answers how to stop. */
  watch(id: number, listener: Listener): () => void {
    const watch = this.#watches.get(id) ?? this.#begin(id);
    watch.listeners.add(listener);
    if (watch.last !== undefined) listener(watch.last);
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size > 0) return;
      clearInterval(watch.timer);
      if (this.#watches.get(id) === watch) this.#watches.delete(id);
    };
  }

  #begin(id: number): Watch {
    const watch: Watch = {
      listeners: new Set(),
      timer: setInterval(() => void this.#look(id, watch), LOOK_MS),
      last: undefined,
      looking: false,
    };
    this.#watches.set(id, watch);
    void this.#look(id, watch);
    return watch;
  }

  async #look(id: number, watch: Watch): Promise<void> {
    if (watch.looking) return;
    watch.looking = true;
    try {
      const progress = await readProgress(this.#db, id);
      if (progress !== undefined && placeOf(progress) === (watch.last && placeOf(watch.last))) return;
      watch.last = progress;
      for (const listener of [...watch.listeners]) listener(progress ?? null);
    } catch {
      // A database that is away is asked again; the streams stay open.
    } finally {
      watch.looking = false;
    }
  }
}

/** Names one moment of a run: the number of an event, and what a client that comes back has seen. */
export function placeOf(progress: RunProgress): string {
  return `${progress.done}-${progress.total}-${progress.state}`;
}
