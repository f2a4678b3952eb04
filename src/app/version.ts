import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

let version: string | undefined;

/** Muster's own, as package.json has it; read when it is first asked for. */
export function musterVersion(): string {
  version ??= z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'))).version;
  return version;
}
