import type { z } from 'zod';
import { perform } from '../access/index.ts';
import { type App, type Config, openApp, readConfig } from '../app/index.ts';
import { AppError, type Context, type Language, type Operation, type TextCode, type TextParams } from '../core/index.ts';
import { UsageError } from './failure.ts';
import type { Globals } from './globals.ts';
import { ProgressBar } from './progress.ts';
import { Screen } from './screen.ts';

/** What a command works with once the database is open. */
export interface Session {
  readonly app: App;
  readonly ctx: Context;
  readonly progress: ProgressBar;
  perform<I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>, input: z.input<I>): Promise<z.output<O>>;
}

/**
 * The command line around the operations: opens and closes the installation, shows progress, and
 * answers either with one JSON document or in words.
 */
export class Cli {
  readonly globals: Globals;
  readonly screen: Screen;
  /** For what is said beside the answer: hints, and questions. */
  readonly aside: Screen;
  #status = 0;

  constructor(globals: Globals, language: Language) {
    this.globals = globals;
    this.screen = new Screen(language, globals.json);
    this.aside = new Screen(language, false, process.stderr);
  }

  get language(): Language {
    return this.screen.language;
  }

  get status(): number {
    return this.#status;
  }

  config(): Config {
    return readConfig({ dataDir: this.globals.data, language: this.globals.lang });
  }

  /** Opens the installation for `work`, and closes it whatever happens. */
  async session<T>(work: (session: Session) => Promise<T>, config: Config = this.config()): Promise<T> {
    const progress = new ProgressBar(this.screen);
    const app = await openApp(config, { onProgress: (step) => progress.show(step) });
    try {
      const ctx = await app.contextFor(this.globals.as, 'cli', this.language);
      return await work({ app, ctx, progress, perform: (operation, input) => perform(ctx, operation, input) });
    } finally {
      progress.end();
      await app.close();
    }
  }

  /** Runs `work` in a session and answers with its result: the document itself, or `show`'s words. */
  async answer<T>(work: (session: Session) => Promise<T>, show: (result: T) => void): Promise<void> {
    this.tell(await this.session(work), show);
  }

  tell<T>(result: T, show: (result: T) => void): void {
    if (this.globals.json) process.stdout.write(`${JSON.stringify(result, null, process.stdout.isTTY ? 2 : undefined)}\n`);
    else show(result);
  }

  /** The command did what it was told, and what it was told about has failed. */
  fail(): void {
    this.#status = 1;
  }

  wrongUsage<C extends TextCode>(code: C, params: TextParams<C>): UsageError {
    return new UsageError(new AppError(code, params));
  }
}
