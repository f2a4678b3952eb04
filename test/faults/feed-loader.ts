/**
 * Tends the feeds in a process of its own that kills itself, or its PostgreSQL, when a statement comes by:
 *
 *     node feed-loader.ts '{ "dataDir": …, "fault": { "before": "insert into journal", "nth": 1, "kills": "loader" } }'
 */
import pg from 'pg';
import type { Context } from '../../src/core/index.ts';
import { openDatabase } from '../../src/db/index.ts';
import { tendFeeds } from '../../src/feeds/index.ts';
import { killPostgres } from './mail-sender.ts';

export interface LoaderFault {
  /** The fault comes before the nth statement that has this text in it. */
  readonly before: string;
  readonly nth: number;
  readonly kills: 'loader' | 'database';
}

export interface LoaderOrder {
  readonly dataDir: string;
  readonly fault: LoaderFault | null;
}

function strikeAt(fault: LoaderFault, dataDir: string): void {
  let seen = 0;
  const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
  pg.Client.prototype.query = function watched(this: pg.Client, ...given: unknown[]): unknown {
    const [statement] = given;
    const text = typeof statement === 'string' ? statement : ((statement as { readonly text?: string } | undefined)?.text ?? '');
    if (text.includes(fault.before)) {
      seen += 1;
      if (seen === fault.nth) {
        if (fault.kills === 'database') killPostgres(dataDir);
        else process.kill(process.pid, 'SIGKILL');
      }
    }
    return query.apply(this, given);
  } as typeof pg.Client.prototype.query;
}

async function tend({ dataDir, fault }: LoaderOrder): Promise<void> {
  if (fault !== null) strikeAt(fault, dataDir);
  const db = await openDatabase({ dataDir });
  const ctx: Context = {
    db,
    dataDir,
    actor: { kind: 'system', name: 'worker' },
    source: 'worker',
    language: 'en',
    timeZone: 'UTC',
    doorbell: { ring: () => Promise.resolve() },
  };
  const failed: unknown[] = [];
  await tendFeeds(ctx, new AbortController().signal, (_code, error) => failed.push(error));
  // A database that was killed takes the load with it; the next one finds the file again.
  process.exit(failed.length === 0 ? 0 : 3);
}

const [order] = process.argv.slice(2);
if (order !== undefined && import.meta.main) await tend(JSON.parse(order) as LoaderOrder);
