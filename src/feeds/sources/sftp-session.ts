/**
 * One connection to an SFTP server. Every call ends: with the server's answer, when it has been silent for too long, when
 * the connection breaks, or when the fetch is aborted.
 */
import { createHash } from 'node:crypto';
import type { Client, SFTPWrapper, utils } from 'ssh2';
import { AppError } from '../../core/index.ts';
import type { Fetch } from './fetched.ts';
import { inTime } from './in-time.ts';
import type { SftpPlace } from './source.ts';

export type Terms = Pick<Fetch, 'where' | 'signal'> & { readonly limits: Pick<Fetch['limits'], 'connectMs' | 'idleMs'> };
type Answer<T> = (error: Error | null | undefined, value?: T) => void;

export interface SftpSession {
  /** Throws `feeds.source_silent`, `feeds.source_lost`, or what the server answered. */
  ask<T>(question: (sftp: SFTPWrapper, answer: Answer<T>) => void): Promise<T>;
  /** At once: a server that is told goodbye may be slow to hear it. */
  close(): void;
}

/** Throws `feeds.source_unreachable`, `feeds.source_host_key`, `feeds.source_denied` and those of the secret. */
export async function openSftp(
  { host, port, user, host_key }: Pick<SftpPlace, 'host' | 'port' | 'user' | 'host_key'>,
  secret: string | null,
  { where, signal, limits }: Terms,
): Promise<SftpSession> {
  // Most commands never speak to such a server: it is loaded when one does.
  const { default: ssh2 } = await import('ssh2');
  const credentials = credentialsOf(secret, where, ssh2.utils.parseKey);
  const client = new ssh2.Client();
  const connection = new Connection(client, user, where);
  const inPatience = <V>(wait: Promise<V>, ms: number, late: () => Error): Promise<V> =>
    inTime(Promise.race([wait, connection.broken]), ms, signal, late);
  const silent = (): Error => new AppError('feeds.source_silent', { where, seconds: Math.ceil(limits.idleMs / 1000) });
  try {
    const ready = new Promise<void>((resolve) => client.once('ready', resolve));
    // Some servers ask for the password in a dialogue; it is given to a single question only.
    client.on('keyboard-interactive', (_name, _text, _language, prompts, finish) =>
      finish(prompts.length === 1 && credentials.password !== undefined ? [credentials.password] : []),
    );
    client.connect({
      host,
      port,
      username: user,
      readyTimeout: limits.connectMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      hostVerifier: (key: Buffer) => connection.recognises(key, [host_key].flat()),
      tryKeyboard: credentials.password !== undefined,
      ...credentials,
    });
    await inPatience(ready, limits.connectMs, () => unreachable(where, 'ETIMEDOUT'));
    connection.ready = true;
    // Questions are small, and each waits for its answer.
    client.setNoDelay(true);
    const sftp = await inPatience(
      answered<SFTPWrapper>((answer) => client.sftp(answer)),
      limits.connectMs,
      silent,
    );
    sftp.on('error', (error: Error) => client.emit('error', error));
    return {
      ask: (question) =>
        inPatience(
          answered((answer) => question(sftp, answer)),
          limits.idleMs,
          silent,
        ),
      close: () => client.destroy(),
    };
  } catch (error) {
    client.destroy();
    throw error;
  }
}

function answered<T>(question: (answer: Answer<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    question((error, value) => (error ? reject(error) : resolve(value as T))); // without an error there is a value, or none is wanted
  });
}

class Connection {
  /** Rejects when the connection ends before its work. */
  readonly broken: Promise<never>;
  ready = false;
  #refused: string | undefined;

  constructor(client: Client, user: string, where: string) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.broken = promise;
    client.on('error', (error: Error & { readonly level?: string; readonly code?: unknown }) => reject(this.#problem(error, user, where)));
    client.on('close', () => reject(this.#problem(new Error('the other side ended it'), user, where)));
  }

  recognises(key: Buffer, wanted: readonly string[]): boolean {
    const shown = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
    if (wanted.includes(shown)) return true;
    this.#refused = shown;
    return false;
  }

  #problem(error: Error & { readonly level?: string; readonly code?: unknown }, user: string, where: string): AppError {
    const cause = { cause: error };
    if (this.#refused !== undefined) return new AppError('feeds.source_host_key', { where, found: this.#refused }, cause);
    if (error.level === 'client-authentication') return new AppError('feeds.source_denied', { where, user }, cause);
    const reason = typeof error.code === 'string' ? error.code : error.message.slice(0, 200);
    return this.ready ? new AppError('feeds.source_lost', { where, reason }, cause) : unreachable(where, reason, cause);
  }
}

function unreachable(where: string, reason: string, options?: ErrorOptions): AppError {
  return new AppError('feeds.source_unreachable', { where, reason }, options);
}

/** A private key is told from a password by how it begins. */
function credentialsOf(
  secret: string | null,
  where: string,
  parseKey: typeof utils.parseKey,
): { readonly password?: string; readonly privateKey?: string } {
  if (secret === null || secret === '') throw new AppError('feeds.source_secret_missing', { where });
  if (!/^\s*(?:-----BEGIN |PuTTY-User-Key-File-)/.test(secret)) return { password: secret };
  const key = parseKey(secret.trim());
  // What the parser says of a key names its format, never its content.
  if (key instanceof Error) throw new AppError('feeds.source_key_unusable', { where, reason: key.message.slice(0, 200) });
  return { privateKey: secret.trim() };
}
