/** What programs do with a public client library: a set, its members, the job, and waiting for its end. */
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useAlma } from '../../../test/support/alma-conf.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { ADMINISTRATOR } from '../../access/index.ts';

/** As far as it is used here. */
interface AlmaClient {
  getp(url: string): Promise<Record<string, unknown>>;
  getXmlp(url: string): Promise<string>;
  postp(url: string, data: unknown): Promise<Record<string, unknown>>;
  postXmlp(url: string, data: string): Promise<string>;
  putp(url: string, data: unknown): Promise<Record<string, unknown>>;
  putXmlp(url: string, data: string): Promise<string>;
  deletep(url: string): Promise<unknown>;
}

const test = useTestDatabase();
const bench = runsBench(test);
const alma = useAlma(test, () => ({ admin: ADMINISTRATOR }));
let client: AlmaClient;

beforeAll(async () => {
  // It reads its environment when it is loaded.
  process.env['ALMA_APIPATH'] = alma.url;
  process.env['ALMA_APIKEY'] = 'admin';
  client = createRequire(import.meta.url)('almarestapi-lib') as AlmaClient; // it comes without types
  await bench.users({ primary_id: 'ann', last_name: 'A' }, { primary_id: 'ben', last_name: 'B' }, { primary_id: 'cem', last_name: 'C' });
});
afterAll(() => {
  delete process.env['ALMA_APIPATH'];
  delete process.env['ALMA_APIKEY'];
});

/** Polls the instance as programs do, while a worker is at it. */
async function ended(link: string): Promise<Record<string, unknown>> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const instance = await client.getp(link);
    const { value } = instance['status'] as { value: string };
    if (!['QUEUED', 'PENDING', 'INITIALIZING', 'RUNNING', 'FINALIZING'].includes(value)) return instance;
    await bench.work();
  }
  throw new Error('the job did not end');
}

describe('almarestapi-lib', () => {
  it('makes a set, runs the job on it, follows the links, and clears up, in JSON', async () => {
    const set = await client.postp('/conf/sets', {
      name: 'By client',
      description: '',
      type: { value: 'ITEMIZED' },
      content: { value: 'USER' },
      private: { value: 'true' },
    });
    const id = String(set['id']);
    const members = { members: { total_record_count: 2, member: [{ id: 'ann' }, { id: 'ben' }] } };
    const filled = await client.postp(`/conf/sets/${id}?op=add_members`, members);
    expect(filled['number_of_members']).toEqual({ value: 2, link: `${alma.url}/conf/sets/${id}/members` });
    const page = await client.getp((filled['number_of_members'] as { link: string }).link);
    expect(page['total_record_count']).toBe(2);
    const job = await client.postp('/conf/jobs/M148?op=run', {
      parameter: [
        { name: { value: 'UPDATE_User_Information_Status_Active' }, value: 'true' },
        { name: { value: 'UPDATE_User_Information_Status_Value' }, value: 'INACTIVE' },
        { name: { value: 'set_id' }, value: id },
        { name: { value: 'job_name' }, value: 'Client run' },
      ],
    });
    const instance = await ended((job['additional_info'] as { link: string }).link);
    expect(instance).toMatchObject({ name: 'Client run', status: { value: 'COMPLETED_SUCCESS' }, progress: 100 });
    expect([await bench.value('ann', 'status'), await bench.value('cem', 'status')]).toEqual(['INACTIVE', 'ACTIVE']);
    await client.putp(`/conf/sets/${id}`, { ...filled, name: 'By client, done' });
    expect((await client.getp('/conf/sets?q=name~done'))['total_record_count']).toBe(1);
    await client.deletep(`/conf/sets/${id}`);
    await expect(client.getp(`/conf/sets/${id}`)).rejects.toThrow('Invalid set ID. (60107)');
  });

  it('does the same in XML', async () => {
    const set = await client.postXmlp('/conf/sets/', '<set><name>In XML</name><type>ITEMIZED</type><content>USER</content></set>');
    const id = /<id>(\d+)<\/id>/.exec(set)?.[1] ?? '';
    await client.postXmlp(`/conf/sets/${id}?op=replace_members`, '<set><members><member><id>cem</id></member></members></set>');
    const parameter = (name: string, value: string) => `<parameter><name>${name}</name><value>${value}</value></parameter>`;
    const job = await client.postXmlp(
      '/conf/jobs/M148?op=run',
      `<job><parameters>${parameter('UPDATE_User_Information_Campus_Active', 'true')}${parameter('UPDATE_User_Information_Campus_Value', 'MED')}${parameter('set_id', id)}</parameters></job>`,
    );
    const link = /<additional_info link="([^"]+)"/.exec(job)?.[1] ?? '';
    expect(await ended(link)).toMatchObject({ status: { value: 'COMPLETED_SUCCESS' } });
    expect(await client.getXmlp(link)).toContain('<status desc="Completed">COMPLETED_SUCCESS</status>');
    expect(await bench.value('cem', 'campus_code')).toBe('MED');
    await client.putXmlp(`/conf/sets/${id}`, '<set><description>done</description></set>');
    expect(await client.getXmlp(`/conf/sets/${id}`)).toContain('<description>done</description>');
    await client.deletep(`/conf/sets/${id}`);
    await expect(client.getXmlp(`/conf/sets/${id}`)).rejects.toThrow('Invalid set ID.');
  });
});
