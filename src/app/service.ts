import { type FirstLink, firstLink, systemActor } from '../access/index.ts';
import { AppError } from '../core/index.ts';
import { claimServer } from '../db/index.ts';
import { type Attendant, attendDoorbell, startWorker, type Worker } from '../queue/index.ts';
import type { Config } from './config.ts';
import { type Health, healthOf } from './health.ts';
import { logFile } from './log.ts';
import { type App, mayInstallQueue, openApp } from './open.ts';
import { fillSample, maySample } from './sample-library.ts';

/** A process that stays and works until it is stopped. */
export interface Service {
  readonly dataDir: string;
  /** Where the server answers, without a slash at the end; null for a worker, which does not. */
  readonly url: string | null;
  readonly logFile: string | null;
  /** When nobody could administrate yet: the administrator that was made, and how they get in. Told once. */
  readonly firstLink: FirstLink | null;
  /** Made-up users that a new library was filled with; null when it was not. */
  readonly sampled: number | null;
  health(): Promise<Health>;
  /** Ends the chunks and letters under way, then everything else. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Fills a new library with made-up users. */
  readonly sample?: boolean;
}

/**
 * `muster start`: database, queue, worker and HTTP server. One per data directory
 * (`db.server_running`); with a database of one's own, one per port (`app.port_taken`).
 */
export async function startServer(config: Config, port: number, options: StartOptions = {}): Promise<Service> {
  const claim = await claimServer(config.dataDir);
  try {
    const working = await work(config);
    try {
      const sampled = options.sample === true && maySample(config) ? await fillSample(working.app) : null;
      // Commands load this file as well, and have no use for a server.
      const { createHttpServer } = await import('../http/index.ts');
      const server = await createHttpServer({ app: working.app, health: working.health });
      const url = await server.listen({ host: config.host, port }).catch(async (error: unknown) => {
        await server.close();
        throw portError(error, port);
      });
      working.app.log.info({ url, workers: config.workers }, 'started');
      working.app.servesAt(url);
      const administrator = await firstLink(working.app.contextOf(systemActor('server'), 'server', config.language), { another: false });
      return {
        ...working.service,
        url,
        firstLink: administrator,
        sampled,
        stop: async () => {
          await server.close();
          await working.service.stop();
          claim.release();
        },
      };
    } catch (error) {
      await working.service.stop();
      throw error;
    }
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** `muster worker`: one more process that works; any number, on any number of machines. */
export async function startWorkerProcess(config: Config): Promise<Service> {
  const working = await work(config);
  working.app.log.info({ workers: config.workers }, 'worker started');
  return working.service;
}

interface Working {
  readonly app: App;
  readonly service: Service;
  health(): Promise<Health>;
}

async function work(config: Config): Promise<Working> {
  const app = await openApp(config, { role: 'service' });
  const worker: Worker = startWorker(app.tasks, { concurrency: config.workers, log: app.log });
  const attendant: Attendant = attendDoorbell(app.db.endpoint, (task) => worker.wake(task), {
    install: mayInstallQueue(config),
    log: app.log,
  });
  const health = (): Promise<Health> => healthOf(app.db, attendant, worker);
  app.watchedBy(health);
  const stop = async (): Promise<void> => {
    await worker.stop();
    await attendant.stop();
    app.log.info('stopped');
    await app.close();
  };
  return {
    app,
    health,
    service: {
      dataDir: config.dataDir,
      url: null,
      firstLink: null,
      sampled: null,
      logFile: process.stderr.isTTY ? logFile(config.dataDir) : null,
      health,
      stop,
    },
  };
}

function portError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES' ? new AppError('app.port_taken', { port: String(port) }, { cause: error }) : error;
}
