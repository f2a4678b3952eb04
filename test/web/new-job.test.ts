/** The main way through, in a real browser on a real server: from a set to a run that is undone. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { perform, setSetting } from '../../src/access/index.ts';
import type { Context } from '../../src/core/index.ts';
import { generateUsers } from '../../src/feeds/index.ts';
import { previewJob, startRun, undoRun } from '../../src/runs/index.ts';
import { createSet } from '../../src/sets/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { expectAccessible, expectNoSidewaysScroll, PASSWORD, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let ctx: Context;
let everybody = 0;

beforeAll(async () => {
  ctx = await web.server.app.contextFor(undefined, 'web', 'en');
  await perform(ctx, generateUsers, { count: 300, seed: 7 });
  ({ id: everybody } = await perform(ctx, createSet, { name: 'All sample users', private: false, where: 'primary_id starts with "mu"' }));
  await perform(ctx, createSet, { name: 'External ones', private: false, where: 'account_type = "EXTERNAL"' });
  await perform(ctx, setSetting, { name: 'guard', value: { share: 1, atLeast: 10, absolute: 10_000 } });
});

/** No worker runs beside. */
async function work(): Promise<void> {
  while (await web.server.app.tasks.workOnce());
}

/** A set of its own of the first few users for whom this holds. */
async function fewUsers(name: string, where: string, most: number): Promise<{ readonly id: number; readonly ids: readonly string[] }> {
  const { rows } = await test.db.pool.query<{ id: string }>(
    `select primary_id as id from users where primary_id like 'mu%' and ${where} order by id limit ${most}`,
  );
  const ids = rows.map((row) => row.id);
  return { id: (await perform(ctx, createSet, { name, ids, private: false })).id, ids };
}

async function count(sql: string): Promise<number> {
  const { rows } = await test.db.pool.query<{ n: number }>(`select count(*)::integer as n from ${sql}`);
  return rows[0]?.n ?? 0;
}

async function next(page: Page, name: RegExp | string = /^Next:/): Promise<void> {
  await page.getByRole('button', { name }).click();
  await settled(page);
}

async function add(page: Page, what: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('a');
  await page.getByLabel('Search changes').fill(what);
  await page.keyboard.press('Enter');
}

/** Picks from a list that opens below a field. */
async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).last().click();
  await page.getByRole('option', { name: option, exact: true }).last().click();
}

