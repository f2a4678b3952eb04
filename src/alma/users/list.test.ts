import { beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from '../../../test/support/alma.ts';
import { useAlmaServer } from '../../../test/support/alma-server.ts';
import { readUserQuery } from './query.ts';

const { ask, test, server } = useAlmaServer({ trustedProxies: ['127.0.0.1'] });
type Json = Record<string, unknown>;

const PEOPLE: readonly Json[] = [
  {
    primary_id: 'ada_l',
    first_name: 'Ada',
    middle_name: 'Augusta',
    last_name: 'van Lovelace',
    gender: { value: 'FEMALE' },
    birth_date: '1815-12-10Z',
    user_group: { value: 'STAFF' },
    job_category: { value: 'Cataloger' },
    campus_code: { value: 'MAIN', desc: 'Main campus' },
    contact_info: {
      email: [{ email_address: 'ada@example.org', email_type: [{ value: 'work' }] }],
      phone: [{ phone_number: '030-123 45', phone_type: [{ value: 'office' }] }],
    },
    user_identifier: [{ id_type: { value: 'BARCODE' }, value: 'AB-100' }],
    user_note: [{ note_type: { value: 'LIBRARY' }, note_text: 'Owes us an engine' }],
    user_block: [{ block_type: { value: 'GENERAL' }, block_description: { value: '02-GLOBAL' }, block_status: 'ACTIVE' }],
    user_statistic: [{ statistic_category: { value: 'MATH', desc: 'Mathematics' } }],
  },
  { primary_id: 'bob', first_name: 'Bob', last_name: 'Zimmer', user_group: { value: 'GRAD' } },
  { primary_id: 'cara', first_name: 'Cara', last_name: 'Abel', user_group: { value: 'GRAD' } },
  { primary_id: 'dan%', first_name: 'Dan', last_name: 'Zimmer', user_group: { value: 'GRAD' } },
];

beforeAll(async () => {
  for (const body of PEOPLE) {
    const made = await ask('POST', '/users', { body });
    expect(made.status, made.text).toBe(200);
  }
  await test.db.pool.query(`update users set fees = 12.50 where primary_id = 'bob'`);
  await test.db.pool.query(`update users set modified_at = '2020-05-05T10:00:00Z' where primary_id <> 'bob'`);
});

async function ids(query: string): Promise<string[]> {
  const answer = await ask('GET', `/users?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.json['user'] as { primary_id: string }[]).map((user) => user.primary_id);
}

describe('a list of users', () => {
  it.each([
    ['primary_id~ada_l', []],
    ['primary_id~ADA*', ['ada_l']],
    ['first_name~ada', ['ada_l']],
    ['middle_name~august', ['ada_l']],
    ['last_name~van_lovelace', ['ada_l']],
    ['last_name~*lace', ['ada_l']],
    ['last_name~love*', []],
    ['last_name~Zimmer', ['bob', 'dan%']],
    ['email~ada@example.org', ['ada_l']],
    ['phone_number~123_45', ['ada_l']],
    ['identifiers~ab-100', ['ada_l']],
    ['id_type~BARCODE', ['ada_l']],
    ['job_category~Cataloger', ['ada_l']],
    ['birth_date~1815-12-10', ['ada_l']],
    ['birth_date~nonsense', []],
    ['user_group~grad', ['cara', 'bob', 'dan%']],
    ['user_group~Graduate student', ['cara', 'bob', 'dan%']],
    ['campus_code~MAIN', ['ada_l']],
    ['campus_code~Main_campus', ['ada_l']],
    ['block_type~GENERAL', ['ada_l']],
    ['note_type~LIBRARY', ['ada_l']],
    ['note_text~an_engine', ['ada_l']],
    ['statistic_category~Mathematics', ['ada_l']],
    ['fines_fees_sum~12.5', ['bob']],
    ['general_info~lovelace', ['ada_l']],
    ['ALL~*ada*', ['ada_l']],
    ['ALL~zimmer_bob', ['bob']],
    ['all~example', ['ada_l']],
    ['last_name~zimmer AND first_name~dan', ['dan%']],
    ['last_name~zimmer AND user_group~STAFF', []],
    ['primary_id~%', ['dan%']],
  ])('q=%s', async (q, expected) => {
    expect(await ids(`q=${encodeURIComponent(q)}`)).toEqual(expected);
  });

  it.each(['nonsense', 'shoe_size~9', 'last_name~', 'ALL~a AND last_name~b', '~x', 'a'.repeat(5_000)])('refuses q=%s', async (q) => {
    const answer = await ask('GET', `/users?q=${encodeURIComponent(q)}`);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('402119');
  });

  it('reads its grammar', () => {
    expect(readUserQuery('last_name~a_b AND first_name~c*')).toEqual([
      { field: 'last_name', text: 'a b' },
      { field: 'first_name', text: 'c*' },
    ]);
  });

  it('pages, in an order', async () => {
    expect(await ids('')).toEqual(['cara', 'ada_l', 'bob', 'dan%']);
    expect(await ids('order_by=primary_id')).toEqual(['ada_l', 'bob', 'cara', 'dan%']);
    expect(await ids('order_by=first_name,primary_id&limit=2&offset=1')).toEqual(['bob', 'cara']);
    const none = await ask('GET', '/users?limit=0');
    expect(none.json).toEqual({ total_record_count: 4, user: [] });
    expect((await ask('GET', '/users?offset=100')).json).toEqual({ total_record_count: 4, user: [] });
    for (const wrong of [
      'limit=101',
      'limit=-1',
      'limit=x',
      'offset=-1',
      'offset=99999999999',
      'order_by=shoe',
      'modify_date_from=today',
    ]) {
      expect(errorOf(await ask('GET', `/users?${wrong}`)).code, wrong).toBe('402119');
    }
  });

  it('says who was written since a day, which goes with no q', async () => {
    expect(await ids('modify_date_from=2021-01-01')).toEqual(['bob']);
    expect((await ids('modify_date_from=2020-05-05')).length).toBe(4);
    expect(errorOf(await ask('GET', '/users?modify_date_from=2021-01-01&q=last_name~a')).code).toBe('402119');
  });

  it('shows little of each, or all', async () => {
    const [ada] = (await ask('GET', '/users?q=first_name~ada')).json['user'] as Json[];
    expect(ada).toEqual({
      primary_id: 'ada_l',
      first_name: 'Ada',
      last_name: 'van Lovelace',
      status: { value: 'ACTIVE', desc: 'Active' },
      gender: { value: 'FEMALE', desc: 'Female' },
      password: '',
      requests: null,
      loans: null,
      fees: null,
      link: `${server.url}/almaws/v1/users/ada_l`,
    });
    const [whole] = (await ask('GET', '/users?q=first_name~ada&expand=full')).json['user'] as Json[];
    expect({ ...whole, link: null }).toEqual((await ask('GET', '/users/ada_l')).json);
    const xml = (await ask('GET', '/users?q=first_name~ada', { accept: 'application/xml' })).text;
    expect(xml).toContain(`<users total_record_count="1">\n  <user link="${server.url}/almaws/v1/users/ada_l">`);
    expect(xml).toContain('<gender desc="Female">FEMALE</gender>');
  });

  it('has links that say how the client came through a proxy that is trusted', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'alma.example.org' };
    expect((await ask('GET', '/users?q=first_name~ada', { headers })).text).toContain('"https://alma.example.org/almaws/v1/users/ada_l"');
    const evil = await ask('GET', '/users?q=first_name~ada', { headers: { 'x-forwarded-host': 'a"><script>' } });
    expect(evil.text).not.toContain('script');
  });
});

describe('views of one user', () => {
  it('brief, with counts and lists of them', async () => {
    const brief = (await ask('GET', '/users/ada_l?view=brief')).json;
    expect(brief).toMatchObject({ primary_id: 'ada_l', user_note: [], contact_info: { email: [] } });
    expect(errorOf(await ask('GET', '/users/ada_l?view=odd')).code).toBe('401666');
    expect(errorOf(await ask('GET', '/users/ada_l?expand=odd')).code).toBe('401666');
    const bob = (await ask('GET', '/users/bob?expand=fees,loans')).json;
    expect(bob).toMatchObject({
      fees: { value: 12.5, link: `${server.url}/almaws/v1/users/bob/fees` },
      loans: { value: 0 },
      requests: null,
    });
    await test.db.pool.query(`insert into circulation (user_id, kind, reference, title, amount, currency, due_on, true_on)
      select id, k.kind, k.kind || '-1', 'A book', k.amount, 'EUR', '2027-01-01', '2026-11-01' from users, (values ('loan', null), ('fee', 2.5)) k (kind, amount) where primary_id = 'bob'`);
    expect((await ask('GET', '/users/bob/loans')).json).toMatchObject({
      total_record_count: 1,
      item_loan: [{ loan_id: 'loan-1', user_id: 'bob', title: 'A book', due_date: '2027-01-01T00:00:00.000Z' }],
    });
    expect((await ask('GET', '/users/bob/fees')).json).toMatchObject({
      total_record_count: 1,
      total_sum: 2.5,
      currency: 'EUR',
      fee: [{ id: 'fee-1', balance: 2.5 }],
    });
    expect((await ask('GET', '/users/bob/requests')).json).toEqual({ total_record_count: 0, user_request: [] });
    expect((await ask('GET', '/users/bob/fees', { accept: 'application/xml' })).text).toContain('total_sum="2.5"');
    expect(errorOf(await ask('GET', '/users/nobody/loans')).code).toBe('401861');
  });

  it('finds by an active identifier, of a type if it is told', async () => {
    expect((await ask('GET', '/users/ab-100')).json['primary_id']).toBe('ada_l');
    expect((await ask('GET', '/users/AB-100?user_id_type=BARCODE')).json['primary_id']).toBe('ada_l');
    expect((await ask('GET', '/users/AB-100?user_id_type=all_unique')).json['primary_id']).toBe('ada_l');
    expect(errorOf(await ask('GET', '/users/AB-100?user_id_type=UNIV_ID'))).toEqual({
      code: '401890',
      message: 'User with identifier AB-100 of type UNIV_ID was not found.',
    });
    expect((await ask('GET', '/users/dan%25')).json['primary_id']).toBe('dan%');
  });
});
