import { AppError } from '../core/index.ts';
import { type DatabaseHandle, migrationState } from '../db/index.ts';
import type { Attendant, Worker } from '../queue/index.ts';

export interface Health {
  /** 'ok', or 'failing' when the database cannot be reached, is of another version, or a loop of the worker fails. */
  readonly status: 'ok' | 'failing';
  readonly database: { readonly state: 'ok' | 'unreachable'; readonly reason: string | null };
  /** Whether the database is of this program's version; null while it cannot be asked. */
  readonly migrations: { readonly state: 'ok' | 'other_version' | null };
  /** Without its queue a worker finds its work by polling: slower by two seconds, not failing. */
  readonly queue: { readonly state: 'ok' | 'polling' };
  readonly worker: { readonly state: 'ok' | 'failing'; readonly loops: ReturnType<Worker['states']> };
}

const DATABASE_PATIENCE_MS = 3_000;

export async function healthOf(db: DatabaseHandle, attendant: Attendant, worker: Worker): Promise<Health> {
  const reason = await reasonUnreachable(db);
  const loops = worker.states();
  const failing = loops.some((loop) => loop.state === 'failing');
  const migrations = reason === null ? await stateOfMigrations(db) : null;
  return {
    status: migrations === 'ok' && !failing ? 'ok' : 'failing',
    database: { state: reason === null ? 'ok' : 'unreachable', reason },
    migrations: { state: migrations },
    queue: { state: attendant.attending() ? 'ok' : 'polling' },
    worker: { state: failing ? 'failing' : 'ok', loops },
  };
}

/** Somebody may have migrated the database for a newer program while this one runs. */
async function stateOfMigrations(db: DatabaseHandle): Promise<Health['migrations']['state']> {
  try {
    const { pending } = await migrationState(db.pool);
    return pending.length === 0 ? 'ok' : 'other_version';
  } catch (error) {
    // Gone since it was asked just now.
    return error instanceof AppError ? 'other_version' : null;
  }
}

async function reasonUnreachable(db: DatabaseHandle): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${DATABASE_PATIENCE_MS / 1000} s`), DATABASE_PATIENCE_MS);
  });
  const asked = db.pool.query('select 1').then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  try {
    return await Promise.race([asked, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
