import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import {
  applyRetention,
  eraseUser,
  listErasures,
  personalData,
  previewPurge,
  reapplyErasures,
  runPurge,
  type RunReport,
  showPurgeStatistics,
  showRetention,
} from '../../runs/index.ts';
import { showUser } from '../../feeds/index.ts';
import { answerRun } from '../answer-run.ts';
import { confirm, requireTerminal } from '../ask.ts';
import type { Cli, Session } from '../cli.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';
import { waitForRun } from '../waiting.ts';

/** `muster users erase`, `muster users personal-data` */
export function addPrivacyUserCommands(cli: Cli, users: Command): void {
  const { screen } = cli;
  verb(cli, users, 'erase <id>', eraseUser.summary)
    .option('--yes', screen.text('cli.option.yes', {}))
    .option('--force', screen.text('cli.erase.force', {}))
    .option('--reason <text>', screen.text('cli.erase.reason', {}))
    .action((user: string, options: { yes?: true; force?: true; reason?: string }) => {
      if (options.yes !== true) requireTerminal();
      return cli.answer(
        (session) => erase(cli, session, user, options),
        ({ user: primaryId, ...counts }) => screen.say('cli.erase.done', { user: printable(primaryId), ...counts }),
      );
    });

  verb(cli, users, 'personal-data <id>', personalData.summary)
    .requiredOption('--out <file>', screen.text('cli.personal.out', {}))
    .action((user: string, { out }: { out: string }) => {
      const format = path.extname(out).toLowerCase();
      if (format !== '.json' && format !== '.html') throw cli.wrongUsage('cli.personal.which', { file: out });
      return cli.answer(
        async (session) => {
          const { data, page } = await session.perform(personalData, { user, page: format === '.html' });
          await writeFile(out, page ?? `${JSON.stringify(data, null, 2)}\n`, { mode: 0o600 });
          return { user: data.primary_id, file: path.resolve(out) };
        },
        (result) => screen.say('cli.personal.done', { user: printable(result.user), file: result.file }),
      );
    });
}

/** The primary id is what confirms it, so the record is looked up first. */
async function erase(
  cli: Cli,
  session: Session,
  user: string,
  options: { yes?: true; force?: true; reason?: string },
): Promise<z.output<typeof eraseUser.output> & { user: string }> {
  const record = await session.perform(showUser, { user });
  const primaryId = String(record['primary_id']);
  if (options.yes !== true) await confirm(cli.aside.text('cli.erase.ask', { user: printable(primaryId) }), primaryId);
  const erased = await session.perform(eraseUser, {
    user: primaryId,
    confirm: primaryId,
    force: options.force === true,
    ...(options.reason !== undefined && { reason: options.reason }),
  });
  return { ...erased, user: primaryId };
}

/** `muster purge …`, `muster retention …`, `muster erasures …` */
export function addPrivacyCommands(cli: Cli, program: Command): void {
  addPurge(cli, verb(cli, program, 'purge', 'cli.group.purge'));
  addRetention(cli, verb(cli, program, 'retention', 'cli.group.retention'));
  addErasures(cli, verb(cli, program, 'erasures', 'cli.group.erasures'));
}

type PurgePreview = z.output<typeof previewPurge.output>;

function addPurge(cli: Cli, purge: Command): void {
  const { screen } = cli;
  verb(cli, purge, 'preview', previewPurge.summary)
    .option('--set <set>', screen.text('cli.purge.set', {}))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 0), 20)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 0))
    .action((options: { set?: string; limit: number; after?: number }) =>
      cli.answer(
        (session) => session.perform(previewPurge, options),
        (preview) => showPreview(screen, preview),
      ),
    );

  verb(cli, purge, 'run', runPurge.summary)
    .option('--set <set>', screen.text('cli.purge.set', {}))
    .option('--yes', screen.text('cli.option.yes', {}))
    .option('--no-wait', screen.text('cli.option.no_wait', {}))
    .addOption(new Option('--statistics <what>', screen.text('cli.purge.statistics', {})).choices(['keep', 'remove']))
    .action((options: PurgeOptions) => {
      if (options.yes !== true) requireTerminal();
      return answerRun(cli, (session) => startPurge(cli, session, options));
    });

  verb(cli, purge, 'statistics', showPurgeStatistics.summary)
    .option('--from <date>', screen.text('cli.audit.from', {}))
    .option('--to <date>', screen.text('cli.audit.to', {}))
    .action((options: { from?: string; to?: string }) =>
      cli.answer(
        (session) => session.perform(showPurgeStatistics, options),
        (result) => showStatistics(screen, result),
      ),
    );
}

interface PurgeOptions {
  readonly set?: string;
  readonly yes?: true;
  readonly wait: boolean;
  readonly statistics?: 'keep' | 'remove';
}

