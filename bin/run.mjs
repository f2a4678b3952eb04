// What `npm run …` starts: installs what is missing, then hands over to the right program.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { ensureWeb } from './build-web.mjs';
import { becomeNode, ROOT } from './runtime.mjs';

const [task, ...rest] = process.argv.slice(2);
const COMMAND = path.join(ROOT, 'src', 'cli', 'start.ts');
const VITE = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
const VITEST = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

/** task → what Node is to run */
const TASKS = {
  demo: () => [COMMAND, 'demo', ...rest],
  // A fresh copy has somebody in it; `--no-sample` begins with an empty library.
  start: () => [
    COMMAND,
    'start',
    ...(rest.includes('--no-sample') ? rest.filter((word) => word !== '--no-sample') : ['--sample', ...rest]),
  ],
  build: () => [path.join(ROOT, 'bin', 'build-web.mjs'), ...rest],
  dev: () => [VITE, '--config', path.join('web', 'vite.config.ts'), ...rest],
  screenshots: () => [VITEST, 'run', '--config', 'vitest.screenshots.config.ts', ...rest],
  test: () => [VITEST, 'run', ...rest],
  soak: () => [VITEST, 'run', '--config', 'vitest.soak.config.ts', ...rest],
  bench: () => [benchmark(rest[0]), ...rest.slice(1)],
  check: () => [path.join(ROOT, 'bin', 'check.mjs'), ...rest],
};

/** Every file in bench/ is a benchmark; what they share is in bench/support/. */
function benchmark(name) {
  const known = readdirSync(path.join(ROOT, 'bench')).flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
  if (known.includes(name)) return path.join(ROOT, 'bench', `${name}.ts`);
  process.stderr.write(`Which one? npm run bench -- ${known.join(' | ')}\n`);
  process.exit(2);
}

if (TASKS[task] === undefined) {
  process.stderr.write(`Which one? ${Object.keys(TASKS).join(' | ')}\n`);
  process.exit(2);
}
const args = TASKS[task]();
ensureInstalled();
if (task === 'start') ensureWeb();
// A path on the command line of demo and start is meant from where the command was typed.
if (task !== 'demo' && task !== 'start') process.chdir(ROOT);
becomeNode(args);
