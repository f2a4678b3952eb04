import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { FeedDesk } from '../../../test/support/feeds.ts';
import { createFeed, fetchFeedNow, listFeedFiles, loadFeed, tendFeeds } from './index.ts';

const test = useTestDatabase();
const desk = new FeedDesk(test);
const MAPPING = { name: 'n', fields: { primary_id: 'id', last_name: 'name' } };

beforeEach(async () => {
  await desk.empty();
  await test.db.pool.query('delete from feed_files; delete from feed_profiles; delete from sets');
});

const people = (...names: readonly string[]) => `id,name\n${names.map((name, i) => `u${i + 1},${name}`).join('\n')}\n`;

async function tend(): Promise<{ found: boolean; failed: unknown[] }> {
  const failed: unknown[] = [];
  const found = await tendFeeds(desk.context(), new AbortController().signal, (_code, error) => failed.push(error));
  return { found, failed };
}

async function put(directory: string, name: string, content: string | Buffer): Promise<void> {
  const whole = path.join(desk.directory, 'exchange', directory);
  await mkdir(whole, { recursive: true });
  await writeFile(path.join(whole, name), content);
}

it('takes what a directory has when its time comes, in the order of the names, each file once', async () => {
  await test.db.pool.query(`insert into users (primary_id, last_name) values ('boss', 'Boss');
    insert into user_emails (user_id, address) select id, 'boss@example.org' from users where primary_id = 'boss'`);
  await createFeed.run(
    desk.context(),
    createFeed.input.parse({
      code: 'DIR',
      name: 'Directory',
      csv_mapping: MAPPING,
      source: { kind: 'directory', path: 'sis', pattern: '*.csv*' },
      cron: '0 3 * * *',
      tell: ['boss'],
    }),
  );
  await put('sis', '2026-10-02.csv.gz', gzipSync(people('Second', 'B', 'C', 'D')));
  await put('sis', '2026-10-01.csv', people('First', 'B', 'C', 'D'));
  await put('sis', 'readme.txt', 'not for us');
  expect(await tend()).toEqual({ found: false, failed: [] });
  await test.db.pool.query(`update feed_profiles set next_at = now() - interval '1 minute'`);
  expect(await tend()).toEqual({ found: true, failed: [] });
  const { files } = await listFeedFiles.run(desk.context(), listFeedFiles.input.parse({}));
  expect(files).toMatchObject([
    { name: '2026-10-02.csv.gz', state: 'loaded', counts: { updated: 1, unchanged: 3 }, received_by: 'feed DIR' },
    { name: '2026-10-01.csv', state: 'loaded', counts: { created: 4 }, received_by: 'feed DIR' },
  ]);
  // Told by mail: the two loads that ended.
  expect(
    await desk.query(`select m.event from staff_mails m join users u on u.id = m.user_id where u.primary_id = 'boss' order by m.id`),
  ).toEqual([{ event: 'ended' }, { event: 'ended' }]);
  // The next time is a night later; what is known is not fetched again.
  expect(await desk.query('select next_at > now() as later from feed_profiles')).toEqual([{ later: true }]);
  expect(await fetchFeedNow.run(desk.context(), { code: 'DIR' })).toEqual({ files: [] });
  await put('sis', '2026-10-03.csv', 'broken');
  expect(await fetchFeedNow.run(desk.context(), { code: 'DIR' })).toMatchObject({ files: [{ name: '2026-10-03.csv', state: 'refused' }] });
  expect((await listFeedFiles.run(desk.context(), listFeedFiles.input.parse({ limit: 1 }))).files[0]?.problem).toBeTruthy();
}, 120_000);

it('a place that cannot be reached is told, and the other feeds are tended all the same', async () => {
  const feed = (code: string, more: object) =>
    createFeed.run(desk.context(), createFeed.input.parse({ code, name: code, csv_mapping: MAPPING, cron: '0 3 * * *', ...more }));
  await feed('A', { source: { kind: 'https', url: 'https://127.0.0.1:9/nothing' } });
  await feed('B', { source: { kind: 'directory', path: 'b' } });
  await put('b', 'x.csv', people('X'));
  await test.db.pool.query(`update feed_profiles set next_at = now() - interval '1 minute'`);
  const { found, failed } = await tend();
  expect(found).toBe(true);
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({ code: 'feeds.source_unreachable' });
  expect(await desk.query(`select external_id from users`)).toEqual([{ external_id: 'B' }]);
}, 120_000);

it('whoever loads a file by hand changes nobody who outranks them', async () => {
  await createFeed.run(desk.context(), createFeed.input.parse({ code: 'UP', name: 'Upload', csv_mapping: MAPPING, guard_share: 100 }));
  const load = async (content: string, actor = desk.context().actor) => {
    const file = desk.path('x.csv');
    await writeFile(file, content);
    return loadFeed.run(desk.context(actor), { code: 'UP', file });
  };
  await load(people('Chief', 'Manager', 'Student'));
  await test.db.pool.query(
    `insert into user_roles (user_id, type, scope) select id, '26', 'INSTITUTION' from users where primary_id = 'u1'`,
  );
  const [own] = await desk.query<{ id: number }>(`select id from users where primary_id = 'u2'`);
  const manager = await userActor(test.db.pool, ['21'], { name: 'u2', userId: own?.id ?? 0 });
  expect(await load(people('Other', 'Other', 'Other'), manager)).toMatchObject({
    state: 'loaded',
    counts: { updated: 1, rejected: 2, reasons: { 'feeds.user_not_yours': 1, 'feeds.own_record': 1 } },
  });
  expect(await desk.query('select last_name from users order by id')).toEqual([
    { last_name: 'Chief' },
    { last_name: 'Manager' },
    { last_name: 'Other' },
  ]);
}, 120_000);
