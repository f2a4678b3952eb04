/** The file of a part: written as it is made, under its name only when it is whole, and readable by its owner alone. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Pen, type PdfOptions } from './pen.ts';

/** Bytes that may wait in memory to be written. */
const WAITING = 1_000_000;

export interface PrintFile {
  readonly pen: Pen;
  /** Resolves when what has been drawn is on its way to the disk, and lets others have their turn. */
  drained(): Promise<void>;
  /** The whole file under its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind; may be called after `finish`. */
  discard(): Promise<void>;
}

/** Path of a part's file below the data directory. */
export function partPath(batch: number, part: number): string {
  return path.posix.join('print', String(batch), `letters-${part}.pdf`);
}

export async function openPrintFile(dataDir: string, file: string, options: PdfOptions): Promise<PrintFile> {
  const whole = path.join(dataDir, file);
  const draft = `${whole}.draft`;
  await mkdir(path.dirname(whole), { recursive: true, mode: 0o700 });
  // A maker that was killed has left its draft.
  await rm(draft, { force: true });
  const pen = new Pen(options);
  const out = createWriteStream(draft, { flags: 'wx', mode: 0o600 });
  const written = pipeline(pen.doc, out);
  // Told to whoever waits for the end; until then it must not end the process.
  let failure: unknown;
  written.catch((error: unknown) => {
    failure = error;
  });
  return {
    pen,
    drained: async () => {
      do await new Promise((resolve) => setImmediate(resolve));
      while (pen.doc.readableLength > WAITING && failure === undefined);
      if (failure !== undefined) throw failure;
    },
    finish: async () => {
      pen.end();
      await written;
      const handle = await open(draft, 'r');
      try {
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(draft, whole);
    },
    discard: async () => {
      pen.doc.destroy();
      await written.catch(() => undefined);
      await Promise.all([rm(draft, { force: true }), rm(whole, { force: true })]);
    },
  };
}
