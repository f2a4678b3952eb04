import type { Context, Database } from '../../src/core/index.ts';

/** Who a benchmark works as: the administrator; there is nobody to ring for. */
export function benchContext(db: Database, dataDir: string): Context {
  return {
    db,
    dataDir,
    source: 'bench',
    language: 'en',
    timeZone: 'UTC',
    actor: { kind: 'administrator', name: 'administrator' },
    doorbell: { ring: async () => undefined },
  };
}
