/** Jobs with Muster's own API keys, on the whole server. */
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { createKey } from '../../access/index.ts';
import { parseInput } from '../../core/index.ts';

const test = useTestDatabase();
const http = useTestServer(test);
const bench = runsBench(test);
const keys: Record<string, string> = {};
let set = 0;

const PARAMETERS = [
  { name: { value: 'UPDATE_User_Information_Campus_Active' }, value: 'true' },
  { name: { value: 'UPDATE_User_Information_Campus_Value' }, value: 'MED' },
];

async function run(key: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${http.url}/almaws/v1/conf/jobs/M148?op=run&format=json&apikey=${keys[key] ?? key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ parameter: [...PARAMETERS, { name: { value: 'set_id' }, value: set }] }),
  });
  return { status: answer.status, text: await answer.text() };
}

const states = async () => {
  const { rows } = await test.db.pool.query<{ state: string; created_by: string }>(
    'select r.state, r.created_by from runs r order by r.id',
  );
  return rows;
};

beforeAll(async () => {
  await bench.users(
    { primary_id: 'manager', last_name: 'M', user_roles: [{ type: '21', scope: 'INSTITUTION', status: 'ACTIVE' }] },
    { primary_id: 'ann', last_name: 'A' },
    { primary_id: 'ben', last_name: 'B' },
  );
  const guard = JSON.stringify({ share: 20, atLeast: 2, absolute: 10_000 });
  await test.db.pool.query(sql`insert into settings (name, value) values ('guard', ${guard}::jsonb)`);
  const kinds = { plain: {}, trusted: { exempt_from_guard: true }, reader: { read_only: true }, 'sets alone': { areas: ['sets'] } };
  for (const [name, more] of Object.entries(kinds)) {
    const made = await createKey.run(bench.ctx, parseInput(createKey.input, { name, owner: 'manager', ...more }));
    keys[name] = made.key;
  }
  const answer = await fetch(`${http.url}/almaws/v1/conf/sets`, {
    method: 'POST',
    headers: { authorization: `apikey ${keys['sets alone']}`, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'all', type: { value: 'LOGICAL' }, query: { value: 'everyone' } }),
  });
  set = Number(((await answer.json()) as { id: string }).id);
});

describe('a key', () => {
  it('that reads only, or works on sets alone, starts nothing; nor does one that is no key', async () => {
    for (const key of ['reader', 'sets alone', 'nonsense']) {
      const { status, text } = await run(key);
      expect([status, text.includes('<errorCode>UNAUTHORIZED</errorCode>')], key).toEqual([400, true]);
    }
    expect(await states()).toEqual([]);
  });

  it('has its large runs wait, in the name of its owner', async () => {
    expect((await run('plain')).status).toBe(200);
    expect(await states()).toEqual([{ state: 'MANUAL_HANDLING_REQUIRED', created_by: 'manager' }]);
  });

  it('that is exempt starts them', async () => {
    expect((await run('trusted')).status).toBe(200);
    await bench.work();
    expect((await states())[1]).toEqual({ state: 'COMPLETED_SUCCESS', created_by: 'manager' });
    expect(await bench.value('ben', 'campus_code')).toBe('MED');
  });
});
