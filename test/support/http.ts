import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { type App, type Config, openApp, readConfig } from '../../src/app/index.ts';
import { createHttpServer, type HttpParts } from '../../src/http/index.ts';
import type { TestDatabase } from './database.ts';

export interface TestServer {
  readonly app: App;
  readonly server: FastifyInstance;
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Data directory of its own. */
  readonly dataDir: string;
}

export interface TestServerOptions {
  readonly config?: Partial<Config>;
  readonly parts?: (app: App) => Partial<HttpParts>;
}

/** A real server on a free port of this machine, on the test's database; up before the tests and down after them. */
export function useTestServer(test: Pick<TestDatabase, 'url'>, options: TestServerOptions = {}): Readonly<TestServer> {
  let running: TestServer | undefined;
  const present = (): TestServer => {
    if (running === undefined) throw new Error('The test server exists only while tests run.');
    return running;
  };
  beforeAll(async () => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'muster-http-'));
    const plain = readConfig({ dataDir, language: 'en' }, { MUSTER_TIMEZONE: 'Europe/Berlin', MUSTER_WORKERS: '1' });
    const app = await openApp({ ...plain, databaseUrl: test.url, ...options.config }, { role: 'command' });
    const { limits, ...parts } = options.parts?.(app) ?? {};
    // Answers that a test has not read to their end do not hold it up.
    const server = await createHttpServer({ app, ...parts, limits: { closingMs: 500, ...limits } });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    running = { app, server, url, dataDir };
  });
  afterAll(async () => {
    await running?.server.close();
    await running?.app.close();
    if (running !== undefined) rmSync(running.dataDir, { recursive: true, force: true });
  });
  return {
    get app() {
      return present().app;
    },
    get server() {
      return present().server;
    },
    get url() {
      return present().url;
    },
    get dataDir() {
      return present().dataDir;
    },
  };
}
