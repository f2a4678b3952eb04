import { createServer, type Server } from 'node:http';
import type { DatabaseHandle } from '../db/index.ts';
import type { Attendant, Worker } from '../queue/index.ts';

export interface Health {
  /** 'ok', or 'failing' when the database cannot be reached or a loop of the worker fails. */
  readonly status: 'ok' | 'failing';
  readonly database: { readonly state: 'ok' | 'unreachable'; readonly reason: string | null };
  /** Without its queue a worker finds its work by polling: slower by two seconds, not failing. */
  readonly queue: { readonly state: 'ok' | 'polling' };
  readonly worker: { readonly state: 'ok' | 'failing'; readonly loops: ReturnType<Worker['states']> };
}

const DATABASE_PATIENCE_MS = 3_000;

export async function healthOf(db: DatabaseHandle, attendant: Attendant, worker: Worker): Promise<Health> {
  const reason = await reasonUnreachable(db);
  const loops = worker.states();
  const failing = loops.some((loop) => loop.state === 'failing');
  return {
    status: reason === null && !failing ? 'ok' : 'failing',
    database: { state: reason === null ? 'ok' : 'unreachable', reason },
    queue: { state: attendant.attending() ? 'ok' : 'polling' },
    worker: { state: failing ? 'failing' : 'ok', loops },
  };
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

export interface HealthServer {
  /** Where it answers, e.g. `http://127.0.0.1:8080/health`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answers `GET /health` on this machine alone: 200 when all is well, 503 when not. Port 0 takes a free one. */
export async function serveHealth(port: number, health: () => Promise<Health>): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/health' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(path === '/health' ? 405 : 404, { 'content-type': 'application/json' }).end('{}\n');
      return;
    }
    void health().then(
      (report) => answer(report.status === 'ok' ? 200 : 503, report),
      (error: unknown) => answer(503, { status: 'failing', reason: String(error) }),
    );
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(`${JSON.stringify(body)}\n`);
    };
  });
  await listen(server, port);
  const address = server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}/health`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
