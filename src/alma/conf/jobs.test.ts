import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { type AlmaAnswer, errorOf, useAlma } from '../../../test/support/alma-conf.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { ADMINISTRATOR } from '../../access/index.ts';
import type { Actor } from '../../core/index.ts';
import { pauseRun } from '../../runs/index.ts';
import { PARAMETER_NAMES } from './m148-codes.ts';

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
const alma = useAlma(test, () => actors);
const bench = runsBench(test);

type Values = Readonly<Record<string, unknown>>;

/** As the form of the job gives it out: all 72 names, unused unless said otherwise. */
function body(set: string, values: Values): { parameter: { name: { value: string }; value: unknown }[] } {
  const all = Object.fromEntries(
    PARAMETER_NAMES.map((name) => [name, /_Active$/.test(name) ? 'false' : /_Date_Value$/.test(name) ? '0' : 'Null']),
  );
  const given = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [/^(?:SEND_|job_name)/.test(name) ? name : `UPDATE_User_Information_${name}`, value]),
  );
  const values72 = {
    ...all,
    UPDATE_User_Information_FieldType_Value: 'BY_USER_ACCOUNT_TYPE',
    PRODUCT: 'alma',
    set_id: set,
    job_name: 'Null',
    ...given,
  };
  return { parameter: Object.entries(values72).map(([name, value]) => ({ name: { value: name }, value })) };
}

const run = (set: string, values: Values, more?: { readonly key?: string }): Promise<AlmaAnswer> =>
  alma.call('POST', '/conf/jobs/M148?op=run', body(set, values), more);

async function setOf(...ids: string[]): Promise<string> {
  const answer = await alma.call('POST', '/conf/sets', {
    name: `of ${ids.join()} ${Math.random()}`,
    type: { value: 'ITEMIZED' },
    members: { member: ids.map((id) => ({ id })) },
  });
  return String(answer.json['id']);
}

/** The last part of the link, as clients take the instance's number. */
function instanceOf(answer: AlmaAnswer): string {
  expect(answer.status, answer.text).toBe(200);
  const { link } = answer.json['additional_info'] as { link: string };
  expect(link.startsWith(`${alma.url}/conf/jobs/M148/instances/`)).toBe(true);
  return link.split('/').at(-1) ?? '';
}

const instance = async (id: string) => (await alma.call('GET', `/conf/jobs/M148/instances/${id}`)).json;

/** Starts, works, and reads the instance. */
async function done(set: string, values: Values): Promise<Record<string, unknown>> {
  const id = instanceOf(await run(set, values));
  await bench.work();
  return instance(id);
}

const setting = (name: string, value: unknown) =>
  test.db.pool.query(sql`insert into settings (name, value) values (${name}::text, ${JSON.stringify(value)}::jsonb)
    on conflict (name) do update set value = excluded.value`);

beforeAll(async () => {
  actors['manager'] = await userActor(test.db.pool, ['21'], { name: 'manager', userId: 1_000_001 });
  actors['desk'] = await userActor(test.db.pool, ['32'], { name: 'desk', userId: 1_000_002 });
  const manager = actors['manager'];
  if (manager.kind === 'user') {
    actors['trusted'] = { ...manager, key: { id: 1, name: 'nightly', exemptFromGuard: true } };
    actors['plain'] = { ...manager, key: { id: 2, name: 'tool', exemptFromGuard: false } };
  }
});

beforeEach(async () => {
  await bench.users(
    {
      primary_id: 'ann',
      last_name: 'A',
      expiry_date: '2026-01-31',
      user_group: 'CITY',
      user_emails: [{ address: 'ann@example.org', preferred: true, types: ['personal'] }],
    },
    {
      primary_id: 'ben',
      last_name: 'B',
      account_type: 'EXTERNAL',
      status: 'INACTIVE',
      user_emails: [{ address: 'ben@example.org', preferred: true, types: ['personal'] }],
    },
    { primary_id: 'cem', last_name: 'C', campus_code: 'MED' },
  );
});
afterEach(async () => {
  await test.db.pool.query("delete from audit; delete from settings where name like 'alma%' or name in ('guard', 'approval')");
  await bench.clear();
});

