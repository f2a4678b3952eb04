import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError, type TextCode, type TextParams } from '../../core/index.ts';
import { generateUsers } from '../../feeds/index.ts';
import { listMessages, showMessage } from '../../letters/index.ts';
import { editUser, type Plan, type Preview, previewJob, type RunReport, startRun, undoRun } from '../../runs/index.ts';
import { createSet, type SetCreated } from '../../sets/index.ts';
import { searchUsers } from '../../users/index.ts';
import type { Cli, Session } from '../cli.ts';
import { readMailText } from '../mail-file.ts';
import { verb } from '../program.ts';
import { showPreview, showReport } from '../run-text.ts';
import { printable, type Screen } from '../screen.ts';
import { waitForRun } from '../waiting.ts';
import { showLetterText } from './letters.ts';
import { showCreated } from './sets.ts';
import { showGenerated } from './users.ts';

/** As many as a small university has. */
const SAMPLE_USERS = 5_000;
const SEED = 7;

/** Says of a data directory that it was made to be played with. */
const MARK = 'demo.json';
const PLAN_FILE = 'demo-plan.json';

/** Those who have graduated this year and whom the feed has let expire. */
const GRADUATES = 'user_group = "GRAD" and account_type = "EXTERNAL" and expiry_date < today and expiry_date >= today - 12 months';
const NOTIFICATION = 'ACCOUNT_TYPE_CHANGED';

