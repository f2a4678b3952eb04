import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryLock } from '../../src/db/directory-lock.ts';
import { claimServer, openDatabase, stopDatabase, stopServer, useServer } from '../../src/db/index.ts';
import { isAlive } from '../../src/db/processes.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../support/database-user.ts');
/** Quick to make and to stop; what is tested here does not depend on the disk. */
const FAST = { fsync: 'off', shared_buffers: '128MB' };
const isRoot = process.getuid?.() === 0;

let directory: string;
const processes: DatabaseUser[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'muster-embedded-'));
});

afterEach(async () => {
  for (const user of processes.splice(0)) user.child.kill('SIGKILL');
  if (existsSync(directory)) await stopServer(directory);
  rmSync(directory, { recursive: true, force: true });
});

interface DatabaseUser {
  readonly child: ChildProcessWithoutNullStreams;
  /** The next line that it says. */
  heard(): Promise<string>;
  /** Lets it close the database and end. */
  end(): Promise<void>;
}

/** Starts a process that uses the database of the directory. */
function startUser(dataDir = directory, options: object = {}): DatabaseUser {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    PROGRAM,
    dataDir,
    JSON.stringify({ settings: FAST, ...options }),
  ]);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => {
    complaints += text.toString();
  });
  const heard = async (): Promise<string> => {
    const line = await lines.next();
    return line.done === true ? `ended: ${complaints}` : line.value;
  };
  const user: DatabaseUser = {
    child,
    heard,
    end: async () => {
      child.stdin.end();
      expect(await heard()).toBe('closed');
    },
  };
  processes.push(user);
  return user;
}

async function serverOf(user: DatabaseUser): Promise<number> {
  const line = await user.heard();
  expect(line).toMatch(/^open \d+$/);
  return Number(line.slice('open '.length));
}

async function eventually(holds: () => boolean, patienceMs = 30_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('It did not come to pass.');
    await sleep(50);
  }
}

/** Kills a user in the middle of its work; one that ended by itself before has failed at it. */
async function kill(user: DatabaseUser): Promise<void> {
  expect(user.child.exitCode, 'it should still be there').toBeNull();
  const gone = once(user.child, 'exit');
  user.child.kill('SIGKILL');
  await gone;
}

describe('the embedded database', () => {
  it('is made and started by the first user and stopped by the last', async () => {
    const first = startUser();
    const server = await serverOf(first);
    const second = startUser();
    expect(await serverOf(second)).toBe(server);

    await first.end();
    expect(isAlive(server)).toBe(true);
    await second.end();
    expect(isAlive(server)).toBe(false);
  });

  it('is one, however many start at once, and keeps what was written', async () => {
    const users = Array.from({ length: 6 }, () => startUser());
    const servers = await Promise.all(users.map(serverOf));
    expect(new Set(servers).size).toBe(1);
    const db = await openDatabase({ dataDir: directory }, { settings: FAST });
    await db.pool.query('create table kept (n int); insert into kept values (7)');
    await db.close();
    await Promise.all(users.map((user) => user.end()));
    expect(isAlive(servers[0] ?? 0)).toBe(false);

    const again = await openDatabase({ dataDir: directory }, { settings: FAST });
    expect((await again.pool.query('select n from kept')).rows).toEqual([{ n: 7 }]);
    await again.close();
  });

  it('has the right encoding and locale, keeps its password to its owner, and is not on the network', async () => {
    const db = await openDatabase({ dataDir: directory });
    const { rows } = await db.pool.query(
      `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
              current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync, current_setting('jit') as jit
         from pg_database where datname = current_database()`,
    );
    expect(rows[0]).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', addresses: '', fsync: 'on', jit: 'off' });
    expect(statSync(path.join(directory, 'postgres.password')).mode & 0o777).toBe(0o600);
    const { rows: rules } = await db.pool.query('select distinct auth_method from pg_hba_file_rules');
    expect(rules).toEqual([{ auth_method: 'scram-sha-256' }]);
    await db.close();
  });

  it('takes an address of this machine where the name of the socket would be too long', async () => {
    const deep = path.join(directory, 'a'.repeat(120));
    const db = await openDatabase({ dataDir: deep }, { settings: FAST });
    const { rows } = await db.pool.query(`select current_setting('listen_addresses') as addresses, host(inet_server_addr()) as address`);
    expect(rows[0]).toEqual({ addresses: '127.0.0.1', address: '127.0.0.1' });
    await db.close();
    const again = await openDatabase({ dataDir: deep }, { settings: FAST });
    await again.close();
  });

  it('does not get the Ctrl-C of a command', async () => {
    const user = startUser();
    const server = await serverOf(user);
    const groupOf = (pid: number): string => execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    expect(groupOf(server)).not.toBe(groupOf(user.child.pid ?? 0));
    await user.end();
  });
});

