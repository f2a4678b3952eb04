import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { type Binaries, programOf } from './embedded.ts';

/**
 * PostgreSQL refuses to run as root. Started by root it therefore runs
 *
 *   account    as the owner of the data directory or, where that is root too, as `nobody`;
 *   namespace  where that account cannot enter the data directory (say, below /root): in a user
 *              namespace, in which root bears another number and has no privileges, but still owns
 *              its files;
 *   elsewhere  where the system forbids such namespaces (many containers): as `nobody`, with the
 *              cluster in /var/lib/muster and a link to it in the data directory.
 *
 * Binaries that the account cannot enter are copied to /var/lib/muster.
 */
export type RunAs =
  | { readonly kind: 'self' }
  | { readonly kind: 'account'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'namespace'; readonly uid: number; readonly gid: number };

export interface Placement {
  /** Where the cluster lies, without symbolic links. */
  readonly clusterDir: string;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

export const CLUSTER = 'postgres';

/** World-enterable places that root may write to, best first. */
const SHARED_PLACES = ['/var/lib/muster', '/var/tmp/muster-root'];

export type PlacementKind = 'account' | 'namespace' | 'elsewhere';
const EVERY_KIND: readonly PlacementKind[] = ['account', 'namespace', 'elsewhere'];

/** Decides how the server of `dataDir` can run here; `kinds` narrows the choice for tests. */
export function choosePlacement(dataDir: string, binaries: Binaries, kinds: readonly PlacementKind[] = EVERY_KIND): Placement {
  const link = path.join(dataDir, CLUSTER);
  const clusterDir = existsSync(link) ? realpathSync(link) : link;
  if (process.getuid?.() !== 0) return { clusterDir, binaries, runAs: { kind: 'self' } };

  const account = accountFor(dataDir);
  if (kinds.includes('account') && canEnter(account, path.dirname(clusterDir))) {
    return { clusterDir, binaries: reachable(binaries, account), runAs: { kind: 'account', ...account } };
  }
  if (kinds.includes('namespace') && canUseNamespace(account, binaries)) {
    return { clusterDir, binaries, runAs: { kind: 'namespace', ...account } };
  }
  if (kinds.includes('elsewhere')) {
    return {
      clusterDir: moveElsewhere(dataDir, clusterDir),
      binaries: reachable(binaries, account),
      runAs: { kind: 'account', ...account },
    };
  }
  throw new Error(`PostgreSQL cannot run as root, and no other account can enter ${dataDir}.`);
}

/** The command line, and the options for `spawn`, that run a program of PostgreSQL under this placement. */
export function commandOf(
  placement: Placement,
  name: 'initdb' | 'postgres',
  args: readonly string[],
): { file: string; args: string[]; options: { cwd: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv } } {
  const program = programOf(placement.binaries, name);
  const options = { cwd: path.parse(placement.clusterDir).root, ...environment() };
  const { runAs } = placement;
  if (runAs.kind === 'self') return { file: program, args: [...args], options };
  if (runAs.kind === 'account') return { file: program, args: [...args], options: { ...options, uid: runAs.uid, gid: runAs.gid } };
  return { file: 'unshare', args: [...namespaceArgs(runAs), program, ...args], options };
}

/** Gives the cluster to the account that the server runs as; only while it is down. */
export function giveCluster(placement: Placement): void {
  const { runAs, clusterDir } = placement;
  if (runAs.kind === 'self') return;
  const owner = runAs.kind === 'account' ? runAs : { uid: 0, gid: 0 };
  if (
    statSync(clusterDir).uid !== owner.uid ||
    lstatSync(path.join(clusterDir, 'PG_VERSION'), { throwIfNoEntry: false })?.uid !== owner.uid
  ) {
    chownTree(clusterDir, owner);
  }
}

/** A file beside the cluster belongs to the owner of the data directory, also when root has made it. */
export function giveToOwner(dataDir: string, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dataDir);
  if (uid !== 0) chownSync(file, uid, gid);
}

/**
 * The settings of the caller's PostgreSQL clients (PGPORT, PGDATA …), its locale and its secrets are
 * not for this server. Windows programs do not start without the variables of the system.
 */
function environment(): { env?: NodeJS.ProcessEnv } {
  return process.platform === 'win32' ? {} : { env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' } };
}

function accountFor(dataDir: string): Account {
  const { uid, gid } = statSync(dataDir);
  if (uid !== 0) return { uid, gid };
  const ask = (flag: string): number => {
    const answer = spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' });
    return answer.status === 0 ? Number(answer.stdout) : 65_534;
  };
  return { uid: ask('-u'), gid: ask('-g') };
}

/** Tried out rather than read from mode bits: access lists and mount options count too. */
function canEnter(account: Account, directory: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], { ...account, cwd: '/' }).status === 0;
}

function namespaceArgs(account: Account): string[] {
  return ['--user', `--map-user=${account.uid}`, `--map-group=${account.gid}`, '--'];
}

function canUseNamespace(account: Account, binaries: Binaries): boolean {
  return spawnSync('unshare', [...namespaceArgs(account), programOf(binaries, 'postgres'), '--version'], { cwd: '/' }).status === 0;
}

function reachable(binaries: Binaries, account: Account): Binaries {
  const runs = (candidate: Binaries): boolean =>
    spawnSync(programOf(candidate, 'postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;
  if (runs(binaries)) return binaries;

  const directory = path.join(sharedPlace(), `postgresql-${binaries.version}-${process.arch}`);
  const copy = { ...binaries, directory };
  if (!existsSync(directory)) {
    const draft = `${directory}.${process.pid}`;
    cpSync(binaries.directory, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    chownTree(draft, { uid: 0, gid: 0 });
    try {
      renameSync(draft, directory);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      // Another process was faster, with the same files.
      if (!existsSync(directory)) throw error;
    }
  }
  if (!runs(copy)) throw new Error(`The account ${account.uid} cannot run PostgreSQL from ${directory}.`);
  return copy;
}

/** The cluster's own directory outside of the data directory; an existing cluster is moved there. */
function moveElsewhere(dataDir: string, clusterDir: string): string {
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const target = path.join(sharedPlace(), name);
  if (clusterDir === target) return target;
  if (existsSync(clusterDir)) {
    // Not rename alone: the two may lie on different file systems.
    rmSync(target, { recursive: true, force: true });
    // PostgreSQL insists on its modes; `cp -a` keeps them, and root is always on a system that has it.
    execFileSync('cp', ['-a', clusterDir, target]);
    renameSync(clusterDir, `${clusterDir}.moved`);
    symlinkSync(target, path.join(dataDir, CLUSTER));
    rmSync(`${clusterDir}.moved`, { recursive: true, force: true });
  }
  return target;
}

function sharedPlace(): string {
  for (const place of SHARED_PLACES) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 });
      chmodSync(place, 0o755);
      // In a directory that everybody writes to, somebody else may have been there first.
      const found = lstatSync(place);
      if (found.isDirectory() && found.uid === 0) return place;
    } catch {
      // The next place may do.
    }
  }
  throw new Error(`None of ${SHARED_PLACES.join(', ')} can be made, so PostgreSQL has no directory that it could enter.`);
}

function chownTree(directory: string, owner: Account): void {
  lchownSync(directory, owner.uid, owner.gid);
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    lchownSync(path.join(directory, entry), owner.uid, owner.gid);
  }
}