function planIn(screen: Screen): Plan {
  return {
    changes: [
      { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
      { change: 'user_group', set: 'ALUMNI' },
      { change: 'expiry_date', shift: { years: 1 } },
      { change: 'purge_date', relative_to: 'expiry_date', shift: { years: 1 } },
      { change: 'block', add: { description: '02-GLOBAL', note: screen.text('cli.demo.note', {}) }, when: 'has no email' },
    ],
    notify: { type: NOTIFICATION },
  };
}

interface DemoResult {
  readonly data: string;
  readonly set: SetCreated;
  readonly preview: Pick<Preview, 'members' | 'changed' | 'unchanged' | 'skipped' | 'failed'>;
  readonly run: Pick<RunReport, 'id' | 'state' | 'counts' | 'letters'>;
  readonly edited: string;
  readonly undo: Pick<RunReport, 'id' | 'state' | 'counts'>;
}

export function addDemoCommand(cli: Cli, program: Command): void {
  verb(cli, program, 'demo', 'cli.command.demo').action(async () => {
    const demo = new Demo(cli, directoryFor(cli.globals.data));
    cli.tell(await demo.play(), () => undefined);
  });
}

/** A directory of its own, unless one is named; a named one must be empty or of an earlier demo. */
function directoryFor(wanted: string | undefined): string {
  const directory = wanted === undefined ? mkdtempSync(path.join(os.tmpdir(), 'muster-demo-')) : path.resolve(wanted);
  if (existsSync(directory) && existsSync(path.join(directory, 'postgres.json')) && !existsSync(path.join(directory, MARK))) {
    throw new AppError('cli.demo.not_empty', { dir: directory });
  }
  return directory;
}

/** The whole story once, told in sentences; every step names the command that does the same. */
class Demo {
  readonly #cli: Cli;
  readonly #directory: string;
  #step = 0;

  constructor(cli: Cli, directory: string) {
    this.#cli = cli;
    this.#directory = directory;
  }

  play(): Promise<DemoResult> {
    const { screen } = this.#cli;
    screen.line(screen.style('bold', screen.text('cli.demo.welcome', {})));
    screen.say('cli.demo.where', { dir: this.#directory });
    // Never in somebody's own database, and never through somebody's mail server.
    const config = { ...this.#cli.config(), dataDir: this.#directory, databaseUrl: undefined, smtpUrl: undefined };
    return this.#cli.session((session) => this.#tell(session), config);
  }

  async #tell(session: Session): Promise<DemoResult> {
    const { screen } = this.#cli;
    writeFileSync(path.join(this.#directory, MARK), '{}\n');
    await this.#library(session);

    const set = await this.#set(session);

    const plan = planIn(screen);
    const planFile = path.join(this.#directory, PLAN_FILE);
    writeFileSync(planFile, `${JSON.stringify(plan, null, 2)}\n`);
    this.#begin('cli.demo.preview', {}, `jobs preview --set "${set.name}" --plan ${planFile} --limit 3`);
    const preview = await session.perform(previewJob, { set: set.name, plan, page: { limit: 3, outcome: 'changed' } });
    showPreview(screen, { ...preview, next: null });

    this.#begin('cli.demo.run', {}, `jobs run --set "${set.name}" --plan ${planFile} --yes`);
    const started = await session.perform(startRun, { set: set.name, plan, digest: preview.digest, confirm: true });
    const run = await waitForRun(this.#cli, session, started.id);
    showReport(screen, run);

    await this.#letters(session, run);
    const edited = await this.#edit(session, preview);

    this.#begin('cli.demo.undo', { user: edited }, `jobs undo ${run.id} --yes`);
    const undoing = await session.perform(undoRun, { id: run.id, confirm: true });
    const undo = await waitForRun(this.#cli, session, undoing.id);
    showReport(screen, undo);

    screen.line();
    screen.line(screen.style('bold', screen.text('cli.demo.end', {})));
    screen.say('cli.demo.data', { dir: this.#directory });
    for (const command of ['jobs list', `users history ${edited}`, `outbox list --run ${run.id}`, 'start']) {
      screen.line(`  muster --data ${this.#directory} ${command}`);
    }
    return { data: this.#directory, set, preview: countsOf(preview), run: briefly(run), edited, undo: briefly(undo) };
  }

  async #library(session: Session): Promise<void> {
    this.#begin('cli.demo.library', { count: SAMPLE_USERS }, `users generate --count ${SAMPLE_USERS} --seed ${SEED}`);
    const { total } = await session.perform(searchUsers, { text: 'example.org', limit: 1 });
    if (total > 0) {
      this.#cli.screen.say('cli.demo.library_kept', {});
      return;
    }
    const made = await session.perform(generateUsers, { count: SAMPLE_USERS, seed: SEED });
    session.progress.end();
    showGenerated(this.#cli.screen, made);
  }

  async #set(session: Session): Promise<SetCreated> {
    const { screen } = this.#cli;
    const base = screen.text('cli.demo.set_name', {});
    this.#begin('cli.demo.set', {}, `sets create "${base}" --where '${GRADUATES}'`);
    for (let attempt = 1; ; attempt += 1) {
      const name = attempt === 1 ? base : `${base} (${attempt})`;
      try {
        const set = await session.perform(createSet, { name, where: GRADUATES });
        showCreated(screen, set);
        return set;
      } catch (error) {
        // Left by an earlier demo in the same directory.
        if (!(error instanceof AppError && error.code === 'sets.name_taken')) throw error;
      }
    }
  }

  /** One of each kind, as they lie in the mailbox. */
  async #letters(session: Session, run: RunReport): Promise<void> {
    const { screen } = this.#cli;
    const { messages } = await session.perform(listMessages, { run: run.id, state: 'sent', limit: 1_000 });
    this.#begin('cli.demo.letters', {}, `outbox list --run ${run.id}`);
    const own = messages.filter((message) => message.language === screen.language);
    const byLetter = Map.groupBy((own.length > 0 ? own : messages).toReversed(), (message) => message.letter);
    for (const [letter, [message]] of byLetter) {
      const text = message?.file === undefined || message.file === null ? null : await readMailText(message.file);
      if (message === undefined || text === null) continue;
      const { content } = await session.perform(showMessage, { id: message.id });
      screen.line(screen.style('dim', `${letter}  ${message.file}`));
      showLetterText(screen, { to: message.to, subject: content?.subject ?? '', text });
      screen.line();
    }
  }

  /** Somebody changes one of the users by hand, so that the undo has something to leave alone. */
  async #edit(session: Session, preview: Preview): Promise<string> {
    const user = preview.users[0]?.primary_id;
    if (user === undefined) throw new Error('The demo needs somebody in its set.');
    const change = { change: 'user_group', set: 'CITY' };
    this.#begin('cli.demo.edit', { user: printable(user) }, `users edit ${user} --change '${JSON.stringify(change)}'`);
    await session.perform(editUser, { user, changes: [change] });
    this.#cli.screen.say('cli.demo.edited', { user: printable(user) });
    return user;
  }

  /** A step: its number, what happens in plain words, and the command that does it. */
  #begin<C extends TextCode>(code: C, params: TextParams<C>, command: string): void {
    const { screen } = this.#cli;
    this.#step += 1;
    screen.line();
    screen.line(`${screen.style('bold', `${this.#step}.`)} ${screen.text(code, params)}`);
    screen.line(screen.style('cyan', `   muster ${command}`));
    screen.line();
  }
}

function countsOf({ members, changed, unchanged, skipped, failed }: Preview): DemoResult['preview'] {
  return { members, changed, unchanged, skipped, failed };
}

function briefly({ id, state, counts, letters }: RunReport): DemoResult['run'] {
  return { id, state, counts, letters };
}