function showStatistics(screen: Screen, { rows, users }: z.output<typeof showPurgeStatistics.output>): void {
  screen.say('cli.purge.erased', { users });
  if (rows.length === 0) return;
  screen.table(
    [
      { title: screen.text('cli.purge.month', {}) },
      { title: screen.text('cli.label.group', {}), max: 32 },
      { title: screen.text('cli.purge.campus', {}), max: 32 },
      { title: screen.text('cli.purge.users', {}), align: 'right' },
      { title: screen.text('cli.purge.categories', {}), max: 48 },
    ],
    rows.map((row) => [
      row.month.slice(0, 7),
      printable(row.user_group_label ?? '–'),
      printable(row.campus_label ?? '–'),
      screen.number(row.users),
      row.categories.map(({ label, users: some }) => `${printable(label)} ${screen.number(some)}`).join(', '),
    ]),
  );
}

async function startPurge(cli: Cli, session: Session, options: PurgeOptions): Promise<RunReport> {
  const which = options.set === undefined ? {} : { set: options.set };
  const preview = await session.perform(previewPurge, which);
  if (options.yes !== true) {
    showPreview(cli.aside, preview);
    cli.aside.line();
    await confirm(cli.aside.text('cli.purge.ask', { users: preview.erasable }), String(preview.erasable));
  }
  const run = await session.perform(runPurge, {
    ...which,
    confirm: preview.erasable,
    digest: preview.digest,
    ...(options.statistics !== undefined && { statistics: options.statistics }),
  });
  return options.wait ? waitForRun(cli, session, run.id) : session.look(run.id);
}

function showPreview(screen: Screen, preview: PurgePreview): void {
  screen.say('cli.purge.preview', { erasable: preview.erasable, members: preview.members });
  for (const { users, text } of preview.reasons) screen.say('cli.purge.kept', { users, reason: text });
  if (preview.kept.length === 0) return;
  screen.line();
  screen.table(
    [{ title: screen.text('cli.label.user', {}) }, { title: screen.text('cli.label.reason', {}) }],
    preview.kept.map((user) => [printable(user.primary_id), user.text]),
  );
  if (preview.next !== null) screen.say('cli.more', { command: `--after ${preview.next}` });
}

function addRetention(cli: Cli, retention: Command): void {
  const { screen } = cli;
  verb(cli, retention, 'show', showRetention.summary).action(() =>
    cli.answer(
      (session) => session.perform(showRetention, {}),
      ({ kinds }) =>
        screen.table(
          [
            { title: screen.text('cli.retention.kind', {}) },
            { title: screen.text('cli.retention.days', {}), align: 'right' },
            { title: screen.text('cli.retention.rows', {}), align: 'right' },
            { title: screen.text('cli.retention.due', {}), align: 'right' },
            { title: screen.text('cli.retention.oldest', {}) },
          ],
          kinds.map((kind) => [
            kind.label,
            kind.days === null ? screen.text('cli.retention.for_ever', {}) : screen.number(kind.days),
            screen.number(kind.rows),
            screen.number(kind.due),
            screen.date(kind.oldest),
          ]),
        ),
    ),
  );
  verb(cli, retention, 'apply', applyRetention.summary).action(() =>
    cli.answer(
      (session) => session.perform(applyRetention, {}),
      ({ removed }) => {
        if (removed.length === 0) screen.say('cli.retention.nothing', {});
        for (const { label, rows } of removed) screen.say('cli.retention.removed', { label, rows });
      },
    ),
  );
}

function addErasures(cli: Cli, erasures: Command): void {
  const { screen } = cli;
  verb(cli, erasures, 'list', listErasures.summary)
    .option('--out <file>', screen.text('cli.label.file', {}))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 100)
    .action(({ out, limit }: { out?: string; limit: number }) =>
      cli.answer(
        (session) => session.perform(listErasures, { limit, ...(out !== undefined && { file: path.resolve(out) }) }),
        (result) => {
          screen.table(
            [
              { title: '#', align: 'right' },
              { title: screen.text('cli.label.when', {}) },
              { title: screen.text('cli.audit.who', {}), max: 24 },
              { title: screen.text('cli.label.user', {}), align: 'right' },
              { title: screen.text('cli.label.reason', {}) },
            ],
            result.erasures.map((row) => [
              String(row.id),
              screen.date(row.at),
              printable(row.actor),
              screen.number(row.users),
              printable(row.reason ?? ''),
            ]),
          );
          if (result.file !== null) screen.say('cli.erasures.listed', { users: result.written, file: result.file });
        },
      ),
    );
  verb(cli, erasures, 'reapply <file>', reapplyErasures.summary).action((file: string) =>
    cli.answer(
      (session) => session.perform(reapplyErasures, { file: path.resolve(file) }),
      (result) => screen.say('cli.erasures.applied', result),
    ),
  );
}
