import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform } from '../../test/support/letters.ts';
import {
  compareText,
  listLetters,
  listTexts,
  listTextVersions,
  publishedVersionsOf,
  publishText,
  rollBackText,
  saveFrame,
  saveLetter,
  saveSnippet,
  showLetter,
  showText,
  withdrawTextOperation,
} from './index.ts';
import { openShelf } from './shelf.ts';
import { FRAMES } from './text/index.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

const as = (name: string) => ({ ...bench.ctx, actor: { kind: 'system', name } as const });
const WELCOME = { type: 'WELCOME', language: 'en', subject: 'Hello', sms: null };
const KEY = { kind: 'letter', code: 'WELCOME', language: 'en' } as const;

describe('a letter', () => {
  test('is changed, published, and rolled back, and its history keeps it all', async () => {
    const seeded = await perform(bench.ctx, showText, KEY);
    expect(seeded).toMatchObject({ number: 1, subject: 'Welcome to the library', created_by: 'muster' });
    const save = (author: string, body: string, based_on: number, more = {}) =>
      perform(as(author), saveLetter, { ...WELCOME, body, based_on, ...more });

    expect(await save('ada', 'Dear {{ user.name }},\n\nwelcome!', 1, { note: 'Shorter' })).toMatchObject({ version: 2, published: false });
    expect((await publishedVersionsOf(database.db.pool, 'WELCOME')).get('en')).not.toBeUndefined();
    const { types } = await perform(bench.ctx, listLetters, {});
    expect(types.find((type) => type.type === 'WELCOME')?.letters).toEqual([
      { language: 'de', published: 1, draft: null },
      { language: 'en', published: 1, draft: 2 },
    ]);
    expect((await perform(bench.ctx, showLetter, { type: 'WELCOME', language: 'en', published: true })).letters[0]?.version).toBe(1);

    expect(await perform(as('bo'), publishText, KEY)).toMatchObject({ published: 2, before: 1 });
    expect(await save('ada', 'Dear {{ user.name }},\n\nwelcome to us!', 2, { publish: true })).toMatchObject({
      version: 3,
      published: true,
    });
    expect(await perform(as('bo'), rollBackText, KEY)).toMatchObject({ published: 2, before: 3 });
    expect(await perform(as('bo'), rollBackText, KEY)).toMatchObject({ published: 1, before: 2 });
    await expect(perform(as('bo'), rollBackText, KEY)).rejects.toMatchObject({ code: 'letters.nothing_before' });
    expect(await perform(as('bo'), rollBackText, { ...KEY, version: 3 })).toMatchObject({ published: 3, before: 1 });

    const { versions } = await perform(bench.ctx, listTextVersions, KEY);
    expect(versions.map((v) => [v.number, v.state, v.note, v.created_by, v.published_by])).toEqual([
      [3, 'published', null, 'ada', 'bo'],
      [2, 'former', 'Shorter', 'ada', 'bo'],
      [1, 'former', null, 'muster', 'bo'],
    ]);
    const { rows } = await database.db.pool.query(
      `select v.number, p.created_by from letter_publications p join letter_versions v on v.id = p.version
       where v.code = 'WELCOME' and v.language = 'en' order by p.id`,
    );
    expect(rows.map((row) => `${row.number} ${row.created_by}`)).toEqual(['1 muster', '2 bo', '3 ada', '2 bo', '1 bo', '3 bo']);
  });

  test('saved as it is makes no version, and publishing what is published no publication', async () => {
    const now = await perform(bench.ctx, showText, KEY);
    const { rows: before } = await database.db.pool.query('select count(*) as n from letter_publications');
    const same = { ...WELCOME, body: now.body, based_on: now.number, publish: true };
    expect(await perform(as('cleo'), saveLetter, same)).toEqual({
      type: 'WELCOME',
      language: 'en',
      version: 3,
      saved: false,
      published: true,
    });
    expect((await database.db.pool.query('select count(*) as n from letter_publications')).rows).toEqual(before);
  });

  test('edited by two at once keeps the first, and tells the second who it was', async () => {
    const both = await Promise.allSettled(
      ['ada', 'bo'].map((author) => perform(as(author), saveLetter, { ...WELCOME, body: `By ${author}`, based_on: 3 })),
    );
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((one) => one.status === 'rejected');
    const winner = (await perform(bench.ctx, showText, KEY)).created_by;
    expect(lost?.reason).toMatchObject({
      code: 'letters.changed_meanwhile',
      params: { text: 'WELCOME en', base: 3, version: 4, other: winner, author: winner === 'ada' ? 'bo' : 'ada' },
    });
    await expect(perform(as('ada'), saveLetter, { ...WELCOME, body: 'x', based_on: 9 })).rejects.toMatchObject({
      code: 'letters.version_not_found',
    });
  });

  test('written first by two at once is one of theirs', async () => {
    const letter = { ...WELCOME, language: 'fr', based_on: 0 };
    const both = await Promise.allSettled(
      ['ada', 'bo'].map((author) => perform(as(author), saveLetter, { ...letter, body: `Par ${author}` })),
    );
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('withdrawn is not sent any more, and comes back', async () => {
    const key = { ...KEY, language: 'de' };
    expect(await perform(as('bo'), withdrawTextOperation, key)).toMatchObject({ published: null, before: 1 });
    expect([...(await publishedVersionsOf(database.db.pool, 'WELCOME')).keys()]).toEqual(['en']);
    expect((await openShelf(database.db.pool, ['WELCOME'])).find('WELCOME', 'de', 'de')?.language).toBe('en');
    expect(await perform(as('bo'), rollBackText, key)).toMatchObject({ published: 1, before: null });
  });

  test('pinned by a run stays the one that is found', async () => {
    const pinned = (await publishedVersionsOf(database.db.pool, 'WELCOME')).get('en') ?? 0;
    await perform(as('ada'), saveLetter, { ...WELCOME, body: 'Newer', based_on: 4, publish: true });
    const shelf = await openShelf(database.db.pool, ['WELCOME'], [pinned, null]);
    expect(shelf.find('WELCOME', 'en', 'en', pinned)?.versionId).toBe(pinned);
    expect(shelf.find('WELCOME', 'en', 'en')?.versionId).not.toBe(pinned);
    // What is not known any more is no reason not to write.
    expect(shelf.find('WELCOME', 'en', 'en', 999_999)?.language).toBe('en');
  });
});

describe('letter_text.compare', () => {
  test('shows lines and words', async () => {
    const key = { kind: 'letter', code: 'EXPIRED', language: 'en' } as const;
    const body = 'Dear {{ user.name }},\n\nyour account has ended.\n\nRegards';
    await perform(bench.ctx, saveLetter, { type: 'EXPIRED', language: 'en', subject: 'Ended', body, based_on: 1 });
    const other = 'Dear {{ user.name }},\n\nyour library account has ended.\n\nCome again!\n\nRegards';
    await perform(bench.ctx, saveLetter, { type: 'EXPIRED', language: 'en', subject: 'Ended', body: other, based_on: 2 });
    const { same, parts } = await perform(bench.ctx, compareText, { ...key, from: 2, to: 3 });
    expect(same).toBe(false);
    expect(parts.map((part) => [part.part, part.same])).toEqual([
      ['subject', true],
      ['body', false],
    ]);
    const lines = parts[1]?.lines ?? [];
    expect(lines.map((line) => [line.kind, line.before, line.after])).toEqual([
      ['same', 1, 1],
      ['same', 2, 2],
      ['changed', 3, 3],
      ['same', 4, 4],
      ['added', null, 5],
      ['added', null, 6],
      ['same', 5, 7],
    ]);
    expect(lines[2]?.pieces.filter((piece) => piece.kind !== 'same')).toEqual([{ kind: 'added', text: 'library ' }]);
    // Both versions can be read off the pieces.
    const side = (not: string) => lines[2]?.pieces.flatMap((piece) => (piece.kind === not ? [] : [piece.text])).join('');
    expect([side('added'), side('removed')]).toEqual(['your account has ended.', 'your library account has ended.']);
    expect(await perform(bench.ctx, compareText, key)).toMatchObject({ from: 1, to: 3 });
    expect(await perform(bench.ctx, compareText, { ...key, from: 3, to: 3 })).toMatchObject({ same: true });
  });
});

describe('frames and snippets', () => {
  test('come in English and German, as the renderer has them', async () => {
    expect((await perform(bench.ctx, listTexts, { kind: 'frame' })).texts.map((text) => [text.language, text.published])).toEqual([
      ['de', 1],
      ['en', 1],
    ]);
    for (const language of ['en', 'de'] as const) {
      const { frame } = await perform(bench.ctx, showText, { kind: 'frame', language });
      expect(frame).toEqual({ ...FRAMES[language], colours: {} });
    }
  });

  test('have versions like letters', async () => {
    const frame = { language: 'en', header: '# {{ library.name }}', colours: { accent: '#004488' }, based_on: 1, publish: true };
    expect(await perform(as('ada'), saveFrame, frame)).toEqual({ language: 'en', version: 2, saved: true, published: true });
    expect(await perform(as('ada'), saveFrame, { ...frame, based_on: 2 })).toMatchObject({ version: 2, saved: false });
    const { parts } = await perform(bench.ctx, compareText, { kind: 'frame', language: 'en' });
    expect(parts.map((part) => part.part)).toEqual(['frame.header', 'frame.footer', 'frame.colours']);
    expect(await perform(bench.ctx, rollBackText, { kind: 'frame', language: 'en' })).toMatchObject({ published: 1 });

    const snippet = { name: 'opening_hours', language: 'en', body: 'We are open from 9 to 6.', based_on: 0, publish: true };
    expect(await perform(as('ada'), saveSnippet, snippet)).toMatchObject({ name: 'opening_hours', version: 1, published: true });
    expect((await perform(bench.ctx, listTexts, { kind: 'snippet' })).texts).toMatchObject([{ code: 'opening_hours', latest: 1 }]);
    await expect(perform(bench.ctx, showText, { kind: 'snippet', code: 'none', language: 'en' })).rejects.toMatchObject({
      code: 'letters.text_not_found',
    });
  });

  test('bad input is refused by field', async () => {
    const bad = { language: 'en', logo: { url: 'http://example.org/x.png', alt: '' }, colours: { accent: 'red' }, based_on: 1 };
    await expect(perform(bench.ctx, saveFrame, bad)).rejects.toMatchObject({
      code: 'input.invalid',
      params: { problems: expect.stringMatching(/logo\.url.*logo\.alt.*colours\.accent: is no colour/) },
    });
    await expect(perform(bench.ctx, saveSnippet, { name: 'No Name', language: 'en', body: 'x', based_on: 0 })).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });
});