it('leads from a set over two changes and a letter to a run, which is undone', async () => {
  const page = await web.open('/jobs/new', { as: 'administrator' });
  await expectAccessible(page);
  await page.getByLabel('Search sets').fill('sample');
  await page.getByRole('button', { name: /All sample users/ }).click();
  await page.getByText('300', { exact: true }).waitFor();
  await next(page);

  await page.getByText('What is to change?').waitFor();
  await add(page, 'user gr');
  await choose(page, 'New value: User group', 'Alumni');
  await add(page, 'exp');
  await page.getByLabel('New value: Expiry date').fill('2031-03-31');
  await choose(page, 'For which of the users', 'those with an earlier date now');
  const cards = page.getByRole('list', { name: 'Changes, in their order' }).locator(':scope > li');
  await cards.nth(1).getByText('only if it is earlier').waitFor();
  await expectAccessible(page);
  // The order by keyboard, which is kept when the page is loaded anew.
  await page.getByRole('button', { name: 'Move change 2 with the arrow keys' }).press('ArrowUp');
  await page.reload();
  await settled(page);
  await cards.nth(0).getByText('31 Mar 2031').waitFor();
  await cards.nth(1).getByText('Alumni').waitFor();
  const plan = {
    changes: [
      { change: 'expiry_date', set: '2031-03-31', when: 'expiry_date < 2031-03-31' },
      { change: 'user_group', set: 'ALUMNI' },
    ],
    notify: { type: 'GENERAL_NOTICE' },
  };
  const expected = await perform(ctx, previewJob, { set: everybody, plan });
  await page.getByText(`of ${expected.members} users would change`).waitFor();
  await cards.nth(1).getByText(`${expected.changes[1]?.changed} changed`).waitFor();

  await next(page);
  // The letter tells of the day that the plan sets, in the language of whom it goes to, one after another.
  await page.getByRole('radio', { name: /General notice/ }).click();
  const whose = page.getByRole('combobox', { name: 'As seen by' });
  const letterTo = async (id: string): Promise<void> => {
    await whose.fill(id);
    await page.getByRole('option', { name: new RegExp(id) }).click();
    await page.waitForURL(`**as=${id}**`);
  };
  const told = expected.users.find((user) => 'expiry_date' in user.fields && user.letters.length > 0);
  await letterTo(told?.primary_id ?? '?');
  await page
    .frameLocator('.letter-paper')
    .getByText(/31 March 2031|31\. März 2031/)
    .first()
    .waitFor();
  expect(await count(`users where expiry_date = '2031-03-31' and primary_id like 'mu%'`)).toBe(0);
  await expectAccessible(page);
  const [untold] = expected.users.filter((user) => user.letters.length === 0);
  await letterTo(untold?.primary_id ?? '?');
  await page.getByText('This letter does not go to this user').waitFor();
  await page.getByRole('button', { name: 'Next user' }).click();
  await page.getByText('This letter does not go to this user').waitFor({ state: 'detached' });
  await next(page);

  await page.getByRole('table', { name: 'Before → after' }).waitFor();
  await page.locator('.stat', { hasText: 'letters' }).getByText(String(expected.letters.queued), { exact: true }).waitFor();
  await page.locator('.stat', { hasText: 'unchanged' }).getByText(String(expected.unchanged), { exact: true }).waitFor();
  await page
    .getByRole('button', { name: `Show the letter to ${told?.name}` })
    .first()
    .click();
  await page.waitForURL(`**as=${told?.primary_id}**`);
  await page
    .locator('.env')
    .getByText(told?.name ?? '?')
    .waitFor();
  await page.getByRole('button', { name: `unchanged ${expected.unchanged}` }).click();
  await page.waitForURL('**outcome=unchanged**');
  if (expected.letters.no_address > 0) {
    await page.getByRole('button', { name: 'Make a set of them' }).first().click();
    await page.getByRole('link', { name: new RegExp(`Set made: ${expected.letters.no_address} user`) }).waitFor();
  }
  await next(page);

  await page.getByText(`change ${expected.changed} users`, { exact: true }).waitFor();
  await expectAccessible(page);
  const button = page.getByRole('button', { name: `Change ${expected.changed} users` });
  expect(await button.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: /type 300/ }).fill('299');
  expect(await button.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: /type 300/ }).fill('300');
  await button.click();
  await page.waitForURL(/\/jobs\/\d+$/);
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('job-draft')))).toEqual([]);

  await work();
  expect(await count(`runs where id = ${id} and state = 'COMPLETED_SUCCESS'`)).toBe(1);
  expect(await count(`users where primary_id like 'mu%' and user_group = 'ALUMNI'`)).toBe(300);
  expect(await count(`outbox where run_id = ${id} and letter = 'GENERAL_NOTICE' and state = 'queued'`)).toBe(expected.letters.queued);
  await perform(ctx, undoRun, { id, confirm: true });
  await work();
  expect(await count(`users where primary_id like 'mu%' and expiry_date = '2031-03-31'`)).toBe(0);
}, 120_000);

