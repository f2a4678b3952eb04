import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Endpoint } from './connection.ts';
import { CLUSTER, giveToOwner } from './placement.ts';

/** The bootstrap role of the cluster; its password is in the data directory. */
export const SUPERUSER = 'muster';

/** What the data directory records of its server; read and written under the directory's lock. */
export interface ServerState {
  /** An address, or the directory of the socket. */
  readonly host: string;
  readonly port: number;
  /** Stopped on purpose: nobody who loses the server then may start it again. */
  readonly stopped: boolean;
}

export const files = {
  lock: (dataDir: string) => path.join(dataDir, 'muster.lock'),
  serverLock: (dataDir: string) => path.join(dataDir, 'server.lock'),
  server: (dataDir: string) => path.join(dataDir, 'server.json'),
  state: (dataDir: string) => path.join(dataDir, 'postgres.json'),
  password: (dataDir: string) => path.join(dataDir, 'postgres.password'),
};

/** Makes the data directory where there is none. Only root's is enterable by others, for the server's account. */
export function prepareDataDir(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  return realpathSync(dataDir);
}

export function clusterDirOf(dataDir: string): string | undefined {
  const link = path.join(dataDir, CLUSTER);
  return existsSync(link) ? realpathSync(link) : undefined;
}

export function readState(dataDir: string): ServerState | undefined {
  const { host, port, stopped } = readJson(files.state(dataDir));
  return typeof host === 'string' && typeof port === 'number' && typeof stopped === 'boolean' ? { host, port, stopped } : undefined;
}

export function writeState(dataDir: string, state: ServerState): void {
  writeJson(dataDir, files.state(dataDir), state);
}

/** A file cut short by a full disk or a power failure is as good as none. */
export function readJson(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Written beside and renamed, so that a reader never sees half of it. */
export function writeJson(dataDir: string, file: string, value: unknown): void {
  writeOwned(dataDir, file, `${JSON.stringify(value)}\n`);
}

function writeOwned(dataDir: string, file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  giveToOwner(dataDir, draft);
  renameSync(draft, file);
}

export function readPassword(dataDir: string): string | undefined {
  const file = files.password(dataDir);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

export function makePassword(dataDir: string): string {
  const password = randomBytes(24).toString('base64url');
  writeOwned(dataDir, files.password(dataDir), `${password}\n`);
  return password;
}

export function endpointOf(dataDir: string, state: ServerState, database: string): Endpoint {
  return { host: state.host, port: state.port, user: SUPERUSER, password: readPassword(dataDir) ?? '', database };
}
