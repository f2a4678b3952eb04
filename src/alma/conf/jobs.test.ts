import { describe, expect, it } from 'vitest';
import { errorOf } from '../../../test/support/alma-conf.ts';
import { useJobs } from '../../../test/support/alma-jobs.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { pauseRun } from '../../runs/index.ts';

const test = useTestDatabase();
const { alma, bench, run, setOf, instanceOf, instance, setting } = useJobs(test);

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
    expect(await list('?status=pending')).toEqual([]);
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
