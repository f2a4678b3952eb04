import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { isAlive } from '../src/db/processes.ts';

const RUNTIME = path.resolve(import.meta.dirname, '../bin/runtime.mjs');
const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-launcher-'));
afterAll(() => rmSync(directory, { recursive: true }));

const launcher = path.join(directory, 'launcher.mjs');
writeFileSync(launcher, `import { becomeNode } from ${JSON.stringify(RUNTIME)};\nbecomeNode(process.argv.slice(2));\n`);

// As on a Node that cannot put another program into its own process.
const childLauncher = path.join(directory, 'child-launcher.mjs');
writeFileSync(childLauncher, `process.execve = undefined;\nimport(${JSON.stringify(launcher)});\n`);

// The machine's Node, where it is an old one: what the launcher is for.
const machine = spawnSync('/usr/bin/env', ['node', '--version'], { encoding: 'utf8', env: { PATH: '/usr/local/bin:/usr/bin:/bin' } });
const launchers: [string, string, string][] = [
  ['in its own process', process.execPath, launcher],
  ['as its child', process.execPath, childLauncher],
];
if (machine.status === 0) launchers.push([`from Node ${machine.stdout.trim()}`, '/usr/bin/env', launcher]);

describe.each(launchers)('a program run %s', (_name, node, script) => {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const args = (code: string): string[] => [...(node === process.execPath ? [] : ['node']), script, '-e', code];

  it('is run by a Node that is new enough', () => {
    const { stdout, stderr } = spawnSync(node, args('require("node:sqlite"); console.log(process.versions.node)'), {
      env,
      encoding: 'utf8',
    });
    expect(Number.parseInt(stdout, 10)).toBeGreaterThanOrEqual(24);
    expect(stderr).toBe('');
  });

  it('has our input, output and exit status', () => {
    const done = spawnSync(node, args('process.stdin.pipe(process.stdout); process.exitCode = 3'), {
      env,
      encoding: 'utf8',
      input: 'grüße\n',
    });
    expect(done).toMatchObject({ status: 3, stdout: 'grüße\n', signal: null });
  });

  it('ends us by the signal that ended it', () => {
    expect(spawnSync(node, args('process.kill(process.pid, "SIGKILL")'), { env }).signal).toBe('SIGKILL');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('gets our %s', async (signal) => {
    const child = spawn(node, args(`process.on('${signal}', () => process.exit(42)); console.log('ready'); setInterval(() => {}, 1000)`), {
      env,
    });
    const status = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill(signal);
    expect(await status).toBe(42);
  });

  it('does not outlive us', async () => {
    const child = spawn(node, args(`console.log(process.pid); setInterval(() => {}, 1000)`), { env });
    const pid = await new Promise<number>((resolve) => child.stdout.once('data', (data: Buffer) => resolve(Number(data.toString()))));
    child.kill('SIGKILL');
    for (let attempt = 0; attempt < 200 && isAlive(pid); attempt += 1) await sleep(50);
    expect(isAlive(pid)).toBe(false);
  });
});

it('the lock file names no registry and knows the packages of every platform', async () => {
  const { default: lock } = (await import('../package-lock.json', { with: { type: 'json' } })) as {
    default: { packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }> };
  };
  const packages = Object.entries(lock.packages);
  expect(packages.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  const missing = packages.flatMap(([name, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (dependency) =>
        lock.packages[`node_modules/${dependency}`] === undefined && lock.packages[`${name}/node_modules/${dependency}`] === undefined,
    ),
  );
  expect(missing).toEqual([]);
  expect(existsSync(path.resolve(import.meta.dirname, '../.npmrc'))).toBe(true);
});