describe('jobs', () => {
  it('are listed by type and category, and shown', async () => {
    const all = await alma.call('GET', '/conf/jobs');
    expect(all.json['total_record_count']).toBe(4);
    const manual = await alma.call('GET', '/conf/jobs?type=MANUAL&limit=100&offset=0');
    const job = {
      link: `${alma.url}/conf/jobs/M148`,
      id: 'M148',
      name: 'Update/Notify Users',
      description: expect.any(String),
      type: { value: 'MANUAL', desc: 'Manual' },
      category: { value: 'INFORMATION_UPDATE', desc: 'Information update' },
      content: { value: 'USER', desc: 'User' },
      schedule: { value: null, desc: null },
      parameter: [],
      additional_info: null,
    };
    expect(manual.json).toEqual({ job: [job], total_record_count: 1 });
    expect((await alma.call('GET', '/conf/jobs/M148')).json).toEqual(job);
    expect((await alma.call('GET', '/conf/jobs?category=SIP')).json).toEqual({ job: [], total_record_count: 0 });
    expect((await alma.xml('GET', '/conf/jobs/M148')).text).toContain('<job link=');
    expect(errorOf(await alma.call('GET', '/conf/jobs?type=ODD'))).toMatchObject({ code: '40166410', message: 'Invalid type.' });
    expect(errorOf(await alma.call('GET', '/conf/jobs/148'))).toMatchObject({ code: '402215' });
    expect(errorOf(await alma.call('GET', '/conf/jobs/M999'))).toMatchObject({ code: '402216' });
  });
});

