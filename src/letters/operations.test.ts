import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform } from '../../test/support/letters.ts';
import {
  cancelOutbox,
  createMailboxChannel,
  expireMailbox,
  listLetters,
  listMessages,
  previewLetter,
  retryMessages,
  saveLetter,
  sendDue,
  showLetter,
  showMessage,
} from './index.ts';
import { readSurroundings } from './surroundings.ts';
import { checkLetter } from './text/index.ts';

const database = useTestDatabase();
let bench: LettersBench;
let user: number;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
  user = await bench.user({
    primary_id: 'Anna.Müller',
    first_name: 'Anna',
    last_name: 'Müller',
    expiry_date: '2027-09-30',
    preferred_language: 'de',
    emails: [{ address: 'anna@example.org' }],
  });
});
afterAll(() => bench.close());

const send = () => sendDue(bench.ctx, bench.ports(createMailboxChannel(bench.dataDir)));

describe('the letters that come with Muster', () => {
  test('are seven types, each in English and German, two of them with a password or a link', async () => {
    const { types } = await perform(bench.ctx, listLetters, {});
    expect(types.map((type) => type.type)).toEqual([
      'CREDENTIALS_CHANGED',
      'ACCOUNT_TYPE_CHANGED',
      'EXPIRES_SOON',
      'EXPIRED',
      'WELCOME',
      'GENERAL_NOTICE',
      'PASSWORD_FORGOTTEN',
    ]);
    for (const type of types) expect(type.languages).toEqual(['de', 'en']);
    expect(types.filter((type) => type.credentials).map((type) => type.type)).toEqual(['CREDENTIALS_CHANGED', 'PASSWORD_FORGOTTEN']);
    expect(types.filter((type) => type.is_default).map((type) => type.type)).toEqual(['GENERAL_NOTICE']);
    const german = await perform({ ...bench.ctx, language: 'de' }, listLetters, {});
    expect(german.types[0]?.label).toBe('Neues Passwort');
  });

  test('can be sent as they are, and nothing of the template is left in them', async () => {
    const { types } = await perform(bench.ctx, listLetters, {});
    const around = await readSurroundings(database.db.pool);
    for (const { type, credentials } of types) {
      const { letters } = await perform(bench.ctx, showLetter, { type });
      for (const letter of letters) {
        expect(checkLetter(around.sourceOf(letter), { credentials })).toEqual([]);
        const shown = await perform(bench.ctx, previewLetter, { type, users: ['anna.MÜLLER'], language: letter.language });
        const [preview] = shown.letters;
        expect(preview).toMatchObject({ language: letter.language, to: 'anna@example.org', user: 'Anna.Müller', problem: null });
        if (preview === undefined) throw new Error('no letter');
        expect(preview.text).toContain('Anna Müller');
        expect(preview.html).toContain(`<html lang="${letter.language}"`);
        for (const part of [preview.subject, preview.text, preview.html]) expect(part).not.toMatch(/\{[{%]|undefined|null|\n{4}/);
        expect(preview.text?.includes('••••••••••')).toBe(credentials);
      }
    }
  });
});

describe('letter.save', () => {
  const letter = { type: 'welcome', language: 'de-AT', subject: 'Servus', body: 'Servus **{{ user.name }}**', based_on: 0 };

  test('saves a version that is used once it is published', async () => {
    const preview = async (language: string) =>
      (await perform(bench.ctx, previewLetter, { type: 'WELCOME', users: ['anna.müller'], language })).letters[0]?.subject;
    expect(await perform(bench.ctx, saveLetter, letter)).toEqual({
      type: 'WELCOME',
      language: 'de-at',
      version: 1,
      saved: true,
      published: false,
    });
    expect(await preview('de-AT')).toBe('Willkommen in der Bibliothek');
    expect(await perform(bench.ctx, saveLetter, { ...letter, publish: true })).toMatchObject({ version: 1, saved: false, published: true });
    expect(await preview('de-AT')).toBe('Servus');
    expect(await preview('de')).toBe('Willkommen in der Bibliothek');
    expect((await perform(bench.ctx, showLetter, { type: 'WELCOME', language: 'de-at' })).letters[0]?.modified_by).toBe('administrator');
  });

  test('refuses one that could not be sent, with every place, and changes nothing', async () => {
    const bad = { ...letter, based_on: 1, body: 'Servus\n\n{{ user.nmae }}' };
    await expect(perform(bench.ctx, saveLetter, bad)).rejects.toMatchObject({
      code: 'letters.template_invalid',
      params: { problems: expect.stringMatching(/^body \d+:\d+: .*nmae/) },
    });
    expect((await perform(bench.ctx, showLetter, { type: 'WELCOME', language: 'de-at' })).letters[0]?.version).toBe(1);
  });

  test('unknown types, languages and users are said to be so', async () => {
    await expect(perform(bench.ctx, saveLetter, { ...letter, type: 'nope' })).rejects.toMatchObject({
      code: 'letters.type_not_found',
    });
    await expect(perform(bench.ctx, saveLetter, { ...letter, language: '§' })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(perform(bench.ctx, showLetter, { type: 'WELCOME', language: 'fr' })).rejects.toMatchObject({
      code: 'letters.letter_not_found',
    });
    await expect(perform(bench.ctx, previewLetter, { type: 'WELCOME', users: ['nobody'] })).rejects.toMatchObject({
      code: 'letters.user_not_found',
    });
  });
});

describe('the outbox', () => {
  test('lists a run’s messages page by page and shows one with its password masked', async () => {
    const others = await Promise.all(
      [1, 2, 3, 4].map((n) => bench.user({ primary_id: `u${n}`, emails: [{ address: `u${n}@example.org` }] })),
    );
    const run = await bench.run('CREDENTIALS_CHANGED', [user, ...others]);
    await send();
    const first = await perform(bench.ctx, listMessages, { run, limit: 2 });
    const second = await perform(bench.ctx, listMessages, { run, limit: 2, after: first.next });
    const third = await perform(bench.ctx, listMessages, { run, limit: 2, after: second.next });
    expect([first.total, second.total, third.next]).toEqual([5, 5, null]);
    const ids = [...first.messages, ...second.messages, ...third.messages].map((message) => message.id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(5);
    expect((await perform(bench.ctx, listMessages, { run, state: 'failed' })).total).toBe(0);

    const shown = await perform(bench.ctx, showMessage, { id: ids.at(-1) });
    expect(shown).toMatchObject({
      user: 'Anna.Müller',
      to: 'anna@example.org',
      state: 'sent',
      language: 'de',
      run_name: 'Summer',
      error: null,
    });
    expect(path.isAbsolute(shown.file ?? '')).toBe(true);
    expect((await stat(shown.file ?? '')).isFile()).toBe(true);
    expect(shown.content?.text).toMatch(/Passwort: +••••••••••/);
    await expect(perform(bench.ctx, showMessage, { id: 999_999 })).rejects.toMatchObject({ code: 'letters.message_not_found' });
  });

  test('retry takes the address that the user has now; cancel gives up', async () => {
    const late = await bench.user({ primary_id: 'late' });
    const run = await bench.run('WELCOME', [late]);
    await database.db.pool.query(`update outbox set state = 'no_address' where run_id = $1`, [run]);
    expect(await perform(bench.ctx, retryMessages, { run })).toMatchObject({ queued: 0, no_address: 1 });
    await database.db.pool.query(`insert into user_emails (user_id, address) values ($1, 'late@example.org')`, [late]);
    expect(await perform(bench.ctx, retryMessages, { run })).toMatchObject({ queued: 1, no_address: 0 });
    expect(await perform(bench.ctx, cancelOutbox, { run })).toEqual({ cancelled: 1 });
    expect(await send()).toMatchObject({ sent: 0 });
    expect((await bench.outbox(run))[0]).toMatchObject({ state: 'cancelled', address: 'late@example.org' });
    await expect(perform(bench.ctx, retryMessages, {})).rejects.toMatchObject({ code: 'letters.which_messages' });
  });

  test('a failed message says why in the language of who asks, and goes out on retry', async () => {
    const run = await bench.run('EXPIRED', [user]);
    await database.db.pool.query(
      `update outbox set state = 'failed', attempts = 8, last_error = 'letters.refused: 550 no: such user' where run_id = $1`,
      [run],
    );
    const { messages } = await perform({ ...bench.ctx, language: 'de' }, listMessages, { run });
    expect(messages[0]?.error).toBe('Der Mailserver lehnt den Brief endgültig ab: 550 no: such user');
    expect(await perform(bench.ctx, retryMessages, { ids: [messages[0]?.id] })).toMatchObject({ queued: 1, no_address: 0 });
    expect(await send()).toMatchObject({ sent: 1 });
    expect((await bench.outbox(run))[0]).toMatchObject({ state: 'sent', attempts: 1, last_error: null });
  });

  test('files with a password go when their time is over, others stay', async () => {
    const secret = await bench.run('CREDENTIALS_CHANGED', [user]);
    const plain = await bench.run('EXPIRED', [user]);
    await send();
    await database.db.pool.query(`update outbox set sent_at = now() - interval '31 days' where run_id = any($1)`, [[secret, plain]]);
    const files = [...(await bench.outbox(secret)), ...(await bench.outbox(plain))].map((row) => path.join(bench.dataDir, row.file ?? ''));
    expect(await expireMailbox(bench.ctx)).toBe(1);
    await expect(stat(files[0] ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await stat(files[1] ?? '')).isFile()).toBe(true);
    expect((await bench.outbox(secret))[0]).toMatchObject({ state: 'sent', file: null });
    expect(await expireMailbox(bench.ctx)).toBe(0);
  });
});
