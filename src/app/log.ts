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
  return pino({ level: where === 'service' ? 'info' : 'warn', base: { pid: process.pid } }, destination);
}

export function logFile(dataDir: string): string {
  return path.join(dataDir, 'muster.log');
}
