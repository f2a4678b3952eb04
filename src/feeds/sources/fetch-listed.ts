/** Files out of a place that can be listed: what is new and complete, in the order of the names. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fetch, Fetched, Origin } from './fetched.ts';
import { fitsPattern } from './glob.ts';
import { keepFile, tooLarge } from './keep-file.ts';

export interface Listed {
  readonly name: string;
  readonly bytes: number;
  /** Instant; some servers know whole seconds only. */
  readonly modified: string;
}

export interface Shelf {
  readonly kind: 'directory' | 'sftp';
  /** Regular files alone, by names without a path. */
  list(): Promise<readonly Listed[]>;
  read(file: Listed): AsyncIterable<Buffer>;
  /** Undefined: it is no longer there. */
  look(file: Listed): Promise<Listed | undefined>;
  /** Whether its clock is this machine's, so that the age of a file can be believed. */
  readonly sameClock: boolean;
}

/** It is written to while it is read; the next fetch takes it. */
class StillChanging extends Error {}

/**
 * Yields each new file once it is here. In the order of the names, since names carry the day and the time of change tells
 * when somebody copied a file, not what day it is about; a later one must not overtake an earlier one, so the fetch ends
 * before the first that is not complete yet.
 */
export async function* fetchListed(shelf: Shelf, pattern: string, fetch: Fetch): AsyncGenerator<Fetched, void, undefined> {
  const found = await newFiles(shelf, pattern, fetch);
  for (const file of await untilSettled(shelf, found, fetch)) {
    if (file.bytes > fetch.limits.maxBytes) throw tooLarge(file.name, fetch.where, fetch.limits.maxBytes);
    try {
      const kept = await keepFile(
        {
          name: file.name,
          content: shelf.read(file),
          expected: file.bytes,
          check: async () => {
            if (!same(file, await shelf.look(file))) throw new StillChanging();
          },
        },
        fetch,
      );
      yield { name: file.name, ...kept, origin: originOf(shelf, file) };
    } catch (error) {
      if (error instanceof StillChanging) return;
      throw error;
    }
  }
}

async function newFiles(shelf: Shelf, pattern: string, fetch: Fetch): Promise<readonly Listed[]> {
  const matching = (await shelf.list())
    .filter(({ name }) => fitsPattern(name, pattern))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const found: Listed[] = [];
  for (const file of matching) {
    if (found.length === fetch.limits.maxFiles) break;
    if (!(await fetch.known(originOf(shelf, file)))) found.push(file);
  }
  return found;
}

/** The first of the files that are complete: unchanged for long, or between two looks. */
async function untilSettled(shelf: Shelf, files: readonly Listed[], { limits, signal }: Fetch): Promise<readonly Listed[]> {
  const age = (file: Listed): number => Date.now() - Date.parse(file.modified);
  const settled = new Set(files.filter((file) => shelf.sameClock && age(file) > limits.settledMs));
  let last = files;
  for (let waited = 0; settled.size < last.length && waited < limits.waitMs; waited += limits.lookAgainMs) {
    await sleep(limits.lookAgainMs, undefined, { signal });
    const now = new Map((await shelf.list()).map((file) => [file.name, file]));
    last = last.flatMap((file) => {
      if (settled.has(file)) return [file];
      const again = now.get(file.name);
      if (again !== undefined && same(file, again)) settled.add(again);
      return again ?? [];
    });
  }
  const growing = last.findIndex((file) => !settled.has(file));
  return growing === -1 ? last : last.slice(0, growing);
}

function same(a: Listed, b: Listed | undefined): boolean {
  return b !== undefined && a.bytes === b.bytes && a.modified === b.modified;
}

function originOf({ kind }: Shelf, { name, bytes, modified }: Listed): Origin {
  return { kind, name, bytes, modified };
}
