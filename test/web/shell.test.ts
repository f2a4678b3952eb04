import { expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { expectAccessible, expectNoSidewaysScroll, IDS, PASSWORD, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);

it('leads who is not signed in to the sign-in, and back to where they wanted to go', async () => {
  await web.open('/', { as: 'administrator' }); // the account is made
  const page = await web.open('/sets');
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  await page.getByLabel('User name').fill(IDS.administrator);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/sets');
  await settled(page);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sets');
  expect(await page.title()).toBe('Sets · Muster');
});

it('goes on where one was when the session ends in the middle', async () => {
  const page = await web.open('/', { as: 'manager', expected: /401/ });
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Sets', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('Password', { exact: true }).fill('wrong');
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await settled(page);
  expect(new URL(page.url()).pathname).toBe('/sets');
});

it('speaks German, and keeps to it', async () => {
  const page = await web.open('/', { as: 'administrator', language: 'de' });
  expect(await page.getAttribute('html', 'lang')).toBe('de');
  await page.getByRole('link', { name: 'Prozesse', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Prozesse' }).waitFor();
  await page.getByRole('button', { name: 'Show in English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
  expect(await page.getAttribute('html', 'lang')).toBe('en');
});

it('is whole on a phone', async () => {
  const page = await web.open('/', { as: 'administrator', width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Menu' }).click();
  const menu = page.getByRole('dialog');
  await expectAccessible(page);
  await menu.getByRole('link', { name: 'Users', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  expect(await menu.count()).toBe(0);
});

it('is used without a mouse', async () => {
  const page = await web.open('/', { as: 'administrator' });
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or do anything' }).fill('adm');
  await expectAccessible(page);
  await page.getByRole('option', { name: 'Administration' }).waitFor();
  await page.keyboard.press('Enter');
  const title = page.getByRole('heading', { level: 1, name: 'Administration' });
  await title.waitFor();
  expect(await title.evaluate((heading) => heading === document.activeElement)).toBe(true);
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('lets keys without Ctrl be switched off, in this browser for good', async () => {
  const page = await web.open('/', { as: 'administrator' });
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Keys without Ctrl' }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(new URL(page.url()).pathname).toBe('/');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or do anything' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await page.getByRole('checkbox', { name: 'Keys without Ctrl' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
});

it('shows nobody what they may not see', async () => {
  const page = await web.open('/administration/keys', { as: 'manager' });
  await page.getByText('You may not see this').first().waitFor();
  const patron = await web.open('/', { as: 'patron' });
  expect(await patron.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).not.toContain('Users');
});

it('says of an address that it leads nowhere', async () => {
  const page = await web.open('/nowhere/at/all', { as: 'administrator' });
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  await expectAccessible(page);
});

it('has the language and the way out in a menu of one’s own', async () => {
  const page = await web.open('/', { as: 'manager' });
  await page.getByRole('button', { name: 'Your account, Jonas Beispiel' }).click();
  await page.getByRole('menuitem', { name: 'Deutsch' }).waitFor();
  await expectAccessible(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in?signed_out=1');
  await page.getByText('You are signed out.').waitFor();
  await page.goto(`${web.server.url}/sets`);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});

it('would be told of what nobody can read or name', async () => {
  const page = await web.open('/sets', { as: 'administrator' });
  await expectAccessible(page);
  await page.evaluate(() => {
    const faint = document.createElement('p');
    faint.textContent = 'Hardly to be read';
    faint.style.setProperty('color', '#ccc');
    faint.style.setProperty('background', '#fff');
    document.querySelector('main')?.append(faint, document.createElement('button'));
  });
  const said = await expectAccessible(page).then(
    () => '',
    (error: { readonly actual: readonly string[] }) => error.actual.join('\n'),
  );
  expect(said).toMatch(/color-contrast/);
  expect(said).toMatch(/button-name/);
});
