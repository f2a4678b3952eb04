import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { hashPassword } from '../../src/access/index.ts';
import { type App, type Config, openApp, readConfig } from '../../src/app/index.ts';
import type { Queryable } from '../../src/core/index.ts';
import { problemOf } from '../../src/http/problem.ts';
import { signInPlugin } from '../../src/http/sign-in/index.ts';
import type { TestDatabase } from './database.ts';

export interface SignInServer {
  readonly app: App;
  readonly url: string;
  /** All that was logged so far. */
  log(): string;
}

/** Sign-in on a server that does nothing else and logs as Fastify does when nobody tells it to hold its tongue. */
export function useSignInServer(test: Pick<TestDatabase, 'url'>, config: Partial<Config> = {}): SignInServer {
  let running: { readonly app: App; readonly server: FastifyInstance; readonly url: string; readonly dataDir: string } | undefined;
  const lines: string[] = [];
  const present = () => {
    if (running === undefined) throw new Error('The server exists only while tests run.');
    return running;
  };
  beforeAll(async () => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'muster-sign-in-'));
    const plain = readConfig({ dataDir, language: 'en' }, { MUSTER_TIMEZONE: 'Europe/Berlin', MUSTER_WORKERS: '1' });
    const app = await openApp({ ...plain, databaseUrl: test.url, ...config }, { role: 'command' });
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const server = fastify({ logger: { level: 'trace', stream }, trustProxy: [...app.config.trustedProxies] });
    server.setErrorHandler(async (error, request, reply) => {
      const { body, internal } = problemOf(error, 'en', request.id);
      if (internal) request.log.error({ req: request, err: error }, 'request failed');
      return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
    });
    await server.register(signInPlugin, { app });
    running = { app, server, dataDir, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
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
    get url() {
      return present().url;
    },
    log: () => lines.join(''),
  };
}

export interface Account {
  readonly id: string;
  readonly password?: string;
  readonly temporary?: boolean;
  readonly roles?: readonly string[];
  readonly columns?: Readonly<Record<string, string>>;
}

/** A user with a password, bare in the tables; answers their number. */
export async function addAccount(db: Queryable, account: Account): Promise<number> {
  const columns = { primary_id: account.id, first_name: 'Eva', last_name: 'Beispiel', ...account.columns };
  const { rows } = await db.query<{ id: number }>(
    `insert into users (${Object.keys(columns).join(', ')}) values (${Object.keys(columns)
      .map((_, i) => `$${i + 1}`)
      .join(', ')}) returning id`,
    Object.values(columns),
  );
  const id = rows[0]?.id ?? 0;
  if (account.password !== undefined) {
    await db.query(
      `with made as (insert into credentials (user_id, kind, hash, temporary) values ($1, 'password', $2, $3) returning id)
       update users set credential_state = 'password', credential_id = made.id from made where users.id = $1`,
      [id, await hashPassword(account.password), account.temporary ?? false],
    );
  }
  for (const type of account.roles ?? []) {
    await db.query(`insert into user_roles (user_id, type, scope, status) values ($1, $2, 'INSTITUTION', 'ACTIVE')`, [id, type]);
  }
  return id;
}
