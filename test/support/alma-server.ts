import { beforeAll } from 'vitest';
import type { Actor } from '../../src/core/index.ts';
import { almaClient, type AlmaClient } from './alma.ts';
import { userActor } from './actors.ts';
import { type TestDatabase, useTestDatabase } from './database.ts';
import { doorsFor } from './doors.ts';
import { type TestServer, type TestServerOptions, useTestServer } from './http.ts';

export interface AlmaServer {
  readonly test: Readonly<TestDatabase>;
  readonly server: Readonly<TestServer>;
  readonly ask: AlmaClient;
  /** By key; a test may add some. */
  readonly actors: Record<string, Actor>;
  /** The number that an SQL query gives. */
  number(query: string): Promise<number>;
}

/** A server whose keys are `key` (the administrator), `manager` (role 21), `desk` (32) and `root` (26). */
export function useAlmaServer(config: TestServerOptions['config'] = {}): AlmaServer {
  const actors: Record<string, Actor> = { key: { kind: 'administrator', name: 'administrator' } };
  const test = useTestDatabase();
  const server = useTestServer(test, {
    config,
    parts: () => ({ doors: doorsFor(() => actors), limits: { perMinute: 1_000_000 } }),
  });
  beforeAll(async () => {
    for (const [name, role, userId] of [
      ['manager', '21', 900_001],
      ['desk', '32', 900_002],
      ['root', '26', 900_003],
    ] as const) {
      actors[name] = await userActor(test.db.pool, [role], { name, userId });
    }
  });
  return {
    test,
    server,
    ask: almaClient(() => server.url),
    actors,
    number: async (query) => Number(Object.values((await test.db.pool.query<Record<string, unknown>>(query)).rows[0] ?? {})[0]),
  };
}
