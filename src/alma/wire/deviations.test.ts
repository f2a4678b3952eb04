/** One test for each deviation from Alma that is known to break a client. */
import { beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from '../../../test/support/alma.ts';
import { useAlmaServer } from '../../../test/support/alma-server.ts';

const { ask, server } = useAlmaServer();

const role = (type: string) => ({ status: { value: 'ACTIVE' }, scope: { value: '01MUSTER_INST' }, role_type: { value: type } });

beforeAll(async () => {
  const body = {
    primary_id: 'anna@example.org',
    last_name: 'Adler',
    expiry_date: '2027-06-30Z',
    account_type: { value: 'INTERNAL' },
    user_role: [role('200')],
    user_note: [{ note_type: { value: 'LIBRARY' }, note_text: 'Hello' }],
  };
  const created = await ask('POST', '/users', { body });
  expect(created.status, created.text).toBe(200);
});

const ANNA = '/users/anna%40example.org';
interface Role {
  readonly parameter: unknown;
}

describe('what clients break on', () => {
  it('the content type of JSON, to the letter', async () => {
    expect((await ask('GET', ANNA)).headers['content-type']).toBe('application/json;charset=UTF-8');
    expect((await ask('GET', '/users/nobody')).headers['content-type']).toBe('application/json;charset=UTF-8');
    expect((await ask('GET', ANNA, { accept: 'application/xml' })).headers['content-type']).toBe('application/xml;charset=UTF-8');
  });

  it('an error in XML has its namespace, a document has none', async () => {
    const error = await ask('GET', '/users/nobody', { accept: 'application/xml' });
    expect(error.text).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8" standalone="yes"\?><web_service_result xmlns="http:\/\/com\/exlibris\/urm\/general\/xmlbeans"><errorsExist>true<\/errorsExist><errorList><error><errorCode>401861<\/errorCode><errorMessage>User with identifier nobody was not found\.<\/errorMessage><trackingId>E01-\d{10}-[A-Z0-9]{5}-AWAE\d+<\/trackingId><\/error><\/errorList><\/web_service_result>$/,
    );
    expect((await ask('GET', ANNA, { accept: 'application/xml' })).text).not.toContain('xmlns');
  });

  it('an address that is none is told in Alma’s form as well', async () => {
    for (const [path, status] of [
      ['/users/%', 400],
      [`/users/${'x'.repeat(400)}`, 414],
    ] as const) {
      const answer = await ask('GET', path);
      expect(answer, path).toMatchObject({ status, type: 'application/xml;charset=UTF-8' });
      expect(errorOf(answer).code, path).toBe('INVALID_REQUEST');
    }
  });

  it('an error in JSON is not wrapped, and a list', async () => {
    const { json } = await ask('GET', '/users/nobody');
    expect(json).toEqual({
      errorsExist: true,
      errorList: {
        error: [
          {
            errorCode: '401861',
            errorMessage: 'User with identifier nobody was not found.',
            trackingId: expect.stringMatching(/^E01-\d{10}-[A-Z0-9]{5}-AWAE\d+$/),
          },
        ],
      },
      result: null,
    });
  });

  it('the code of an error is a text', async () => {
    expect(errorOf(await ask('GET', '/users/nobody')).code).toBe('401861');
  });

  it('the number of members is a number', async () => {
    const body = {
      name: 'Numbers',
      type: { value: 'ITEMIZED' },
      content: { value: 'USER' },
      private: { value: 'true' },
      members: { member: [{ id: 'anna@example.org' }] },
    };
    const set = await ask('POST', '/conf/sets', { body });
    expect(set.status, set.text).toBe(200);
    expect(set.json['number_of_members']).toMatchObject({ value: 1 });
  });

  it('a user who is not there is 400', async () => {
    expect((await ask('GET', '/users/nobody')).status).toBe(400);
  });

  it('users in a list have links, which are absolute and lead to them', async () => {
    const list = (await ask('GET', '/users?q=last_name~Adler')).json['user'] as { link: string }[];
    expect(list[0]?.link).toBe(`${server.url}/almaws/v1${ANNA}`);
    const counted = await ask('GET', `${ANNA}?expand=loans,requests,fees`);
    expect(counted.json['loans']).toEqual({ value: 0, link: `${server.url}/almaws/v1${ANNA}/loans` });
    expect((await ask('GET', ANNA)).json['link']).toBeNull();
  });

  it('links say the host that the client came by', async () => {
    const list = await ask('GET', '/users?q=last_name~Adler', { headers: { host: 'library.example.org' } });
    expect(list.text).toContain('"link":"http://library.example.org/almaws/v1/users/anna%40example.org"');
  });

  it('the parameters of a role are a list, even an empty one', async () => {
    const roles = (await ask('GET', ANNA)).json['user_role'] as Role[];
    expect(roles.map((each) => each.parameter)).toEqual([[]]);
  });

  it('a deletion answers 204 and nothing', async () => {
    await ask('POST', '/users', { body: { primary_id: 'gone', last_name: 'Gone' } });
    const answer = await ask('DELETE', '/users/gone', { body: null, type: 'application/json' });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(errorOf(await ask('GET', '/users/gone')).code).toBe('401861');
  });

  it.each([[null], ['*/*'], ['text/html'], ['application/xml,application/json;q=0.9']])('XML is the default: Accept %s', async (accept) => {
    expect((await ask('GET', ANNA, { accept })).text).toMatch(/^<\?xml .*\?>\s*<user>/);
    expect((await ask('GET', `${ANNA}?format=json`, { accept })).json['primary_id']).toBe('anna@example.org');
  });

  it.each([['application/json'], ['application/json, text/plain, */*'], ['text/json'], ['application/json;charset=UTF-8']])(
    'JSON when it is named: %s',
    async (accept) => {
      expect((await ask('GET', ANNA, { accept })).json['primary_id']).toBe('anna@example.org');
      expect((await ask('GET', `${ANNA}?format=xml`, { accept })).text).toMatch(/^<\?xml/);
    },
  );

  it('lists say how many there are, as a number', async () => {
    for (const path of ['/users', '/users?q=last_name~nobody', '/conf/sets', `${ANNA}/loans`, `${ANNA}/fees`]) {
      expect((await ask('GET', path)).json['total_record_count'], path).toEqual(expect.any(Number));
      expect((await ask('GET', path, { accept: 'application/xml' })).text, path).toMatch(/total_record_count="\d+"/);
    }
  });

  it('coded values have a description', async () => {
    const { json } = await ask('GET', ANNA);
    expect(json['status']).toEqual({ value: 'ACTIVE', desc: 'Active' });
    expect(json['user_title']).toEqual({ value: '', desc: '' });
    expect(json['account_type']).toEqual({ value: 'INTERNAL', desc: 'Internal' });
  });

  it('the remaining requests are told, and enough of them', async () => {
    expect(Number((await ask('GET', ANNA)).headers['x-exl-api-remaining'])).toBeGreaterThan(5_000);
    expect((await ask('GET', '/users/nobody')).headers).toHaveProperty('x-exl-api-remaining');
    expect((await ask('GET', ANNA)).headers['x-request-id']).toMatch(/\S/);
  });

  it.each([[undefined], [[]], [null]])('a PUT with user_role %j keeps the roles', async (user_role) => {
    const { json } = await ask('GET', ANNA);
    const { user_role: _roles, ...rest } = json;
    const answer = await ask('PUT', ANNA, { body: { ...rest, ...(user_role === undefined ? {} : { user_role }) } });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json['user_role']).toEqual(json['user_role']);
  });

  it('dates end in Z, instants have milliseconds', async () => {
    const { json } = await ask('GET', ANNA);
    expect(json['expiry_date']).toBe('2027-06-30Z');
    const [note] = json['user_note'] as { created_date: string }[];
    expect(note?.created_date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    for (const given of ['2027-06-30', '2027-06-30T00:00:00.000Z']) {
      expect((await ask('PUT', ANNA, { body: { ...json, expiry_date: given } })).json['expiry_date']).toBe('2027-06-30Z');
    }
  });
});

