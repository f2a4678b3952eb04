import { AppError } from '../core/index.ts';
import { readConfig } from '../app/index.ts';
import { Cli } from './cli.ts';
import { EXIT, type Failure, failureOf, UsageError } from './failure.ts';
import { isLanguage, scanGlobals } from './globals.ts';
import { createProgram } from './program.ts';

/**
 * The `muster` command: runs what the arguments (without node and script) ask for and resolves to
 * the exit status: 0 done, 1 refused or failed, 2 wrong usage. An error is told on standard error
 * as a code and a sentence, and with `--json` as the one document on standard output.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const globals = scanGlobals(argv);
  const wanted = isLanguage(globals.lang) ? globals.lang : undefined;
  const language = wanted ?? languageOf(globals.data);
  const cli = new Cli({ ...globals, lang: wanted }, language);
  endQuietlyWhenNobodyReads();
  try {
    if (globals.lang !== undefined && wanted === undefined) throw cli.wrongUsage('usage.language', { name: globals.lang });
    await createProgram(cli).parseAsync(argv, { from: 'user' });
    return cli.status;
  } catch (error) {
    const failure = failureOf(error, language);
    if (failure === undefined) return EXIT.done;
    tell(cli, failure);
    if (failure.code === 'internal.error' && error instanceof Error) cli.aside.line(error.stack ?? error.message);
    return failure.status;
  }
}

/** A faulty environment is told when a command needs it; asking for help must not fail for it. */
function languageOf(dataDir: string | undefined): 'en' | 'de' {
  try {
    return readConfig({ dataDir, language: undefined }).language;
  } catch (error) {
    if (error instanceof AppError || error instanceof UsageError) return 'en';
    throw error;
  }
}

function tell(cli: Cli, failure: Failure): void {
  if (cli.globals.json) {
    process.stdout.write(`${JSON.stringify({ error: { code: failure.code, message: failure.message } })}\n`);
  }
  cli.aside.line(`${cli.aside.style('red', failure.code)}: ${failure.message}`);
}

/** `muster … | head` closes our output early; that is the reader's good right and no error. */
function endQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
}
