import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { editUser, runsBench } from '../../test/support/runs.ts';
import { parseInput } from '../core/index.ts';
import { showUserRecord } from '../users/index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const EXTERNAL = { account_type: 'EXTERNAL', user_group: 'UNDERGRAD', campus_code: 'MED' };
const GIVE = { change: 'give_back_to_feed' };
const group = (set: string) => ({ change: 'user_group', set });

/** What is stored of the feed, of fields that are held. */
async function said(primaryId: string): Promise<Record<string, unknown>> {
  const { rows } = await test.db.pool.query<{ field: string; value: string | null }>(sql`
    select f.field, f.value from feed_values f join users u on u.id = f.user_id and f.field = any (u.held_fields)
    where u.primary_id = ${primaryId}`);
  return Object.fromEntries(rows.map(({ field, value }) => [field, value]));
}

/** A feed that sends something else for fields that are held. */
async function feedSays(primaryId: string, field: string, value: string | null): Promise<void> {
  await test.db.pool.query(sql`update feed_values f set value = ${value} from users u
    where u.id = f.user_id and u.primary_id = ${primaryId} and f.field = ${field}`);
}

const held = (primaryId: string) => bench.value(primaryId, 'held_fields');
const groupOf = (primaryId: string) => bench.value(primaryId, 'user_group');

beforeEach(() => bench.clear());

describe('a protected field that is set', () => {
  it('is held with what the feed said, once, whatever is set later', async () => {
    await bench.users({ primary_id: 'anna', ...EXTERNAL }, { primary_id: 'ben', ...EXTERNAL, user_group: null });
    const set = await bench.set('everyone');
    await bench.run(set, { changes: [group('STAFF'), { change: 'first_name', set: 'Kim' }] });
    expect(await said('anna')).toEqual({ user_group: 'UNDERGRAD' });
    expect(await said('ben')).toEqual({ user_group: null });
    await feedSays('anna', 'user_group', 'GRAD');
    await bench.run(set, { changes: [group('ALUMNI'), { change: 'campus_code', clear: true }] });
    expect(await said('anna')).toEqual({ user_group: 'GRAD', campus_code: 'MED' });
    expect(await held('anna')).toEqual(['user_group', 'campus_code']);
  });

  it('is held by an edit as well; a plan that yields, and users without a feed, store nothing', async () => {
    await bench.users({ primary_id: 'anna', ...EXTERNAL }, { primary_id: 'carl', user_group: 'UNDERGRAD' });
    const set = await bench.set('everyone');
    await bench.run(set, { changes: [group('STAFF')], protected: 'yield' });
    await bench.run(await bench.set('account_type = "INTERNAL"'), { changes: [group('ALUMNI')] });
    expect((await test.db.pool.query('select from feed_values')).rowCount).toBe(0);
    await editUser.run(bench.ctx, parseInput(editUser.input, { user: 'anna', changes: [group('ALUMNI')] }));
    expect(await said('anna')).toEqual({ user_group: 'STAFF' });
  });

  it('of a user who only now gets a feed has nothing that it said, not even from before', async () => {
    await bench.users({ primary_id: 'anna', ...EXTERNAL });
    const set = await bench.set('everyone');
    const first = await bench.run(set, { changes: [group('STAFF')] });
    await bench.undo(first.id);
    await bench.run(set, { changes: [{ change: 'account_type', set: 'INTERNAL', credentials: 'none' }] });
    await bench.run(set, { changes: [{ change: 'account_type', set: 'EXTERNAL', external_id: 'SIS' }, group('ALUMNI')] });
    expect(await held('anna')).toEqual(['user_group']);
    expect(await said('anna')).toEqual({});
  });
});

describe('a held field', () => {
  it('is told with both values and since when, to the record and to filters', async () => {
    await bench.users(
      { primary_id: 'anna', ...EXTERNAL, held_fields: ['user_title'], user_title: 'DR' },
      { primary_id: 'carl', user_group: 'STAFF', held_fields: ['user_group'] },
    );
    await bench.run(await bench.set('primary_id = "anna"'), { changes: [group('STAFF')] });
    const shown = async (user: string) => (await showUserRecord.run(bench.ctx, { user })).held;
    const since = expect.stringMatching(/Z$/);
    expect(await shown('anna')).toEqual([
      { field: 'user_title', label: 'User title', value: 'DR', value_label: 'Dr.', since: null, feed: null },
      {
        field: 'user_group',
        label: 'User group',
        value: 'STAFF',
        value_label: 'University staff',
        since,
        feed: { value: 'UNDERGRAD', label: 'Undergraduate student', since },
      },
    ]);
    // No feed owns him: there is nothing to hold anything against.
    expect(await shown('carl')).toEqual([]);
    const found = async (where: string) => (await bench.preview(await bench.set(where), { changes: [GIVE] })).members;
    expect(await found('held = "user_group" and account_type = "EXTERNAL"')).toBe(1);
    expect(await found('held in ("user_title", "campus_code")')).toBe(1);
    expect(await found('held is not empty')).toBe(2);
  });
});

