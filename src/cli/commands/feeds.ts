import { Argument, type Command } from 'commander';
import {
  confirmFeedFile,
  createFeed,
  deleteFeed,
  discardFeedFile,
  type FeedFileView,
  fetchFeedNow,
  listFeedFiles,
  listFeeds,
  listRejections,
  loadFeed,
  previewFeed,
  previewHeld,
  showFeed,
  updateFeed,
} from '../../feeds/index.ts';
import { confirm, requireTerminal } from '../ask.ts';
import type { Cli, Session } from '../cli.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { addFeedExport } from './feeds-export.ts';
import { newProfileOf, type ProfileOptions, profileOf, withProfile } from './feeds-profile.ts';
import { showFeedFile, showFeedFiles, showFeedPreview, showFeedProfile, showFeeds, showRejections } from './feeds-text.ts';

/** `muster feeds …` */
export function addFeedCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const feeds = verb(cli, program, 'feeds', 'cli.group.feeds');
  addProfileCommands(cli, feeds);
  addFeedExport(cli, feeds);

  verb(cli, feeds, 'preview <code> <file>', previewFeed.summary)
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 0), 20)
    .action((code: string, file: string, options: { limit: number }) =>
      cli.answer(
        (session) => session.perform(previewFeed, { code, file, ...options }),
        (preview) => showFeedPreview(screen, preview),
      ),
    );

  verb(cli, feeds, 'load <code> <file>', loadFeed.summary).action((code: string, file: string) =>
    cli.answer(
      (session) => ended(cli, session.perform(loadFeed, { code, file })),
      (loaded) => showFeedFile(screen, loaded),
    ),
  );

  verb(cli, feeds, 'fetch <code>', fetchFeedNow.summary).action((code: string) =>
    cli.answer(
      async (session) => {
        const found = await session.perform(fetchFeedNow, { code });
        if (found.files.some(({ state }) => !WELL.has(state))) cli.fail();
        return found;
      },
      ({ files }) => {
        if (files.length === 0) screen.say('cli.feeds.nothing_new', { code });
        for (const file of files) showFeedFile(screen, file);
      },
    ),
  );

  verb(cli, feeds, 'files [code]', listFeedFiles.summary)
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--before <id>', screen.text('cli.feeds.before', {}), wholeNumber(cli, '--before', 1))
    .action((code: string | undefined, options: { limit: number; before?: number }) =>
      cli.answer(
        (session) => session.perform(listFeedFiles, { ...(code === undefined ? {} : { code }), ...options }),
        (page) => {
          showFeedFiles(screen, page.files);
          if (page.next !== null) screen.say('cli.more', { command: `--before ${page.next}` });
        },
      ),
    );

  addHeldCommands(cli, feeds);

  verb(cli, feeds, 'rejections', listRejections.summary)
    .addArgument(new Argument('<run>', screen.text('cli.label.run', {})).argParser(wholeNumber(cli, 'run', 1)))
    .option('--reason <code>', screen.text('cli.feeds.reason', {}))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 100)
    .option('--after <n>', screen.text('cli.option.after', {}), wholeNumber(cli, '--after', 0))
    .action((run: number, options: { reason?: string; limit: number; after?: number }) =>
      cli.answer(
        (session) => session.perform(listRejections, { run, ...options }),
        (page) => {
          showRejections(screen, page.rejections);
          if (page.next !== null) screen.say('cli.more', { command: `--after ${page.next}` });
        },
      ),
    );
}

function addProfileCommands(cli: Cli, feeds: Command): void {
  const { screen } = cli;
  verb(cli, feeds, 'list', listFeeds.summary).action(() =>
    cli.answer(
      (session) => session.perform(listFeeds, {}),
      (result) => showFeeds(screen, result.feeds),
    ),
  );
  verb(cli, feeds, 'show <code>', showFeed.summary).action((code: string) =>
    cli.answer(
      (session) => session.perform(showFeed, { code }),
      (feed) => showFeedProfile(screen, feed),
    ),
  );
  withProfile(cli, verb(cli, feeds, 'create <code>', createFeed.summary)).action((code: string, options: ProfileOptions) =>
    cli.answer(
      async (session) => session.perform(createFeed, await newProfileOf(code, options)),
      (feed) => showFeedProfile(screen, feed),
    ),
  );
  withProfile(cli, verb(cli, feeds, 'update <code>', updateFeed.summary)).action((code: string, options: ProfileOptions) =>
    cli.answer(
      async (session) => session.perform(updateFeed, { ...(await profileOf(options)), code }),
      (feed) => showFeedProfile(screen, feed),
    ),
  );
  verb(cli, feeds, 'delete <code>', deleteFeed.summary).action((code: string) =>
    cli.answer(
      (session) => session.perform(deleteFeed, { code }),
      ({ deleted }) => screen.say('cli.feeds.deleted', { code: deleted }),
    ),
  );
}

/** What is done about a file that waits for a person. */
function addHeldCommands(cli: Cli, feeds: Command): void {
  const { screen } = cli;
  withId(cli, verb(cli, feeds, 'show-file', previewHeld.summary))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 0), 20)
    .action((id: number, options: { limit: number }) =>
      cli.answer(
        (session) => session.perform(previewHeld, { id, ...options }),
        (preview) => showFeedPreview(screen, preview),
      ),
    );

  withId(cli, verb(cli, feeds, 'confirm', confirmFeedFile.summary))
    .option('--users <n>', screen.text('cli.feeds.users', {}), wholeNumber(cli, '--users', 0))
    .action((id: number, { users }: { users?: number }) => {
      if (users === undefined) requireTerminal();
      return cli.answer(
        async (session) => ended(cli, session.perform(confirmFeedFile, { id, users: users ?? (await asked(cli, session, id)) })),
        (file) => showFeedFile(screen, file),
      );
    });

  withId(cli, verb(cli, feeds, 'discard', discardFeedFile.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(discardFeedFile, { id }),
      (file) => showFeedFile(screen, file),
    ),
  );
}

/** Loaded, or in its turn later without anybody's doing. */
const WELL: ReadonlySet<FeedFileView['state']> = new Set(['loaded', 'waiting', 'loading']);

/** A file that was refused, or waits for a person, makes a script stop. */
async function ended(cli: Cli, work: Promise<FeedFileView>): Promise<FeedFileView> {
  const file = await work;
  if (!WELL.has(file.state)) cli.fail();
  return file;
}

/** Shows what the file would do now, and has the number typed. */
async function asked(cli: Cli, session: Session, id: number): Promise<number> {
  const preview = await session.perform(previewHeld, { id, limit: 5 });
  session.progress.end();
  showFeedPreview(cli.aside, preview);
  cli.aside.line();
  const { touched, of } = preview.guard;
  await confirm(cli.aside.text('cli.feeds.ask', { users: touched, of }), String(touched));
  return touched;
}
