import type { z } from 'zod';
import { perform } from '../access/index.ts';
import { type App, type Config, openApp, readConfig } from '../app/index.ts';
import { AppError, type Context, type Language, type Operation, type TextCode, type TextParams } from '../core/index.ts';
import { type RunReport, showRun } from '../runs/index.ts';
import { UsageError } from './failure.ts';
import type { Globals } from './globals.ts';
import { ProgressBar } from './progress.ts';
import { isUnencrypted, type RemoteServer, remoteSession } from './remote.ts';
import { Screen } from './screen.ts';

/** What a command works with: an installation whose database is open, or a server that is asked. */
export interface Session {
  /** A server does the work; then there is no `app` and no `ctx`: `remote.local_only`. */
  readonly remote: boolean;
  readonly app: App;
  readonly ctx: Context;
  readonly progress: ProgressBar;
  perform<I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>, input: z.input<I>): Promise<z.output<O>>;
  /** The state of a run, without an entry in the audit for every look where that can be. */
  look(id: number): Promise<RunReport>;
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

  /** The configuration of the installation here; throws when a server was asked for by name. */
  config(): Config {
    if (this.globals.server !== undefined) throw this.wrongUsage('remote.local_only', {});
    return this.#config();
  }

  #config(): Config {
    return readConfig({ dataDir: this.globals.data, language: this.globals.lang });
  }

  /** The server that is asked, if one is: the one named on the command line, else that of the environment. */
  #remote(): RemoteServer | undefined {
    const { server: named, key: given, data, as } = this.globals;
    if (named !== undefined && data !== undefined) throw this.wrongUsage('remote.both', { option: '--data' });
    if (named !== undefined && as !== undefined) throw this.wrongUsage('remote.both', { option: '--as' });
    const config = this.#config();
    const server = named?.replace(/\/+$/, '') ?? (data === undefined && as === undefined ? config.server : undefined);
    const key = given ?? config.key;
    if (server === undefined) {
      if (given !== undefined) throw this.wrongUsage('remote.no_server', {});
      return undefined;
    }
    if (!/^https?:\/\//.test(server) || !URL.canParse(server)) throw this.wrongUsage('remote.bad_server', { server });
    if (key === undefined) throw this.wrongUsage('remote.no_key', {});
    return { server, key };
  }

  /** Asks the server, or opens the installation for `work` and closes it whatever happens. */
  async session<T>(work: (session: Session) => Promise<T>, config?: Config): Promise<T> {
    const remote = config === undefined ? this.#remote() : undefined;
    return remote === undefined ? this.#here(work, config ?? this.config()) : this.#there(work, remote);
  }

  async #there<T>(work: (session: Session) => Promise<T>, remote: RemoteServer): Promise<T> {
    if (isUnencrypted(remote.server)) this.aside.say('remote.unencrypted', { server: remote.server });
    const progress = new ProgressBar(this.screen);
    try {
      return await work(remoteSession(remote, this.language, progress));
    } finally {
      progress.end();
    }
  }

  async #here<T>(work: (session: Session) => Promise<T>, config: Config): Promise<T> {
    const progress = new ProgressBar(this.screen);
    const app = await openApp(config, { onProgress: (step) => progress.show(step) });
    try {
      const ctx = await app.contextFor(this.globals.as, 'cli', this.language);
      return await work({
        remote: false,
        app,
        ctx,
        progress,
        perform: (operation, input) => perform(ctx, operation, input),
        look: (id) => showRun.run(ctx, { id }),
      });
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