it('takes filters that are clicked together: for the set, and for whom a change is meant', async () => {
  const page = await web.open('/jobs/new', { as: 'administrator' });
  const condition = async (field: string, value: string): Promise<void> => {
    await page.getByRole('button', { name: 'Add filter' }).click();
    const form = page.getByRole('form', { name: 'Add filter' });
    await form.getByRole('combobox', { name: 'What' }).fill(field);
    await page.getByRole('option', { name: field, exact: true }).click();
    await form.getByRole('combobox', { name: 'Value' }).click();
    await page.getByRole('option', { name: value, exact: true }).click();
    await form.getByRole('button', { name: 'Apply' }).click();
  };
  await page.getByText('By a filter', { exact: true }).click();
  await condition('Account type', 'External');
  const outside = await count(`users where account_type = 'EXTERNAL'`);
  await page.getByText(`${outside} users match today`).waitFor();
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'Name of the set' }).fill('From outside');
  await page.getByRole('button', { name: 'Make the set' }).click();
  await page.getByText(`From outside: ${outside} users`).waitFor();
  await next(page);
  await add(page, 'user gr');
  await choose(page, 'New value: User group', 'Alumni');
  await choose(page, 'For which of the users', 'those who match a filter');
  await condition('User group', 'Graduate student');
  const graduates = await count(`users where account_type = 'EXTERNAL' and user_group = 'GRAD'`);
  const card = page.getByRole('list', { name: 'Changes, in their order' }).locator(':scope > li');
  await card.getByText('only where User group is Graduate student').waitFor();
  await card.getByText(`${graduates} changed`).waitFor();
  await expectAccessible(page);
  // Read again as words, not as the text that is kept.
  await page.reload();
  await settled(page);
  await card.getByText('only where User group is Graduate student').waitFor();
});

it('makes external users internal, and explains the letters that bring the passwords', async () => {
  const { id: set, ids } = await fewUsers('A few external', `account_type = 'EXTERNAL'`, 12);
  const members = ids.length;
  const page = await web.open(`/jobs/new?set=${set}`, { as: 'administrator' });
  await add(page, 'account type');
  await page.getByText('The university feed no longer updates these users.').waitFor();
  await page.getByText('users would change').waitFor();
  await next(page);
  await page.getByText('A letter with the new password goes out by itself').waitFor();
  await page.frameLocator('.letter-paper').getByText('••••••••••').waitFor();
  await next(page);
  await page.getByRole('cell', { name: 'New password' }).first().waitFor();
  await expectAccessible(page);
  await next(page);
  await page.getByText('Former passwords end at once and work again after an undo.').waitFor();
  const typed = page.getByRole('textbox', { name: /type \d+/ });
  if (await typed.isVisible()) await typed.fill(String(members));
  await page.getByRole('button', { name: new RegExp(`^Change ${members} user`) }).click();
  await page.waitForURL(/\/jobs\/\d+$/);
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  await work();
  expect(await count(`run_members m join users u on u.id = m.user_id where m.run_id = ${id} and u.account_type = 'INTERNAL'`)).toBe(
    members,
  );
  expect(await count(`outbox where run_id = ${id} and brings = 'password'`)).toBeGreaterThan(0);
  await perform(ctx, undoRun, { id, confirm: true });
  await work();
}, 120_000);

