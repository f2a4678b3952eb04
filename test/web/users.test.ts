import { beforeAll, beforeEach, expect, it } from 'vitest';
import { perform } from '../../src/access/index.ts';
import type { Context } from '../../src/core/index.ts';
import { generateUsers } from '../../src/feeds/index.ts';
import { editUser } from '../../src/runs/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { expectAccessible, expectNoSidewaysScroll, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let ctx: Context;

beforeAll(async () => {
  ctx = await web.server.app.contextFor(undefined, 'tests', 'en');
  await perform(ctx, generateUsers, { count: 300, seed: 5 });
});

/** Somebody whose record nobody else's test touches. */
let made = 0;
let user = '';
beforeEach(async () => {
  made += 1;
  user = `journey${made}`;
  await test.db.pool.query(
    `with u as (insert into users (primary_id, first_name, last_name, user_group, account_type, status, expiry_date)
       values ($1, 'نورا', 'Zauberberg', 'UNDERGRAD', 'INTERNAL', 'ACTIVE', current_date - 3) returning id),
     block as (insert into user_blocks (user_id, segment, type, description, status, note) select id, 'Internal', 'GENERAL', '02-GLOBAL', 'ACTIVE', 'See the desk' from u),
     note as (insert into user_notes (user_id, segment, type, text, user_viewable, popup) select id, 'Internal', 'LIBRARY', 'Asked for a carrel', false, false from u)
     insert into user_search (user_id, text, last_name, first_name) select id, fold('نورا Zauberberg ' || $1), fold('Zauberberg'), fold('نورا') from u on conflict do nothing`,
    [user],
  );
});

const worked = async (): Promise<void> => {
  while (await web.server.app.tasks.workOnce());
};

