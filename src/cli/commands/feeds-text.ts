/** Feeds and their files in words. */
import type { FeedFileView, FeedPreview, ProfileView } from '../../feeds/index.ts';
import { differenceLines } from '../values.ts';
import { printable, type Screen } from '../screen.ts';
import { padEnd, widthOf } from '../width.ts';

type Counts = NonNullable<FeedFileView['counts']>;
type Rejected = FeedPreview['rejections'][number];

const STYLES = { waiting: 'dim', loading: 'cyan', held: 'yellow', loaded: 'green', refused: 'red', discarded: 'dim' } as const;

export function showFeeds(screen: Screen, feeds: readonly ProfileView[]): void {
  screen.say('cli.feeds.count', { count: feeds.length });
  if (feeds.length === 0) return;
  screen.table(
    [
      { title: screen.text('cli.label.code', {}) },
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.feeds.is_on', {}) },
      { title: screen.text('cli.feeds.owned', {}), align: 'right' },
      { title: screen.text('cli.feeds.absent', {}), align: 'right' },
      { title: screen.text('cli.feeds.last', {}) },
      { title: screen.text('cli.label.next', {}) },
      { title: screen.text('cli.feeds.held', {}) },
    ],
    feeds.map((feed) => [
      feed.code,
      printable(feed.name),
      screen.text(feed.enabled ? 'cli.yes' : 'cli.no', {}),
      screen.number(feed.users),
      screen.number(feed.absent),
      feed.last_load === null ? '–' : screen.date(feed.last_load.at),
      screen.date(feed.next_at),
      feed.held_file === null ? '' : `muster feeds show-file ${feed.held_file}`,
    ]),
  );
}

export function showFeedProfile(screen: Screen, feed: ProfileView): void {
  screen.heading(`${feed.code}  ${printable(feed.name)}`);
  if (feed.held_file !== null) screen.line(screen.style('yellow', `! ${screen.text('cli.feeds.waits', { id: String(feed.held_file) })}`));
  const pairs: (readonly [string, string])[] = [
    [screen.text('cli.label.description', {}), printable(feed.description ?? '–')],
    [screen.text('cli.feeds.is_on', {}), screen.text(feed.enabled ? 'cli.yes' : 'cli.no', {})],
    [screen.text('cli.feeds.owned', {}), screen.number(feed.users)],
    [screen.text('cli.feeds.absent', {}), absentText(screen, feed)],
    [screen.text('cli.label.source', {}), printable(JSON.stringify(feed.source))],
    [screen.text('cli.feeds.secret', {}), screen.text(feed.has_secret ? 'cli.yes' : 'cli.no', {})],
    [screen.text('cli.label.when', {}), feed.cron ?? '–'],
    [screen.text('cli.label.next', {}), screen.date(feed.next_at)],
    [
      screen.text('cli.feeds.format_label', {}),
      [feed.format ?? screen.text('cli.feeds.by_content', {}), feed.encoding ?? ''].join(' ').trim(),
    ],
    [screen.text('cli.feeds.match_label', {}), feed.match_identifier ?? screen.text('cli.label.primary_id', {})],
    [screen.text('cli.feeds.codes_label', {}), printable(JSON.stringify(feed.code_maps))],
    [screen.text('cli.feeds.defaults_label', {}), printable(JSON.stringify(feed.defaults))],
    [
      screen.text('cli.feeds.guard_label', {}),
      screen.text('cli.feeds.guard_text', { share: feed.guard_share, users: feed.guard_at_least }),
    ],
    [screen.text('cli.feeds.tell_label', {}), printable(feed.tell.join(', ')) || '–'],
    [screen.text('cli.feeds.export_label', {}), feed.export_target === null ? '–' : printable(JSON.stringify(feed.export_target))],
  ];
  screen.pairs(pairs);
}

function absentText(screen: Screen, feed: ProfileView): string {
  const set = feed.absent_set === null ? '' : `  (${screen.text('cli.label.set', {})}: ${printable(feed.absent_set.name)})`;
  return `${screen.number(feed.absent)}${set}`;
}

