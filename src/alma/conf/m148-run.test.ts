import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../../../test/support/alma-conf.ts';
import { m148Body, useJobs, type Values } from '../../../test/support/alma-jobs.ts';
import { useTestDatabase } from '../../../test/support/database.ts';

const test = useTestDatabase();
const { alma, bench, run, setOf, instanceOf, instance, done, setting } = useJobs(test);

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
      { words: 'Set status to Inactive', changed: 2, unchanged: 1 },
      { words: 'Set expiry date to 31 Mar 2025', changed: 3 },
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
    const good = m148Body(set, { Campus_Active: true, Campus_Value: 'MED' });
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