describe('a run of M148', () => {
  it('with all 72 names, in JSON, does what it says and can be undone', async () => {
    const set = await setOf('ann', 'ben', 'cem');
    const end = Date.UTC(2027, 8, 30);
    const before = await bench.snapshot();
    const answer = await run(set, {
      Status_Active: 'true',
      Status_Value: 'INACTIVE',
      Expiry_Date_Active: true,
      Expiry_Date_Value: end,
      Purge_Date_Active: 'true',
      Purge_Date_Value: '0',
      Campus_Active: 'true',
      Campus_Value: 'Main',
      Campus_Condition: 'IF_EMPTY',
      UserGroup_Active: 'true',
      UserGroup_Value: 'ALUMNI',
      UserGroup_Condition: 'If field not empty',
      AddBlock_Active: 'true',
      AddBlock_Value: '02-GLOBAL',
      AddNote_Active: 'true',
      AddNote_Value: 'Summer',
      AddNote_Scope: 'LIBRARY',
      AddRole_Active: 'true',
      AddRole_Value: 200,
      ExportToCloudIdP_Active: 'true',
      job_name: 'Summer clean-up',
    });
    expect(answer.json).toMatchObject({
      id: 'M148',
      type: { value: 'MANUAL' },
      additional_info: { value: expect.stringMatching(/^Job no\. \d+ triggered on .* GMT$/) },
    });
    const id = instanceOf(answer);
    expect(await instance(id)).toMatchObject({ id, status: { value: 'RUNNING' }, progress: 0, end_time: null });
    await bench.work();
    const ended = await instance(id);
    const moment = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    expect(ended).toMatchObject({
      link: `${alma.url}/conf/jobs/M148/instances/${id}`,
      id,
      external_id: id,
      name: 'Summer clean-up',
      submitted_by: { value: 'administrator', desc: 'administrator' },
      submit_time: moment,
      start_time: moment,
      end_time: moment,
      progress: 100,
      status: { value: 'COMPLETED_SUCCESS', desc: 'Completed' },
      status_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}Z$/),
      action: [],
      job_info: { id: 'M148', name: 'Update/Notify Users', type: { value: 'MANUAL' }, link: `${alma.url}/conf/jobs/M148` },
    });
    expect(ended['alert']).toEqual([
      { value: 'alert_general_success', desc: 'Completed' },
      { value: 'remark', desc: expect.stringContaining('purge_date') },
      { value: 'remark', desc: expect.stringContaining('ExportToCloudIdP') },
    ]);
    expect(ended['counter']).toContainEqual({ type: { value: 'users_updated', desc: 'Users updated' }, value: '3' });
    expect(await bench.value('ann', 'expiry_date')).toBe('2027-09-30');
    expect(await bench.value('ann', 'user_group')).toBe('ALUMNI');
    expect(await bench.value('ben', 'user_group')).toBeNull();
    expect([await bench.value('ann', 'campus_code'), await bench.value('cem', 'campus_code')]).toEqual(['Main', 'MED']);
    expect(await bench.rows('ben', 'user_blocks')).toMatchObject([{ description: '02-GLOBAL', status: 'ACTIVE', segment: 'External' }]);
    expect(await bench.rows('ann', 'user_notes')).toMatchObject([{ type: 'LIBRARY', text: 'Summer', segment: 'Internal' }]);
    expect(await bench.rows('cem', 'user_roles')).toMatchObject([{ type: '200', scope: 'INSTITUTION' }]);
    expect((await bench.show(Number(id))).remarks).toHaveLength(2);
    await bench.undo(Number(id));
    expect(await bench.snapshot()).toEqual(before);
  });

  it('takes every action at once', async () => {
    const set = await setOf('ann', 'ben', 'cem');
    const before = await bench.snapshot();
    const actions: Record<string, unknown> = {
      SetAccountTo: 'INTERNAL',
      DontGeneratePassword: 'true',
      Status: 'INACTIVE',
      Expiry_Date: Date.UTC(2027, 8, 30),
      Purge_Date: String(Date.UTC(2028, 8, 30)),
      UserGroup: 'ALUMNI',
      Campus: 'TECH',
      Title: 'Research',
      JobDescription: 'Class of 2026',
      CatalogerLevel: '10',
      RSL: 'MAIN',
      RemoveRSL: 'LAW',
      AddBlock: '02-GLOBAL',
      DisableBlock: '01-GLOBAL',
      AddNote: 'Everything',
      AddRole: '200',
      RemoveRole: '32',
      AddStatistics: 'ARTS',
      RemoveStatistics: 'LAW',
      DisableSMS: 'true',
      Opt_In_Patron_Letters: 'FulLoanReceiptLetter',
      Opt_Out_Patron_Letters: 'FulReturnReceiptLetter',
      ExportToCloudIdP: 'true',
    };
    const values = Object.entries(actions).flatMap(([field, value]) => [
      [`${field}_Active`, 'true'],
      [`${field}_Value`, value],
    ]);
    const id = instanceOf(
      await run(set, {
        ...Object.fromEntries(values),
        SEND_Notification_To_User_Active: 'true',
        SEND_Notification_To_User_Value: 'GENERAL_NOTICE',
      }),
    );
    await bench.work();
    expect(await instance(id)).toMatchObject({ status: { value: 'COMPLETED_SUCCESS' } });
    const report = await bench.show(Number(id));
    expect(report.changes).toHaveLength(Object.keys(actions).length - 2);
    expect(report.counts).toMatchObject({ changed: 3, failed: 0, skipped: 0 });
    expect(await bench.rows('cem', 'user_letter_preferences')).toEqual([
      { code: 'FulLoanReceiptLetter', value: true },
      { code: 'FulReturnReceiptLetter', value: false },
    ]);
    expect(await bench.rows('cem', 'user_rs_libraries')).toEqual([{ code: 'MAIN' }]);
    expect(await bench.value('ben', 'job_category')).toBe('Research');
    await bench.undo(Number(id));
    expect(await bench.snapshot()).toEqual(before);
  });

  it('in XML', async () => {
    const set = await setOf('ann');
    const parameters = Object.entries({
      set_id: set,
      UPDATE_User_Information_Campus_Active: 'true',
      UPDATE_User_Information_Campus_Value: 'MED',
    })
      .map(([name, value]) => `<parameter><name>${name}</name><value>${value}</value></parameter>`)
      .join('');
    const answer = await alma.xml('POST', '/conf/jobs/M148?op=run', `<job><parameters>${parameters}</parameters></job>`);
    expect([answer.status, answer.type]).toEqual([200, 'application/xml;charset=UTF-8']);
    const link = /<additional_info link="([^"]+)">Job no\. \d+/.exec(answer.text)?.[1] ?? '';
    await bench.work();
    const shown = await alma.xml('GET', link.slice(alma.url.length));
    expect(shown.text).toContain(`<job_instance link="${link}">`);
    expect(shown.text).toContain('<status desc="Completed">COMPLETED_SUCCESS</status>');
    expect(shown.text).toContain('<counters>');
    expect(shown.text).toMatch(/<counter>\s*<type desc="Users updated">users_updated<\/type>\s*<value>1<\/value>/);
    expect(shown.text).toContain('<alerts>');
    expect(await bench.value('ann', 'campus_code')).toBe('MED');
    expect((await alma.xml('GET', '/conf/jobs/ALL/instances')).text).toContain('<job_instances total_record_count="1">');
  });

  it('is named after its set when it has no name', async () => {
    const set = await setOf('ann');
    const name = String((await alma.call('GET', `/conf/sets/${set}`)).json['name']);
    const ended = await done(set, { Campus_Active: true, Campus_Value: 'MED' });
    expect(ended['name']).toBe(`Update/Notify Users - via API - ${name}`);
  });

  it('converts, and resets passwords for "Notify Password Change"', async () => {
    const both = await setOf('ann', 'ben');
    await done(both, {
      SetAccountTo_Active: true,
      SetAccountTo_Value: 'INTERNAL',
      DontGeneratePassword_Active: true,
      DontGeneratePassword_Value: 'true',
    });
    expect(await bench.value('ben', 'account_type')).toBe('INTERNAL');
    expect(await bench.value('ben', 'credential_state')).toBe('none');
    const notified = await done(both, {
      SEND_Notification_To_User_Active: 'true',
      SEND_Notification_To_User_Value: 'NOTIFY_PASSWORD_CHANGE',
    });
    expect(notified['counter']).toContainEqual({ type: { value: 'notifications', desc: 'Notifications' }, value: '2' });
    const { rows } = await test.db.pool.query('select distinct letter from outbox');
    expect(rows).toEqual([{ letter: 'CREDENTIALS_CHANGED' }]);
    expect(await bench.value('ann', 'credential_state')).toBe('pending');
  });

  it('sends a notification to everybody in the set, by the library’s own table', async () => {
    await setting('alma.m148', { title: 'user_title', externalId: 'CAMPUS', notifications: { TYPE_7: { type: 'WELCOME' } } });
    const set = await setOf('ann', 'ben', 'cem');
    const ended = await done(set, {
      SEND_Notification_To_User_Active: 'true',
      SEND_Notification_To_User_Value: 'TYPE_7',
      Title_Active: true,
      Title_Value: 'DR',
      SetAccountTo_Active: true,
      SetAccountTo_Value: 'EXTERNAL',
    });
    expect(ended['counter']).toEqual(
      expect.arrayContaining([
        { type: { value: 'notifications', desc: 'Notifications' }, value: '2' },
        { type: { value: 'notifications_no_address', desc: 'Notifications without an address' }, value: '1' },
      ]),
    );
    expect([
      await bench.value('ann', 'user_title'),
      await bench.value('ann', 'external_id'),
      await bench.value('ben', 'external_id'),
    ]).toEqual(['DR', 'CAMPUS', 'SIS']);
  });

  const DATA = path.resolve(import.meta.dirname, '../../../../shared/data/alma-job-M148-request.json');
  it.skipIf(!existsSync(DATA))('as a library sends it (skipped where ../shared/data is absent)', async () => {
    const set = await setOf('ann', 'ben', 'cem');
    const text = readFileSync(DATA, 'utf8').replace('<SET_ID>', set).replace('<set name>', 'Leavers');
    const id = instanceOf(await alma.call('POST', '/conf/jobs/M148?op=run', JSON.parse(text)));
    await bench.work();
    const ended = await instance(id);
    expect(ended).toMatchObject({ name: 'Update/Notify Users - via API - Leavers', status: { value: 'COMPLETED_SUCCESS' }, progress: 100 });
    const counters = Object.fromEntries(
      (ended['counter'] as { type: { value: string }; value: string }[]).map((c) => [c.type.value, c.value]),
    );
    expect(counters).toMatchObject({ users_processed: '3', users_updated: '3', users_failed: '0', notifications: '0' });
    expect(await bench.value('cem', 'status')).toBe('INACTIVE');
    expect(await bench.value('cem', 'expiry_date')).toBe('2025-03-31');
    expect((await bench.show(Number(id))).changes).toMatchObject([
      { words: 'Set Status to INACTIVE', changed: 2, unchanged: 1 },
      { words: 'Set Expiry date to 2025-03-31', changed: 3 },
    ]);
  });

  it('is refused with the parameter that is wrong', async () => {
    const set = await setOf('ann');
    const cases: [string, Values, string, string][] = [
      ['999999', { Campus_Active: true, Campus_Value: 'MED' }, '402229', 'set_id'],
      ['', { Campus_Active: true, Campus_Value: 'MED' }, '402228', 'set_id'],
      [set, { Campus_Active: true, Campus_Value: 'MOON' }, '402229', 'MOON'],
      [set, { AddNote_Active: true, AddNote_Value: 'x', AddNote_Scope: 'ODD' }, '402229', 'ODD'],
      [set, { AddRole_Active: true, AddRole_Value: '9999' }, '402229', '9999'],
      [set, { Expiry_Date_Active: true, Expiry_Date_Value: '2027-02-31' }, '402229', 'expiry_date'],
      [set, { SEND_Notification_To_User_Active: true, SEND_Notification_To_User_Value: 'NO_SUCH_TYPE' }, '402229', 'NO_SUCH_TYPE'],
      [set, {}, '402229', 'nothing'],
    ];
    for (const [id, values, code, word] of cases) {
      const error = errorOf(await run(id, values));
      expect(error, word).toMatchObject({ status: 400, code });
      expect(error.message).toContain(word);
    }
    const odd = {
      parameter: [
        { name: { value: 'set_id' }, value: set },
        { name: { value: 'UPDATE_Shoe_Size' }, value: '43' },
      ],
    };
    expect(errorOf(await alma.call('POST', '/conf/jobs/M148?op=run', odd))).toMatchObject({ code: '402228' });
    expect(errorOf(await alma.call('POST', '/conf/jobs/M148?op=run', {}))).toMatchObject({ code: '402228' });
    const good = body(set, { Campus_Active: true, Campus_Value: 'MED' });
    expect(errorOf(await alma.call('POST', '/conf/jobs/M148', good))).toMatchObject({
      code: '402220',
      message: 'Operation was not provided.',
    });
    expect(errorOf(await alma.call('POST', '/conf/jobs/M148?op=stop', good))).toMatchObject({ code: '402221' });
    expect(errorOf(await alma.call('POST', '/conf/jobs/148?op=run', good))).toMatchObject({ code: '402215' });
    expect(errorOf(await alma.call('POST', '/conf/jobs/M1?op=run', good))).toMatchObject({ code: '402216' });
    expect(errorOf(await alma.call('POST', '/conf/jobs/O1?op=run', good))).toMatchObject({ code: '402249' });
    const refused = await run(set, { Campus_Active: true, Campus_Value: 'MED' }, { key: 'desk' });
    expect([refused.status, refused.text.includes('UNAUTHORIZED')]).toEqual([400, true]);
    // What its author may not give is refused, whoever sends it.
    const role = await run(set, { AddRole_Active: true, AddRole_Value: '50' }, { key: 'manager' });
    expect(role.status).toBe(400);
    expect((await alma.call('GET', '/conf/jobs/ALL/instances')).json).toEqual({ job_instance: [], total_record_count: 0 });
  });
});

