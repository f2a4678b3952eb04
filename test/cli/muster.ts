import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/muster.mjs');

/** Every call is a process of its own, up to a second on a busy machine, and a test makes a dozen. */
export const PATIENT = { timeout: 300_000 } as const;

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  /** Variables beside those of a bare environment; `DATABASE_URL` chooses a database of one's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** No directory can be made there: a command that must not open an installation would fail if it tried. */
const NOWHERE = path.join(os.devNull, 'data');

/** Only what a command needs, so that the settings of whoever runs the tests change nothing. */
function environment(extra: CallOptions['env']): NodeJS.ProcessEnv {
  return {
    MUSTER_DATA: NOWHERE,
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'en_GB.UTF-8',
    MUSTER_TIMEZONE: 'Europe/Berlin',
    ...extra,
  };
}

/** Starts the real command as a process of its own. */
export function start(args: readonly string[], options: CallOptions = {}): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { env: environment(options.env), stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Runs the real command to its end. */
export async function muster(args: readonly string[], options: CallOptions = {}): Promise<Answer> {
  const child = start(args, options);
  child.stdin?.end(options.input ?? '');
  return answerOf(child);
}

export async function answerOf(child: ChildProcess): Promise<Answer> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout?.on('data', (part: Buffer) => parts.stdout.push(part));
  child.stderr?.on('data', (part: Buffer) => parts.stderr.push(part));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout: Buffer.concat(parts.stdout).toString('utf8'), stderr: Buffer.concat(parts.stderr).toString('utf8') };
}

/** The one document that `--json` promises; fails when there is none, or something beside it. */
export function documentOf(answer: Answer): Record<string, unknown> {
  expect(answer.stdout.endsWith('\n'), answer.stderr).toBe(true);
  const document: unknown = JSON.parse(answer.stdout);
  expect(document).toBeTypeOf('object');
  return document as Record<string, unknown>;
}

/** Runs with `--json`, expects the status, and gives the document. */
export async function json(
  args: readonly string[],
  options: CallOptions & { readonly status?: number } = {},
): Promise<Record<string, unknown>> {
  const answer = await muster([...args, '--json'], options);
  expect(answer.status, `${args.join(' ')}\n${answer.stdout}\n${answer.stderr}`).toBe(options.status ?? 0);
  return documentOf(answer);
}

/** A directory that is gone again when the tests are over. */
export function temporaryDirectory(): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-cli-'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }) };
}
