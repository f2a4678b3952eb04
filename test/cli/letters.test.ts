import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/** A letter's life at the command line: written in a file, checked, tried, published, taken back. */
const test = useTestDatabase();
const files = temporaryDirectory();
const env = (more: Record<string, string> = {}): Record<string, string> => ({
  DATABASE_URL: test.url,
  MUSTER_DATA: path.join(files.directory, 'data'),
  ...more,
});
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });
const muster = (...args: readonly string[]): ReturnType<typeof call> => call(args, { env: env() });

function file(name: string, content: string): string {
  const target = path.join(files.directory, name);
  writeFileSync(target, content);
  return target;
}

async function errorOf(args: readonly string[], status = 1): Promise<string> {
  const { error } = (await json(args, status)) as { error: { code: string } };
  return error.code;
}

beforeAll(() => {
  mkdirSync(path.join(files.directory, 'data'));
});
afterAll(() => files.remove());

it('a letter is edited as a file, compared, published and rolled back', PATIENT, async () => {
  const shown = await muster('letters', 'show', 'WELCOME', 'en', '--source');
  expect(shown.stdout).toMatch(/^---\nsubject: Welcome to the library\nsms: .*\nbased_on: 1\n---\n\nDear \{\{ user\.name \}\},\n/);
  const source = file('welcome.md', shown.stdout);
  expect(await json(['letters', 'edit', 'WELCOME', 'en', source])).toMatchObject({ version: 1, saved: false, published: true });

  file('welcome.md', shown.stdout.replace('welcome to the library!', 'a warm welcome!'));
  expect(await json(['letters', 'edit', 'welcome', 'EN', source, '--note', 'Warmer'])).toMatchObject({
    version: 2,
    saved: true,
    published: false,
  });
  const compared = await muster('letters', 'compare', 'WELCOME', 'en');
  expect(compared.stdout).toContain('Version 1 → version 2');
  expect(compared.stdout).toMatch(/^~ .*\{\+.*warm.*\+\}/m);
  expect(await json(['letters', 'publish', 'WELCOME', 'en'])).toMatchObject({ published: 2, before: 1 });
  expect(await json(['letters', 'rollback', 'WELCOME', 'en'])).toMatchObject({ published: 1, before: 2 });
  expect((await muster('letters', 'versions', 'WELCOME', 'en')).stdout).toMatch(/2 {2}former .*Warmer/);

  file('welcome.md', shown.stdout.replace('welcome to the library!', 'hello!'));
  expect(await errorOf(['letters', 'edit', 'WELCOME', 'en', source])).toBe('letters.changed_meanwhile');
  const letter = file('broken.md', '---\nsubject: x\nbased_on: 2\n---\n\n{{ user.nmae }}\n');
  expect(await errorOf(['letters', 'edit', 'WELCOME', 'en', letter])).toBe('letters.template_invalid');
  expect(await errorOf(['letters', 'edit', 'WELCOME', 'fr', file('bare.md', '---\nsubject: x\n---\nBonjour')], 2)).toBe(
    'cli.letters.which_base',
  );
  expect(await errorOf(['letters', 'edit', 'WELCOME', 'fr', file('odd.md', '---\nsubjekt: x\n---\nBonjour')])).toBe('cli.letters.bad_file');
  // Nobody sits at a terminal here.
  expect(await errorOf(['letters', 'edit', 'WELCOME', 'en'])).toBe('cli.no_editor');
});

it('a letter is looked at in every form, and checked', PATIENT, async () => {
  const out = path.join(files.directory, 'letter.pdf');
  const preview = await json(['letters', 'preview', 'EXPIRED', '--form', 'print', '--out', out]);
  expect(preview).toMatchObject({ letters: [{ user: null, print: { pages: 1 } }] });
  expect(readFileSync(out).subarray(0, 5).toString()).toBe('%PDF-');
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const source = file('draft.md', '---\nsubject: Draft\n---\n\nHello {{ user.first_name }}\n');
  expect((await muster('letters', 'preview', 'EXPIRED', '--language', 'en', '--file', source)).stdout).toContain('Hello Maria');
  expect((await muster('letters', 'preview', 'EXPIRED', '--form', 'sms')).stdout).toContain('1 parts');
  expect(await json(['letters', 'check'])).toMatchObject({ good: true, members: 0 });

  await json(['notification-types', 'add', 'BOOKS_MOVED', '--label-en', 'Books moved', '--label-de', 'Bücher umgezogen']);
  expect(await json(['letters', 'check', 'BOOKS_MOVED'], 1)).toMatchObject({ good: false, missing: [{ language: 'en', gets: null }] });
  expect(await json(['notification-types', 'edit', 'BOOKS_MOVED', '--essential', 'yes', '--not-again-days', '7'])).toMatchObject({
    essential: true,
    not_again_days: 7,
  });
  expect(await json(['notification-types', 'edit', 'BOOKS_MOVED', '--not-again-days', ''])).toMatchObject({ not_again_days: null });
  expect(await errorOf(['notification-types', 'edit', 'BOOKS_MOVED', '--not-again-days', 'often'])).toBe('input.invalid');
  expect(await json(['notification-types', 'remove', 'BOOKS_MOVED'])).toEqual({ deleted: 'BOOKS_MOVED' });
  expect(await errorOf(['letters', 'test-send', 'WELCOME'])).toBe('letters.no_own_address');
});

it('a frame goes out of a file and back, snippets too, and HTML becomes Markdown', PATIENT, async () => {
  const frame = (await muster('letters', 'frame', 'show', 'de')).stdout;
  const source = file('frame.md', frame);
  expect(await json(['letters', 'frame', 'edit', 'de', source])).toMatchObject({ version: 1, saved: false });
  file('frame.md', frame.replace('based_on', 'accent: #aa0055\nlogo: https://library.example.org/logo.png\nlogo_alt: Seestadt\nbased_on'));
  expect(await json(['letters', 'frame', 'edit', 'de', source, '--publish'])).toMatchObject({ version: 2, published: true });
  expect(await json(['letters', 'frame', 'show', 'de'])).toMatchObject({
    frame: { logo: { url: 'https://library.example.org/logo.png', alt: 'Seestadt' }, colours: { accent: '#aa0055' } },
  });
  expect((await muster('letters', 'preview', 'WELCOME', '--language', 'de', '--form', 'html')).stdout).toContain('alt="Seestadt"');

  const snippet = file('hours.md', 'Open from 9 to 6.\n');
  expect(await json(['letters', 'snippet', 'edit', 'hours', 'en', snippet, '--based-on', '0', '--publish'])).toMatchObject({ version: 1 });
  expect(await json(['letters', 'snippet', 'list'])).toMatchObject({ texts: [{ code: 'hours', published: 1 }] });
  const html = file('old.html', '<p class="MsoNormal">Dear <b>{{ user.name }}</b>,<script>alert(1)</script></p><ul><li>one</li></ul>');
  const { body } = (await json(['letters', 'import-html', html])) as { body: string };
  expect(body).toMatch(/^Dear \*\*\{\{ user\.name \}\}\*\*,\n\n[-*] +one/);
});
