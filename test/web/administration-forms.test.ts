/** Forms of the administration, filled and saved as a person does it; the server is asked what came of it. */
import { beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { useTestDatabase } from '../support/database.ts';
import { FEW_USERS, makeLibrary } from './screenshots/library.ts';
import { expectAccessible, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
beforeAll(async () => {
  await makeLibrary(web.server.app, FEW_USERS);
});

/** What an operation answers the person whose page it is. */
function ask(page: Page, name: string, input: object = {}): Promise<unknown> {
  return page.evaluate(
    async ([operation, body]) => {
      const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string };
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf };
      return (await fetch(`/api/operations/${operation}`, { method: 'POST', headers, body })).json() as Promise<unknown>;
    },
    [name, JSON.stringify(input)] as const,
  );
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('dialog').getByRole('combobox', { name: field }).last().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

it('saves a role profile, and a rule that gives it: never to everybody by accident', async () => {
  const page = await web.open('/administration/profiles', { as: 'administrator', expected: /status of 4(?:00|22)/ });
  await page.getByRole('button', { name: 'New profile' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Desk');
  await dialog.getByLabel('Description').fill('Colleagues at the desk');
  await dialog.getByRole('button', { name: 'Another role' }).click();
  await choose(page, 'Role', 'Circulation Desk Operator');
  await dialog.getByRole('textbox', { name: 'Until' }).fill('today + 1 year');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('table', { name: 'Role profiles' }).getByText('Circulation Desk Operator').waitFor();
  expect(await ask(page, 'profile.list')).toMatchObject({
    profiles: [{ name: 'Desk', description: 'Colleagues at the desk', roles: [{ type: '32', scope: 'INSTITUTION' }] }],
  });

  await page.goto(`${web.server.url}/administration/rules`);
  await page.getByRole('button', { name: 'New rule' }).click();
  await dialog.getByLabel('Name').fill('Staff');
  await choose(page, 'Gives the profiles', 'Desk');
  // With the keyboard alone from here: Enter in a field saves, and nothing was said of whom it is for.
  await dialog.getByLabel('Name').press('Enter');
  await dialog.getByRole('alert').getByText('Add a condition').waitFor();
  expect(await ask(page, 'rule.list')).toMatchObject({ rules: [] });
  await dialog.getByRole('button', { name: 'Add filter' }).press('Enter');
  const condition = page.getByRole('form', { name: 'Add filter' });
  await condition.getByRole('combobox', { name: 'What' }).fill('User group');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await condition.getByRole('combobox', { name: 'Value' }).fill('University staff');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog.getByText(/^Today [\d,]+ users? (?:is|are) like this\.$/).waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByRole('table', { name: 'Assignment rules' }).getByText('User group is University staff').waitFor();
  expect(await ask(page, 'rule.list')).toMatchObject({
    rules: [{ name: 'Staff', when: 'user_group = "STAFF"', profiles: ['Desk'], enabled: true, is_default: false }],
  });
});

it('saves an identity provider; what is wrong is said at its field', async () => {
  const page = await web.open('/administration/providers', { as: 'administrator', expected: /status of 4(?:00|22)/ });
  await page.getByRole('button', { name: 'New provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'New provider' });
  await dialog.getByLabel('Code').fill('university');
  await dialog.getByLabel('Name in English').fill('University of Seestadt');
  await dialog.getByLabel('Client id').fill('muster');
  await dialog.getByLabel('Issuer').fill('login.university.example');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  for (const name of ['Issuer', 'Name in German']) expect(await dialog.getByLabel(name).getAttribute('aria-invalid'), name).toBe('true');
  await expectAccessible(page);
  await dialog.getByLabel('Issuer').fill('https://login.university.example');
  await dialog.getByLabel('Name in German').fill('Universität Seestadt');
  await dialog.getByLabel('Client secret').fill('of the provider alone');
  await dialog.getByLabel('Client secret').press('Enter');
  const row = page.getByRole('table', { name: 'Identity providers' }).getByRole('row', { name: /University of Seestadt/ });
  await row.getByText('in use').waitFor();
  expect(await page.content()).not.toContain('of the provider alone');
  expect(await ask(page, 'provider.list')).toMatchObject({
    providers: [
      {
        code: 'university',
        label: { en: 'University of Seestadt', de: 'Universität Seestadt' },
        issuer: 'https://login.university.example',
        client_id: 'muster',
        has_secret: true,
        account_types: ['EXTERNAL', 'INTEXTAUTH'],
        enabled: true,
      },
    ],
  });
});

it('tries a channel without sending, and shows who a purge would erase without erasing', async () => {
  const page = await web.open('/administration/channels', { as: 'administrator' });
  const before = await ask(page, 'outbox.list', { limit: 1 });
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('It can be reached').waitFor();
  await expectAccessible(page);
  expect(await ask(page, 'outbox.list', { limit: 1 })).toEqual(before);

  await page.goto(`${web.server.url}/administration/erasures`);
  const there = async (): Promise<number> =>
    (await test.db.pool.query<{ n: number }>('select count(*)::integer as n from users')).rows[0]?.n ?? 0;
  const users = await there();
  await page.getByRole('button', { name: 'Look who would go' }).click();
  const { members, erasable } = (await ask(page, 'purge.preview')) as { members: number; erasable: number };
  expect(erasable).toBeGreaterThan(0);
  const button = page.getByRole('button', { name: `Erase ${String(erasable)} user` });
  await button.waitFor();
  const figures = page.locator('.stat .v');
  expect(await figures.allTextContents()).toEqual([members, erasable, members - erasable].map(String));
  const number = page.getByLabel(`Type ${String(erasable)} to confirm`);
  await number.fill(String(erasable + 1));
  expect(await button.isDisabled()).toBe(true);
  await number.fill(String(erasable));
  expect(await button.isEnabled()).toBe(true);
  await expectAccessible(page);
  expect(await there()).toBe(users);
});

it('shows a letter in the frame as one types it, and saves it for that language alone', async () => {
  const page = await web.open('/administration/letter-frame', { as: 'administrator' });
  const footer = async (language: string): Promise<unknown> =>
    ((await ask(page, 'letter_text.show', { kind: 'frame', code: 'STANDARD', language })) as { frame: { footer: string } }).frame.footer;
  const german = await footer('de');
  await page.getByText('English', { exact: true }).click();
  const below = page.getByLabel('Below the letter');
  await page.waitForFunction(() => document.querySelectorAll('textarea')[1]?.value.includes('library') ?? false);
  await below.fill('Open **every day** for {{ user.name }}');
  const letter = page.frameLocator('iframe.letter-paper');
  await letter.getByText('Open every day for').waitFor();
  expect(await footer('en')).not.toContain('every day');
  await expectAccessible(page);
  await below.fill('Open {{ user.nam');
  await page.getByText('The frame cannot be saved like this').waitFor();
  await below.fill('Open **every day** for {{ user.name }}');
  await letter.getByText('Open every day for').waitFor();
  await page.getByRole('button', { name: 'Save and publish' }).click();
  await page.getByText('Frame saved').waitFor();
  expect(await footer('en')).toBe('Open **every day** for {{ user.name }}');
  expect(await footer('de')).toBe(german);
});

it('saves a webhook, whose secret is shown once', async () => {
  const page = await web.open('/administration/webhooks', { as: 'administrator' });
  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByRole('dialog').getByLabel('Address').fill('https://identity.university.example/muster');
  await page.getByRole('dialog').getByLabel('Address').press('Enter');
  const secret = (await page.locator('.adm-secret code').textContent()) ?? '';
  expect(secret.length).toBeGreaterThan(20);
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.getByRole('table', { name: 'Webhooks' }).getByText('https://identity.university.example/muster').waitFor();
  expect(await page.content()).not.toContain(secret);
  const listed = await ask(page, 'webhook.list');
  expect(listed).toMatchObject({
    webhooks: [{ url: 'https://identity.university.example/muster', events: ['run.finished', 'user.changed'], active: true }],
  });
  expect(JSON.stringify(listed)).not.toContain(secret);
});
