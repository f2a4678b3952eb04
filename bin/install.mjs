// Installs the dependencies where they are missing or are not those of the lock file.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './runtime.mjs';

const MUTEX = path.join(os.tmpdir(), `muster-install-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`);

/**
 * Says so, since it takes a while, on standard error, since a command's answer goes to standard
 * output. npm's warnings are left out: they are about the Node that runs npm, and another runs Muster.
 * The command alone gets along with `npm ci --omit=dev`: an operator who installed so gets nothing more.
 */
export function ensureInstalled({ development = true } = {}) {
  if (isInstalled(development)) return;
  const release = takeMutex();
  try {
    if (isInstalled(development)) return;
    process.stderr.write('Installing what Muster needs (npm ci) …\n');
    // `npm install` also gets along with a lock file that does not quite fit package.json.
    if (npm('ci') !== 0 && npm('install') !== 0) {
      process.stderr.write('npm could not install; see above. Muster needs the npm registry for its first start.\n');
      process.exit(1);
    }
  } finally {
    release();
  }
}

/** Compares npm's record of what it installed with the lock file, package by package. */
function isInstalled(development) {
  const wanted = packagesOf(path.join(ROOT, 'package-lock.json'));
  const present = packagesOf(path.join(ROOT, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) return present !== undefined;
  if (present === undefined) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const found = present[name];
    // What is optional is there or not, depending on the platform, but never in another version.
    return found === undefined
      ? entry.optional === true || entry.devOptional === true || entry.peer === true || (entry.dev === true && !development)
      : found.version === entry.version;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function npm(verb) {
  const args = [verb, '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
  const options = { cwd: ROOT, stdio: ['ignore', 2, 2] };
  // Started by npm, we know its script; otherwise it is found on the path.
  const script = process.env['npm_execpath'];
  const done =
    script !== undefined && /npm-cli\.c?js$/.test(script)
      ? spawnSync(process.execPath, [script, ...args], options)
      : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  return done.status ?? 1;
}

/** Two commands in a fresh copy at once must not install into the same directory at once. */
function takeMutex() {
  for (;;) {
    try {
      writeFileSync(MUTEX, String(process.pid), { flag: 'wx' });
      return () => rmSync(MUTEX, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') return () => undefined;
    }
    if (!isAlive(holder())) rmSync(MUTEX, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
}

function holder() {
  try {
    return Number(readFileSync(MUTEX, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
