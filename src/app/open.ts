import { mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import { ADMINISTRATOR, resolveActor } from '../access/index.ts';
import { type Actor, type Context, type Language, type Progress, todayIn } from '../core/index.ts';
import { type DatabaseHandle, openDatabase } from '../db/index.ts';
import { createDoorbell, type Tasks } from '../queue/index.ts';
import type { Config } from './config.ts';
import { createChannels } from './channels.ts';
import { createLog } from './log.ts';
import { createEngine } from './engine.ts';
import { musterVersion } from './version.ts';

/** An installation that is open: its database, its doorbell, and who acts in it. */
export interface App {
  /** Muster's own. */
  readonly version: string;
  readonly config: Config;
  readonly db: DatabaseHandle;
  readonly log: Logger;
  /** The work of runs, letters and schedules, for whoever does it: a worker or a waiting command. */
  readonly tasks: Tasks;
  /** The local administrator, or with an id that user with their roles of today. */
  contextFor(actorId: string | undefined, source: string, language: Language): Promise<Context>;
  /** What an operation may use when this actor calls it. */
  contextOf(actor: Actor, source: string, language: Language): Context;
  /** Where the server answers: links in letters begin with it, unless the operator has set where people reach it. */
  servesAt(url: string): void;
  /** A server that stays says how it is. */
  watchedBy(health: NonNullable<Context['health']>): void;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** 'service' for a process that stays, 'command' for one that ends with its answer. */
  readonly role?: 'service' | 'command';
  readonly onProgress?: (progress: Progress) => void;
}

/** Whether this process may make the queue's tables: in its own database, yes; elsewhere `muster migrate` does. */
export function mayInstallQueue(config: Config): boolean {
  return config.databaseUrl === undefined;
}

/** Opens the installation that the configuration names; starts its database if nobody has. */
export async function openApp(config: Config, options: OpenOptions = {}): Promise<App> {
  const role = options.role ?? 'command';
  mkdirSync(config.dataDir, { recursive: true });
  const log = createLog(config.dataDir, role);
  const db = await openDatabase(config, {
    connection: {
      applicationName: role === 'service' ? 'muster service' : 'muster',
      // A service answers requests beside its workers.
      maxConnections: config.workers + (role === 'service' ? 16 : 6),
    },
    onRestart: (outcome) => log.warn({ outcome: String(outcome) }, 'the database had gone'),
  });
  const doorbell = createDoorbell(db.endpoint, {
    install: mayInstallQueue(config),
    onError: (error) => log.warn({ reason: String(error) }, 'the doorbell is out of order; work is found by polling'),
  });
  const channels = createChannels(config, db);
  const reached = { url: config.publicUrl };
  const watch: { health?: NonNullable<Context['health']> } = {};
  const contextOf = (actor: Actor, source: string, language: Language): Context => ({
    db,
    actor,
    source,
    language,
    timeZone: config.timeZone,
    dataDir: config.dataDir,
    doorbell,
    channels,
    // The engine's contexts are made before it is known.
    get publicUrl() {
      return reached.url;
    },
    ...(watch.health === undefined ? {} : { health: watch.health }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const engine = createEngine(config, contextOf, channels, log);
  return {
    version: musterVersion(),
    config,
    db,
    log,
    tasks: engine.tasks,
    contextOf,
    servesAt: (url) => {
      reached.url ??= url;
    },
    watchedBy: (health) => {
      watch.health = health;
    },
    contextFor: async (actorId, source, language) => {
      const actor = actorId === undefined ? ADMINISTRATOR : await resolveActor(db.pool, actorId, todayIn(config.timeZone));
      return contextOf(actor, source, language);
    },
    close: async () => {
      await engine.close();
      await doorbell.close();
      await db.close();
    },
  };
}
