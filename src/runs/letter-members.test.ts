import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { runsBench } from '../../test/support/runs.ts';
import { perform, setSetting } from '../access/index.ts';
import { AppError, type Context } from '../core/index.ts';
import { listLetterFields, previewLetter, publishText, saveLetter, saveSnippet, withdrawTextOperation } from '../letters/index.ts';
import { checkLetterOperation, findAwkwardUsers } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const ctx = (): Context => bench.ctx;

beforeAll(async () => {
  await test.db.pool.query(`
    insert into users (primary_id, first_name, last_name, preferred_language, expiry_date) values
      ('plain', 'Ada', 'Example', 'en', '2027-01-31'),
      ('long', 'Maximiliane Friederike Charlotte', 'von Beispielhausen-Musterstadt', 'de-AT', null),
      ('single', null, 'Sukarno', 'fr', null),
      ('unnamed', null, ' ', 'fra', null),
      ('hebrew', 'דוד', 'כהן', 'he', '2027-01-31'),
      ('tricky', 'A & B', '<i>_x_</i>', null, '2027-01-31');
    insert into user_emails (user_id, address)
      select id, primary_id || '@example.org' from users where primary_id <> 'single';
    insert into user_addresses (user_id, line1, city, preferred)
      select id, 'Street 1', 'Berlin', true from users where primary_id not in ('single', 'hebrew');`);
});