describe('what clients do besides', () => {
  it('slashes at the end, ids in any letters, keys in the query, JSON’s content type without a body', async () => {
    expect((await ask('GET', '/users/?limit=1')).status).toBe(200);
    expect((await ask('GET', '/users/ANNA%40Example.org/', { type: 'application/json' })).json['primary_id']).toBe('anna@example.org');
    for (const name of ['apikey', 'apiKey']) expect((await ask('GET', `${ANNA}?${name}=key`, { key: null })).status).toBe(200);
    expect((await ask('DELETE', '/users/nobody', { type: 'application/json' })).status).toBe(400);
    expect((await ask('GET', ANNA, { headers: { connection: 'close' } })).status).toBe(200);
  });

  it('try their key: XML even when they ask for JSON', async () => {
    for (const path of ['/users/operation/test', '/conf/test']) {
      for (const method of ['GET', 'POST']) {
        const answer = await ask(method, path);
        expect(answer).toMatchObject({ status: 200, type: 'application/xml;charset=UTF-8' });
        expect(answer.text).toContain(`<test>${method} - OK - institutionCode: 01MUSTER_INST</test>`);
      }
    }
    expect(errorOf(await ask('GET', '/conf/test', { key: null })).code).toBe('UNAUTHORIZED');
  });

  it('send what is no document', async () => {
    for (const [type, body] of [
      ['application/json', '{"primary_id":'],
      ['application/json', '[]'],
      ['application/json', '"x"'],
      ['application/json', ''],
      ['application/xml', '<user><primary_id>x</user>'],
      ['application/xml', '<!DOCTYPE user [<!ENTITY x SYSTEM "file:///etc/passwd">]><user><primary_id>&x;</primary_id></user>'],
      ['application/xml', '<set/>'],
    ] as const) {
      const answer = await ask('POST', '/users', { type, body });
      expect(answer.status, body).toBe(400);
      expect(errorOf(answer).code, body).toBe('401676');
    }
  });

  it('come too often, where the library says so', async () => {
    const { pool } = server.app.db;
    await pool.query(`insert into settings (name, value) values ('alma.thresholds', '{"perSecond": 1, "perDay": null}')`);
    const { Thresholds } = await import('./thresholds.ts');
    const thresholds = new Thresholds(pool);
    await thresholds.admit('2026-11-25', 1_000);
    await expect(thresholds.admit('2026-11-25', 1_500)).rejects.toMatchObject({ code: 'PER_SECOND_THRESHOLD', status: 429 });
    await thresholds.admit('2026-11-25', 2_000);
    await pool.query(`update settings set value = '{"perSecond": null, "perDay": 2}' where name = 'alma.thresholds'`);
    const daily = new Thresholds(pool);
    expect(await daily.admit('2026-11-25', 1_000)).toBe(1);
    expect(await daily.admit('2026-11-25', 1_000)).toBe(0);
    await expect(daily.admit('2026-11-25', 1_000)).rejects.toMatchObject({ code: 'DAILY_THRESHOLD', status: 429 });
    expect(await daily.admit('2026-11-26', 1_000)).toBe(1);
    await pool.query(`delete from settings where name = 'alma.thresholds'`);
  });
});
