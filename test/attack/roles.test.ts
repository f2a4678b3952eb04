/**
 * Every way that could put a role into the database, tried over HTTP by people who may not grant it. Each
 * is tried by the General System Administrator as well, to whom it gives the role: so every request here
 * is one that works, and what stops the others is who they are.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeXml } from '../../src/feeds/index.ts';
import { startDueSchedules } from '../../src/runs/index.ts';
import { SHAPES } from '../../src/alma/wire/shapes.ts';
import type { ActorRole } from '../../src/core/index.ts';
import { userActor } from '../support/actors.ts';
import { useAlmaServer } from '../support/alma-server.ts';
import { runsBench } from '../support/runs.ts';

const { test, server, actors } = useAlmaServer();
const bench = runsBench(test);

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Attempt {
  /** Who tries: a key. */
  readonly as: string;
  /** The role type that they want to have given to `reader`, or to somebody new. */
  readonly role: string;
  call(method: string, address: string, body?: unknown, type?: string): Promise<Answer>;
  /** Runs everything that is waiting. */
  work(): Promise<void>;
}

const LIBRARY: ActorRole = { type: '', scope: 'MAIN', library: true };

beforeAll(async () => {
  const { pool } = test.db;
  await pool.query(
    `insert into codes (table_name, code, label_en, label_de) values ('Libraries', 'MAIN', 'Main', 'Haupt') on conflict do nothing`,
  );
  for (const [key, ...roles] of [
    ['manager', '21'],
    ['administrator50', '50'],
    ['local21', { ...LIBRARY, type: '21' }],
    ['local50', { ...LIBRARY, type: '50' }],
    ['local26', { ...LIBRARY, type: '26' }],
  ] as const)
    actors[key] = await userActor(pool, roles, { name: key, userId: 900_100 + key.length });
});

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query('delete from templates; delete from role_rule_profiles; delete from role_rules; delete from role_profiles');
  await bench.users(
    { primary_id: 'reader', last_name: 'Reader', user_roles: [{ type: '200', scope: 'INSTITUTION' }] },
    { primary_id: 'manager' },
    { primary_id: 'administrator50' },
    { primary_id: 'root', user_roles: [{ type: '26', scope: 'INSTITUTION' }] },
  );
  await bench.set('primary_id = "reader"', 'reader');
  await test.db.pool.query('update sets set private = false');
});

