/** Reports that a mail server puts into a directory or a Maildir. */
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { TakenReport } from './take-report.ts';
import { LARGEST_REPORT_MB } from './take-report.ts';

/** Files of one look. */
const BITE = 50;
/** A file in a plain directory may still be written; in a Maildir it appears whole. */
const SETTLED_MS = 2_000;

const OURS: ReadonlySet<TakenReport['outcome']> = new Set(['hard', 'soft', 'complaint', 'known', 'delayed']);

/**
 * Takes what lies there; true when there was any. A report of ours is deleted when it has been written down.
 * Anything else, such as the mail of a person who answered, is put aside for somebody to read: in `cur` of a
 * Maildir, else in `other`. Several processes may look at once: a report that is taken twice counts once.
 */
export async function takeReportFiles(directory: string, take: (message: Buffer) => Promise<TakenReport>): Promise<boolean> {
  const isMaildir = (await readdir(directory)).includes('new');
  const from = isMaildir ? path.join(directory, 'new') : directory;
  const aside = path.join(directory, isMaildir ? 'cur' : 'other');
  let found = 0;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (found >= BITE) break;
    if (!entry.isFile() || /^\.|\.(?:part|tmp)$/.test(entry.name)) continue;
    const file = path.join(from, entry.name);
    const done = await ifThere(async () => {
      const { size, mtimeMs } = await stat(file);
      if (!isMaildir && Date.now() - mtimeMs < SETTLED_MS) return false;
      const ours = size <= LARGEST_REPORT_MB * 1024 * 1024 && OURS.has((await take(await readFile(file))).outcome);
      if (ours) {
        await rm(file, { force: true });
      } else {
        await mkdir(aside, { recursive: true, mode: 0o700 });
        await rename(file, path.join(aside, isMaildir ? `${entry.name}:2,` : entry.name));
      }
      return true;
    });
    if (done) found += 1;
  }
  return found > 0;
}

/** Another process may have been quicker. */
async function ifThere(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
