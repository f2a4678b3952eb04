import path from 'node:path';
import { type Command, Option } from 'commander';
import { deletePrint, downloadPrint, listPrints, makePrint, type PrintBatchView, showPrint } from '../../letters/index.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber, withId } from '../number.ts';
import { waitForPrint } from '../print-waiting.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

type Result<O extends { run: (...args: never[]) => unknown }> = Awaited<ReturnType<O['run']>>;

/** `muster outbox print …` */
export function addPrintCommands(cli: Cli, outbox: Command): void {
  const { screen } = cli;
  const print = verb(cli, outbox, 'print', 'cli.group.print');

  verb(cli, print, 'make', makePrint.summary)
    .option('--run <id>', screen.text('cli.outbox.run', {}), wholeNumber(cli, '--run', 1))
    .addOption(new Option('--layout <layout>', screen.text('cli.print.layout', {})).choices(['din5008', 'us10']))
    .option('--no-wait', screen.text('cli.print.no_wait', {}))
    .action(({ wait, ...options }: { run?: number; layout?: 'din5008' | 'us10'; wait: boolean }) =>
      cli.answer(
        async (session) => {
          const { batches } = await session.perform(makePrint, options);
          return wait ? { begun: [], batches: await waitForPrint(session, batches) } : { begun: batches, batches: [] };
        },
        ({ begun, batches }) => {
          for (const { id, messages } of begun) screen.say('cli.print.begun', { id, messages });
          for (const batch of batches) showMade(screen, batch);
        },
      ),
    );

  verb(cli, print, 'list', listPrints.summary)
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 20)
    .option('--before <n>', screen.text('cli.print.before', {}), wholeNumber(cli, '--before', 1))
    .action((options: { limit: number; before?: number }) =>
      cli.answer(
        (session) => session.perform(listPrints, options),
        (page) => showList(screen, page),
      ),
    );

  withId(cli, verb(cli, print, 'show', showPrint.summary))
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 1))
    .action((id: number, options: { after?: number }) =>
      cli.answer(
        (session) => session.perform(showPrint, { id, ...options }),
        (batch) => showOne(screen, batch),
      ),
    );

  withId(cli, verb(cli, print, 'download', downloadPrint.summary))
    .argument('<file>', screen.text('cli.print.file', {}))
    .option('--part <n>', screen.text('cli.print.part', {}), wholeNumber(cli, '--part', 1))
    .action((id: number, file: string, { part }: { part?: number }) =>
      cli.answer(
        async (session) => {
          const parts = part === undefined ? await partsThere((await session.perform(showPrint, { id, limit: 1 })).parts) : [part];
          const files: Result<typeof downloadPrint>[] = [];
          for (const number of parts) {
            const target = path.resolve(parts.length === 1 ? file : numbered(file, number));
            files.push(await session.perform(downloadPrint, { id, part: number, file: target }));
          }
          return { files };
        },
        ({ files }) => {
          for (const written of files)
            screen.say(written.deleted ? 'cli.print.downloaded_once' : 'cli.print.downloaded', { file: printable(written.file) });
        },
      ),
    );

  withId(cli, verb(cli, print, 'delete', deletePrint.summary))
    .option('--requeue', screen.text('cli.print.requeue', {}))
    .action((id: number, { requeue }: { requeue?: true }) =>
      cli.answer(
        (session) => session.perform(deletePrint, { id, requeue: requeue === true }),
        ({ requeued }) => screen.say(requeue === true ? 'cli.print.requeued' : 'cli.print.files_deleted', { id, requeued }),
      ),
    );
}

/** The parts whose files are there; the first one where there is none, so that the server says why. */
function partsThere(parts: PrintBatchView['parts']): number[] {
  const there = parts.filter((part) => part.there).map((part) => part.part);
  return there.length === 0 ? [1] : there;
}

/** `letters.pdf` → `letters-2.pdf` */
function numbered(file: string, part: number): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${part}${ext}`);
}

function showMade(screen: Screen, batch: PrintBatchView): void {
  const counts = { id: batch.id, printed: batch.printed, pages: batch.pages, left_out: batch.left_out };
  if (batch.state === 'making') screen.say('cli.print.begun', { id: batch.id, messages: batch.messages });
  else screen.say(batch.credentials ? 'cli.print.made_passwords' : 'cli.print.made', counts);
  if (batch.error !== null) screen.line(printable(batch.error));
  if (batch.left_out > 0) screen.say('cli.print.see', { id: batch.id });
}

function showList(screen: Screen, page: Result<typeof listPrints>): void {
  screen.say('cli.print.waiting', page.waiting);
  if (page.batches.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.print.letters', {}), align: 'right' },
      { title: screen.text('cli.print.pages', {}), align: 'right' },
      { title: screen.text('cli.print.left_out', {}), align: 'right' },
      { title: screen.text('cli.print.made_at', {}) },
      { title: screen.text('cli.print.expires', {}) },
    ],
    page.batches.map((batch) => [
      String(batch.id),
      stateOf(screen, batch),
      screen.number(batch.printed),
      screen.number(batch.pages),
      screen.number(batch.left_out),
      screen.date(batch.created_at),
      batch.expires_at === null || batch.state !== 'ready' ? '–' : screen.date(batch.expires_at),
    ]),
  );
  if (page.next !== null) screen.say('cli.more', { command: `--before ${page.next}` });
}

function stateOf(screen: Screen, batch: PrintBatchView): string {
  const state = screen.text(`cli.print.${batch.state}`, { done: batch.done, total: batch.messages });
  return batch.credentials ? `${state} (${screen.text('cli.print.passwords', {})})` : state;
}

function showOne(screen: Screen, batch: Result<typeof showPrint>): void {
  screen.pairs([
    [screen.text('cli.label.state', {}), stateOf(screen, batch)],
    [screen.text('cli.print.letters', {}), screen.number(batch.printed)],
    [screen.text('cli.print.pages', {}), screen.number(batch.pages)],
    [screen.text('cli.print.files', {}), screen.number(batch.parts.length)],
    [screen.text('cli.print.left_out', {}), screen.number(batch.left_out)],
    ...(batch.error === null ? [] : [[screen.text('cli.label.reason', {}), printable(batch.error)] as const]),
    ...(batch.state === 'ready' && batch.expires_at !== null
      ? [[screen.text('cli.print.expires', {}), screen.date(batch.expires_at)] as const]
      : []),
  ]);
  if (batch.remarks.length === 0) return;
  screen.line();
  screen.table(
    [
      { title: screen.text('cli.print.message', {}), align: 'right' },
      { title: screen.text('cli.label.user', {}), max: 24 },
      { title: screen.text('cli.print.pages', {}), align: 'right' },
      { title: screen.text('cli.label.reason', {}), max: 90 },
    ],
    batch.remarks.map((remark) => [
      String(remark.message),
      printable(remark.user),
      remark.page === null ? '–' : `${remark.part}/${remark.page}`,
      printable(remark.remark),
    ]),
  );
  if (batch.next !== null) screen.say('cli.more', { command: `--after ${batch.next}` });
}
