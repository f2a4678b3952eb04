import { beforeEach, describe, expect, it } from 'vitest';
import { errorOf } from '../../../test/support/alma.ts';
import { useAlmaServer } from '../../../test/support/alma-server.ts';

const { ask, test, number } = useAlmaServer();
const PASSWORD = 'correct horse battery';

beforeEach(async () => {
  await test.db.pool.query('truncate users, runs, journal restart identity cascade');
  const body = {
    primary_id: 'a',
    last_name: 'Adler',
    password: PASSWORD,
    user_identifier: [{ id_type: { value: 'BARCODE' }, value: 'B1' }],
  };
  expect((await ask('POST', '/users', { body })).status).toBe(200);
});

describe('a password', () => {
  it('is asked for by header, query or body, by any id', async () => {
    for (const id of ['a', 'A', 'B1', 'B1?user_id_type=BARCODE']) {
      const [path, query = ''] = id.split('?');
      const answer = await ask('POST', `/users/${path}?op=auth&${query}`, { headers: { 'exl-user-pw': PASSWORD } });
      expect(answer, id).toMatchObject({ status: 204, text: '' });
    }
    expect((await ask('POST', `/users/a?op=auth&password=${encodeURIComponent(PASSWORD)}`)).status).toBe(204);
    expect((await ask('POST', '/users/a?op=auth', { body: { password: PASSWORD } })).status).toBe(204);
  });

  it('that is wrong, missing or nobody’s is one and the same error', async () => {
    for (const path of [
      '/users/a?op=auth&password=wrong',
      '/users/a?op=auth',
      '/users/nobody?op=auth&password=x',
      '/users/B1?op=auth&user_id_type=UNIV_ID&password=x',
    ]) {
      const answer = await ask('POST', path);
      expect(answer.status, path).toBe(400);
      expect(errorOf(answer), path).toEqual({ code: '401866', message: 'User authentication failed.' });
    }
    expect((await ask('POST', '/users/a?op=refresh')).status).toBe(204);
    expect(errorOf(await ask('POST', '/users/nobody?op=refresh')).code).toBe('401861');
    expect(errorOf(await ask('POST', '/users/a?op=dance')).code).toBe('40166411');
  });

  it('is never given back, kept when it comes empty, and stored as a hash alone', async () => {
    const user = (await ask('GET', '/users/a')).json;
    expect(user).toMatchObject({ password: '', pin_number: '' });
    expect((await ask('PUT', '/users/a', { body: user })).status).toBe(200);
    expect((await ask('POST', '/users/a?op=auth', { headers: { 'exl-user-pw': PASSWORD } })).status).toBe(204);
    expect((await ask('PUT', '/users/a', { body: { ...user, password: 'another long secret' } })).status).toBe(200);
    expect((await ask('POST', '/users/a?op=auth', { headers: { 'exl-user-pw': PASSWORD } })).status).toBe(400);
    expect((await ask('POST', '/users/a?op=auth', { headers: { 'exl-user-pw': 'another long secret' } })).status).toBe(204);
    const runs = await number('select count(*) from runs');
    expect((await ask('PUT', '/users/a', { body: { ...user, password: 'another long secret' } })).status).toBe(200);
    expect(await number('select count(*) from runs'), 'the one in force is no change').toBe(runs);
    for (const table of ['journal', 'audit', 'runs', 'credentials']) {
      expect(
        await number(
          `select count(*) from ${table} t where to_jsonb(t)::text like '%another long%' or to_jsonb(t)::text like '%correct horse%'`,
        ),
        table,
      ).toBe(0);
    }
  });
});

describe('a person’s data', () => {
  it('is handed out as one document', async () => {
    expect((await ask('GET', '/users/B1/personal-data')).json).toMatchObject({ primary_id: 'a' });
    const xml = (await ask('GET', '/users/B1/personal-data', { accept: 'application/xml' })).text;
    expect(xml).toContain('<primary_id>a</primary_id>');
    expect(xml).not.toContain('[object Object]');
    expect(errorOf(await ask('GET', '/users/nobody/personal-data')).code).toBe('401861');
    expect(errorOf(await ask('GET', '/users/B1/personal-data', { key: 'desk' })).code).toBe('UNAUTHORIZED');
  });
});

describe('a deletion', () => {
  it('is for good, and refused while something is open', async () => {
    await test.db.pool.query(`update users set loans = 1 where primary_id = 'a'`);
    expect(errorOf(await ask('DELETE', '/users/B1')).code).toBe('401850');
    await test.db.pool.query(`update users set loans = 0 where primary_id = 'a'`);
    expect(await ask('DELETE', '/users/B1')).toMatchObject({ status: 204, text: '' });
    expect(await number('select count(*) from users')).toBe(0);
    expect(errorOf(await ask('DELETE', '/users/B1')).code).toBe('401861');
    expect(errorOf(await ask('DELETE', '/users/B1?user_id_type=BARCODE')).code).toBe('401890');
  });

  it('leaves the last administrator', async () => {
    await test.db.pool.query(`insert into user_roles (user_id, type, scope, status) select id, '26', 'INSTITUTION', 'ACTIVE' from users`);
    expect(errorOf(await ask('DELETE', '/users/a')).code).toBe('401850');
    expect(await number('select count(*) from users')).toBe(1);
  });

  it('is not for every key', async () => {
    expect(errorOf(await ask('DELETE', '/users/a', { key: 'manager' })).code).toBe('UNAUTHORIZED');
    expect(await number('select count(*) from users')).toBe(1);
  });
});
