import { beforeAll, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { type AlmaAnswer, errorOf, useAlma } from '../../../test/support/alma-conf.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { addUser } from '../../../test/support/sets.ts';
import { ADMINISTRATOR } from '../../access/index.ts';
import type { Actor } from '../../core/index.ts';

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
const alma = useAlma(test, () => actors);

const ITEMIZED = { type: { value: 'ITEMIZED' }, content: { value: 'USER' }, private: { value: 'true' }, description: '' };
let made = 0;

beforeAll(async () => {
  for (const letter of ['a', 'b', 'c', 'd', 'e']) await addUser(test.db, letter, [['BARCODE', `B-${letter}`]]);
  await addUser(test.db, 'x@y.org', []);
  actors['patron'] = await userActor(test.db.pool, ['200'], { name: 'patron' });
  actors['manager'] = await userActor(test.db.pool, ['21'], { name: 'manager' });
  actors['other'] = await userActor(test.db.pool, ['21'], { name: 'other' });
});

const listOf = (members: string) => ({ members: { member: members.split('').map((id) => ({ id })) } });

async function make(members = '', more: object = {}): Promise<string> {
  made += 1;
  const answer = await alma.call('POST', '/conf/sets', {
    ...ITEMIZED,
    name: `set no ${made}`,
    ...(members === '' ? {} : listOf(members)),
    ...more,
  });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.json['id']);
}

async function membersOf(id: string): Promise<string> {
  const answer = await alma.call('GET', `/conf/sets/${id}/members?limit=100`);
  return (answer.json['member'] as { id: string }[])
    .map((member) => member.id)
    .sort()
    .join('');
}

const change = (id: string, query: string, members: string, more: object = {}): Promise<AlmaAnswer> =>
  alma.call('POST', `/conf/sets/${id}?${query}`, { ...listOf(members), ...more });