describe('giving back to the feed', () => {
  const seed = async () => {
    await bench.users(
      { primary_id: 'anna', ...EXTERNAL },
      { primary_id: 'ben', ...EXTERNAL, held_fields: ['user_title'], user_title: 'DR' },
      { primary_id: 'carl', user_group: 'UNDERGRAD' },
      { primary_id: 'dora', ...EXTERNAL },
    );
    await bench.run(await bench.set('primary_id in ("anna", "ben")'), {
      changes: [group('STAFF'), { change: 'campus_code', set: 'CITY' }],
    });
    return bench.set('everyone');
  };

  it('takes the feed’s values, lets the fields go, and is undone with the library’s', async () => {
    const set = await seed();
    await feedSays('anna', 'user_group', 'GRAD');
    const before = await bench.snapshot();
    const preview = await bench.preview(set, { changes: [GIVE] });
    expect(preview).toMatchObject({ changed: 2, skipped: 2 });
    const report = await bench.run(set, { changes: [GIVE] }, { digest: preview.digest });
    expect(report.changes[0]).toMatchObject({
      words: 'Give all held fields back to the feed',
      changed: 2,
      skipped_reasons: [
        { reason: 'changes.not_external', users: 1 },
        { reason: 'changes.not_held', users: 1 },
      ],
      // Nobody knows what the feed says of ben's title.
      warnings: [{ reason: 'changes.feed_value_unknown', users: 1 }],
    });
    expect([await groupOf('anna'), await bench.value('anna', 'campus_code'), await held('anna')]).toEqual(['GRAD', 'MED', []]);
    expect([await groupOf('ben'), await bench.value('ben', 'user_title'), await held('ben')]).toEqual(['UNDERGRAD', 'DR', []]);
    const after = await bench.snapshot();
    const undo = await bench.undo(report.id);
    expect(undo.counts).toMatchObject({ changed: 2, conflict: 0 });
    expect(await bench.snapshot()).toEqual(before);
    expect(await said('anna')).toEqual({ user_group: 'GRAD', campus_code: 'MED' });
    await bench.undo(undo.id);
    expect(await bench.snapshot()).toEqual(after);
  });

  it('takes the fields that are named, with a condition, under either name', async () => {
    const set = await seed();
    const report = await bench.run(set, {
      changes: [{ change: 'give-back-to-feed', fields: ['user_group'], when: 'primary_id != "ben"' }],
    });
    expect(report.changes[0]).toMatchObject({ words: 'Give back to the feed: User group', changed: 1 });
    expect(await held('anna')).toEqual(['campus_code']);
    expect(await held('ben')).toEqual(['user_title', 'campus_code', 'user_group']);
    await expect(bench.preview(set, { changes: [{ ...GIVE, fields: [] }] })).rejects.toThrow(/leave the fields out/);
    await expect(bench.preview(set, { changes: [{ ...GIVE, fields: ['expiry_date'] }] })).rejects.toMatchObject({
      code: 'changes.invalid',
    });
  });

  it('leaves alone what the feed has brought since, when it is undone', async () => {
    const set = await seed();
    await feedSays('anna', 'user_group', 'STAFF');
    const given = await bench.run(set, { changes: [GIVE] });
    // The group did not move, as the feed says the same; now the feed moves both.
    await bench.run(await bench.set('primary_id = "anna"'), {
      changes: [group('GRAD'), { change: 'campus_code', set: 'TECH' }],
      protected: 'yield',
    });
    const undo = await bench.undo(given.id);
    expect(undo.counts).toMatchObject({ changed: 1, conflict: 1 });
    expect([await groupOf('anna'), await bench.value('anna', 'campus_code'), await held('anna')]).toEqual(['GRAD', 'TECH', []]);
  });

  it.each<[string, object[], string, string[]]>([
    ['set again afterwards, is held again', [GIVE, group('ALUMNI')], 'ALUMNI', ['user_group']],
    ['set before, is given back', [group('ALUMNI'), GIVE], 'UNDERGRAD', []],
    ['set again to what the feed says, stays with the feed', [GIVE, group('UNDERGRAD')], 'UNDERGRAD', []],
    ['given back twice, is given back', [GIVE, GIVE], 'UNDERGRAD', []],
    ['set again only for others, stays with the feed', [GIVE, { ...group('ALUMNI'), when: 'loans > 0' }], 'UNDERGRAD', []],
  ])('a field that is %s', async (_, changes, value, names) => {
    await bench.users({ primary_id: 'anna', ...EXTERNAL });
    const set = await bench.set('everyone');
    await bench.run(set, { changes: [group('STAFF')] });
    const before = await bench.snapshot();
    const report = await bench.run(set, { changes });
    expect([await groupOf('anna'), await held('anna')]).toEqual([value, names]);
    if (names.length > 0) expect(await said('anna')).toEqual({ user_group: 'UNDERGRAD' });
    const after = await bench.snapshot();
    const undo = await bench.undo(report.id);
    expect(await bench.snapshot()).toEqual(before);
    expect(await said('anna')).toEqual({ user_group: 'UNDERGRAD' });
    await bench.undo(undo.id);
    expect(await bench.snapshot()).toEqual(after);
  });
});