describe('letter.awkward_users', () => {
  it('finds one user for each thing that can go wrong, and one for each language', async () => {
    const { users } = await perform(ctx(), findAwkwardUsers, {});
    const found = users.flatMap(({ user, reasons }) =>
      reasons.map(({ why, detail }) => `${why} ${detail ?? ''} ${user}`.replace('  ', ' ')),
    );
    expect(found.sort()).toEqual([
      'language de-at long',
      'language en plain',
      'language fr single',
      'language fra unnamed',
      'language he hebrew',
      'longest_name 63 long',
      'no_email single',
      'no_first_name single',
      'no_name unnamed',
      'no_postal_address single',
      'right_to_left hebrew',
      'special_characters tricky',
    ]);
  });

  it('looks among the members of a set or a run only', async () => {
    const set = await bench.set('primary_id = "plain" or primary_id = "tricky"');
    const { users } = await perform(ctx(), findAwkwardUsers, { set });
    expect(users.map((user) => user.user).sort()).toEqual(['plain', 'tricky']);
    const run = await bench.run(set, { changes: [{ change: 'job_description', set: 'x' }] });
    expect((await perform(ctx(), findAwkwardUsers, { run: run.id })).users).toEqual(users);
    await expect(perform(ctx(), findAwkwardUsers, { run: run.id, set })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(perform(ctx(), findAwkwardUsers, { run: 99_999 })).rejects.toMatchObject({ code: 'runs.not_found' });
    await expect(perform(ctx(), findAwkwardUsers, { set: 'none' })).rejects.toMatchObject({ code: 'sets.not_found' });
  });

  it('names sets and runs only to those who may see them', async () => {
    const rights = { privileges: ['letters:read'], grants: { all: false, roles: [] }, closed: [], editsStaff: false } as const;
    const actor = { kind: 'user', name: 'writer', userId: 1, roles: [], rights } as const;
    const set = await bench.set('primary_id = "plain"');
    const codes = await Promise.all(
      [{ set }, { run: 1 }, {}].map((input) =>
        perform({ ...ctx(), actor }, findAwkwardUsers, input).then(
          () => 'done',
          (error: unknown) => (error instanceof AppError ? error.code : error),
        ),
      ),
    );
    expect(codes).toEqual(['access.denied', 'access.denied', 'done']);
  });
});

describe('letter.check', () => {
  it('counts users without a letter in their language, and for whom a field is empty', async () => {
    const check = await perform(ctx(), checkLetterOperation, { type: 'EXPIRES_SOON' });
    expect(check).toMatchObject({ members: 6, good: false, links: null });
    expect(check.letters).toEqual([
      { type: 'EXPIRES_SOON', language: 'de', version: 1, published: true, problems: [] },
      { type: 'EXPIRES_SOON', language: 'en', version: 1, published: true, problems: [] },
    ]);
    expect(check.missing).toEqual([
      { type: 'EXPIRES_SOON', language: 'fr', users: 2, gets: 'en' },
      { type: 'EXPIRES_SOON', language: 'he', users: 1, gets: 'en' },
    ]);
    expect(check.empty).toEqual([{ type: 'EXPIRES_SOON', field: 'user.expiry_date', users: 3, languages: ['de', 'en'] }]);
    const set = await bench.set('primary_id = "plain"');
    expect(await perform(ctx(), checkLetterOperation, { type: 'EXPIRES_SOON', set })).toMatchObject({
      members: 1,
      good: true,
      missing: [],
      empty: [],
    });
  });

  it('counts every field as the letter would fill it', async () => {
    const { fields } = await perform(ctx(), listLetterFields, {});
    const asked = fields.filter(
      (field) =>
        (field.optional || field.type === 'list') &&
        field.where === null &&
        // Neither hangs on who reads: nobody lacks them.
        !field.path.startsWith('library.') &&
        field.path !== 'unsubscribe_link',
    );
    const body = asked.map(({ path, type }) => `${path} [{{ ${path}${type === 'list' ? '.size' : ''} }}]`).join('\n\n');
    await perform(ctx(), saveLetter, { type: 'WELCOME', language: 'en', subject: 'All', body, based_on: 1, publish: true });
    const { empty } = await perform(ctx(), checkLetterOperation, { type: 'WELCOME', language: 'en' });
    const counted = Object.fromEntries(empty.map(({ field, users }) => [field, users]));

    const users = ['plain', 'long', 'single', 'unnamed', 'hebrew', 'tricky'];
    const { letters } = await perform(ctx(), previewLetter, { type: 'WELCOME', language: 'en', users, forms: ['text'] });
    const rendered = asked.flatMap(({ path, type }) => {
      const without = letters.filter(({ text }) => text?.includes(`${path} [${type === 'list' ? '0' : ''}]`)).length;
      return without === 0 ? [] : [[path, without] as const];
    });
    expect(letters.every(({ text }) => asked.every(({ path }) => text?.includes(`${path} [`)))).toBe(true);
    expect(rendered.length).toBeGreaterThan(10);
    expect(counted).toEqual(Object.fromEntries(rendered));
  });

  it('shows drafts, and what is wrong with what is sent by now', async () => {
    const snippet = { name: 'hours', language: 'en', body: 'Open.', based_on: 0, publish: true };
    await perform(ctx(), saveSnippet, snippet);
    const draft = { type: 'EXPIRED', language: 'en', subject: 'x', body: '{% snippet "hours" %}', based_on: 1 };
    await perform(ctx(), saveLetter, draft);
    const { letters } = await perform(ctx(), checkLetterOperation, { type: 'EXPIRED', language: 'en' });
    expect(letters.map((letter) => [letter.version, letter.published])).toEqual([
      [1, true],
      [2, false],
    ]);
    await perform(ctx(), publishText, { code: 'EXPIRED', language: 'en' });
    const hours = { kind: 'snippet', code: 'hours', language: 'en' } as const;
    await expect(perform(ctx(), withdrawTextOperation, hours)).rejects.toMatchObject({
      code: 'letters.breaks_letter',
      params: { letter: 'EXPIRED en' },
    });
    await expect(perform(ctx(), saveSnippet, { ...snippet, body: '{{ password }}', based_on: 1 })).rejects.toMatchObject({
      code: 'letters.breaks_letter',
    });
  });

  it('asks where links lead when it is told to, and never within private networks unasked', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(301, { location: '/there' });
      else if (request.url === '/get-only' && request.method === 'HEAD') response.writeHead(405);
      else response.writeHead(request.url === '/there' || request.url === '/get-only' ? 200 : 404);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const named = `http://localhost:${(server.address() as AddressInfo).port}/there`;
    const links = ['there', 'moved', 'get-only', 'gone'].map((path) => `[${path}](${root}/${path}).`);
    const body = [...links, `[name](${named})`, `[own](${root}/{{ user.primary_id }})`].join('\n\n');
    await perform(ctx(), saveLetter, { type: 'GENERAL_NOTICE', language: 'en', subject: 'Links', body, based_on: 1, publish: true });
    const check = async () => {
      const result = await perform(ctx(), checkLetterOperation, { type: 'GENERAL_NOTICE', language: 'en', links: true });
      return result.links?.map((link) => [link.address.replace(/:\d+/, ''), link.ok, link.detail]);
    };
    expect(await check()).toEqual([
      ...['there', 'moved', 'get-only', 'gone'].map((path) => [`http://127.0.0.1/${path}`, false, 'private address']),
      ['http://localhost/there', false, 'private address'],
    ]);
    await perform(ctx(), setSetting, { name: 'letters.check_private_links', value: true });
    expect(await check()).toEqual([
      ['http://127.0.0.1/there', true, '200'],
      ['http://127.0.0.1/moved', true, '200'],
      ['http://127.0.0.1/get-only', true, '200'],
      ['http://127.0.0.1/gone', false, '404'],
      ['http://localhost/there', true, '200'],
    ]);
    await new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    expect((await check())?.every(([, ok]) => ok === false)).toBe(true);
  });
});
