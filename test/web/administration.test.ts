import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { useTestDatabase } from '../support/database.ts';
import { FEW_USERS, type Library, makeLibrary } from './screenshots/library.ts';
import { dropFile, expectAccessible, expectNoSidewaysScroll, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let library: Library | undefined;
beforeAll(async () => {
  library = await makeLibrary(web.server.app, FEW_USERS);
});

/** What a browser says of an answer that refuses. */
const REFUSED = /status of 4(?:03|22)/;

/** Calls an operation as the person whose page it is, without the page. */
function call(page: Page, name: string, input: object): Promise<{ readonly status: number; readonly code: string | undefined }> {
  return page.evaluate(
    async ([operation, body]) => {
      const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string };
      const answer = await fetch(`/api/operations/${operation}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
        body,
      });
      const said = (await answer.json()) as { code?: string };
      return { status: answer.status, code: said.code };
    },
    [name, JSON.stringify(input)] as const,
  );
}

it('imports a file: a bad row is told with its line, the others are written by a run', async () => {
  const page = await web.open('/administration/import', { as: 'administrator' });
  const csv = [
    'primary_id,first_name,last_name,expiry_date',
    'imp1,Ada,One,2028-01-31',
    'imp2,Bo,Two,soon',
    'imp3,Cy,Three,2028-02-29',
  ].join('\n');
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'muster-drop-')), 'term.csv');
  writeFileSync(file, csv);
  await dropFile(page, page.locator('.drop'), file);
  await page.getByRole('button', { name: 'Check the file' }).click();
  const rejected = page.getByRole('table', { name: 'Rejected records' });
  await rejected.waitFor();
  expect(await rejected.getByRole('row').nth(1).textContent()).toMatch(/^3.*expiry_date/);
  await expectAccessible(page);
  const there = async () =>
    (
      await test.db.pool.query<{ ids: string[] }>(
        `select array_agg(u.primary_id order by u.primary_id) as ids from users u where u.primary_id like 'imp_'`,
      )
    ).rows[0]?.ids;
  expect(await there()).toBeNull();
  await page.getByRole('button', { name: 'Import 2 users' }).click();
  await page.getByText('2 users written').waitFor();
  rmSync(path.dirname(file), { recursive: true });
  expect(await there()).toEqual(['imp1', 'imp3']);
  await page.getByRole('link', { name: /^Run \d+$/ }).click();
  await page.waitForURL('**/jobs/*');
  await page.getByRole('heading', { level: 1, name: /term\.csv/ }).waitFor();
});

it('makes a key that is shown once and works until it is revoked', async () => {
  const page = await web.open('/administration/keys', { as: 'administrator' });
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name of the program').fill('Discovery');
  await page.getByLabel('Reads only, changes nothing').check();
  await page.getByRole('button', { name: 'Save' }).click();
  const key = (await page.locator('.adm-secret code').textContent()) ?? '';
  expect(key).toMatch(/^mus_\d+_/);
  await expectAccessible(page);
  const status = async () =>
    (await fetch(`${web.server.url}/api/access/me`, { headers: { authorization: `apikey ${key}`, connection: 'close' } })).status;
  expect(await status()).toBe(200);
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.reload();
  await settled(page);
  expect(await page.content()).not.toContain(key);
  await page.getByRole('button', { name: 'Revoke: Discovery' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('table', { name: 'API keys' }).getByText('revoked').waitFor();
  expect(await status()).toBe(401);
});

it('changes what a role may give: a User Manager is refused from then on, and may change no role', async () => {
  const page = await web.open('/administration/roles', { as: 'administrator' });
  const row = page.getByRole('table', { name: 'Who may give which role' }).getByRole('row', { name: /^User Manager/ });
  await row.getByRole('button', { name: 'Role User Manager' }).click();
  const dialog = page.getByRole('dialog', { name: 'Role User Manager' });
  await dialog.waitFor();
  await expectAccessible(page);
  const manager = await web.open('/administration/roles', { as: 'manager', expected: REFUSED });
  const gives = () =>
    call(manager, 'user.update', { user: library?.user, changes: [{ change: 'role', add: { type: '32', scope: 'INSTITUTION' } }] });
  expect(await gives()).toMatchObject({ status: 200 });
  await dialog.getByText('Only these roles').click();
  const pills = dialog.locator('.mantine-Pill-remove');
  while ((await pills.count()) > 0) await pills.first().click({ force: true });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row.getByText('no role').waitFor();
  expect(await gives()).toMatchObject({ status: 422, code: 'changes.role_not_grantable' });
  expect(await manager.getByRole('button', { name: /^Role / }).count()).toBe(0);
  expect(await call(manager, 'access.set_role', { role: '21', grants: { all: true, roles: [] } })).toMatchObject({ status: 403 });
});

it('sets a setting, takes it back to its default, and the audit tells who did', async () => {
  const page = await web.open('/administration/library', { as: 'administrator', expected: REFUSED });
  await page.getByLabel('Find a setting').fill('library.country');
  await page.getByRole('button', { name: /^Edit: Country/ }).click();
  const country = page.getByRole('textbox', { name: /^Country/ });
  await country.fill('Austria');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('input.invalid').waitFor();
  await country.fill('AT');
  await page.getByRole('button', { name: 'Save' }).click();
  const badge = page.getByText('set', { exact: true });
  await badge.waitFor();
  await page.getByRole('button', { name: /^Edit: Country/ }).click();
  await page.getByRole('button', { name: 'Back to the default' }).click();
  await page.getByRole('button', { name: /^Edit: Country/ }).waitFor();
  await badge.waitFor({ state: 'detached' });
  await page.goto(`${web.server.url}/administration/audit?operation=settings.set&actor=holm`);
  await settled(page);
  const entries = page.getByRole('table', { name: 'Entries' });
  await entries.getByText('library.country').first().waitFor();
  expect(await entries.getByRole('row', { name: /library\.country done/ }).count()).toBe(2);
});

it('adds a code and retires it; the undo brings it back', async () => {
  const page = await web.open('/administration/code-tables', { as: 'administrator', language: 'de' });
  await page.getByRole('button', { name: 'Neuer Code' }).click();
  await page.getByRole('textbox', { name: 'Code' }).fill('SUMMER');
  await page.getByLabel('Auf Englisch').fill('Summer school');
  await page.getByLabel('Auf Deutsch').fill('Sommerschule');
  await page.getByRole('button', { name: 'Speichern' }).click();
  await page.getByRole('button', { name: 'Stilllegen: Sommerschule' }).click();
  await page.getByRole('button', { name: 'Zurückholen: Sommerschule' }).waitFor();
  await page.getByRole('button', { name: 'Rückgängig' }).last().click();
  await page.getByRole('button', { name: 'Stilllegen: Sommerschule' }).waitFor();
});

it('shows nobody what is not theirs: neither in the menu nor by its address', async () => {
  const page = await web.open('/administration/roles', { as: 'manager' });
  const menu = page.getByRole('navigation', { name: 'Administration' });
  expect(await menu.getByRole('link', { name: 'Roles and rights' }).count()).toBe(1);
  for (const hidden of ['API keys', 'Audit', 'Erasure and purge']) expect(await menu.getByRole('link', { name: hidden }).count()).toBe(0);
  for (const path of ['keys', 'audit', 'erasures']) {
    await page.goto(`${web.server.url}/administration/${path}`);
    await page.getByText('You may not see this').first().waitFor();
  }
  await expectAccessible(page);
});

const PAGES = {
  access: ['roles', 'roles?view=holders', 'profiles', 'rules', 'keys', 'providers', 'sessions'],
  library: ['', 'library', 'code-tables', 'channels', 'letter-frame'],
  system: ['import', 'webhooks', 'audit', 'retention', 'erasures', 'health'],
} as const;

it.each(Object.keys(PAGES) as (keyof typeof PAGES)[])('is accessible: %s', async (group) => {
  const page = await web.open('/administration', { as: 'administrator' });
  for (const path of PAGES[group]) {
    await show(page, path);
    await expectAccessible(page);
  }
});

it('is whole on a phone, in German and dark', async () => {
  const page = await web.open('/administration', { as: 'administrator', language: 'de', scheme: 'dark', width: 360 });
  for (const path of Object.values(PAGES).flat()) {
    await show(page, path);
    await expectNoSidewaysScroll(page);
  }
  await expectAccessible(page);
});

/** Goes to a page, and sees that it is there without anything having gone wrong. */
async function show(page: Page, path: string): Promise<void> {
  await page.goto(`${web.server.url}/administration/${path}`);
  await settled(page);
  expect(await page.getByRole('heading', { level: 1 }).textContent(), path).not.toBe('');
  expect(await page.getByRole('alert').count(), path).toBe(0);
}
