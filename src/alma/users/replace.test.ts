import { beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { errorOf } from '../../../test/support/alma.ts';
import { useAlmaServer } from '../../../test/support/alma-server.ts';
import { runsBench } from '../../../test/support/runs.ts';

const { ask, test, number, actors } = useAlmaServer();
const bench = runsBench(test);
type Json = Record<string, unknown>;

beforeEach(() => test.db.pool.query('truncate users, runs, journal restart identity cascade'));

const internal = (id: string, more: Json = {}): Json => ({ primary_id: id, first_name: 'Ada', last_name: 'Byron', ...more });
const external = (id: string, more: Json = {}): Json => internal(id, { account_type: { value: 'EXTERNAL' }, external_id: 'SIS', ...more });
const note = (text: string, segment?: string) => ({
  note_type: { value: 'LIBRARY' },
  note_text: text,
  ...(segment === undefined ? {} : { segment_type: segment }),
});
const role = (type: string) => ({ status: { value: 'ACTIVE' }, scope: { value: '01MUSTER_INST' }, role_type: { value: type } });

async function create(body: Json): Promise<Json> {
  const answer = await ask('POST', '/users', { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

async function put(id: string, body: Json, query = ''): Promise<Json> {
  const answer = await ask('PUT', `/users/${id}${query}`, { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

/** What a PUT answers is what is there. */
async function putAndRead(id: string, body: Json, query = ''): Promise<Json> {
  const answer = await put(id, body, query);
  expect((await ask('GET', `/users/${String(answer['primary_id'])}`)).json).toEqual(answer);
  return answer;
}

const texts = (user: Json) => (user['user_note'] as { note_text: string }[]).map((each) => each.note_text).sort();

describe('what a PUT does', () => {
  it('swaps all: what is missing is erased or what it is by default', async () => {
    await create(
      internal('a', {
        job_description: 'old',
        birth_date: '1990-01-01Z',
        status: { value: 'INACTIVE' },
        record_type: { value: 'STAFF' },
        user_note: [note('old')],
        contact_info: { email: [{ email_address: 'a@example.org', email_type: [{ value: 'work' }] }] },
      }),
    );
    const after = await putAndRead('a', { primary_id: 'a', last_name: 'New' });
    expect(after).toMatchObject({
      first_name: '',
      last_name: 'New',
      job_description: '',
      status: { value: 'ACTIVE' },
      record_type: { value: 'PUBLIC' },
      account_type: { value: 'INTERNAL' },
      user_note: [],
      contact_info: { address: [], email: [], phone: [] },
    });
    expect(after).not.toHaveProperty('birth_date');
  });

  it('replaces lists segment by segment; an empty one deletes', async () => {
    const user = await create(external('e', { user_note: [note('in', 'Internal'), note('out', 'External')] }));
    expect(texts(await putAndRead('e', { ...user, user_note: [note('out 2', 'External')] }))).toEqual(['in', 'out 2']);
    expect(texts(await putAndRead('e', { ...user, user_note: [note('in 2', 'Internal')] }))).toEqual(['in 2', 'out 2']);
    // A segment that is missing or none is the feed's, on an external user.
    expect(texts(await putAndRead('e', { ...user, user_note: [note('x'), note('y', 'bogus')] }))).toEqual(['in 2', 'x', 'y']);
    expect(texts(await putAndRead('e', { ...user, user_note: [] }))).toEqual([]);
  });

  it('renames by the body, whatever the path', async () => {
    const user = await create(internal('old', { user_identifier: [{ id_type: { value: 'BARCODE' }, value: 'B1' }] }));
    expect((await putAndRead('B1', { ...user, primary_id: 'new' }))['primary_id']).toBe('new');
    expect(errorOf(await ask('GET', '/users/old')).code).toBe('401861');
    expect((await ask('GET', '/users/NEW')).json['primary_id']).toBe('new');
    // The same id in other letters is no new id.
    expect((await putAndRead('new', { ...user, primary_id: 'NEW' }))['primary_id']).toBe('new');
  });

  it('ignores what is only for reading', async () => {
    const user = await create(internal('a', { user_note: [note('n')] }));
    const [first] = user['user_note'] as Json[];
    const after = await putAndRead('a', {
      ...user,
      link: 'x',
      full_name: 'Somebody Else',
      status_date: '1999-01-01Z',
      last_patron_activity_date: '1999-01-01Z',
      loans: { value: 99, link: 'x' },
      user_note: [{ ...first, created_by: 'mallory', created_date: '1999-01-01T00:00:00Z' }],
    });
    expect(after).toEqual(user);
    expect(await number('select count(*) from journal')).toBe(1);
  });

  it('keeps protected fields that the library holds, unless override names them, and never takes an empty one', async () => {
    const user = await create(external('e', { user_group: { value: 'STAFF' }, campus_code: { value: 'Main' } }));
    await test.db.pool.query(`update users set held_fields = '{user_group}' where primary_id = 'e'`);
    expect(await putAndRead('e', { ...user, user_group: { value: 'GRAD' }, campus_code: { value: 'North' } })).toMatchObject({
      user_group: { value: 'STAFF' },
      campus_code: { value: 'North' },
    });
    expect(await putAndRead('e', { ...user, user_group: { value: '' }, campus_code: { value: '' } })).toMatchObject({
      user_group: { value: 'STAFF' },
      campus_code: { value: 'North' },
    });
    const over = await putAndRead(
      'e',
      { ...user, user_group: { value: 'GRAD' }, campus_code: { value: '' } },
      '?override=user_group,campus_code',
    );
    expect(over).toMatchObject({ user_group: { value: 'GRAD' }, campus_code: { value: '' } });
  });

  it('holds protected fields that override names against the feed, with what that said', async () => {
    const user = await create(external('e', { user_group: { value: 'STAFF' }, campus_code: { value: 'Main' } }));
    const held = async () =>
      (
        await test.db.pool.query(`select u.held_fields, (select jsonb_object_agg(f.field, f.value) from feed_values f where f.user_id = u.id) as said
          from users u where u.primary_id = 'e'`)
      ).rows[0];
    await putAndRead('e', { ...user, user_group: { value: 'GRAD' } });
    expect(await held()).toEqual({ held_fields: [], said: null });
    await putAndRead(
      'e',
      { ...user, user_group: { value: 'ALUMNI' }, campus_code: { value: '' } },
      '?override=user_group,campus_code,job_category',
    );
    expect(await held()).toEqual({ held_fields: ['campus_code', 'user_group'], said: { campus_code: 'Main', user_group: 'GRAD' } });
    // Held already: what the feed said stays.
    await putAndRead('e', { ...user, user_group: { value: 'FACULTY' } }, '?override=user_group');
    expect(await held()).toEqual({ held_fields: ['campus_code', 'user_group'], said: { campus_code: 'Main', user_group: 'GRAD' } });
  });

  it('makes internal users external, not back', async () => {
    const user = await create(internal('a', { password: 'correct horse battery' }));
    const outside = { ...user, account_type: { value: 'EXTERNAL' } };
    expect(errorOf(await ask('PUT', '/users/a', { body: outside })).code).toBe('401854');
    expect(await putAndRead('a', { ...outside, external_id: 'SIS' })).toMatchObject({
      account_type: { value: 'EXTERNAL' },
      external_id: 'SIS',
    });
    expect(await number(`select count(*) from users where credential_state = 'none'`)).toBe(1);
    expect(errorOf(await ask('PUT', '/users/a', { body: { ...user, account_type: { value: 'INTERNAL' } } })).code).toBe('401857');
    expect(errorOf(await ask('PUT', '/users/a', { body: { ...outside, external_id: 'OTHER' } })).code).toBe('401858');
  });

  it('writes only what differs, with a journal row, and can be undone', async () => {
    const user = await create(internal('a', { user_note: [note('one'), note('two')] }));
    await putAndRead('a', { ...user, last_name: 'King', user_note: [note('one'), note('three')] });
    const { rows } = await test.db.pool.query<{ run_id: number; diff: { fields: Json; rows: { op: string }[] } }>(
      'select run_id, diff from journal order by id desc limit 1',
    );
    expect(rows[0]?.diff.fields).toEqual({ last_name: ['Byron', 'King'] });
    expect(rows[0]?.diff.rows.map((row) => row.op).sort()).toEqual(['add', 'remove']);
    const undone = await bench.undo(Number(rows[0]?.run_id));
    expect(undone).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { changed: 1, conflict: 0 } });
    const back = (await ask('GET', '/users/a')).json;
    expect(back['last_name']).toBe('Byron');
    expect(texts(back)).toEqual(['one', 'two']);
  });

  it('takes one at a time: of twenty at once each sees the one before', async () => {
    const user = await create(internal('a'));
    await Promise.all(Array.from({ length: 20 }, (_, i) => put('a', { ...user, last_name: `N${i}` })));
    expect(await number('select count(*) from journal')).toBe(21);
    const { rows } = await test.db.pool.query<{ fields: { last_name: [string, string] } }>(
      `select diff -> 'fields' as fields from journal where run_id > 1 order by id`,
    );
    const chain = rows.map((row) => row.fields.last_name);
    for (const [i, [before]] of chain.entries()) expect(before).toBe(i === 0 ? 'Byron' : chain[i - 1]?.[1]);
  });
});

describe('what a PUT and a POST refuse', () => {
  it.each([
    [{ last_name: 'x' }, '401664', 'Mandatory field is missing: primary_id'],
    [internal('x', { user_note: { user_note: [note('n')] } }), '401652', 'Cannot deserialize value of type `java.util.ArrayList<'],
    [internal('x', { user_note: 'n' }), '401652', 'Cannot deserialize value of type `java.util.ArrayList<'],
    [internal('x', { contact_info: { emails: [] } }), '401652', 'Unrecognized field "emails"'],
    [internal('x', { unknown: 1 }), '401652', 'Unrecognized field "unknown"'],
    [internal('x', { birth_date: 'yesterday' }), '401652', 'birth_date'],
    [internal('x', { first_name: { a: 1 } }), '401652', 'Cannot deserialize value of type `java.lang.String`'],
    [internal('x', { first_name: 'x'.repeat(300) }), '401652', '255'],
    [internal('x', { first_name: 'a\0b' }), '401652', 'NUL'],
    [internal('x', { user_identifier: [{ value: 'v' }] }), '401664', 'Mandatory field is missing: id_type'],
    [
      internal('x', { user_role: [{ ...role('200'), role_type: { value: '98765' } }] }),
      '40166404',
      'Given field role_type has invalid value 98765',
    ],
    [internal('x', { status: { value: 'SLEEPY' } }), '401864', 'status'],
    [internal('x', { external_id: 'SIS' }), '401853', 'External ID must be empty'],
    [internal('x', { account_type: { value: 'EXTERNAL' } }), '401854', 'External ID must be given'],
    [internal('x', { account_type: { value: 'INTEXTAUTH' } }), '401855', 'INTEXTAUTH'],
    [internal('x', { account_type: { value: 'OTHER' } }), '401857', 'OTHER'],
    [internal('x', { password: 'short' }), '500038', ''],
  ])('%#: %j', async (body, code, message) => {
    const answer = await ask('POST', '/users', { body });
    expect(answer.status, answer.text).toBe(400);
    expect(errorOf(answer).code, answer.text).toBe(code);
    expect(errorOf(answer).message).toContain(message);
    expect(await number('select count(*) from users')).toBe(0);
  });

  it('an id or identifier that leads to somebody else', async () => {
    await create(internal('a', { user_identifier: [{ id_type: { value: 'BARCODE' }, value: 'B1' }] }));
    const b = await create(internal('b'));
    expect(errorOf(await ask('POST', '/users', { body: internal('A') }))).toMatchObject({ code: '401851' });
    expect(errorOf(await ask('PUT', '/users/b', { body: { ...b, primary_id: 'b1' } })).code).toBe('401851');
    expect(
      errorOf(await ask('PUT', '/users/b', { body: { ...b, user_identifier: [{ id_type: { value: 'UNIV_ID' }, value: 'b1' }] } })).code,
    ).toBe('401851');
    expect((await ask('GET', '/users/b')).json).toEqual(b);
  });

  it('a new user group, where the library takes none from records', async () => {
    const body = internal('x', { user_group: { value: 'BRAND-NEW', desc: 'Brand new' } });
    expect((await create(body))['user_group']).toEqual({ value: 'BRAND-NEW', desc: 'Brand new' });
    await test.db.pool.query(`insert into settings (name, value) values ('users.records_bring_codes', 'false')`);
    expect(errorOf(await ask('POST', '/users', { body: internal('y', { user_group: { value: 'OTHER-NEW' } }) })).code).toBe('401852');
    await test.db.pool.query(`delete from settings where name = 'users.records_bring_codes'`);
  });

  it('roles above the key’s own, given, taken, or held by the user; its own record; the last administrator', async () => {
    for (const type of ['26', '50']) {
      const answer = await ask('POST', '/users', { key: 'manager', body: internal(`new-${type}`, { user_role: [role(type)] }) });
      expect(errorOf(answer)).toMatchObject({ code: '401860', message: expect.stringContaining(`role ${type}`) });
    }
    const plain = await create(internal('plain', { user_role: [role('200')] }));
    const smuggled = { ...plain, user_role: [role('200'), role('50')] };
    expect(errorOf(await ask('PUT', '/users/plain', { key: 'manager', body: smuggled })).code).toBe('401860');
    const xml = `<user><primary_id>plain</primary_id><user_roles><user_role><status>ACTIVE</status><scope>01MUSTER_INST</scope><role_type>26</role_type></user_role></user_roles></user>`;
    expect(errorOf(await ask('PUT', '/users/plain', { key: 'manager', type: 'application/xml', body: xml })).code).toBe('401860');
    expect((await ask('GET', '/users/plain')).json).toEqual(plain);
    // What the manager may give goes through.
    expect((await ask('PUT', '/users/plain', { key: 'manager', body: { ...plain, user_role: [role('200'), role('32')] } })).status).toBe(
      200,
    );

    const boss = await create(internal('boss', { password: 'correct horse battery', user_role: [role('26')] }));
    for (const body of [
      { ...boss, user_role: [role('200')] },
      { ...boss, last_name: 'x' },
    ]) {
      expect(errorOf(await ask('PUT', '/users/boss', { key: 'manager', body })).code).toBe('401860');
    }
    const last = await ask('PUT', '/users/boss', { body: { ...boss, user_role: [role('200')] } });
    expect(errorOf(last).message).toContain('last General System Administrator');
    expect((await ask('PUT', '/users/boss', { body: { ...boss, status: { value: 'INACTIVE' } } })).status).toBe(400);
    await test.db.pool.query(`insert into users (id, primary_id) values (900001, 'me')`);
    const own = await ask('PUT', '/users/me', { key: 'manager', body: internal('me') });
    expect(errorOf(own)).toMatchObject({ code: '401860', message: expect.stringContaining('own record') });
  });

  it('fields that are closed to the key’s roles; what it cannot see, it does not empty', async () => {
    const user = await create(internal('a', { birth_date: '1990-01-01Z', user_note: [note('secret')] }));
    await test.db.pool.query(`update access_roles set closed = '{birth_date,notes}' where role = '21'`);
    const narrow = await userActor(test.db.pool, ['21'], { name: 'narrow', userId: 900_004 });
    await test.db.pool.query(`update access_roles set closed = '{}' where role = '21'`);
    actors['narrow'] = narrow;
    const seen = (await ask('GET', '/users/a', { key: 'narrow' })).json;
    expect(seen).not.toHaveProperty('birth_date');
    expect(JSON.stringify(seen)).not.toContain('secret');
    expect((await ask('PUT', '/users/a', { key: 'narrow', body: { ...seen, last_name: 'King' } })).status).toBe(200);
    expect((await ask('GET', '/users/a')).json).toEqual({ ...user, last_name: 'King', full_name: 'Ada King' });
    for (const more of [{ birth_date: '1991-01-01Z' }, { user_note: [note('mine')] }]) {
      expect(errorOf(await ask('PUT', '/users/a', { key: 'narrow', body: { ...seen, ...more } })).code).toBe('401860');
    }
    for (const q of ['note_text~secret', 'birth_date~1990-01-01']) {
      expect((await ask('GET', `/users?q=${q}`, { key: 'narrow' })).status, q).toBe(400);
    }
  });
});