export function showFeedFiles(screen: Screen, files: readonly FeedFileView[]): void {
  screen.say('cli.feeds.files', { count: files.length });
  if (files.length === 0) return;
  const number = (file: FeedFileView, name: 'created' | 'updated' | 'absent' | 'rejected'): string =>
    file.counts === null ? '' : screen.number(file.counts[name]);
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.feeds.feed', {}) },
      { title: screen.text('cli.label.file', {}), max: 40 },
      { title: screen.text('cli.feeds.received', {}) },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.feeds.created', {}), align: 'right' },
      { title: screen.text('cli.label.changed', {}), align: 'right' },
      { title: screen.text('cli.feeds.absent', {}), align: 'right' },
      { title: screen.text('cli.feeds.rejected', {}), align: 'right' },
      { title: screen.text('cli.label.run', {}), align: 'right' },
    ],
    files.map((file) => [
      String(file.id),
      file.feed,
      printable(file.name),
      screen.date(file.received_at),
      file.state_text,
      number(file, 'created'),
      number(file, 'updated'),
      number(file, 'absent'),
      number(file, 'rejected'),
      file.run_id === null ? '' : String(file.run_id),
    ]),
  );
}

/** What became of one file, and what is to be done about it where something is. */
export function showFeedFile(screen: Screen, file: FeedFileView): void {
  const run = file.run_id === null ? '' : `  (${screen.text('cli.label.run', {})} ${file.run_id})`;
  screen.heading(`${printable(file.name)}  #${file.id}${run}`);
  screen.line(screen.style(STYLES[file.state], file.state_text));
  if (file.problem !== null) screen.line(screen.style('red', `✗ ${printable(file.problem)}`));
  if (file.counts !== null) showCounts(screen, file.counts, file.state === 'loaded' ? 'did' : 'would');
  if (file.state === 'held') screen.say('cli.feeds.decide', { id: String(file.id), users: file.counts?.guard.touched ?? 0 });
  if (file.state === 'waiting') screen.say('cli.feeds.turn', { code: file.feed });
  if (file.state === 'loaded' && (file.counts?.rejected ?? 0) > 0) screen.say('cli.feeds.see_rejections', { run: String(file.run_id) });
}

function showCounts(screen: Screen, counts: Counts, tense: 'would' | 'did'): void {
  screen.say(`cli.feeds.counts.${tense}`, {
    created: counts.created,
    updated: counts.updated,
    unchanged: counts.unchanged,
    absent: counts.absent,
    rejected: counts.rejected,
  });
  if (counts.held + counts.released > 0) screen.say('cli.feeds.held_fields', { held: counts.held, released: counts.released });
  if (counts.codes_added > 0) screen.say('cli.users.codes', { codes: counts.codes_added });
  for (const [code, records] of Object.entries(counts.reasons)) screen.line(`    ${screen.number(records)}  ${code}`);
  const { needed, touched, of, share } = counts.guard;
  if (needed) screen.line(screen.style('yellow', `! ${screen.text('cli.feeds.guarded', { touched, of, share })}`));
}

export function showFeedPreview(screen: Screen, preview: FeedPreview): void {
  screen.line(screen.style('yellow', screen.text('cli.feeds.nothing_written', {})));
  showCounts(screen, preview, 'would');
  for (const user of preview.users) {
    screen.line();
    screen.line(`${screen.style('green', '●')} ${screen.style('bold', printable(user.primary_id))}  ${printable(user.name)}`);
    const lines = differenceLines(screen, user.fields, user.rows);
    const width = Math.max(0, ...lines.map(([label]) => widthOf(label)));
    for (const [label, text] of lines) screen.line(`    ${screen.style('dim', padEnd(label, width))}  ${text}`);
  }
  if (preview.rejections.length === 0) return;
  screen.line();
  showRejections(screen, preview.rejections);
}

export function showRejections(screen: Screen, rejections: readonly Rejected[]): void {
  if (rejections.length === 0) {
    screen.say('cli.feeds.none_rejected', {});
    return;
  }
  const parts = rejections.some(({ part }) => part !== null);
  screen.table(
    [
      ...(parts ? [{ title: screen.text('cli.label.file', {}), max: 30 }] : []),
      { title: screen.text('cli.label.line', {}), align: 'right' },
      { title: screen.text('cli.label.user', {}), max: 24 },
      { title: screen.text('cli.label.field', {}), max: 30 },
      { title: screen.text('cli.label.reason', {}) },
    ],
    rejections.map(({ part, line, primary_id, field, message }) => [
      ...(parts ? [printable(part ?? '')] : []),
      String(line),
      printable(primary_id ?? ''),
      printable(field),
      printable(message),
    ]),
  );
}
