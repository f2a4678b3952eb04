import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { FeedDesk } from '../../../test/support/feeds.ts';
import { applyRetention, eraseUser, showRetention } from '../../runs/index.ts';
import { createSetFromRun } from '../../sets/index.ts';
import {
  confirmFeedFile,
  createFeed,
  deleteFeed,
  type FeedFileView,
  listFeedFiles,
  listRejections,
  loadFeed,
  previewHeld,
} from './index.ts';

/** What can be done about a load when it is over, and what of it goes in time. */
const test = useTestDatabase();
const desk = new FeedDesk(test);

const COLUMNS = { name: 'students', fields: { primary_id: 'id', last_name: 'name', expiry_date: 'expiry' } };

async function load(lines: readonly string[]): Promise<FeedFileView> {
  const file = desk.path('students.csv');
  await writeFile(file, `id,name,expiry\n${lines.join('\n')}\n`);
  return loadFeed.run(desk.context(), { code: 'SIS', file });
}

/** Of a load with one new user, one changed, one internal and one with a wrong date. */
async function mixedLoad(): Promise<FeedFileView> {
  await load(Array.from({ length: 20 }, (_, i) => `s${i + 1},Old,2027-09-30`));
  await test.db.pool.query(`update users set account_type = 'INTERNAL', external_id = null where primary_id = 's2'`);
  const rest = Array.from({ length: 17 }, (_, i) => `s${i + 4},Old,2027-09-30`);
  return load(['s1,New,2027-09-30', 's2,New,2027-09-30', 's3,Old,tomorrow', ...rest, 'fresh,Fresh,2027-09-30']);
}

async function setOf(run: number | null, outcome: 'changed' | 'created' | 'unchanged' | 'failed', reason?: string): Promise<string[]> {
  const set = await createSetFromRun.run(desk.context(), {
    run: run ?? 0,
    outcome,
    name: `${outcome} ${reason ?? ''}`,
    private: false,
    ...(reason === undefined ? {} : { reason }),
  });
  const rows = await desk.query<{ primary_id: string }>(
    `select u.primary_id from set_members m join users u on u.id = m.user_id where m.set_id = ${set.id} order by 1`,
  );
  return rows.map((row) => row.primary_id);
}

beforeEach(async () => {
  await desk.empty();
  await test.db.pool.query(
    'delete from feed_files; delete from feed_profiles; delete from sets; delete from doomed_files; delete from settings',
  );
  await createFeed.run(desk.context(), createFeed.input.parse({ code: 'SIS', name: 'Students', csv_mapping: COLUMNS }));
});

describe('after a load', () => {
  it('a feed that owns nobody any more goes with its files', async () => {
    await load(['s1,Old,2027-09-30']);
    await test.db.pool.query(`update users set account_type = 'INTERNAL', external_id = null`);
    const [row] = await desk.query<{ stored: string }>('select f.stored from feed_files f');
    await deleteFeed.run(desk.context(), { code: 'SIS' });
    expect(await desk.query('select d.path from doomed_files d')).toEqual([{ path: row?.stored }]);
    expect(await desk.query('select f.id from feed_files f')).toEqual([]);
  });

  it('the number that confirms a held file is the one that was looked at last', async () => {
    const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `s${i + 1},Old,2027-09-30`);
    await load(lines(60));
    const held = await load(lines(30));
    expect(held.counts?.guard).toMatchObject({ needed: true, touched: 30 });
    await test.db.pool.query(`update users set last_name = 'Else', version = version + 1 where primary_id in ('s1', 's2')`);
    expect((await previewHeld.run(desk.context(), { id: held.id, limit: 5 })).guard).toMatchObject({ touched: 32 });
    await expect(confirmFeedFile.run(desk.context(), { id: held.id, users: 30 })).rejects.toMatchObject({ code: 'feeds.confirm_number' });
    expect(await confirmFeedFile.run(desk.context(), { id: held.id, users: 32 })).toMatchObject({
      state: 'loaded',
      counts: { updated: 2, absent: 30 },
    });
  });

  it('those whom it made, changed or did not take are put into sets', async () => {
    const loaded = await mixedLoad();
    expect(loaded).toMatchObject({ state: 'loaded', counts: { created: 1, updated: 1, rejected: 2 } });
    expect(await setOf(loaded.run_id, 'created')).toEqual(['fresh']);
    expect(await setOf(loaded.run_id, 'changed')).toEqual(expect.arrayContaining(['fresh', 's1']));
    expect(await setOf(loaded.run_id, 'failed', 'feeds.user_not_external')).toEqual(['s2']);
    expect(await setOf(loaded.run_id, 'failed', 'feeds.user_of_other_feed')).toEqual([]);
  });

  it('its file goes after its time, and what was not taken after its own; that it came stays', async () => {
    const loaded = await mixedLoad();
    const { files } = await listFeedFiles.run(desk.context(), listFeedFiles.input.parse({}));
    const stored = (await desk.query<{ stored: string }>('select f.stored from feed_files f order by f.id')).map((row) =>
      path.join(desk.directory, row.stored),
    );
    expect(stored.map((file) => existsSync(file))).toEqual([true, true]);
    await test.db.pool.query(sql`update feed_files set finished_at = now() - interval '31 days' where id = ${files[1]?.id}`);
    await test.db.pool.query(sql`update runs set created_at = now() - interval '366 days' where id = ${loaded.run_id}`);
    const { kinds } = await showRetention.run(desk.context(), {});
    expect(kinds.find(({ kind }) => kind === 'feed_files')).toMatchObject({ days: 30, settable: true, rows: 2, due: 1 });
    const { removed } = await applyRetention.run(desk.context(), {});
    expect(removed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'feed_files', rows: 1 }),
        expect.objectContaining({ kind: 'rejections', rows: 2 }),
      ]),
    );
    expect(stored.map((file) => existsSync(file))).toEqual([false, true]);
    const after = await listFeedFiles.run(desk.context(), listFeedFiles.input.parse({}));
    expect(after.files).toEqual(files.map((file) => expect.objectContaining({ id: file.id, state: 'loaded', counts: file.counts })));
    expect(await listRejections.run(desk.context(), listRejections.input.parse({ run: loaded.run_id }))).toMatchObject({ rejections: [] });
  });

  it('an erased user is not named by what was not taken', async () => {
    const loaded = await mixedLoad();
    await test.db.pool.query(`update feed_profiles set tell = '{S2,other}'`);
    await eraseUser.run(desk.context(), eraseUser.input.parse({ user: 's2', confirm: 's2' }));
    const { rejections } = await listRejections.run(desk.context(), listRejections.input.parse({ run: loaded.run_id }));
    expect(rejections.map(({ code, primary_id }) => [code, primary_id])).toContainEqual(['feeds.user_not_external', '[erased]']);
    expect(await desk.query(`select r.user_id, r.params from run_rejections r where r.code = 'feeds.user_not_external'`)).toEqual([
      { user_id: null, params: { value: '[erased]' } },
    ]);
    expect(await desk.query('select p.tell from feed_profiles p')).toEqual([{ tell: ['other'] }]);
  });
});
