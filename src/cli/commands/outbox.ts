import { type Command, Option } from 'commander';
import { AppError } from '../../core/index.ts';
import {
  cancelOutbox,
  countMessages,
  listMailbox,
  listMessages,
  listPauses,
  listUserMessages,
  pauseOutbox,
  resolveMessages,
  resumeOutbox,
  retryMessages,
  SHOWN_STATES,
  type ShownState,
  showMessage,
} from '../../letters/index.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../failure.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { showLetterText } from './letters.ts';
import { addPrintCommands } from './print.ts';

type Result<O extends { run: (...args: never[]) => unknown }> = Awaited<ReturnType<O['run']>>;

interface Batches {
  readonly run?: number;
  readonly letter?: string;
  readonly all?: true;
}

interface Decision extends Batches {
  readonly resend?: true;
  readonly sent?: true;
  readonly cancel?: true;
}

export function addOutboxCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const outbox = verb(cli, program, 'outbox', 'cli.group.outbox');
  addPrintCommands(cli, outbox);

  verb(cli, outbox, 'list', listMessages.summary)
    .option('--run <id>', screen.text('cli.outbox.run', {}), wholeNumber(cli, '--run', 1))
    .option('--letter <type>', screen.text('cli.outbox.letter', {}))
    .addOption(new Option('--channel <channel>', screen.text('cli.outbox.channel', {})).choices(['email', 'sms', 'print']))
    .addOption(new Option('--state <state>', screen.text('cli.outbox.state', {})).choices(SHOWN_STATES))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 1))
    .action(
      (options: {
        run?: number;
        letter?: string;
        channel?: 'email' | 'sms' | 'print';
        state?: ShownState;
        limit: number;
        after?: number;
      }) =>
        cli.answer(
          (session) => session.perform(listMessages, options),
          (page) => showList(screen, page),
        ),
    );

  verb(cli, outbox, 'counts', countMessages.summary)
    .option('--run <id>', screen.text('cli.outbox.run', {}), wholeNumber(cli, '--run', 1))
    .option('--letter <type>', screen.text('cli.outbox.letter', {}))
    .action((options: { run?: number; letter?: string }) =>
      cli.answer(
        (session) => session.perform(countMessages, options),
        ({ total, states }) => {
          screen.say('cli.outbox.count', { count: total });
          screen.pairs(states.map(({ state, messages }) => [screen.text(`cli.outbox.${state}`, {}), String(messages)]));
        },
      ),
    );

  verb(cli, outbox, 'mailbox', listMailbox.summary)
    .option('--user <id>', screen.text('cli.outbox.user', {}))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 1))
    .action((options: { user?: string; limit: number; after?: number }) =>
      cli.answer(
        (session) => session.perform(listMailbox, options),
        (page) => showMailbox(screen, page),
      ),
    );

  withId(cli, verb(cli, outbox, 'show', showMessage.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(showMessage, { id }),
      (message) => showOne(screen, message),
    ),
  );

  withBatches(cli, verb(cli, outbox, 'retry [ids...]', retryMessages.summary)).action((ids: string[], options: Batches) =>
    cli.answer(
      (session) => session.perform(retryMessages, choiceOf(ids, options)),
      (result) => screen.say('cli.outbox.retried', result),
    ),
  );

  withBatches(cli, verb(cli, outbox, 'cancel [ids...]', cancelOutbox.summary)).action((ids: string[], options: Batches) =>
    cli.answer(
      (session) => session.perform(cancelOutbox, choiceOf(ids, options)),
      ({ cancelled }) => screen.say('cli.outbox.given_up', { cancelled }),
    ),
  );

  withBatches(cli, verb(cli, outbox, 'pause', pauseOutbox.summary)).action((options: Batches) =>
    cli.answer(
      (session) => session.perform(pauseOutbox, choiceOf([], options)),
      ({ paused }) => screen.say('cli.outbox.paused', { paused }),
    ),
  );

  withBatches(cli, verb(cli, outbox, 'resume', resumeOutbox.summary)).action((options: Batches) =>
    cli.answer(
      (session) => session.perform(resumeOutbox, choiceOf([], options)),
      (result) => screen.say('cli.outbox.resumed', result),
    ),
  );

  verb(cli, outbox, 'pauses', listPauses.summary).action(() =>
    cli.answer(
      (session) => session.perform(listPauses, {}),
      ({ pauses }) => showPauses(screen, pauses),
    ),
  );

  withBatches(cli, verb(cli, outbox, 'resolve [ids...]', resolveMessages.summary))
    .option('--resend', screen.text('cli.outbox.resend', {}))
    .option('--sent', screen.text('cli.outbox.as_sent', {}))
    .option('--cancel', screen.text('cli.outbox.as_cancelled', {}))
    .action((ids: string[], options: Decision) =>
      cli.answer(
        (session) => session.perform(resolveMessages, { ...choiceOf(ids, options), as: decisionOf(options) }),
        ({ resolved }) => screen.say('cli.outbox.resolved', { resolved }),
      ),
    );
}