describe('after a kill', () => {
  it('of its users, the next finds it and uses it', async () => {
    const killed = startUser();
    const server = await serverOf(killed);
    await kill(killed);
    expect(isAlive(server)).toBe(true);

    const next = startUser();
    expect(await serverOf(next)).toBe(server);
    await next.end();
    expect(isAlive(server)).toBe(false);
  });

  it('of all its users, the server stops by itself', async () => {
    const killed = startUser();
    const server = await serverOf(killed);
    await kill(killed);
    await eventually(() => !isAlive(server), 60_000);
  }, 120_000);

  it('of whoever holds the lock, the lock is free', async () => {
    const file = path.join(directory, 'some.lock');
    const holder = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      `import { tryLock } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../src/db/directory-lock.ts'))};
       globalThis.held = tryLock(${JSON.stringify(file)}); console.log(globalThis.held !== undefined); setInterval(() => {}, 1000);`,
    ]);
    const [said] = await new Promise<Buffer[]>((resolve) => holder.stdout.once('data', (data: Buffer) => resolve([data])));
    expect(said?.toString().trim()).toBe('true');
    expect(tryLock(file)).toBeUndefined();

    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const lock = tryLock(file);
    expect(lock).toBeDefined();
    expect(tryLock(file)).toBeUndefined();
    lock?.release();
  });

  it('in the middle of making it, it is made anew', async () => {
    for (const delayMs of [200, 350, 500, 650, 800, 950, 1100]) {
      const user = startUser();
      await sleep(delayMs);
      await kill(user);
    }
    const user = startUser();
    await serverOf(user);
    await user.end();
    expect(readdirSync(directory).filter((entry) => entry.startsWith('postgres.new'))).toEqual([]);
  });

  it('of the server, a user of it starts it again and loses nothing that was committed', async () => {
    const user = startUser();
    const server = await serverOf(user);
    const db = await openDatabase({ dataDir: directory }, { settings: FAST });
    await db.pool.query('create table kept (n int); insert into kept select generate_series(1, 1000)');
    const busy = db.pool.query('select pg_sleep(600)').catch(() => 'broken');
    await sleep(200);

    process.kill(server, 'SIGKILL');
    expect(await busy).toBe('broken');
    expect(await user.heard()).toBe('restarted');
    const { rows } = await patiently(() => db.pool.query('select count(*) as n from kept'));
    expect(rows).toEqual([{ n: 1000 }]);
    await db.close();
    await user.end();
    expect(existsSync(path.join(directory, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('of the server and its users, the next starts it again', async () => {
    for (let round = 0; round < 3; round += 1) {
      const user = startUser();
      const server = await serverOf(user);
      process.kill(server, 'SIGKILL');
      await kill(user);
    }
    const user = startUser();
    await serverOf(user);
    await user.end();
  });
});

describe('muster stop', () => {
  it('stops the database for good, although someone uses it', async () => {
    const user = startUser();
    const server = await serverOf(user);
    expect(await stopDatabase(directory)).toEqual({ server: false, database: true });
    expect(isAlive(server)).toBe(false);
    expect(await user.heard()).toBe('stopped');
    expect(await stopDatabase(directory)).toEqual({ server: false, database: false });
  });

  it('ends the server process of the directory, of which there is one', async () => {
    const claim = await claimServer(directory);
    await expect(claimServer(directory)).rejects.toMatchObject({ code: 'db.server_running' });
    claim.release();
    const next = await claimServer(directory);
    next.release();
  });
});

describe.runIf(isRoot)('as root', () => {
  const account = { uid: Number(execFileSync('id', ['-u', 'nobody'])), gid: Number(execFileSync('id', ['-g', 'nobody'])) };
  const ownerOf = (pid: number): string => execFileSync('ps', ['-o', 'user=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const namespaces = spawnSync('unshare', ['--user', '--map-user=1', 'true']).status === 0;

  it('runs as another account where that can enter the directory', async () => {
    chmodSync(directory, 0o755);
    const user = startUser(directory, { placements: ['account'] });
    expect(ownerOf(await serverOf(user))).toBe('nobody');
    expect(statSync(path.join(directory, 'postgres')).uid).toBe(account.uid);
    await user.end();
  });

  it('runs as the owner of the directory, who can use it afterwards', async () => {
    chmodSync(directory, 0o755);
    const owned = path.join(directory, 'owned');
    mkdirSync(owned);
    execFileSync('chown', [`${account.uid}:${account.gid}`, owned]);
    const user = startUser(owned);
    await serverOf(user);
    await user.end();
    // The program may lie where its owner alone can enter.
    if (spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', import.meta.dirname], { ...account, cwd: '/' }).status !== 0) return;
    const asOwner = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, owned], {
      ...account,
      cwd: '/',
      input: '',
      encoding: 'utf8',
    });
    expect(asOwner.stdout, asOwner.stderr).toMatch(/^open \d+\nclosed\n$/);
  });

  it.runIf(namespaces)('runs in a namespace where nobody else can enter the directory', async () => {
    chmodSync(directory, 0o700);
    const inner = path.join(directory, 'data');
    const user = startUser(inner, { placements: ['account', 'namespace'] });
    await serverOf(user);
    await user.end();
    expect(statSync(path.join(inner, 'postgres')).uid).toBe(0);
  });

  it('lies elsewhere where there are no namespaces either, and moves there', async () => {
    chmodSync(directory, 0o700);
    const inner = path.join(directory, 'data');
    const first = await useServer(inner, { settings: FAST, ...(namespaces ? { placements: ['namespace'] } : {}) });
    await first.release();
    const user = startUser(inner, { placements: ['elsewhere'] });
    const server = await serverOf(user);
    expect(ownerOf(server)).toBe('nobody');
    const elsewhere = execFileSync('readlink', ['-f', path.join(inner, 'postgres')], { encoding: 'utf8' }).trim();
    expect(elsewhere.startsWith(inner)).toBe(false);
    await user.end();
    rmSync(elsewhere, { recursive: true });
  });

  it('starts anew where a former database of the directory was thrown away', async () => {
    chmodSync(directory, 0o700);
    const inner = path.join(directory, 'data');
    const first = await useServer(inner, { settings: FAST, placements: ['elsewhere'] });
    await first.release();
    rmSync(inner, { recursive: true });
    const second = await useServer(inner, { settings: FAST, placements: ['elsewhere'] });
    await second.release();
    const elsewhere = execFileSync('readlink', ['-f', path.join(inner, 'postgres')], { encoding: 'utf8' }).trim();
    rmSync(elsewhere, { recursive: true });
    const third = await useServer(inner, { settings: FAST, placements: ['elsewhere'] });
    await third.release();
    rmSync(elsewhere, { recursive: true });
  });
});

describe('a faulty data directory', () => {
  it('is told with the log of the server', async () => {
    const db = await openDatabase({ dataDir: directory }, { settings: FAST });
    await db.close();
    rmSync(path.join(directory, 'postgres', 'global'), { recursive: true });
    await expect(openDatabase({ dataDir: directory }, { settings: FAST })).rejects.toMatchObject({
      code: 'db.start_failed',
      message: expect.stringContaining('could not') as string,
    });
  });

  it('of another PostgreSQL is refused', async () => {
    const db = await openDatabase({ dataDir: directory }, { settings: FAST });
    await db.close();
    const file = path.join(directory, 'postgres', 'PG_VERSION');
    const { chownSync, writeFileSync } = await import('node:fs');
    const { uid, gid } = statSync(file);
    writeFileSync(file, '12\n');
    chownSync(file, uid, gid);
    await expect(openDatabase({ dataDir: directory }, { settings: FAST })).rejects.toMatchObject({ code: 'db.cluster_version' });
    expect(readFileSync(file, 'utf8')).toBe('12\n');
  });

  it('without its password is refused', async () => {
    const db = await openDatabase({ dataDir: directory }, { settings: FAST });
    await db.close();
    rmSync(path.join(directory, 'postgres.password'));
    await expect(openDatabase({ dataDir: directory }, { settings: FAST })).rejects.toMatchObject({ code: 'db.password_missing' });
  });
});

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(200);
    }
  }
}
