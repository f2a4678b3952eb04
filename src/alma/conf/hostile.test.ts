/** Whatever a client sends, it is told what is wrong; nothing of it is an error of the server. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { useAlma } from '../../../test/support/alma-conf.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { addUser } from '../../../test/support/sets.ts';
import { ADMINISTRATOR } from '../../access/index.ts';
import { PARAMETER_NAMES } from './m148-codes.ts';

const test = useTestDatabase();
const alma = useAlma(test, () => ({ admin: ADMINISTRATOR }));
let set = '';

beforeAll(async () => {
  await addUser(test.db, 'ann');
  const made = await alma.call('POST', '/conf/sets', { name: 'target', type: { value: 'ITEMIZED' }, members: { member: [{ id: 'ann' }] } });
  set = String(made.json['id']);
});

const NASTY = [
  '\0',
  'a\0b',
  '\ud800',
  '__proto__',
  'constructor',
  '%00',
  '../../etc/passwd',
  '"',
  '<x>',
  '9'.repeat(30),
  '-1',
  '1e9',
  'Null',
  ' ',
  '💥'.repeat(300),
];
const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 40 }));
const value = fc.oneof(nasty, fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 53, [], {}, [[]], { value: {} }, { value: [1] }));
const anything = fc.anything({ maxDepth: 3, withNullPrototype: false });

const SET_FIELDS = ['name', 'description', 'type', 'content', 'private', 'query', 'members', 'status', 'link', '__proto__'];
const setBody = fc.dictionary(
  fc.constantFrom(...SET_FIELDS),
  fc.oneof(value, fc.record({ value }), fc.record({ member: fc.array(fc.record({ id: value })) })),
);
const jobBody = fc.array(
  fc.tuple(
    fc.constantFrom(...PARAMETER_NAMES, 'x', ''),
    fc.oneof(value, fc.constantFrom('true', '1743379200000', '0', '200', 'MED', 'INTERNAL')),
  ),
  { maxLength: 12 },
);

/** Answers as Alma does, and never with an error of its own. */
async function civil(method: string, path: string, body: string | undefined, type = 'application/json'): Promise<void> {
  for (const accept of ['application/json', 'application/xml']) {
    const answer = await fetch(alma.url + path, {
      method,
      headers: { authorization: 'apikey admin', accept, 'content-type': type },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    const told = `${method} ${path} ${body ?? ''} → ${answer.status} ${text.slice(0, 300)}`;
    expect(answer.status, told).toBeLessThan(500);
    expect(answer.status, told).not.toBe(429);
    // An address that the router itself cannot take has not come to the API yet.
    if (answer.status === 204 || answer.status === 414 || /%(?![0-9a-f]{2})/i.test(path)) return;
    expect(answer.headers.get('content-type'), told).toMatch(/^application\/(?:json|xml);charset=UTF-8$/);
    if (accept === 'application/json' && answer.headers.get('content-type')?.includes('json') === true) JSON.parse(text);
    expect(text, told).not.toMatch(/node_modules|at \w+ \(|src\//);
  }
}

const RUNS = { numRuns: 60 };

describe('hostile requests', () => {
  it('about sets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ['POST', '/conf/sets'],
          ['PUT', `/conf/sets/${set}`],
          ['POST', `/conf/sets/${set}?op=add_members&fail_on_invalid_id=false`],
        ),
        setBody,
        ([method = '', path = ''], body) => civil(method, path, JSON.stringify(body)),
      ),
      RUNS,
    );
  });

  it('about jobs', async () => {
    await fc.assert(
      fc.asyncProperty(jobBody, (parameters) =>
        civil(
          'POST',
          '/conf/jobs/M148?op=run',
          JSON.stringify({ parameter: [...parameters, ['set_id', set]].map(([name, given]) => ({ name: { value: name }, value: given })) }),
        ),
      ),
      RUNS,
    );
  });

  it('of any shape at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/conf/sets', `/conf/sets/${set}?op=add_members`, '/conf/jobs/M148?op=run'),
        anything,
        (path, body) =>
          civil('POST', path, JSON.stringify(body, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? 'undefined'),
      ),
      RUNS,
    );
  });

  it('in XML', async () => {
    const text = fc.oneof(
      nasty,
      fc.constantFrom(
        '<set>',
        '</set>',
        '<set><name>x</name></set>',
        '<!DOCTYPE x [<!ENTITY a "b">]><set>&a;</set>',
        '<job><parameters><parameter/></parameters></job>',
        '<set xmlns="x"><members><member/></members></set>',
        '<?xml version="1.0" encoding="latin1"?><set/>',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/conf/sets', `/conf/sets/${set}?op=replace_members&fail_on_invalid_id=false`, '/conf/jobs/M148?op=run'),
        text,
        (path, body) => civil('POST', path, body, 'application/xml'),
      ),
      RUNS,
    );
  });

  it('in paths and queries', async () => {
    const places = [
      '/conf/sets/§',
      '/conf/sets/§/members',
      '/conf/jobs/§',
      '/conf/jobs/M148/instances/§',
      '/conf/jobs/§/instances/1/events',
      '/conf/code-tables/§',
      '/conf/letters/§',
      '/conf/libraries/§/circ-desks',
      '/conf/sets?q=§',
      '/conf/sets?limit=§',
      '/conf/sets?offset=§',
      '/conf/sets?set_type=§&content_type=§',
      '/conf/jobs?type=§&category=§',
      '/conf/jobs/ALL/instances?status=§',
      '/conf/jobs/ALL/instances?submit_date_from=§&limit=§',
      `/conf/sets/${set}/members?offset=§`,
      '/conf/sets?q=name~§',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), nasty, (place, word) =>
        civil('GET', place.replaceAll('§', encodeURIComponent(word.toWellFormed())), undefined),
      ),
      { numRuns: 150 },
    );
    for (const place of places) await civil('GET', place.replaceAll('§', '%'), undefined);
  });
});
