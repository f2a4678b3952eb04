import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../core/index.ts';

/**
 * Lets a person edit a text in their editor, and gives what they made of it to `use`. When that fails, the
 * file stays, and `kept` learns where: nobody writes a letter twice because of a typing mistake. Throws
 * `cli.no_editor` where there is no editor, or no person.
 */
export async function editText<T>(
  editor: string | undefined,
  text: string,
  use: (edited: string) => Promise<T>,
  kept: (file: string) => void,
): Promise<T> {
  if (editor === undefined || !process.stdin.isTTY || !process.stdout.isTTY) throw new AppError('cli.no_editor', {});
  const directory = await mkdtemp(path.join(os.tmpdir(), 'muster-'));
  const file = path.join(directory, 'letter.md');
  await writeFile(file, text, { mode: 0o600 });
  await runEditor(editor, file);
  try {
    const result = await use(await readFile(file, 'utf8'));
    await rm(directory, { recursive: true });
    return result;
  } catch (error) {
    kept(file);
    throw error;
  }
}

/** The editor may come with options, so a shell reads it; the file is named by us. */
async function runEditor(editor: string, file: string): Promise<void> {
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status !== 0) throw new AppError('cli.editor_failed', { editor, file });
}
