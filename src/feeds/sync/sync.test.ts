import { writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../../test/support/database.ts';
import { FeedDesk } from '../../../test/support/feeds.ts';
import type { AppError } from '../../core/index.ts';
import { previewUndo, showRun, undoRun, workOnce } from '../../runs/index.ts';
import { receiveFile } from './files.ts';
import {
  confirmFeedFile,
  createFeed,
  discardFeedFile,
  findProfile,
  listFeedFiles,
  listRejections,
  loadFeed,
  previewFeed,
  previewHeld,
  showFeed,
  tendFeeds,
  updateFeed,
} from './index.ts';

interface Student {
  readonly id: string;
  readonly name?: string;
  readonly group?: string;
  readonly barcode?: string;
  readonly email?: string;
  readonly expiry?: string;
}

const COLUMNS = {
  name: 'students',
  fields: { primary_id: 'id', last_name: 'name', user_group: 'group', expiry_date: { column: 'expiry', empty: 'clear' } },
  rows: [
    { row: 'identifier', with: { type: 'BARCODE' }, from: { value: 'barcode' }, empty: 'clear' },
    { row: 'email', with: { types: ['school'] }, from: { address: 'email' }, empty: 'clear' },
  ],
};

/** `count` students, the first of them with other values than usual. */
function class_(count: number, special: readonly Student[] = []): Student[] {
  const students = Array.from({ length: count }, (_, i): Student => ({ id: `s${i + 1}` }));
  return [...special, ...students.slice(special.length)];
}

function csv(students: readonly Student[]): string {
  const lines = students.map((s) =>
    [
      s.id,
      s.name ?? `Name ${s.id}`,
      s.group ?? 'STUDENT',
      s.barcode ?? `B-${s.id}`,
      s.email ?? `${s.id}@uni.example`,
      s.expiry ?? '2027-09-30',
    ].join(','),
  );
  return `id,name,group,barcode,email,expiry\n${lines.join('\n')}\n`;
}

forEachEngine((engine) => {
  const test = useTestDatabase(engine);
  const desk = new FeedDesk(test);

  const operate = {
    load: async (students: readonly Student[] | string, code = 'SIS') => {
      const file = desk.path('students.csv');
      await writeFile(file, typeof students === 'string' ? students : csv(students));
      return loadFeed.run(desk.context(), { code, file });
    },
    preview: async (students: readonly Student[], code = 'SIS') => {
      const file = desk.path('students.csv');
      await writeFile(file, csv(students));
      return previewFeed.run(desk.context(), previewFeed.input.parse({ code, file }));
    },
    feed: (code = 'SIS', more: object = {}) =>
      createFeed.run(desk.context(), createFeed.input.parse({ code, name: `Students ${code}`, csv_mapping: COLUMNS, ...more })),
  };
  const user = async (id: string) =>
    (await desk.query<Record<string, unknown>>('select u.* from users u where u.primary_id = $1', [id]))[0];
  const everything = () =>
    desk.query(`select (select jsonb_agg(to_jsonb(u) order by u.id) from users u) as users,
      (select jsonb_agg(to_jsonb(i) order by i.id) from user_identifiers i) as identifiers,
      (select jsonb_agg(to_jsonb(e) order by e.id) from user_emails e) as emails, (select count(*) from journal) as journal`);

  beforeEach(async () => {
    await desk.empty();
    await test.db.pool.query('delete from feed_files; delete from feed_profiles; delete from sets');
  });

  describe('a feed', () => {
    it('makes its users, changes what differs, and a file that comes again changes nothing', async () => {
      await operate.feed();
      expect(await operate.load(class_(30))).toMatchObject({
        state: 'loaded',
        counts: { created: 30, updated: 0, rejected: 0, absent: 0 },
      });
      expect(await user('s1')).toMatchObject({ account_type: 'EXTERNAL', external_id: 'SIS', last_name: 'Name s1', user_group: 'STUDENT' });

      const second = class_(30, [{ id: 's1', name: 'Wed', email: 'wed@uni.example' }]);
      const seen = await operate.preview(second);
      expect(seen).toMatchObject({ created: 0, updated: 1, unchanged: 29, rejected: 0, guard: { needed: false, touched: 1, of: 30 } });
      expect(seen.users).toHaveLength(1);
      expect(seen.users[0]).toMatchObject({ primary_id: 's1', fields: { last_name: ['Name s1', 'Wed'] } });
      expect(await user('s1')).toMatchObject({ last_name: 'Name s1' });

      expect(await operate.load(second)).toMatchObject({ state: 'loaded', counts: { updated: 1, unchanged: 29 } });
      expect(await user('s1')).toMatchObject({ last_name: 'Wed' });
      const before = await everything();
      expect(await operate.load(second)).toMatchObject({
        state: 'loaded',
        counts: { created: 0, updated: 0, unchanged: 30, rejected: 0, absent: 0 },
      });
      expect(await everything()).toEqual(before);
    });

    it('says nothing of internal users: graduates survive every later file, each told with its line', async () => {
      await operate.feed();
      await operate.load(class_(20));
      await test.db.pool.query(`update users set account_type = 'INTERNAL', external_id = null where primary_id in ('s3', 's4')`);
      const loaded = await operate.load(class_(20, [{ id: 's1', name: 'A' }, { id: 's2' }, { id: 's3', name: 'B' }]));
      expect(loaded).toMatchObject({
        state: 'loaded',
        counts: { updated: 1, unchanged: 17, rejected: 2, reasons: { 'feeds.user_not_external': 2 } },
      });
      expect(await user('s3')).toMatchObject({ last_name: 'Name s3', account_type: 'INTERNAL' });
      const { rejections } = await listRejections.run(desk.context(), listRejections.input.parse({ run: loaded.run_id }));
      expect(rejections).toMatchObject([
        { line: 4, code: 'feeds.user_not_external', primary_id: 's3' },
        { line: 5, code: 'feeds.user_not_external', primary_id: 's4' },
      ]);
    });

    it('leaves the users of another feed alone', async () => {
      await operate.feed();
      await operate.feed('STAFF');
      await operate.load(class_(12));
      expect(await operate.load([{ id: 's1', name: 'Taken' }, { id: 'p1' }], 'STAFF')).toMatchObject({
        counts: { created: 1, rejected: 1, reasons: { 'feeds.user_of_other_feed': 1 }, absent: 0 },
      });
      expect(await user('s1')).toMatchObject({ last_name: 'Name s1', external_id: 'SIS' });
    });

    it('holds what the library decided, keeps what the file says of it, and lets go when both say the same', async () => {
      await operate.feed();
      await operate.load(class_(20));
      await test.db.pool.query(`update users set user_group = 'STAFF', held_fields = '{user_group}' where primary_id = 's1'`);
      expect(await operate.load(class_(20))).toMatchObject({ counts: { updated: 0, unchanged: 20, held: 1, released: 0 } });
      expect(await user('s1')).toMatchObject({ user_group: 'STAFF', held_fields: ['user_group'] });
      expect(await desk.query('select f.field, f.value from feed_values f')).toEqual([{ field: 'user_group', value: 'STUDENT' }]);

      expect(await operate.load(class_(20, [{ id: 's1', group: 'STAFF' }]))).toMatchObject({
        counts: { updated: 1, held: 0, released: 1 },
      });
      expect(await user('s1')).toMatchObject({ user_group: 'STAFF', held_fields: [] });
      expect(await operate.load(class_(20))).toMatchObject({ counts: { updated: 1, held: 0 } });
      expect(await user('s1')).toMatchObject({ user_group: 'STUDENT' });
    });

    it('tells whom it no longer names, deletes nobody, and takes them back', async () => {
      const { absent_set } = await operate.feed();
      await operate.load(class_(50));
      expect(await operate.load(class_(48))).toMatchObject({ state: 'loaded', counts: { updated: 0, unchanged: 48, absent: 2 } });
      expect((await user('s50'))?.['absent_since']).not.toBeNull();
      expect(await showFeed.run(desk.context(), { code: 'SIS' })).toMatchObject({ users: 50, absent: 2, absent_set });
      expect(await operate.load(class_(48))).toMatchObject({ counts: { absent: 0, unchanged: 48 } });
      expect(await operate.load(class_(50))).toMatchObject({ counts: { updated: 2, absent: 0 } });
      expect((await user('s50'))?.['absent_since']).toBeNull();
    });
  });

  describe('records that come again word for word', () => {
    it('are looked at again when somebody has changed the user, or the way of reading them', async () => {
      await operate.feed();
      await operate.load(class_(20));
      // Not through the library's own doors, so that only the version tells.
      await test.db.pool.query(`update users set last_name = 'By hand', version = version + 1 where primary_id = 's2'`);
      expect(await operate.load(class_(20))).toMatchObject({ counts: { updated: 1, unchanged: 19 } });
      expect(await user('s2')).toMatchObject({ last_name: 'Name s2' });

      await desk.query(
        `insert into codes (table_name, code, label_en, label_de) values ('UserGroups', 'GUEST', 'Guest', 'Gast') on conflict do nothing`,
      );
      await updateFeed.run(desk.context(), { code: 'SIS', code_maps: { user_group: { STUDENT: 'GUEST' } } });
      const held = await operate.load(class_(20));
      expect(held).toMatchObject({ state: 'held', counts: { updated: 20 } });
      expect(await confirmFeedFile.run(desk.context(), { id: held.id, users: 20 })).toMatchObject({
        state: 'loaded',
        counts: { updated: 20 },
      });
      expect(await user('s2')).toMatchObject({ user_group: 'GUEST' });
    });

    it('count for one user once: a second, other record of the same user is refused with both lines', async () => {
      await operate.feed();
      await operate.load(class_(20));
      const twice = `${csv(class_(20))}S3,Other,STUDENT,B-s3,s3@uni.example,2027-09-30\n`;
      const loaded = await operate.load(twice);
      expect(loaded).toMatchObject({
        counts: { updated: 0, unchanged: 20, rejected: 1, reasons: { 'feeds.duplicate_user': 1 }, absent: 0 },
      });
      const { rejections } = await listRejections.run(desk.context(), listRejections.input.parse({ run: loaded.run_id }));
      expect(rejections).toMatchObject([{ line: 22, code: 'feeds.duplicate_user' }]);
      expect(rejections[0]?.message).toContain('4');
      expect(await user('s3')).toMatchObject({ last_name: 'Name s3' });
    });
  });

  describe('undo', () => {
    it('takes back what a load changed, but for what was changed since, and leaves those whom it made', async () => {
      await operate.feed();
      await operate.load(class_(20));
      const before = await desk.query('select u.id, u.last_name, u.absent_since from users u order by u.id');
      const students = class_(20, [{ id: 's1', name: 'A', email: 'a@uni.example' }, { id: 's2', name: 'B' }, { id: 'new' }]);
      const loaded = await operate.load(students.slice(0, 19));
      expect(loaded).toMatchObject({ state: 'loaded', counts: { created: 1, updated: 2, absent: 2 } });
      await test.db.pool.query(`update users set last_name = 'Since', version = version + 1 where primary_id = 's2'`);

      const preview = await previewUndo.run(desk.context(), previewUndo.input.parse({ id: loaded.run_id }));
      expect(preview).toMatchObject({ members: 5, changed: 3, conflict: 1, skipped: 1 });
      const undo = await undoRun.run(desk.context(), undoRun.input.parse({ id: loaded.run_id, confirm: true }));
      while (await workOnce(desk.context()));
      const report = await showRun.run(desk.context(), { id: undo.id });
      expect(report.counts).toMatchObject({ changed: 3, conflict: 1, skipped: 1 });
      const after = await desk.query('select u.id, u.last_name, u.absent_since from users u order by u.id');
      expect(after.slice(0, 20)).toEqual(before.map((row) => (row['last_name'] === 'Name s2' ? { ...row, last_name: 'Since' } : row)));
      expect(await desk.query(`select e.address from user_emails e join users u on u.id = e.user_id where u.primary_id = 's1'`)).toEqual([
        { address: 's1@uni.example' },
      ]);
      // The feed says what it says: the next file brings it back.
      expect(await operate.load(students.slice(0, 19))).toMatchObject({ counts: { updated: 2, absent: 2 } });
    });
  });

  describe('a loader that is killed', () => {
    it('has written nothing, and the file is taken again from its beginning', async () => {
      await operate.feed();
      await operate.load(class_(20));
      const file = desk.path('students.csv');
      await writeFile(file, csv(class_(20, [{ id: 's1', name: 'Night' }])));
      const profile = await findProfile(test.db.pool, 'SIS');
      const id = await receiveFile(desk.context(), profile, {
        name: 'night.csv',
        path: file,
        origin: { kind: 'upload', name: 'night.csv' },
      });
      // What a loader leaves that ended in mid-load: the state, and no lock.
      await test.db.pool.query(`update feed_files set state = 'loading' where id = $1`, [id]);
      const failed: unknown[] = [];
      await tendFeeds(desk.context(), new AbortController().signal, (_code, error) => failed.push(error));
      expect(failed).toEqual([]);
      const { files } = await listFeedFiles.run(desk.context(), listFeedFiles.input.parse({}));
      expect(files[0]).toMatchObject({ id, state: 'loaded', counts: { updated: 1 } });
      expect(await user('s1')).toMatchObject({ last_name: 'Night' });
    });

    it('two that begin at once take turns, and every file is loaded once', async () => {
      await operate.feed();
      await Promise.all([operate.load(class_(30)), operate.load(class_(30)), operate.load(class_(30, [{ id: 's1', name: 'Last' }]))]);
      const { files } = await listFeedFiles.run(desk.context(), listFeedFiles.input.parse({}));
      expect(files.map((f) => f.state)).toEqual(['loaded', 'loaded', 'loaded']);
      expect(files.reduce((sum, f) => sum + (f.counts?.created ?? 0), 0)).toBe(30);
    });
  });

  describe('the guard', () => {
    it('lets a halved file wait for a person, and those behind it', async () => {
      await operate.feed();
      await operate.load(class_(60));
      const before = await everything();
      const held = await operate.load(class_(30));
      expect(held).toMatchObject({ state: 'held', counts: { absent: 30, guard: { needed: true, touched: 30, of: 60, share: 20 } } });
      expect(await everything()).toEqual(before);
      const behind = await operate.load(class_(60, [{ id: 's1', name: 'New' }]));
      expect(behind).toMatchObject({ state: 'waiting' });
      expect(await previewHeld.run(desk.context(), { id: held.id, limit: 5 })).toMatchObject({ absent: 30 });
      await expect(confirmFeedFile.run(desk.context(), { id: held.id, users: 29 })).rejects.toMatchObject({ code: 'feeds.confirm_number' });

      expect(await discardFeedFile.run(desk.context(), { id: held.id })).toMatchObject({ state: 'discarded' });
      const { files } = await listFeedFiles.run(desk.context(), listFeedFiles.input.parse({}));
      expect(files.map((f) => f.state)).toEqual(['loaded', 'discarded', 'loaded']);
      expect(await user('s1')).toMatchObject({ last_name: 'New' });
    });

    it('loads it when a person confirms the number', async () => {
      await operate.feed();
      await operate.load(class_(60));
      const held = await operate.load(class_(30));
      expect(await confirmFeedFile.run(desk.context(), { id: held.id, users: 30 })).toMatchObject({
        state: 'loaded',
        run_id: held.run_id,
        counts: { absent: 30 },
      });
      expect(await desk.query('select count(*)::integer as absent from users where absent_since is not null')).toEqual([{ absent: 30 }]);
      await expect(confirmFeedFile.run(desk.context(), { id: held.id, users: 30 })).rejects.toMatchObject({
        code: 'feeds.file_not_held',
      } satisfies Partial<AppError>);
    });

    it('a broken or an empty file is refused, and changes nothing', async () => {
      await operate.feed();
      await operate.load(class_(20));
      const before = await everything();
      expect(await operate.load(`${csv(class_(20)).slice(0, 300)}"open`)).toMatchObject({ state: 'refused' });
      expect(await operate.load('id,name,group,barcode,email,expiry\n')).toMatchObject({ state: 'refused' });
      expect(await operate.load('who,what\n1,2\n')).toMatchObject({ state: 'refused' });
      expect(await everything()).toEqual(before);
      expect((await operate.load(class_(20))).state).toBe('loaded');
    });
  });
});
