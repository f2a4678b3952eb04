import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { exportsDirectory } from './export-changed.ts';

/** Long enough to send a file again that was lost on the way; it holds whole records. */
export const EXPORTS_KEPT_DAYS = 30;

/** Removes exports that are over time; says how many. */
export async function expireExports({ dataDir }: { readonly dataDir: string }, now = Date.now()): Promise<number> {
  const directory = exportsDirectory(dataDir);
  let removed = 0;
  for (const name of await readdir(directory).catch(() => [])) {
    const file = path.join(directory, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() !== true || now - found.mtimeMs <= EXPORTS_KEPT_DAYS * 24 * 3_600_000) continue;
    await rm(file, { force: true });
    removed += 1;
  }
  return removed;
}
