/** Fields that are held against the feed, on the user's page and in a new job. */
import { beforeEach, expect, it } from 'vitest';
import { perform } from '../../src/access/index.ts';
import type { Context } from '../../src/core/index.ts';
import { editUser } from '../../src/runs/index.ts';
import { createSet } from '../../src/sets/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { expectAccessible, expectNoSidewaysScroll, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let ctx: Context;

async function column(name: 'user_group' | 'user_title' | 'campus_code' | 'held_fields'): Promise<unknown> {
  const { rows } = await test.db.pool.query<{ value: unknown }>(`select u.${name} as value from users u where u.primary_id = 'ute'`);
  return rows[0]?.value;
}

beforeEach(async () => {
  ctx = await web.server.app.contextFor(undefined, 'tests', 'en');
  await test.db.pool.query(`delete from users where primary_id = 'ute'`);
  await test.db.pool.query(`insert into users (primary_id, first_name, last_name, account_type, external_id, user_group, campus_code, user_title)
    values ('ute', 'Ute', 'Zuber', 'EXTERNAL', 'SIS', 'UNDERGRAD', 'MED', 'DR')`);
  const changes = [
    { change: 'user_group', set: 'ALUMNI' },
    { change: 'campus_code', set: 'CITY' },
    { change: 'user_title', clear: true },
  ];
  await perform(ctx, editUser, { user: 'ute', changes });
});

it('shows what the feed says, and gives back one field, then all, each to be undone', async () => {
  const page = await web.open('/users/ute', { as: 'administrator' });
  await page.getByText('3 fields are held against the feed').waitFor();
  const account = page.locator('#account');
  await account.getByText('The feed says Undergraduate student').waitFor();
  // An empty field is shown, too, when it is held.
  await page.locator('#person').getByText('The feed says Dr.').waitFor();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Give back to the feed: User group' }).click();
  await page.getByText('2 fields are held against the feed').waitFor();
  expect([await column('user_group'), await column('held_fields')]).toEqual(['UNDERGRAD', ['campus_code', 'user_title']]);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect
    .poll(async () => {
      await web.server.app.tasks.workOnce();
      return column('user_group');
    })
    .toBe('ALUMNI');
  await page.getByText('3 fields are held against the feed').waitFor();

  await page.getByRole('button', { name: 'Give all back' }).click();
  await page.getByText('are held against the feed').waitFor({ state: 'detached' });
  expect([await column('user_group'), await column('campus_code'), await column('user_title')]).toEqual(['UNDERGRAD', 'MED', 'DR']);
  expect(await column('held_fields')).toEqual([]);
});

it('is there in German, on a phone', async () => {
  const page = await web.open('/users/ute', { as: 'administrator', language: 'de', width: 390 });
  await page.getByText('3 Felder werden gegen den Abgleich festgehalten').waitFor();
  await page.getByText('Der Abgleich sagt').first().waitFor();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

it('is a change of a new job, for all held fields or for some', async () => {
  const { id } = await perform(ctx, createSet, { name: 'Held', private: false, where: 'held = "user_group"' }).catch(async () => ({
    id: Number((await test.db.pool.query<{ id: number }>(`select id from sets where name = 'Held'`)).rows[0]?.id),
  }));
  const page = await web.open(`/jobs/new?set=${id}`, { as: 'administrator' });
  await page.getByText('What is to change?').waitFor();
  await page.keyboard.press('a');
  await page.getByLabel('Search changes').fill('back to the feed');
  await page.keyboard.press('Enter');
  const card = page.getByRole('list', { name: 'Changes, in their order' }).locator(':scope > li').first();
  await card.getByText('Give').first().waitFor();
  expect(await card.locator('.sentence').textContent()).toContain('Give all held fields back to the feed');
  await card.getByRole('combobox', { name: 'Fields' }).click();
  await page.getByRole('option', { name: 'Campus', exact: true }).click();
  await page.keyboard.press('Escape');
  expect(await card.locator('.sentence').textContent()).toContain('Give Campus back to the feed');
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Next:/ }).click();
  await settled(page);
  await page.getByRole('button', { name: /^Next:/ }).click();
  await settled(page);
  await page.getByText('ute').first().waitFor();
  await page.getByText('Campus', { exact: true }).first().waitFor();
});
