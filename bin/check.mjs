// Types, style and unused code, one after the other; every problem of all of them is shown. The
// directions between the rooms are part of `npm test` (test/architecture.test.ts).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './runtime.mjs';

const CHECKS = [
  ['types', 'typescript/bin/tsc', ['-p', '.']],
  ['types of the page', 'typescript/bin/tsc', ['-p', 'web']],
  ['style', '@biomejs/biome/bin/biome', ['check', '.']],
  ['unused', 'knip/bin/knip.js', []],
];

const failed = CHECKS.filter(([name, script, args]) => {
  process.stdout.write(`— ${name}\n`);
  return spawnSync(process.execPath, [path.join(ROOT, 'node_modules', script), ...args], { cwd: ROOT, stdio: 'inherit' }).status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
