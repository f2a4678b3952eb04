import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { circles, type Import, importsUnder, readersOfEnvironment, violations } from './support/rooms.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

function imported(from: string, to: string): Import {
  return { from, line: 1, specifier: to, to, typeOnly: false };
}

describe('the rooms of the house', () => {
  const imports = importsUnder('src');

  it('are all seen', () => {
    expect(imports.length).toBeGreaterThan(100);
    const missing = imports.filter((found) => found.to !== undefined && !existsSync(path.join(ROOT, found.to)));
    expect(missing).toEqual([]);
  });

  it('look only where they may', () => {
    expect(violations(imports)).toEqual([]);
  });

  it('do not need each other in a circle', () => {
    // In the command line the program lists its commands, and they add themselves to it.
    expect(circles(imports.filter((found) => !found.from.startsWith('src/cli/')))).toEqual([]);
  });

  it('leave the environment to the configuration', () => {
    expect(readersOfEnvironment('src').filter((file) => file !== 'src/app/config.ts')).toEqual([]);
  });

  it('would not pass with a wrong turn', () => {
    expect(violations([imported('src/sets/a.ts', 'src/runs/index.ts')])).toEqual([expect.stringContaining('sets may not look into runs')]);
    expect(violations([imported('src/runs/a.ts', 'src/cli/a.ts')])).toHaveLength(1);
    expect(violations([imported('src/runs/a.ts', 'src/sets/inner.ts')])).toEqual([expect.stringContaining('index.ts')]);
    expect(violations([imported('src/core/a.ts', 'src/db/index.ts')])).toHaveLength(1);
    expect(circles([imported('a', 'b'), imported('b', 'c'), imported('c', 'a')])).toEqual(['a → b → c → a']);
  });
});

it.each(['.', 'web'])(
  'the types fit in %s',
  (project) => {
    const checked = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', path.join(ROOT, project)], {
      encoding: 'utf8',
    });
    expect(checked.stdout + checked.stderr).toBe('');
    expect(checked.status).toBe(0);
  },
  300_000,
);