describe('the guard', () => {
  const values = { Campus_Active: 'true', Campus_Value: 'MED' };
  async function everybody(): Promise<string> {
    // Whoever starts a run has to be there when it is worked.
    await bench.users({ primary_id: 'manager', last_name: 'M', user_roles: [{ type: '21', scope: 'INSTITUTION', status: 'ACTIVE' }] });
    await setting('guard', { share: 20, atLeast: 2, absolute: 10_000 });
    const answer = await alma.call('POST', '/conf/sets', { ...{ type: 'LOGICAL', private: false }, name: 'all', query: 'everyone' });
    return String(answer.json['id']);
  }

  it('lets the run wait for a person', async () => {
    const set = await everybody();
    for (const key of ['admin', 'manager', 'plain']) {
      const id = instanceOf(await run(set, values, { key }));
      await bench.work();
      expect(await instance(id)).toMatchObject({
        status: { value: 'MANUAL_HANDLING_REQUIRED' },
        progress: 0,
        alert: [{ value: 'alert_manual_handling', desc: expect.stringContaining('Waits for a person') }],
      });
      expect(await bench.value('ann', 'campus_code')).toBeNull();
    }
    expect((await alma.call('GET', '/conf/jobs/M148/instances?status=MANUAL_HANDLING_REQUIRED')).json['total_record_count']).toBe(3);
  });

  it('and a second person that is needed keep it waiting, too', async () => {
    await setting('approval', { above: 1 });
    const id = instanceOf(await run(await setOf('ann', 'ben'), values));
    await bench.work();
    expect(await instance(id)).toMatchObject({ status: { value: 'MANUAL_HANDLING_REQUIRED' } });
    expect(await bench.value('ann', 'campus_code')).toBeNull();
  });

  it('does not hold a program that the library trusts', async () => {
    const set = await everybody();
    const id = instanceOf(await run(set, values, { key: 'trusted' }));
    await bench.work();
    expect(await instance(id)).toMatchObject({ status: { value: 'COMPLETED_SUCCESS' }, submitted_by: { value: 'manager' } });
    expect(await bench.value('ann', 'campus_code')).toBe('MED');
  });
});

