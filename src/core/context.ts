import type { Pool, PoolClient } from 'pg';
import type { Channels } from './channel.ts';
import type { Privilege } from './privileges.ts';
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

/** Parts of a record that a library may close to a role: not shown, not filtered by, not changed. */
export const FIELD_GROUPS = ['birth_date', 'notes', 'addresses', 'letters'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

/** Which roles may be given or taken away: all but these, or these alone. */
export interface GrantRule {
  readonly all: boolean;
  readonly roles: readonly string[];
}

/** What a user may do, worked out from their roles when they were resolved (see `access`). */
export interface Rights {
  readonly privileges: readonly Privilege[];
  readonly grants: GrantRule;
  readonly closed: readonly FieldGroup[];
  /** False: users with staff roles are not theirs to edit, and staff roles not theirs to give. */
  readonly editsStaff: boolean;
}

/** What narrows a user's rights for one call: the API key it came with. */
export interface KeyUse {
  readonly id: number;
  readonly name: string;
  /** The library trusts this program: its runs do not wait for the guard. */
  readonly exemptFromGuard: boolean;
}

/** Who acts. `name` is what the journal and the audit keep. */
export type Actor =
  | { readonly kind: 'administrator'; readonly name: 'administrator' }
  | {
      readonly kind: 'user';
      readonly name: string;
      readonly userId: number;
      readonly roles: readonly ActorRole[];
      readonly rights: Rights;
      readonly key?: KeyUse;
    }
  | { readonly kind: 'system'; readonly name: string };

/** Where a call came from beyond `source`: for the audit. */
export interface Origin {
  /** Network address of the caller. */
  readonly address: string | null;
  readonly requestId: string | null;
}

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

/** Queue and workers of the process that answers. */
export interface ProcessHealth {
  readonly queue: { readonly state: 'ok' | 'polling' };
  readonly worker: {
    readonly loops: readonly {
      readonly name: string;
      readonly state: 'idle' | 'busy' | 'failing';
      readonly lastError: string | null;
    }[];
  };
}

/** Everything an operation may use beside its input. */
export interface Context {
  readonly db: Database;
  readonly actor: Actor;
  /** Where the call came from, for the audit: `cli`, `http`, `alma`, `worker`. */
  readonly source: string;
  readonly origin?: Origin;
  readonly language: Language;
  /** IANA name of the library's time zone; decides what day `today` is. */
  readonly timeZone: string;
  /** Where people reach this installation, without a slash at the end: links in letters begin with it. */
  readonly publicUrl?: string | undefined;
  /** Directory of the installation's files (mailbox, uploads). */
  readonly dataDir: string;
  readonly doorbell: Doorbell;
  /** How letters leave this installation; tests of rooms that write to nobody have none. */
  readonly channels?: Channels;
  /** How this process is; only a server that stays can tell. */
  readonly health?: () => Promise<ProcessHealth>;
  readonly onProgress?: (progress: Progress) => void;
}
