// Builds the web page where its sources are not those of the last build. Run by itself: `build-web.mjs [--out DIRECTORY]`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, ROOT } from './runtime.mjs';

const WEB = path.join(ROOT, 'web');
/** In every build: what it was made of. */
const MARK = '.sources';

/** The page as it is to be is in `directory` afterwards; says so on standard error when that takes a while. */
export function ensureWeb(directory = path.join(WEB, 'dist')) {
  const wanted = webHash();
  if (markOf(directory) === wanted) return directory;
  // An installation may bring the page without what it is made of.
  if (!existsSync(path.join(WEB, 'src'))) return directory;
  process.stderr.write('Building the web page …\n');
  const fresh = `${directory}.${process.pid}`;
  mkdirSync(path.dirname(directory), { recursive: true });
  const vite = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', path.join(WEB, 'vite.config.ts'), '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'];
  // Tests have an environment of their own, in which the libraries are slower and larger.
  const env = { ...process.env, NODE_ENV: 'production' };
  const built = spawnSync(findNode(), args, { cwd: ROOT, stdio: ['ignore', 2, 2], env });
  if (built.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.stderr.write('The web page could not be built; see above.\n');
    process.exit(1);
  }
  writeFileSync(path.join(fresh, MARK), wanted);
  // In one step, so that a server never sees half of it.
  const old = `${fresh}.old`;
  if (existsSync(directory)) renameSync(directory, old);
  try {
    renameSync(fresh, directory);
  } catch (error) {
    // Somebody else has built the same meanwhile.
    if (markOf(directory) !== wanted) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
  return directory;
}

/** A number for the sources of the page and the packages it is built with. */
export function webHash() {
  const hash = createHash('sha256');
  const files = readdirSync(WEB, { recursive: true })
    .filter((file) => !/^(?:dist|node_modules)(?:[./\\]|$)/.test(file) && statSync(path.join(WEB, file)).isFile() && !file.endsWith('.md'))
    .sort();
  for (const file of files)
    hash
      .update(file.replaceAll('\\', '/'))
      .update('\0')
      .update(readFileSync(path.join(WEB, file)))
      .update('\0');
  const lock = path.join(ROOT, 'package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock));
  return hash.digest('hex').slice(0, 32);
}

function markOf(directory) {
  try {
    return readFileSync(path.join(directory, MARK), 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--out');
  const directory = at === -1 ? undefined : process.argv[at + 1];
  if (process.argv.includes('--hash')) process.stdout.write(`${webHash()}\n`);
  else process.stdout.write(`${ensureWeb(directory === undefined ? undefined : path.resolve(directory))}\n`);
}