describe('thresholds', () => {
  it('are off until the library sets them', async () => {
    const set = await setOf('ann');
    const values = { Campus_Active: 'true', Campus_Value: 'MED' };
    for (let i = 0; i < 6; i += 1) instanceOf(await run(set, values));
    await setting('alma.job_thresholds', { running: 3, perHour: null });
    expect(errorOf(await run(set, values))).toMatchObject({ code: '402222' });
    await bench.work();
    instanceOf(await run(set, values));
    await bench.work();
    await setting('alma.job_thresholds', { running: 3, perHour: 7 });
    expect(errorOf(await run(set, values))).toMatchObject({ code: '402223' });
    await setting('alma.job_thresholds', { running: 3, perHour: 8 });
    instanceOf(await run(set, values));
  });
});

describe('instances', () => {
  it('are listed newest first, by job, day and status, and paged', async () => {
    const set = await setOf('ann', 'ben');
    const values = { Campus_Active: 'true', Campus_Value: 'MED' };
    const first = instanceOf(await run(set, values));
    await bench.work();
    const second = instanceOf(await run(set, values));
    await bench.undo(Number(first));
    const list = async (query: string, job = 'M148') => {
      const { json, text } = await alma.call('GET', `/conf/jobs/${job}/instances${query}`);
      expect(Array.isArray(json['job_instance']), text).toBe(true);
      return (json['job_instance'] as { id: string }[]).map((each) => each.id);
    };
    expect(await list('')).toEqual([second, first]);
    expect(await list('?limit=1&offset=1')).toEqual([first]);
    expect(await list('', 'ALL')).toHaveLength(3);
    expect(await list('', 'O1')).toHaveLength(1);
    expect(await list('?status=COMPLETED_SUCCESS')).toEqual([second, first]);
    expect(await list('?status=QUEUED')).toEqual([]);
    expect(await list(`?submit_date_from=2020-01-01&submit_date_to=2099-12-31Z`)).toHaveLength(2);
    expect(await list('?submit_date_from=2099-01-01')).toEqual([]);
    expect(await list(`?submit_date_to=2020-01-01`)).toEqual([]);
    for (const [query, code] of [
      ['?submit_date_from=yesterday', '40166411'],
      ['?submit_date_to=2027-13-45', '40166411'],
      ['?status=FINE', '40166410'],
      ['?limit=1000', '402119'],
    ] as const) {
      expect(errorOf(await alma.call('GET', `/conf/jobs/M148/instances${query}`)), query).toMatchObject({ code });
    }
    expect(errorOf(await alma.call('GET', `/conf/jobs/O1/instances/${first}`))).toMatchObject({ code: '402218' });
    expect(errorOf(await alma.call('GET', '/conf/jobs/M148/instances/0'))).toMatchObject({ code: '402218' });
    expect(errorOf(await alma.call('GET', '/conf/jobs/M148/instances/999999'))).toMatchObject({ code: '402218' });
    expect((await alma.call('GET', `/conf/jobs/ALL/instances/${first}`)).json).toMatchObject({ id: first });
  });

  it('that pause are running for programs that wait', async () => {
    const id = instanceOf(await run(await setOf('ann'), { Campus_Active: 'true', Campus_Value: 'MED' }));
    await pauseRun.run(bench.ctx, { id: Number(id) });
    expect(await instance(id)).toMatchObject({ status: { value: 'RUNNING', desc: 'Paused' }, alert: [{ value: 'alert_paused' }] });
    expect((await alma.call('GET', '/conf/jobs/ALL/instances?status=RUNNING')).json['total_record_count']).toBe(1);
  });

  it('say of each user what became of them', async () => {
    const set = await setOf('ann', 'ben', 'cem');
    const id = instanceOf(
      await run(set, {
        SEND_Notification_To_User_Active: true,
        SEND_Notification_To_User_Value: 'NOTIFY_PASSWORD_CHANGE',
        Campus_Active: true,
        Campus_Value: 'MED',
        Campus_Condition: 'IF_EMPTY',
      }),
    );
    await bench.work();
    const { json } = await alma.call('GET', `/conf/jobs/M148/instances/${id}/events?limit=2&offset=1`);
    expect(json).toEqual({
      total_record_count: 3,
      job_event: [
        {
          type: { value: 'CHANGED', desc: 'Changed' },
          user: { value: 'ben', desc: 'ben', link: `${alma.url}/users/ben` },
          reason: { value: null, desc: null },
        },
        {
          type: { value: 'CHANGED', desc: 'Changed' },
          user: { value: 'cem', desc: 'cem', link: `${alma.url}/users/cem` },
          reason: { value: null, desc: null },
        },
      ],
    });
    const second = instanceOf(
      await run(set, { SEND_Notification_To_User_Active: true, SEND_Notification_To_User_Value: 'NOTIFY_PASSWORD_CHANGE' }),
    );
    await bench.work();
    const skipped = await alma.call('GET', `/conf/jobs/M148/instances/${second}/events?type=SKIPPED`);
    expect(skipped.json).toMatchObject({
      total_record_count: 1,
      job_event: [
        { type: { value: 'SKIPPED' }, user: { value: 'ben' }, reason: { value: 'changes.not_internal', desc: expect.any(String) } },
      ],
    });
    const xml = await alma.xml('GET', `/conf/jobs/M148/instances/${second}/events`);
    expect(xml.text).toContain('<job_events total_record_count="3">');
    expect(xml.text).toContain(`<user desc="ben" link="${alma.url}/users/ben">ben</user>`);
    expect(errorOf(await alma.call('GET', `/conf/jobs/M148/instances/${second}/events?type=GOOD`))).toMatchObject({ code: '40166410' });
  });
});
