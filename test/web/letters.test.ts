/** Letters written, checked, published and gone back from; who may only look. */
import { beforeAll, expect, it } from 'vitest';
import { perform } from '../../src/access/index.ts';
import type { Context } from '../../src/core/index.ts';
import { saveLetter } from '../../src/letters/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { FEW_USERS, makeLibrary } from './screenshots/library.ts';
import { expectAccessible, expectNoSidewaysScroll, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let ctx: Context;
beforeAll(async () => {
  await makeLibrary(web.server.app, FEW_USERS);
  ctx = await web.server.app.contextFor(undefined, 'tests', 'en');
});

const WELCOME = '/letters/WELCOME?language=en';

it('a letter is written: an error shown at its place, mended, seen for a reader from right to left, published, gone back from', async () => {
  const page = await web.open(WELCOME, { as: 'administrator' });
  const source = page.getByRole('textbox', { name: 'Text of the letter' });
  await source.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('{{ user.nmae }} is new here.\n\n');
  const problems = page.getByRole('status', { name: 'Problems' });
  await problems.getByRole('button', { name: /^Line 1, column \d+$/ }).waitFor();
  expect(await problems.textContent()).toContain('user.name');
  expect(await page.getByRole('button', { name: 'Save version 2' }).isDisabled()).toBe(true);
  expect(await page.locator('.cm-letter-wrong').count()).toBe(1);
  await expectAccessible(page);

  // What is written outlives a reload; the place leads to the word, and a completion mends it.
  await page.reload();
  await settled(page);
  await problems.getByRole('button', { name: /^Line 1/ }).click();
  await page.keyboard.type('user.na');
  await page
    .getByRole('option', { name: /user\.name/ })
    .first()
    .waitFor();
  // Just after they have come up, suggestions are not taken: the key may have been meant for the text.
  await page.waitForTimeout(200);
  await page.keyboard.press('Tab');
  await page.getByText('not saved, kept in this browser').waitFor();
  await expect.poll(() => problems.textContent()).toBe('');

  await page.getByRole('button', { name: 'right to left' }).click();
  await page.waitForURL(/[?&]user=/);
  const user = new URL(page.url()).searchParams.get('user') ?? '';
  const { rows } = await test.db.pool.query<{ name: string }>(
    `select concat_ws(' ', coalesce(u.pref_first_name, u.first_name), coalesce(u.pref_last_name, u.last_name)) as name
     from users u where u.primary_id = $1`,
    [user.replaceAll('"', '')],
  );
  expect(rows[0]?.name).toMatch(/[\u0590-\u08ff]/);
  const paper = page.frameLocator('iframe.letter-paper');
  await paper.getByText(`${rows[0]?.name} is new here.`).waitFor();

  await page.keyboard.press('Control+s');
  await page.getByText('Saved as version 2').waitFor();
  await page.getByRole('button', { name: 'Publish version 2' }).click();
  await page.getByText('Version 2 is published: it is sent from now on.').waitFor();
  await page.getByRole('button', { name: 'Compare version 2 with 1' }).click();
  await page.getByRole('dialog').getByText('is new here.').first().waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Go back to version 1' }).click();
  await page.getByText('Version 1 is sent again.').waitFor();
  const published = await test.db.pool.query<{ number: number }>(
    `select v.number from letter_heads h join letter_versions v on v.id = h.published
     where h.kind = 'letter' and h.code = 'WELCOME' and h.language = 'en'`,
  );
  expect(published.rows).toEqual([{ number: 1 }]);
}, 120_000);

it('who began with an older version sees both authors, and loses nothing', async () => {
  const page = await web.open('/letters/GENERAL_NOTICE?language=en', { as: 'administrator', expected: /409/ });
  const source = page.getByRole('textbox', { name: 'Text of the letter' });
  await source.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Mine. ');
  await page.getByRole('button', { name: 'Save version 2' }).waitFor();
  await perform(ctx, saveLetter, { type: 'GENERAL_NOTICE', language: 'en', subject: 'News', body: 'Something else', based_on: 1 });
  await page.getByRole('button', { name: 'Save version 2' }).click();
  await page.getByText(/has saved version 2, while holm was writing on version 1/).waitFor();
  await page.getByRole('button', { name: 'What they changed' }).click();
  await page.locator('.letter-conflict ins', { hasText: 'Something else' }).first().waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save mine as version 3' }).click();
  await page.getByText('Saved as version 3').waitFor();
  expect(await source.textContent()).toContain('Mine.');
});

it('a User Manager sees letters and changes nothing', async () => {
  const page = await web.open(WELCOME, { as: 'manager' });
  await page.getByText('read only').waitFor();
  const source = page.getByRole('textbox', { name: 'Text of the letter' });
  const before = await source.textContent();
  await source.click();
  await page.keyboard.type('xyz');
  expect(await source.textContent()).toBe(before);
  expect(await page.getByRole('button', { name: /^(?:Save|Publish|Bold)/ }).count()).toBe(0);
  await expectAccessible(page);
  await page.goto(`${web.server.url}/letters`);
  await settled(page);
  expect(await page.getByRole('button', { name: /Add a type|^Move/ }).count()).toBe(0);
  await expectAccessible(page);
});

it('types are put in another order by the keyboard, added and switched off', async () => {
  const page = await web.open('/letters', { as: 'administrator' });
  await expectAccessible(page);
  const order = async () =>
    (await test.db.pool.query<{ code: string }>('select code from notification_types order by position, code')).rows.map(
      ({ code }) => code,
    );
  const before = await order();
  const handle = page.getByRole('button', { name: 'Move Welcome' });
  await handle.focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText('The order was changed.').waitFor();
  const at = before.indexOf('WELCOME');
  expect(await order()).toEqual([...before.slice(0, at - 1), 'WELCOME', before[at - 1], ...before.slice(at + 1)]);
  await page.getByRole('button', { name: 'Add a type' }).click();
  await expectAccessible(page);
  await page.getByLabel('Code', { exact: false }).first().fill('exam loan');
  await page.getByLabel('Name in English').fill('Exam loan');
  await page.getByLabel('Name in German').fill('Prüfungsausleihe');
  await page.getByRole('dialog').getByRole('button', { name: 'Add a type' }).click();
  await page.getByRole('link', { name: 'Exam loan' }).waitFor();
  await page.getByRole('button', { name: 'More about Exam loan' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await page.getByText('Exam loan can no longer be chosen.').waitFor();
  expect((await test.db.pool.query(`select active from notification_types where code = 'EXAM_LOAN'`)).rows).toEqual([{ active: false }]);
});

it.each([
  { path: '/letters', language: 'de', scheme: 'dark', width: 390 },
  { path: '/letters/ACCOUNT_TYPE_CHANGED?language=de&as=text', language: 'de', scheme: 'dark', width: 360 },
  { path: '/letters/snippets/hours?language=de', language: 'de', scheme: 'light', width: 390 },
] as const)('whole and accessible: $path $language $scheme $width', async ({ path, ...look }) => {
  const page = await web.open(path, { as: 'administrator', ...look, expected: /404/ });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