it('tells a User Manager what is not theirs to give, before anything is written', async () => {
  await perform(ctx, setSetting, { name: 'access.managers_no_staff_roles', value: true });
  const page = await web.open(`/jobs/new?set=${everybody}`, { as: 'manager', expected: /4\d\d/ });
  await add(page, 'role');
  await choose(page, 'Role', 'General System Administrator');
  await page.getByText('This plan cannot be counted').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Next: Letter' }).click();
  await page.getByRole('button', { name: 'Next: Preview' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('button', { name: /^Change \d/ }).count()).toBe(0);
  const patron = await web.open('/jobs/new', { as: 'patron' });
  await patron.getByRole('heading', { name: 'You may not see this' }).waitFor();
}, 120_000);

describe('a draft', () => {
  it('is not lost when the session ends in the middle', async () => {
    const page = await web.open(`/jobs/new?set=${everybody}`, { as: 'manager', expected: /401/ });
    await add(page, 'job desc');
    await page.context().clearCookies();
    await page.getByLabel('New value: Job description').fill('Class of 2031');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('of 300 users would change').waitFor();
    expect(await page.getByLabel('New value: Job description').inputValue()).toBe('Class of 2031');
  }, 120_000);

  it('of another tab stays what it is, and one that is open twice is the same in both', async () => {
    const page = await web.open(`/jobs/new?set=${everybody}`, { as: 'administrator' });
    await add(page, 'job desc');
    await page.getByLabel('New value: Job description').fill('first tab');
    const second = await page.context().newPage();
    await second.goto(`${web.server.url}/jobs/new?set=${everybody}`);
    await settled(second);
    await add(second, 'purge');
    const third = await page.context().newPage();
    await third.goto(page.url());
    await settled(third);
    await third.getByText('first tab').first().waitFor();
    await page.getByLabel('New value: Job description').fill('first tab still');
    await third.getByText('first tab still').first().waitFor();
    await page.reload();
    await page.getByText('first tab still').first().waitFor();
    await second.reload();
    await second.getByText('purge date').first().waitFor();
  }, 120_000);

  it('is copied from a run, saved as a template, loaded, and scheduled', async () => {
    const plan = { changes: [{ change: 'block', add: { description: '02-GLOBAL', note: 'Come to the desk.' } }] };
    const { id: set } = await fewUsers('Five', 'true', 5);
    const { id } = await perform(ctx, startRun, { set, plan, confirm: true, name: 'Block the first' });
    await work();
    const page = await web.open(`/jobs/new?run=${id}`, { as: 'administrator' });
    await page.getByRole('heading', { level: 1, name: 'Block the first' }).waitFor();
    await page.getByText('Come to the desk.').waitFor();
    await page.getByRole('button', { name: 'Save as template' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save as template' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Block somebody');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save the template' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.goto(`${web.server.url}/jobs/new`);
    await settled(page);
    await page.getByRole('button', { name: /All sample users/ }).click();
    await page.getByRole('button', { name: 'Load', exact: true }).click();
    await page
      .getByRole('dialog', { name: 'Load a plan' })
      .getByRole('button', { name: /Block somebody/ })
      .click();
    await page.getByText('Come to the desk.').waitFor();
    await page
      .getByRole('navigation', { name: 'Steps of the job' })
      .getByRole('button', { name: /Confirm/ })
      .click();
    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    await page.getByRole('button', { name: 'Again and again' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Schedule the job' }).click();
    await page.waitForURL('**/jobs');
    expect(await count(`schedules where cron = '0 6 * * *' and set_id = ${everybody}`)).toBe(1);
  }, 120_000);
});

it.each([
  { language: 'de', scheme: 'dark', width: 360, steps: ['set', 'changes', 'letter', 'preview', 'confirm'] },
  { language: 'de', scheme: 'dark', width: 1440, steps: ['changes', 'preview'] },
] as const)(
  'is accessible and whole: $language $scheme $width',
  async ({ steps, ...look }) => {
    const { id: few } = await fewUsers(`Few ${look.width}`, 'true', 4);
    const page = await web.open(`/jobs/new?set=${few}`, { as: 'administrator', ...look });
    await page.evaluate(() => {
      const [key = ''] = Object.keys(localStorage).filter((each) => each.includes('job-draft'));
      const draft = JSON.parse(localStorage.getItem(key) ?? '{}');
      const change = (name: string, input: object) => ({ key: name, change: name, input, condition: { kind: 'always' } });
      draft.changes = [
        change('expiry_date', { set: '2031-03-31' }),
        change('account_type', { set: 'INTERNAL', credentials: 'password' }),
        change('block', { add: { description: '02-GLOBAL', note: 'x' } }),
      ];
      draft.notify = { type: 'GENERAL_NOTICE', to: 'all' };
      localStorage.setItem(key, JSON.stringify(draft));
    });
    for (const step of steps) {
      await page.goto(`${page.url().replace(/&?step=\w+/, '')}&step=${step}`);
      await settled(page);
      if (step === 'changes') await page.locator('.tok').first().click();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  },
  120_000,
);
