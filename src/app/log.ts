import path from 'node:path';
import pino, { type Logger } from 'pino';

/**
 * Where the log goes: a service manager reads standard error, so it goes there when that is no
 * terminal; a person at a terminal is told in sentences, and the log goes to `muster.log` in the
 * data directory.
 *
 * Levels: error, a human must act; warn, something went wrong that mends itself; info, what happened.
 */
export function createLog(dataDir: string, where: 'service' | 'command'): Logger {
  const toFile = where === 'command' || process.stderr.isTTY;
  const destination = pino.destination({ dest: toFile ? logFile(dataDir) : 2, sync: true, mode: 0o600 });
  return pino({ level: where === 'service' ? 'info' : 'warn', base: { pid: process.pid }, serializers: { err: withoutRows } }, destination);
}

/** What the database adds to an error quotes whole rows: names, addresses, hashes of passwords. */
const QUOTING = ['detail', 'where', 'internalQuery', 'query', 'parameters'] as const;

/** An error for the log: its message, stack and code, and nothing of the row that it is about. */
function withoutRows(error: Error): unknown {
  const { raw: _, ...told } = pino.stdSerializers.err(error) as unknown as Record<string, unknown>; // it is for errors, and takes whatever is thrown
  for (const name of QUOTING) delete told[name];
  return told;
}

export function logFile(dataDir: string): string {
  return path.join(dataDir, 'muster.log');
}
