/**
 * Requests and the database's connections. A transaction holds one connection and may ask for another
 * besides; were all held by transactions, all would wait for ever. So fewer transactions than
 * connections run at once, and the others wait without holding any.
 */
import type { App } from '../app/index.ts';
import type { Database } from '../core/index.ts';

/** Lets so many in at once, the others in the order in which they came. */
export class Gate {
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(places: number) {
    this.#places = places;
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#places) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waits takes over the place.
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }
}

/** Connections that no request's transaction takes: for questions beside transactions. */
const RESERVED = 4;

/** Imports and exports that run at once; each holds a connection for as long as it takes. */
const FILES_AT_ONCE = 2;

interface Gates {
  readonly db: Database;
  readonly files: Gate;
}

const gates = new WeakMap<object, Gates>();

/** The database as requests get it, and the gate for those that carry a file; one of each for an installation. */
export function gatesOf(app: App): Gates {
  const known = gates.get(app.db);
  if (known !== undefined) return known;
  const { pool } = app.db;
  const transactions = new Gate(Math.max(1, (pool.options.max ?? 10) - app.config.workers - RESERVED));
  const made: Gates = {
    db: { pool, transaction: (work) => transactions.through(() => app.db.transaction(work)) },
    files: new Gate(FILES_AT_ONCE),
  };
  gates.set(app.db, made);
  return made;
}
