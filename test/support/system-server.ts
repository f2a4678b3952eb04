import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A PostgreSQL that is installed on this machine, started for the tests in a temporary directory. */
export interface SystemServer {
  readonly name: string;
  readonly adminUrl: string;
  stop(): Promise<void>;
}

const PLACES = ['/usr/lib/postgresql', '/usr/local/opt', '/opt/homebrew/opt'];
const OLDEST_MAJOR = 15;
const START_PATIENCE_MS = 60_000;

/** The newest installed PostgreSQL that Muster supports; none on most machines. */
function installed(): { bin: string; major: number } | undefined {
  return PLACES.filter((place) => existsSync(place))
    .flatMap((place) =>
      readdirSync(place).map((entry) => ({
        bin: path.join(place, entry, 'bin'),
        major: Number(/(?:^|postgresql@)(\d+)$/.exec(entry)?.[1]),
      })),
    )
    .filter(({ bin, major }) => major >= OLDEST_MAJOR && existsSync(path.join(bin, 'initdb')))
    .sort((a, b) => b.major - a.major)[0];
}

export async function startSystemServer(settings: readonly string[]): Promise<SystemServer | undefined> {
  const found = installed();
  if (found === undefined) return undefined;
  const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-pg-'));
  const account = unprivileged();
  if ('uid' in account) chownSync(directory, account.uid, account.gid);
  const options = { ...account, cwd: '/', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } };
  const data = path.join(directory, 'data');
  // Only its owner can enter the directory of the socket, so no password is needed.
  execFileSync(
    path.join(found.bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...options, stdio: 'pipe' },
  );
  const postgres = [
    path.join(found.bin, 'postgres'),
    '-D',
    data,
    '-k',
    directory,
    '-c',
    'listen_addresses=',
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  // The shell holds the server until its input ends, which it also does when the tests are killed.
  const holder = spawn('/bin/sh', ['-c', '"$@" & server=$!; cat; kill -QUIT $server; wait $server', 'sh', ...postgres], {
    ...options,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(holder, 'exit');
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!isReady(data)) {
    if (Date.now() > deadline) throw new Error(`PostgreSQL ${found.major} of this machine does not start.`);
    await sleep(20);
  }
  return {
    name: `postgresql-${found.major}`,
    adminUrl: `postgresql://postgres@${encodeURIComponent(directory)}/postgres`,
    stop: async () => {
      holder.stdin.end();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function isReady(data: string): boolean {
  const file = path.join(data, 'postmaster.pid');
  return existsSync(file) && readFileSync(file, 'utf8').split('\n')[7]?.trim() === 'ready';
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | object {
  if (process.getuid?.() !== 0) return {};
  const ask = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}
