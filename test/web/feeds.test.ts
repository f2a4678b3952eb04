/** Feeds: set one up by clicking, look at a file and load it, a halved file that waits, and what was not taken. */
import { beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { useTestDatabase } from '../support/database.ts';
import { expectAccessible, expectNoSidewaysScroll, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);

const COUNT = 40;

function students(count: number, special: Readonly<Record<string, string>> = {}): { name: string; mimeType: string; buffer: Buffer } {
  const lines = Array.from({ length: count }, (_, i) => {
    const id = `s${i + 1}`;
    return `${id},Ada,${special[id] ?? `Student ${i + 1}`},S,2028-09-30`;
  });
  return { name: `students-${count}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`id,first,last,status,until\n${lines.join('\n')}\n`) };
}

const MAPPING = {
  fields: { primary_id: 'id', first_name: 'first', last_name: 'last', user_group: 'status', expiry_date: 'until' },
};

async function handIn(page: Page, file: ReturnType<typeof students>): Promise<void> {
  await page.getByLabel('File of this feed').setInputFiles(file);
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByRole('heading', { name: 'What the file would do' }).waitFor();
}

const users = async (where: string): Promise<number> =>
  (await test.db.pool.query<{ n: number }>(`select count(*)::integer as n from users u where ${where}`)).rows[0]?.n ?? 0;

beforeAll(async () => {
  await test.db.pool.query(`insert into codes (table_name, code, label_en, label_de, position)
    values ('UserGroups', 'STUDENT', 'Students', 'Studierende', 1) on conflict do nothing`);
});

it('sets up a feed by clicking; what is wrong stands at its field', async () => {
  const page = await web.open('/administration/feeds', { as: 'administrator', expected: /status of 4(?:00|22)/ });
  await page.getByText('No feed yet').waitFor();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New feed' }).first().click();
  await page.getByRole('button', { name: 'Set up the feed' }).click();
  await expect.poll(() => page.getByRole('textbox', { name: /^Code\b/ }).getAttribute('aria-invalid')).toBe('true');
  await page.getByRole('textbox', { name: /^Code\b/ }).fill('SIS');
  await page.getByRole('textbox', { name: /^Name\b/ }).fill('Student information system');
  await page.getByRole('combobox', { name: 'Columns of a CSV file' }).click();
  await page.getByRole('option', { name: 'as described here' }).click();
  await page.getByLabel('What the columns mean, as JSON').fill('{"fields": ');
  await page.getByRole('button', { name: 'Set up the feed' }).click();
  await page.getByText('This is not JSON yet.').first().waitFor();
  await page.getByLabel('What the columns mean, as JSON').fill(JSON.stringify(MAPPING));
  await page.getByRole('button', { name: 'Add a code: User groups: their codes as ours' }).click();
  await page.getByLabel('In the file').fill('S');
  await page.getByRole('combobox', { name: 'In the library' }).click();
  await page.getByRole('option', { name: 'Students' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Set up the feed' }).click();
  await page.waitForURL('**/administration/feeds/SIS');
  await page.getByText('No file yet').waitFor();
  const { rows } = await test.db.pool.query('select p.code, p.code_maps, p.mapping, p.created_by from feed_profiles p');
  expect(rows).toEqual([{ code: 'SIS', code_maps: { user_group: { S: 'STUDENT' } }, mapping: MAPPING, created_by: 'holm' }]);
});

it('shows what a file would do, loads it, and shows the next one before and after', async () => {
  const page = await web.open('/administration/feeds/SIS', { as: 'administrator' });
  await handIn(page, students(COUNT));
  await page.getByText(`${COUNT} users would be created, 0 changed, and 0 would no longer be named.`).waitFor();
  expect(await users(`u.external_id = 'SIS'`)).toBe(0);
  await page.getByRole('button', { name: 'Load the file' }).click();
  await page.waitForURL('**/administration/feed-files/*');
  await page.getByRole('heading', { name: 'What the file did' }).waitFor();
  expect(await users(`u.external_id = 'SIS' and u.user_group = 'STUDENT'`)).toBe(COUNT);

  await test.db.pool.query(`update users set account_type = 'INTERNAL', external_id = null where primary_id = 's2'`);
  await page.getByRole('link', { name: 'SIS' }).click();
  await handIn(page, students(COUNT, { s1: 'Renamed' }));
  const table = page.getByRole('table', { name: 'Before → after' });
  expect(await table.textContent()).toMatch(/Student 1.*Renamed/);
  await page.getByRole('table', { name: 'Records that are not taken' }).getByText('“s2” is an internal user').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Load the file' }).click();
  await page.getByRole('heading', { name: 'What the file did' }).waitFor();
  // Whom the library keeps itself is to be had as a set.
  await page.getByRole('button', { name: /^Make a set of/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Make/ }).click();
  await page.waitForURL('**/sets/*');
  const { rows } = await test.db.pool.query(`select u.primary_id from set_members m join users u on u.id = m.user_id`);
  expect(rows).toEqual([{ primary_id: 's2' }]);
});

it('stops a halved file: it waits, is brought up at the start, and is left out or loaded by its number', async () => {
  const page = await web.open('/administration/feeds/SIS', { as: 'administrator' });
  await handIn(page, students(COUNT / 2, { s1: 'Renamed' }));
  await page.getByText('It touches 20 of 39 users, more than 20 %').waitFor();
  await page.getByRole('button', { name: 'Hand it in; it waits for a person' }).click();
  await page.getByRole('heading', { name: 'Load it, or leave it out' }).waitFor();
  await page.getByRole('heading', { name: 'What the file would do' }).waitFor();
  await expectAccessible(page);
  const address = new URL(page.url()).pathname;

  await page.goto(new URL('/', page.url()).href);
  await page.getByText('Student information system: students-20.csv').first().waitFor();
  await page.getByRole('link', { name: 'Look' }).first().click();
  await page.waitForURL(`**${address}`);
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave it out' }).click();
  await page.getByText('The file was left out').waitFor();
  expect(await users('u.absent_since is not null')).toBe(0);

  await page.getByRole('link', { name: 'SIS' }).click();
  await handIn(page, students(COUNT / 2, { s1: 'Renamed' }));
  await page.getByRole('button', { name: 'Hand it in; it waits for a person' }).click();
  const load = page.getByRole('button', { name: 'Load it, and touch 20 users' });
  await page.getByLabel('Type the number of users').fill('19');
  expect(await load.isDisabled()).toBe(true);
  await page.getByLabel('Type the number of users').fill('20');
  await load.click();
  await page.getByRole('heading', { name: 'What the file did' }).waitFor();
  expect(await users('u.absent_since is not null')).toBe(20);
  // The run is a report like any other, and leads back to the feed.
  await page.getByRole('link', { name: /^Run \d+$/ }).click();
  await page.getByRole('heading', { name: 'The feed' }).waitFor();
  await page.getByRole('table').getByText('s21').first().waitFor();
  await expectAccessible(page);
});

it('is there in German, on a phone, and says what one may not see', async () => {
  const page = await web.open('/administration/feeds', { as: 'administrator', language: 'de', scheme: 'dark', width: 390 });
  await page.getByRole('link', { name: 'Student information system', exact: true }).click();
  await page.getByText('Eingegangene Dateien').waitFor();
  await settled(page);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Einstellungen von Student information system' }).click();
  await page.getByRole('button', { name: 'Speichern' }).waitFor();
  await settled(page);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  const manager = await web.open('/administration/feeds', { as: 'patron' });
  await manager.getByRole('heading', { name: 'You may not see this' }).waitFor();
});
