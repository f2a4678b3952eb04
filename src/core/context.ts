import type { Pool, PoolClient } from 'pg';
import type { Language } from './texts/index.ts';

/** What a statement can be sent to: the pool, or the client of an open transaction. */
export type Queryable = Pick<PoolClient, 'query'>;

/** The database as the domain sees it: a pool, and transactions on one of its clients. */
export interface Database {
  readonly pool: Pool;
  /** Runs `work` in one transaction (READ COMMITTED); commits when it resolves, rolls back when it throws. */
  transaction<T>(work: (tx: PoolClient) => Promise<T>): Promise<T>;
}

export interface ActorRole {
  readonly type: string;
  readonly scope: string;
  /** The scope is a single library: such a role starts nothing that works on the whole institution. */
  readonly library?: true;
}

/** Who acts. `name` is what the journal and the audit keep. */
export type Actor =
  | { readonly kind: 'administrator'; readonly name: 'administrator' }
  | { readonly kind: 'user'; readonly name: string; readonly userId: number; readonly roles: readonly ActorRole[] }
  | { readonly kind: 'system'; readonly name: string };

/** Rings for workers; a doorbell only, the tables are the truth. `queue` implements it. */
export interface Doorbell {
  ring(tx: Queryable, task: 'runs' | 'outbox'): Promise<void>;
}

/** How far a long operation has come; `total` null while it is not known. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
}

/** Everything an operation may use beside its input. */
export interface Context {
  readonly db: Database;
  readonly actor: Actor;
  /** Where the call came from, for the audit: `cli`, `http`, `worker`. */
  readonly source: string;
  readonly language: Language;
  /** IANA name of the library's time zone; decides what day `today` is. */
  readonly timeZone: string;
  /** Directory of the installation's files (mailbox, uploads). */
  readonly dataDir: string;
  readonly doorbell: Doorbell;
  readonly onProgress?: (progress: Progress) => void;
}