/** `muster users messages`: what one user was sent. */
export function addUserMessagesCommand(cli: Cli, users: Command): void {
  const { screen } = cli;
  verb(cli, users, 'messages <user>', listUserMessages.summary)
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 10)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 1))
    .action((user: string, options: { limit: number; after?: number }) =>
      cli.answer(
        (session) => session.perform(listUserMessages, { user, ...options }),
        ({ messages, next }) => {
          screen.say('cli.outbox.count', { count: messages.length });
          for (const message of messages) {
            screen.line();
            showOne(screen, message);
          }
          if (next !== null) screen.say('cli.more', { command: `--after ${next}` });
        },
      ),
    );
}

function withBatches(cli: Cli, command: Command): Command {
  const { screen } = cli;
  return command
    .option('--run <id>', screen.text('cli.outbox.run', {}), wholeNumber(cli, '--run', 1))
    .option('--letter <type>', screen.text('cli.outbox.letter', {}))
    .option('--all', screen.text('cli.outbox.all', {}));
}

function choiceOf(ids: readonly string[], { run, letter, all }: Batches): { ids?: number[]; run?: number; letter?: string; all?: true } {
  return {
    ...(ids.length > 0 && { ids: ids.map(Number) }),
    ...(run !== undefined && { run }),
    ...(letter !== undefined && { letter }),
    ...(all !== undefined && { all }),
  };
}

function decisionOf({ resend, sent, cancel }: Decision): 'resend' | 'sent' | 'cancel' {
  const [decision, another] = [resend && 'resend', sent && 'sent', cancel && 'cancel'].filter((each) => each !== undefined);
  if (decision === undefined || another !== undefined) throw new UsageError(new AppError('cli.outbox.one_decision', {}));
  return decision as 'resend' | 'sent' | 'cancel'; // one of the three above
}

function showList(screen: Screen, page: Result<typeof listMessages>): void {
  screen.say('cli.outbox.count', { count: page.total });
  if (page.messages.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.label.run', {}), align: 'right' },
      { title: screen.text('cli.label.user', {}), max: 24 },
      { title: screen.text('cli.label.letter', {}), max: 28 },
      { title: screen.text('cli.label.channel', {}) },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.label.address', {}), max: 36 },
      { title: screen.text('cli.label.sent', {}) },
    ],
    page.messages.map((message) => [
      String(message.id),
      String(message.run_id),
      printable(message.user),
      message.letter,
      message.channel,
      screen.text(`cli.outbox.${message.state}`, {}),
      printable(message.to ?? '–'),
      message.sent_at === null ? printable(message.error ?? '–') : screen.date(message.sent_at),
    ]),
  );
  if (page.next !== null) screen.say('cli.more', { command: `--after ${page.next}` });
}

function showMailbox(screen: Screen, { mails, next }: Result<typeof listMailbox>): void {
  screen.say('cli.outbox.count', { count: mails.length });
  if (mails.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.label.user', {}), max: 24 },
      { title: screen.text('cli.label.subject', {}), max: 40 },
      { title: screen.text('cli.label.file', {}) },
    ],
    mails.map((mail) => [String(mail.id), printable(mail.user), printable(mail.subject ?? '–'), printable(mail.file ?? '–')]),
  );
  if (next !== null) screen.say('cli.more', { command: `--after ${next}` });
}

function showPauses(screen: Screen, pauses: Result<typeof listPauses>['pauses']): void {
  if (pauses.length === 0) {
    screen.say('cli.outbox.no_pauses', {});
    return;
  }
  screen.table(
    [
      { title: screen.text('cli.label.run', {}), max: 40 },
      { title: screen.text('cli.label.letter', {}), max: 28 },
      { title: screen.text('cli.label.messages', {}), align: 'right' },
      { title: screen.text('cli.label.reason', {}), max: 60 },
    ],
    pauses.map((pause) => [
      `${pause.run_id} ${printable(pause.run_name)}`,
      pause.letter ?? screen.text('cli.outbox.every_letter', {}),
      String(pause.messages),
      pause.reason === 'person'
        ? screen.text('cli.outbox.pause_person', { name: printable(pause.paused_by ?? '–') })
        : `${screen.text('cli.outbox.pause_failures', {})}: ${printable(pause.detail ?? '–')}`,
    ]),
  );
}

function showOne(screen: Screen, message: Result<typeof showMessage>): void {
  screen.pairs([
    ['#', String(message.id)],
    [screen.text('cli.label.user', {}), printable(message.user)],
    [screen.text('cli.label.run', {}), `${message.run_id} ${printable(message.run_name)}`],
    [screen.text('cli.label.letter', {}), message.letter],
    [screen.text('cli.label.channel', {}), message.channel],
    [screen.text('cli.label.state', {}), screen.text(`cli.outbox.${message.state}`, {})],
    ...(message.error === null ? [] : [[screen.text('cli.label.reason', {}), printable(message.error)] as const]),
    ...(message.sent_at === null ? [] : [[screen.text('cli.label.sent', {}), screen.date(message.sent_at)] as const]),
    ...(message.repeats === 0 ? [] : [[screen.text('cli.outbox.repeats', {}), String(message.repeats)] as const]),
    ...(message.file === null ? [] : [[screen.text('cli.label.file', {}), message.file] as const]),
  ]);
  if (message.content_of === 'deleted') screen.say('cli.outbox.content_deleted', {});
  if (message.content === null) return;
  screen.line();
  screen.say(message.content_of === 'sent' ? 'cli.outbox.content_sent' : 'cli.outbox.content_preview', {});
  showLetterText(screen, { to: message.to, subject: message.content.subject, text: message.content.text });
}