function attempt(as: string, role: string): Attempt {
  return {
    as,
    role,
    call: async (method, address, body, type = 'application/json') => {
      const form = body instanceof FormData;
      const answer = await fetch(`${server.url}${address}`, {
        method,
        headers: {
          authorization: `apikey ${as}`,
          accept: 'application/json',
          ...(body === undefined || form ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body: form || typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json = answer.headers.get('content-type')?.includes('json') === true;
      return { status: answer.status, body: json ? (JSON.parse(text) as Record<string, unknown>) : { text } };
    },
    work: () => bench.work(),
  };
}

/** Who holds the role, but for those who held it before. */
async function holders(role: string): Promise<readonly string[]> {
  const { rows } = await test.db.pool.query<{ id: string }>(
    `select u.primary_id as id from user_roles r join users u on u.id = r.user_id where r.type = $1 and u.primary_id <> 'root' order by 1`,
    [role],
  );
  return rows.map((row) => row.id);
}

const coded = (type: string) => ({
  status: { value: 'ACTIVE' },
  scope: { value: 'INSTITUTION' },
  role_type: { value: type },
  expiry_date: '2999-12-31Z',
});
const record = (id: string, role: string | null) => ({
  record_type: { value: 'PUBLIC' },
  account_type: { value: 'INTERNAL' },
  status: { value: 'ACTIVE' },
  primary_id: id,
  last_name: 'Reader',
  ...(role === null ? {} : { user_role: [coded('200'), coded(role)] }),
});
const xml = (id: string, role: string) => writeXml('user', record(id, role), SHAPES['user'] ?? {});

function file(content: string, name: string, more: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  form.set('file', new File([content], name));
  for (const [part, text] of Object.entries(more)) form.set(part, new File([text], `${part}.json`));
  return form;
}

/** By an administrator at the machine: a profile with the role, and a rule for everybody that gives it. */
async function prepared({ role }: Attempt): Promise<void> {
  const root = attempt('root', role);
  expect((await root.call('POST', '/api/access/profiles', { name: 'Up', roles: [{ type: role }] })).status).toBe(201);
  expect((await root.call('POST', '/api/access/rules', { name: 'All', profiles: ['Up'] })).status).toBe(201);
}

async function job(by: Attempt, ...changes: object[]): Promise<void> {
  await by.call('POST', '/api/runs', { set: 'reader', plan: { changes }, confirm: true });
  await by.work();
}

const patch = (by: Attempt, ...changes: object[]) => by.call('PATCH', '/api/users/reader', { changes });
const add = (type: unknown) => ({ change: 'role', add: { type } });

const WAYS: Readonly<Record<string, (by: Attempt) => Promise<unknown>>> = {
  'an import of Alma JSON': (by) =>
    by.call('POST', '/api/users/import', file(JSON.stringify({ user: [record('reader', by.role)] }), 'a.json')),
  'an import of Alma JSON, for somebody new': (by) =>
    by.call('POST', '/api/users/import', file(JSON.stringify({ user: [record('newcomer', by.role)] }), 'a.json')),
  'an import of Alma XML': (by) => by.call('POST', '/api/users/import', file(`<users>${xml('reader', by.role)}</users>`, 'a.xml')),
  'a column of roles in CSV': (by) =>
    by.call('POST', '/api/users/import', file(`primary_id,user_roles\nreader,${by.role};INSTITUTION;ACTIVE;;[];\n`, 'a.csv')),
  'a mapping that gives everybody the role': (by) =>
    by.call(
      'POST',
      '/api/users/import',
      file('id,scope\nreader,INSTITUTION\n', 'a.csv', {
        mapping: JSON.stringify({
          name: 'm',
          fields: { primary_id: 'id' },
          rows: [{ row: 'role', with: { type: by.role, status: 'ACTIVE' }, from: { scope: 'scope' } }],
        }),
      }),
    ),
  'a new user': (by) => by.call('POST', '/api/users', { record: record('newcomer', by.role) }),
  'a record that replaces another': (by) => by.call('PUT', '/api/users/reader', { record: record('reader', by.role) }),
  'the operation by its name': (by) =>
    by.call('POST', '/api/operations/user.replace', { user: 'reader', record: record('reader', by.role) }),
  'an edit': (by) => patch(by, add(by.role)),
  'an edit of a role into another': (by) => patch(by, { change: 'role', edit: { match: { type: '200' }, set: { type: by.role } } }),
  'an edit by profile': async (by) => {
    await prepared(by);
    await patch(by, { change: 'role_profile', apply: 'Up' });
  },
  'an edit that recalculates': async (by) => {
    await prepared(by);
    await patch(by, { change: 'recalculate_roles' });
  },
  'Alma POST, JSON': (by) => by.call('POST', '/almaws/v1/users', record('newcomer', by.role)),
  'Alma POST, XML': (by) => by.call('POST', '/almaws/v1/users', xml('newcomer', by.role), 'application/xml'),
  'Alma POST without roles, where a rule gives it': async (by) => {
    await prepared(by);
    await by.call('POST', '/almaws/v1/users', record('newcomer', null));
  },
  'an import without roles, where a rule gives it': async (by) => {
    await prepared(by);
    await by.call('POST', '/api/users/import', file(JSON.stringify({ user: [record('newcomer', null)] }), 'a.json'));
  },
  'Alma PUT, JSON': (by) => by.call('PUT', '/almaws/v1/users/reader', record('reader', by.role)),
  'Alma PUT, XML': (by) => by.call('PUT', '/almaws/v1/users/reader', xml('reader', by.role), 'application/xml'),
  'Alma PUT with recalculate_roles': async (by) => {
    await prepared(by);
    await by.call('PUT', '/almaws/v1/users/reader?recalculate_roles=true', record('reader', null));
  },
  'a plan': (by) => job(by, add(by.role)),
  'a plan that edits a role into another': (by) => job(by, { change: 'role', edit: { match: { type: '200' }, set: { type: by.role } } }),
  'a plan with a profile': async (by) => {
    await prepared(by);
    await job(by, { change: 'role_profile', apply: 'Up' });
  },
  'a plan that recalculates': async (by) => {
    await prepared(by);
    await job(by, { change: 'recalculate_roles', remove_others: true });
  },
  'a template of somebody who may': async (by) => {
    const root = attempt('root', by.role);
    const saved = await root.call('POST', '/api/templates', { name: 'Up', private: false, plan: { changes: [add(by.role)] } });
    expect(saved.status).toBe(201);
    const { plan } = (await by.call('GET', '/api/templates/Up')).body;
    await by.call('POST', '/api/runs', { set: 'reader', plan, confirm: true });
    await by.work();
  },
  'a schedule': async (by) => {
    await by.call('POST', '/api/schedules', { name: 'Up', set: 'reader', cron: '* * * * *', plan: { changes: [add(by.role)] } });
    await test.db.pool.query(`update schedules set next_at = now() - interval '1 second'`);
    await startDueSchedules({ ...bench.ctx, db: test.db });
    await by.work();
  },
  'the undo of its removal': async (by) => {
    await test.db.pool.query(
      `insert into user_roles (user_id, type, scope) select id, $1, 'INSTITUTION' from users where primary_id = 'reader'`,
      [by.role],
    );
    const run = await bench.run('reader', { changes: [{ change: 'role', remove: { type: by.role } }] });
    expect(run.counts).toMatchObject({ changed: 1 });
    await by.call('POST', `/api/runs/${run.id}/undo`, { confirm: true });
    await by.work();
  },
};

describe.each(Object.keys(WAYS))('by %s', (name) => {
  const way = WAYS[name] ?? (() => Promise.reject(new Error(name)));

  it('the administrator gives a role', async () => {
    await way(attempt('root', '26'));
    expect(await holders('26')).toHaveLength(1);
  });

  it.each([
    ['manager', '26'],
    ['manager', '50'],
    ['administrator50', '26'],
    ['local21', '26'],
    ['local21', '50'],
    ['local50', '26'],
    ['local50', '50'],
    ['local26', '26'],
    ['desk', '21'],
  ])('%s gives no role %s', async (as, role) => {
    await way(attempt(as, role));
    expect(await holders(role)).toEqual([]);
  });
});

describe('a role that stands in a value table', () => {
  it('is none of a plan', async () => {
    for (const [as, role] of [
      ['root', '26'],
      ['manager', '26'],
      ['administrator50', '26'],
      ['local50', '50'],
    ] as const) {
      const by = attempt(as, role);
      const uploaded = await attempt('root', role).call('POST', '/api/values', file(`primary_id,role\nreader,${role}\n`, 'v.csv', {}));
      expect(uploaded.status, JSON.stringify(uploaded.body)).toBe(201);
      for (const change of [
        add({ column: 'role' }),
        add('{{role}}'),
        { change: 'role', edit: { match: { type: '200' }, set: { type: { column: 'role' } } } },
      ]) {
        await by.call('POST', '/api/runs', { set: 'reader', plan: { values: uploaded.body['id'], changes: [change] }, confirm: true });
        await by.work();
        expect(await holders(role), JSON.stringify(change)).toEqual([]);
      }
    }
  });
});

it('nobody but the administrator widens what a role may do, or makes profiles and rules', async () => {
  const before = await test.db.pool.query('select * from access_roles order by role');
  for (const as of ['manager', 'administrator50', 'local21', 'local50', 'local26', 'desk']) {
    const by = attempt(as, '26');
    for (const [method, address, body] of [
      ['PUT', '/api/access/roles/21', { privileges: ['access:write'], grants: { all: true, roles: [] } }],
      ['POST', '/api/access/profiles', { name: 'Up', roles: [{ type: '26' }] }],
      ['POST', '/api/access/rules', { name: 'All', profiles: ['Up'] }],
    ] as const)
      expect((await by.call(method, address, body)).status, `${as} ${address}`).toBe(403);
  }
  expect(await test.db.pool.query('select * from access_roles order by role').then((r) => r.rows)).toEqual(before.rows);
});