it('finds a user as one types, by keyboard alone', async () => {
  const page = await web.open('/users', { as: 'administrator' });
  await expectAccessible(page);
  await page.keyboard.press('/');
  await page.keyboard.type(`zauber ${user}`);
  const row = page.getByRole('row', { name: new RegExp(user) });
  await row.waitFor();
  await page.waitForURL('**/users?text=*');
  await page.getByText(/^1 of \d+ matches$/).waitFor();
  await row.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/users/${user}`);
  await page.getByRole('heading', { level: 1, name: /Zauberberg/ }).waitFor();
});

it('makes a filter by clicking, which is text, which is a set', async () => {
  const page = await web.open('/users', { as: 'administrator', expected: /422/ });
  await page.getByRole('button', { name: 'Add filter' }).click();
  const form = page.getByRole('form', { name: 'Add filter' });
  await form.getByRole('combobox', { name: 'What' }).fill('User group');
  await page.getByRole('option', { name: 'User group', exact: true }).click();
  await form.getByRole('combobox', { name: 'Value' }).click();
  await page.getByRole('option').first().click();
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Apply' }).click();
  await page.getByText(/^user_group = /).waitFor();
  await page.getByRole('button', { name: /^Edit: User group is / }).waitFor();

  await page.getByRole('button', { name: 'Edit the filter as text' }).click();
  const text = page.getByRole('textbox', { name: 'Filter as text' });
  await text.fill('user_group = "UNDERGRAD" and expiry_dat < today');
  await text.press('Enter');
  await page.getByText(/line 1.*column 30|column 30/i).waitFor();
  await text.fill('user_group = "UNDERGRAD" and expiry_date < today');
  await text.press('Enter');
  await page.getByRole('button', { name: 'Edit: Expiry date is before today' }).waitFor();
  expect(new URL(page.url()).searchParams.get('where')).toBe('user_group = "UNDERGRAD" and expiry_date < today');
  // One of them is enough, or both have to hold: the word between them.
  await page.getByTitle('One of these is enough').click();
  await page.waitForURL((url) => url.searchParams.get('where') === 'user_group = "UNDERGRAD" or expiry_date < today');
  await page.getByTitle('All of these have to hold').click();
  await page.waitForURL((url) => url.searchParams.get('where') === 'user_group = "UNDERGRAD" and expiry_date < today');

  const { rows } = await test.db.pool.query<{ count: number }>(
    `select count(*)::integer as count from users where user_group = 'UNDERGRAD' and expiry_date < current_date`,
  );
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  await page.getByRole('button', { name: 'Make a set' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Gone undergraduates');
  await page.getByRole('button', { name: /^Make a set of/ }).click();
  await page.waitForURL('**/sets/*');
  const members = await test.db.pool.query<{ count: number }>(
    `select count(*)::integer as count from set_members m join sets s on s.id = m.set_id where s.name = 'Gone undergraduates'`,
  );
  expect(members.rows[0]?.count).toBe(rows[0]?.count);
});

it('edits a field, shows it in the history, and takes it back', async () => {
  const page = await web.open(`/users/${user}`, { as: 'administrator' });
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Edit: General' }).click();
  const form = page.getByRole('dialog', { name: 'General' });
  await form.getByRole('textbox', { name: 'Job description' }).fill('Reading room');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  const history = page.locator('#history');
  await history.getByText('Edited by holm').waitFor();
  await history.getByText('Reading room').waitFor();
  await history.getByRole('button', { name: 'Undo: Edited by holm' }).click();
  await expect
    .poll(async () => {
      await worked();
      const { rows } = await test.db.pool.query(`select job_description from users where primary_id = $1`, [user]);
      return rows[0]?.['job_description'];
    })
    .toBeNull();
  await page.getByText('It was undone.').waitFor();
});

it('takes a warning away by its action, and adds what changes of many do not know', async () => {
  const page = await web.open(`/users/${user}`, { as: 'administrator' });
  await page.getByText(/^Blocked: /).waitFor();
  await page.getByText(/^Expired on /).waitFor();
  await page.getByRole('button', { name: 'Deactivate block' }).click();
  await page.getByText(/^Blocked: /).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Add an e-mail' }).click();
  const form = page.getByRole('dialog', { name: 'Add: E-mail' });
  await form.getByRole('textbox', { name: 'Address' }).fill('nora@example.org');
  await form.getByRole('combobox', { name: 'Types' }).click();
  await page.getByRole('option').first().click();
  await page.keyboard.press('Tab');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByText('No e-mail', { exact: true }).waitFor({ state: 'detached' });
  const { rows } = await test.db.pool.query(
    `select e.address, e.preferred, n.text from users u join user_emails e on e.user_id = u.id join user_notes n on n.user_id = u.id where u.primary_id = $1`,
    [user],
  );
  expect(rows).toEqual([{ address: 'nora@example.org', preferred: true, text: 'Asked for a carrel' }]);
});

it('shows who was quicker before anybody writes over it', async () => {
  const page = await web.open(`/users/${user}`, { as: 'administrator', expected: /412/ });
  await page.getByRole('button', { name: 'Edit: General' }).click();
  const form = page.getByRole('dialog', { name: 'General' });
  await form.getByRole('textbox', { name: 'Job description' }).fill('Mine');
  await perform(ctx, editUser, { user, changes: [{ change: 'last_name', set: 'Quicker' }] });
  await form.getByRole('button', { name: 'Save' }).click();
  const notice = page.locator('.notice', { hasText: 'This user was changed meanwhile' });
  await notice.getByText('Quicker').waitFor();
  await expectAccessible(page);
  await notice.getByRole('button', { name: 'Write mine as well' }).click();
  await notice.waitFor({ state: 'detached' });
  const { rows } = await test.db.pool.query(`select last_name, job_description from users where primary_id = $1`, [user]);
  expect(rows).toEqual([{ last_name: 'Quicker', job_description: 'Mine' }]);
});

it('hands out a temporary password once', async () => {
  const page = await web.open(`/users/${user}`, { as: 'administrator' });
  await test.db.pool.query(`update users set expiry_date = current_date + 30 where primary_id = $1`, [user]);
  await page.getByRole('button', { name: 'Reset password' }).click();
  await page.getByRole('button', { name: /^Temporary password/ }).click();
  const slip = page.getByRole('region', { name: 'Slip to hand over' });
  expect((await slip.getByTestId('secret').innerText()).length).toBeGreaterThan(7);
  await expectAccessible(page);
});

it('offers no password to whom the institution signs in, and says so', async () => {
  await test.db.pool.query(`update users set account_type = 'EXTERNAL', external_id = 'SIS' where primary_id = $1`, [user]);
  const page = await web.open(`/users/${user}`, { as: 'administrator' });
  await page.getByText('Signs in at the institution: no password is kept here').waitFor();
  expect(await page.getByRole('button', { name: 'Reset password' }).count()).toBe(0);
});

it('erases only who is typed, and is gone from the list then', async () => {
  const page = await web.open(`/users/${user}`, { as: 'administrator' });
  await page.getByRole('button', { name: 'More about this user' }).click();
  await page.getByRole('menuitem', { name: 'Erase for good' }).click();
  const button = page.getByRole('button', { name: `Erase ${user}` });
  expect(await button.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: `Type ${user} to confirm` }).fill(user);
  await button.click();
  await page.waitForURL('**/users');
  const { rows } = await test.db.pool.query('select 1 from users where primary_id = $1', [user]);
  expect(rows).toEqual([]);
});

it('shows a manager what a manager may do, and not what was closed to them', async () => {
  await test.db.pool.query(`update access_roles set closed = array['notes', 'birth_date'] where role = '21'`);
  try {
    const page = await web.open(`/users/${user}`, { as: 'manager' });
    await page.getByRole('heading', { name: 'General', exact: true }).waitFor();
    expect(await page.getByText('Asked for a carrel').count()).toBe(0);
    expect(await page.getByText('Birth date', { exact: true }).count()).toBe(0);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'More about this user' }).click();
    await page.getByRole('menuitem').first().waitFor();
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Merge with another record']);
  } finally {
    await test.db.pool.query(`update access_roles set closed = '{}' where role = '21'`);
  }
});

it('creates a user', async () => {
  const page = await web.open('/new-user', { as: 'administrator' });
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'Primary id' }).fill(`new-${user}`);
  await page.getByRole('textbox', { name: 'Last name' }).fill('Neumann');
  await page.getByRole('textbox', { name: 'E-mail' }).fill('neumann@example.org');
  await page.getByRole('button', { name: 'Create user' }).click();
  await page.waitForURL(`**/users/new-${user}`);
  await page.getByText('neumann@example.org').first().waitFor();
});

it('refuses who has no staff role', async () => {
  const page = await web.open('/users', { as: 'patron' });
  await page.getByRole('heading', { level: 1, name: 'You may not see this' }).waitFor();
  await expectAccessible(page);
});

it.each([
  { language: 'de', scheme: 'dark', width: 1440 },
  { language: 'de', scheme: 'light', width: 360 },
] as const)('is accessible and whole: $language $scheme $width', async (look) => {
  const list = await web.open('/users', { as: 'administrator', ...look });
  await list.getByRole('heading', { level: 1, name: 'Benutzer' }).waitFor();
  await expectNoSidewaysScroll(list);
  await expectAccessible(list);
  await list.goto(`${web.server.url}/users/${user}`);
  await settled(list);
  await list.getByText(/^Abgelaufen am /).waitFor();
  await expectNoSidewaysScroll(list);
  await expectAccessible(list);
});