describe('a set over the Alma API', () => {
  it('is made, read, changed and deleted in JSON', async () => {
    const answer = await alma.call('POST', '/conf/sets', { ...ITEMIZED, name: 'Expiring', description: 'Before summer' });
    expect([answer.status, answer.type]).toEqual([200, 'application/json;charset=UTF-8']);
    const id = String(answer.json['id']);
    const link = `${alma.url}/conf/sets/${id}`;
    expect(answer.json).toEqual({
      link,
      id,
      name: 'Expiring',
      description: 'Before summer',
      type: { value: 'ITEMIZED', desc: 'Itemized' },
      content: { value: 'USER', desc: 'User' },
      private: { value: 'true', desc: 'Yes' },
      status: { value: 'ACTIVE', desc: 'Active' },
      status_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}Z$/),
      created_by: { value: 'administrator', desc: 'administrator' },
      created_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
      query: { value: null, desc: null },
      number_of_members: { value: 0, link: `${link}/members` },
      members: null,
      origin: { value: 'UI', desc: 'Institution only' },
    });
    expect((await alma.call('GET', `/conf/sets/${id}/`)).json).toEqual(answer.json);
    // The whole set, sent back with a new name.
    const changed = await alma.call('PUT', `/conf/sets/${id}`, {
      ...answer.json,
      name: 'Expired',
      private: { value: 'false', desc: 'No' },
      link: 'x',
    });
    expect(changed.json).toMatchObject({ id, name: 'Expired', description: 'Before summer', private: { value: 'false' }, link });
    const gone = await alma.call('DELETE', `/conf/sets/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(errorOf(await alma.call('GET', `/conf/sets/${id}`))).toEqual({ status: 400, code: '60107', message: 'Invalid set ID.' });
  });

  it('is made, read and changed in XML', async () => {
    const body =
      '<set><name>In XML &amp; more</name><type>ITEMIZED</type><content>USER</content><private>false</private><members><member><id>a</id></member><member><id>b</id></member></members></set>';
    const answer = await alma.xml('POST', '/conf/sets', body);
    expect([answer.status, answer.type]).toEqual([200, 'application/xml;charset=UTF-8']);
    const id = /<id>(\d+)<\/id>/.exec(answer.text)?.[1] ?? '';
    expect(answer.text).toContain(`<set link="${alma.url}/conf/sets/${id}">`);
    expect(answer.text).toContain('<type desc="Itemized">ITEMIZED</type>');
    expect(answer.text).toContain('<private desc="No">false</private>');
    expect(answer.text).toContain(`<number_of_members link="${alma.url}/conf/sets/${id}/members">2</number_of_members>`);
    expect(answer.text).not.toContain('xmlns');
    const more = await alma.xml('POST', `/conf/sets/${id}?op=add_members`, '<set><members><member><id>c</id></member></members></set>');
    expect(more.text).toContain('>3</number_of_members>');
    const page = await alma.xml('GET', `/conf/sets/${id}/members?limit=1`);
    expect(page.text).toContain('<members total_record_count="3">');
    expect(page.text).toContain(`<member link="${alma.url}/users/a">`);
    expect((await alma.xml('PUT', `/conf/sets/${id}`, '<set><name>Renamed in XML</name></set>')).text).toContain(
      '<name>Renamed in XML</name>',
    );
    const list = await alma.xml('GET', '/conf/sets?q=name~Renamed_in');
    expect(list.text).toContain('<sets total_record_count="1">');
    const error = await alma.xml('GET', '/conf/sets/0');
    expect([error.status, error.type]).toEqual([400, 'application/xml;charset=UTF-8']);
    expect(error.text).toContain('<web_service_result xmlns="http://com/exlibris/urm/general/xmlbeans">');
    expect(error.text).toContain('<errorCode>60107</errorCode>');
  });

  it('comes in lists that are searched and paged, without counting members', async () => {
    for (const name of ['Autumn A', 'Autumn B', 'Autumn C']) await make('', { name });
    const page = await alma.call('GET', '/conf/sets?q=name~autumn&limit=2&offset=1&content_type=USER&set_type=ITEMIZED');
    expect(page.json['total_record_count']).toBe(3);
    const sets = page.json['set'] as Record<string, unknown>[];
    expect(sets.map((set) => set['name'])).toEqual(['Autumn B', 'Autumn C']);
    expect(sets[0]).not.toHaveProperty('number_of_members');
    expect(String(sets[0]?.['link'])).toBe(`${alma.url}/conf/sets/${String(sets[0]?.['id'])}`);
    const count = async (query: string) => (await alma.call('GET', `/conf/sets?${query}`)).json['total_record_count'];
    expect(await count('q=name~autumn_a AND created_by~administrator')).toBe(1);
    await make('', { name: 'Autumn_under_line' });
    expect(await count('q=name~autumn_under_line')).toBe(1);
    expect(await count('q=name~*under line*')).toBe(1);
    expect(await count('q=created_by~nobody')).toBe(0);
    expect(await count('q=name~autumn&set_type=LOGICAL')).toBe(0);
    expect(await count('content_type=BIB_MMS')).toBe(0);
    expect(await count('set_origin=UI_CZ')).toBe(0);
    expect(await count('q=name~autumn&limit=0')).toBe(4);
    expect((await alma.call('GET', '/conf/sets?q=name~autumn&limit=0')).json['set']).toEqual([]);
    for (const bad of ['limit=101', 'limit=x', 'offset=-1'])
      expect(errorOf(await alma.call('GET', `/conf/sets?${bad}`))).toMatchObject({ code: '402119' });
    expect(errorOf(await alma.call('GET', '/conf/sets?q=colour~red'))).toMatchObject({ code: '40166411' });
    expect(errorOf(await alma.call('GET', '/conf/sets?set_type=ROUND'))).toMatchObject({ code: '402262' });
  });

  it('that is private is nobody else’s, and one of somebody else is not changed', async () => {
    const mine = await alma.call('POST', '/conf/sets', { ...ITEMIZED, name: 'Of the manager' }, { key: 'manager' });
    const id = String(mine.json['id']);
    expect(errorOf(await alma.call('GET', `/conf/sets/${id}`, undefined, { key: 'other' }))).toMatchObject({ code: '60107' });
    await alma.call('PUT', `/conf/sets/${id}`, { private: { value: 'false' } }, { key: 'manager' });
    expect((await alma.call('GET', `/conf/sets/${id}`, undefined, { key: 'other' })).status).toBe(200);
    expect(errorOf(await alma.call('DELETE', `/conf/sets/${id}`, undefined, { key: 'other' }))).toMatchObject({ code: '60106' });
    const refused = await alma.call('GET', '/conf/sets', undefined, { key: 'patron' });
    expect([refused.status, refused.type]).toEqual([400, 'application/xml;charset=UTF-8']);
    expect(refused.text).toContain('<errorCode>UNAUTHORIZED</errorCode>');
  });
});

describe('making sets', () => {
  it('of a query', async () => {
    const answer = await alma.call('POST', '/conf/sets', {
      name: 'Logical',
      type: { value: 'LOGICAL' },
      content: { value: 'USER' },
      query: { value: 'USER where USER ((primary_id EQUAL "a") OR (identifiers EQUAL "B-b"))' },
    });
    expect(answer.json).toMatchObject({ type: { value: 'LOGICAL' }, number_of_members: { value: 2 } });
    const query = (answer.json['query'] as { value: string }).value;
    // What is shown can be sent again, as a new set or unchanged.
    const again = await alma.call('POST', '/conf/sets', { name: 'Again', type: { value: 'LOGICAL' }, query: { value: query } });
    expect(again.json).toMatchObject({ query: { value: query }, number_of_members: { value: 2 } });
    const put = await alma.call('PUT', `/conf/sets/${String(again.json['id'])}`, {
      query: { value: 'USER where USER ((primary_id EQUAL "c"))' },
    });
    expect(put.json).toMatchObject({ name: 'Again', number_of_members: { value: 1 } });
    expect(errorOf(await change(String(again.json['id']), 'op=add_members', 'a'))).toMatchObject({
      code: '60112',
      message: 'Invalid set type.',
    });
  });

  it('of a logical set, and of two sets', async () => {
    const ab = await make('ab');
    const bc = await make('bc');
    const logical = await alma.call('POST', '/conf/sets', {
      name: 'L',
      type: 'LOGICAL',
      query: 'USER where USER ((primary_id EQUAL "d"))',
    });
    const frozen = await alma.call('POST', `/conf/sets?from_logical_set=${String(logical.json['id'])}`, {
      name: 'frozen',
      type: { value: 'ITEMIZED' },
    });
    expect(frozen.json).toMatchObject({ type: { value: 'ITEMIZED' }, number_of_members: { value: 1 } });
    for (const [operator, expected] of [
      ['AND', 'b'],
      ['OR', 'abc'],
      ['NOT', 'a'],
    ]) {
      const answer = await alma.call('POST', `/conf/sets?combine=${operator}&set1=${ab}&set2=${bc}`, {
        ...ITEMIZED,
        name: `combined ${operator}`,
      });
      expect(await membersOf(String(answer.json['id']))).toBe(expected);
    }
    const combine = (query: string) => alma.call('POST', `/conf/sets?${query}`, { ...ITEMIZED, name: 'no' });
    expect(errorOf(await combine(`combine=AND&set1=${ab}`))).toMatchObject({ code: '60204' });
    expect(errorOf(await combine(`combine=XOR&set1=${ab}&set2=${bc}`))).toMatchObject({ code: '60205' });
    expect(errorOf(await combine(`combine=AND&set1=${ab}&set2=999999`))).toMatchObject({ code: '402264' });
    expect(errorOf(await combine(`combine=AND&set1=${ab}&set2=x`))).toMatchObject({ code: '402264' });
    expect(errorOf(await combine('from_logical_set=999999'))).toMatchObject({ code: '402264' });
  });

  it('by its number is never by a name that looks like one', async () => {
    const number = await make('ab');
    const decoy = await alma.call('POST', '/conf/sets', { ...ITEMIZED, name: number });
    expect((await alma.call('GET', `/conf/sets/${number}`)).json['id']).toBe(number);
    await alma.call('DELETE', `/conf/sets/${String(decoy.json['id'])}`);
    expect((await alma.call('GET', `/conf/sets/${number}`)).json['number_of_members']).toMatchObject({ value: 2 });
  });

  it.each([
    ['without a name', { type: { value: 'ITEMIZED' } }, '402261'],
    ['without a type', { name: 'n1' }, '402262'],
    ['of an unknown type', { name: 'n1', type: { value: 'ROUND' } }, '402262'],
    ['of other content', { ...ITEMIZED, name: 'n1', content: { value: 'BIB_MMS' } }, '402262'],
    ['of a name that is taken', { ...ITEMIZED, name: 'AUTUMN A' }, '402263'],
    ['of a name that is too long', { ...ITEMIZED, name: 'n'.repeat(200) }, '402265'],
    ['of no query', { name: 'n1', type: { value: 'LOGICAL' } }, '402266'],
    [
      'of a query nobody understands',
      { name: 'n1', type: { value: 'LOGICAL' }, query: { value: 'USER where USER ((shoe EQUAL "1"))' } },
      '402266',
    ],
    ['neither private nor not', { ...ITEMIZED, name: 'n1', private: { value: 'perhaps' } }, '40166411'],
    ['with a member who is not there', { ...ITEMIZED, name: 'n1', ...listOf('az') }, '60116'],
    ['with a member without an id', { ...ITEMIZED, name: 'n1', members: { member: [{ description: 'x' }] } }, '60114'],
  ])('is refused %s', async (_, body, code) => {
    await make();
    expect(errorOf(await alma.call('POST', '/conf/sets', body))).toMatchObject({ status: 400, code });
    expect((await alma.call('GET', '/conf/sets?q=name~n1')).json['total_record_count']).toBe(0);
  });

  it('is refused from what sets of users are not made of, and from what is no set', async () => {
    expect(errorOf(await alma.call('POST', '/conf/sets?population=x&job_instance_id=1', { ...ITEMIZED, name: 'n1' }))).toMatchObject({
      code: '402265',
    });
    for (const body of ['[]', '"x"', '{"name":', '']) {
      const answer = await fetch(`${alma.url}/conf/sets?apikey=admin&format=json`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect([answer.status, answer.headers.get('content-type')], body).toEqual([400, 'application/json;charset=UTF-8']);
    }
    expect((await alma.xml('POST', '/conf/sets', '<bib/>')).status).toBe(400);
  });
});

describe('members', () => {
  it('are added, removed and replaced by any identifier', async () => {
    const id = await make();
    expect((await change(id, 'op=add_members', 'AB')).json).toMatchObject({ number_of_members: { value: 2 } });
    const barcodes = { members: { total_record_count: 1, member: [{ id: 'b-c', link: '', description: '' }] } };
    expect((await alma.call('POST', `/conf/sets/${id}?op=add_members&id_type=BARCODE`, barcodes)).status).toBe(200);
    expect((await change(id, 'op=delete_members', 'a')).status).toBe(200);
    expect(await membersOf(id)).toBe('bc');
    expect((await change(id, 'op=replace_members', 'cde')).json).toMatchObject({ number_of_members: { value: 3 } });
    expect(await membersOf(id)).toBe('cde');
    // A whole set as body, and a single member that is no list.
    const set = (await alma.call('GET', `/conf/sets/${id}`)).json;
    expect((await alma.call('POST', `/conf/sets/${id}?op=add_members`, { ...set, ...listOf('a') })).status).toBe(200);
    expect((await alma.call('POST', `/conf/sets/${id}?op=add_members`, { members: { member: { id: 'b' } } })).status).toBe(200);
    expect(await membersOf(id)).toBe('abcde');
  });

  it('are shown in pages, by links that a client can take apart', async () => {
    const id = await make('', { members: { member: [{ id: 'a' }, { id: 'b' }, { id: 'x@y.org' }] } });
    const page = await alma.call('GET', `/conf/sets/${id}/members?limit=2&offset=1`);
    expect(page.json).toEqual({
      total_record_count: 3,
      member: [
        { link: `${alma.url}/users/b`, id: 'b', description: 'b' },
        { link: `${alma.url}/users/x@y.org`, id: 'x@y.org', description: 'x@y.org' },
      ],
    });
    expect((await alma.call('GET', `/conf/sets/${id}/members?limit=0`)).json).toEqual({ total_record_count: 3, member: [] });
  });

  it('that cannot be taken refuse the whole list', async () => {
    const id = await make('ab');
    const cases: [string, string, string][] = [
      ['op=add_members', 'cz', '60116'],
      ['op=add_members', 'cb', '60115'],
      ['op=add_members', 'cc', '60119'],
      ['op=delete_members', 'ac', '60117'],
      ['op=delete_members', 'az', '60116'],
      ['op=replace_members', 'cz', '60116'],
      ['op=replace_members', 'cC', '60119'],
      ['op=add_members&fail_on_invalid_id=TRUE', 'cz', '60116'],
      ['op=add_members&fail_on_invalid_id=True', 'cz', '60116'],
      ['op=add_members&id_type=BARCODE', 'c', '60120'],
      ['op=add_members&id_type=SHOE', 'c', '40166410'],
      ['op=swap_members', 'c', '60111'],
      ['', 'c', '60111'],
    ];
    for (const [query, members, code] of cases) {
      expect(errorOf(await change(id, query, members)), `${query} ${members}`).toMatchObject({ status: 400, code });
      expect(await membersOf(id)).toBe('ab');
    }
    const barcode = { members: { member: [{ id: 'B-a' }] } };
    expect(errorOf(await alma.call('POST', `/conf/sets/${id}?op=add_members&id_type=BARCODE`, barcode))).toMatchObject({ code: '60176' });
    expect(errorOf(await change('999999', 'op=add_members', 'a'))).toMatchObject({ code: '60107', message: 'Invalid set ID.' });
    for (const empty of [{}, { members: null }, { members: { member: [] } }, { members: {} }]) {
      expect(errorOf(await alma.call('POST', `/conf/sets/${id}?op=add_members`, empty))).toMatchObject({ code: '60113' });
    }
    const many = { members: { member: Array.from({ length: 1001 }, (_, i) => ({ id: `u${i}` })) } };
    expect(errorOf(await alma.call('POST', `/conf/sets/${id}?op=add_members`, many))).toMatchObject({ code: '60118' });
  });

  it('that cannot be taken are passed over when the call says so', async () => {
    const id = await make('ab');
    for (const no of ['false', 'False', 'FALSE']) {
      expect((await change(id, `op=add_members&fail_on_invalid_id=${no}`, 'bczz')).json).toMatchObject({ number_of_members: { value: 3 } });
    }
    expect((await change(id, 'op=delete_members&fail_on_invalid_id=false', 'cez')).json).toMatchObject({ number_of_members: { value: 2 } });
    expect((await change(id, 'op=replace_members&fail_on_invalid_id=false', 'dz')).json).toMatchObject({ number_of_members: { value: 1 } });
    expect(await membersOf(id)).toBe('d');
  });
});
