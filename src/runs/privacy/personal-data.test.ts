import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { perform } from '../../access/index.ts';
import type { Context } from '../../core/index.ts';
import { showUser } from '../../feeds/index.ts';
import { ownPersonalData, personalData } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
let userId = 0;
const ctx = (): Context => ({ ...bench.ctx, db: test.db });

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query('delete from audit; delete from suppressed_addresses');
  [userId = 0] = await bench.users({
    primary_id: 'erika',
    first_name: 'Erika',
    last_name: '<Muster & Söhne>',
    preferred_language: 'de',
    user_group: 'STUDENT',
    birth_date: '1990-02-03',
    user_emails: [{ address: 'erika@example.org' }],
    user_notes: [{ type: 'LIBRARY', text: 'A note for staff only' }],
    user_roles: [{ type: '200', scope: 'INSTITUTION' }],
    user_identifiers: [{ type: 'BARCODE', value: 'B-1' }],
  });
  const set = await bench.set(`primary_id = 'erika'`);
  await bench.run(set, { changes: [{ change: 'user_group', set: 'STAFF' }], notify: { type: 'GENERAL_NOTICE' } });
  await test.db.pool.query(sql`
    with made as (insert into sets (name, kind, owner) values ('Summer readers', 'itemized', 'administrator') returning id)
    insert into set_members select m.id, ${userId} from made m`);
  await test.db.pool.query(
    sql`insert into circulation (user_id, kind, reference, title, true_on) values (${userId}, 'loan', 'L1', 'The Castle', '2026-01-01')`,
  );
  await test.db.pool.query(sql`
    insert into letter_bounces (outbox_id, kind, address, status, digest)
    select o.id, 'soft', 'erika@example.org', '5.2.2', 'x' from outbox o where o.user_id = ${userId}`);
  await test.db.pool.query(
    `insert into suppressed_addresses (channel, address, reason) values ('email', 'erika@example.org', 'complaint')`,
  );
  await test.db.pool.query(sql`insert into credentials (user_id, kind, hash) values (${userId}, 'password', '$argon2id$secret')`);
  await test.db.pool.query(sql`insert into feed_values (user_id, field, value) values (${userId}, 'user_title', 'Professorin')`);
  await perform(ctx(), showUser, { user: 'b-1' });
});

describe('the personal data of a user', () => {
  it('are everything that is held, as one document and as a page in the person’s language', async () => {
    const desk = { ...ctx(), actor: await userActor(test.db.pool, ['50'], { name: 'desk' }) };
    const { data, page } = await perform(desk, personalData, { user: 'b-1', page: true });
    expect(data).toMatchObject({
      primary_id: 'erika',
      record: {
        primary_id: 'erika',
        user_group: { value: 'STAFF' },
        birth_date: '1990-02-03Z',
        user_note: [{ note_text: 'A note for staff only' }],
      },
      feed: [{ field: 'Anrede', value: 'Professorin', held: false }],
      circulation: [{ kind: 'loan', title: 'The Castle' }],
      credentials: [{ kind: 'password', in_force: null }],
      history: [{ fields: [{ field: 'user_group', before: 'STUDENT', after: 'STAFF' }] }],
      messages: [{ letter: 'GENERAL_NOTICE', letter_name: 'Allgemeine Mitteilung', state: 'queued', address: 'erika@example.org' }],
      came_back: [{ kind: 'soft', status: '5.2.2' }],
      suppressed_addresses: [{ address: 'erika@example.org', reason: 'complaint' }],
      sets: [{ name: 'Summer readers' }],
      runs: [{ outcome: 'changed' }],
      seen_by: [{ actor: 'administrator', operation: 'users.show' }],
    });
    expect(JSON.stringify(data)).not.toContain('argon2id');
    expect(page).toContain('lang="de"');
    expect(page).toContain('Gespeicherte Daten zu Erika &#60;Muster &#38; Söhne&#62;');
    expect(page).toContain('03.02.1990');
    expect(page).not.toContain('<Muster');
    expect(page).toContain('The Castle');
    const { rows } = await test.db.pool.query(`select actor, entity_id from audit where operation = 'user.personal_data'`);
    expect(rows).toEqual([{ actor: 'desk', entity_id: 'erika' }]);
  });

  it('are the person’s own to have, and nobody else’s without the right to hand them out', async () => {
    const self = { ...ctx(), actor: await userActor(test.db.pool, ['200'], { name: 'erika', userId }) };
    const { data, page } = await perform(self, ownPersonalData, {});
    expect(data).toMatchObject({ primary_id: 'erika', sets: [{ name: 'Summer readers' }] });
    expect(page).toBeNull();
    const manager = { ...ctx(), actor: await userActor(test.db.pool, ['21']) };
    await expect(perform(manager, personalData, { user: 'erika' })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(perform(self, personalData, { user: 'erika' })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(perform(ctx(), ownPersonalData, {})).rejects.toMatchObject({ code: 'privacy.not_a_user' });
  });
});
