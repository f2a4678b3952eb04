import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const BUILD = path.join(ROOT, 'bin/build-web.mjs');
/** Builds that are kept; each is of other sources. */
const KEPT = 4;

/**
 * The page built of the present sources, in a directory of their own: who changes them meanwhile changes
 * nothing here. `MUSTER_WEB_DIST` names one that is built already.
 */
export function builtPage(): string {
  const given = process.env['MUSTER_WEB_DIST'];
  if (given !== undefined) return given;
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [BUILD, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  const shelf = path.join(os.tmpdir(), 'muster-web-builds');
  const directory = run('--out', path.join(shelf, run('--hash')));
  const builds = readdirSync(shelf)
    .filter((name) => /^[0-9a-f]{32}$/.test(name))
    .map((name) => ({ name, at: statSync(path.join(shelf, name)).mtimeMs }))
    .toSorted((a, b) => b.at - a.at);
  for (const { name } of builds.slice(KEPT))
    if (path.join(shelf, name) !== directory) rmSync(path.join(shelf, name), { recursive: true, force: true });
  return directory;
}
