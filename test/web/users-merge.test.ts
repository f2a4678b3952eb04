import { beforeAll, beforeEach, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { expectAccessible, expectNoSidewaysScroll, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);

let made = 0;
let keep = '';
let other = '';
beforeAll(async () => {
  await test.db.pool.query(`insert into users (primary_id, last_name) select 'someone' || n, 'Someone' from generate_series(1, 5) n`);
});
beforeEach(async () => {
  made += 1;
  [keep, other] = [`twice${made}`, `double${made}`];
  await test.db.pool.query(
    `with u as (
       insert into users (primary_id, first_name, last_name, user_group, birth_date, expiry_date, credential_state)
       values ($1, 'Käthe', 'Zweifach', 'UNDERGRAD', null, current_date + 30, 'password'), ($2, 'Käthe', 'Zweyfach', 'GRAD', '1990-02-28', null, 'password')
       returning id, primary_id),
     mail as (insert into user_emails (user_id, address, preferred, types) select u.id, u.primary_id || '@example.org', true, '{personal}' from u),
     codes as (insert into user_identifiers (user_id, type, value) select u.id, 'BARCODE', 'B-' || u.primary_id from u),
     note as (insert into user_notes (user_id, type, text) select u.id, 'LIBRARY', 'Asked for a carrel' from u)
     insert into user_search (user_id, text, last_name, first_name)
       select u.id, fold('Käthe Zweifach Zweyfach ' || u.primary_id), fold('Zweifach'), fold('Käthe') from u`,
    [keep, other],
  );
});

const worked = async (): Promise<void> => {
  while (await web.server.app.tasks.workOnce());
};

it('finds the other record, compares, merges, and parts them again', async () => {
  const page = await web.open(`/users/${keep}`, { as: 'administrator', expected: /404/ });
  await page.getByRole('button', { name: 'More about this user' }).click();
  await page.getByRole('menuitem', { name: 'Merge with another record' }).click();
  await page.waitForURL(`**/users/${keep}/merge`);
  await page.getByRole('searchbox').fill(other);
  await page.getByRole('button', { name: new RegExp(`^Choose Käthe Zweyfach, ${other}`) }).click();

  const group = page.getByRole('group', { name: 'User group' });
  await group.getByRole('radio').first().waitFor();
  await expectAccessible(page);
  expect(await group.getByRole('radio').first().isChecked()).toBe(true);
  await group.getByRole('radio').nth(1).check();
  // What the one lacks comes from the other, unless it is to stay empty; an empty value is not taken.
  expect(await page.getByRole('group', { name: 'Birth date' }).getByRole('radio').nth(1).isChecked()).toBe(true);
  expect(await page.getByRole('group', { name: 'Expiry date' }).getByRole('radio').nth(1).isDisabled()).toBe(true);
  await page.getByText(`The password of ${other} ends`).waitFor();
  await page.getByRole('button', { name: `Merge ${other} into ${keep}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge the two records?' });
  await dialog.getByText(`whoever looks for it finds ${keep}`).waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();

  await page.waitForURL(`**/users/${keep}`);
  await page.getByText(`${other} was merged into this record`).waitFor();
  await expectAccessible(page);
  const { rows } = await test.db.pool.query(`select user_group, birth_date::text from users where primary_id = $1`, [keep]);
  expect(rows[0]).toEqual({ user_group: 'GRAD', birth_date: '1990-02-28' });
  const shell = await test.db.pool.query<{ primary_id: string }>(`select primary_id from users where merged_into is not null`);

  // The old number leads here, and the number of what is left says where everything is.
  await page.goto(page.url().replace(`/users/${keep}`, `/users/${other}`));
  await page.waitForURL(`**/users/${keep}`);
  await page.goto(page.url().replace(`/users/${keep}`, `/users/${shell.rows[0]?.primary_id ?? ''}`));
  await page.getByRole('link', { name: `To ${keep}` }).click();
  await page.waitForURL(`**/users/${keep}`);

  await page.getByRole('button', { name: 'Part the two records' }).click();
  await expect
    .poll(async () => {
      await worked();
      return (await test.db.pool.query(`select from users where primary_id = $1 and last_name = 'Zweyfach'`, [other])).rowCount;
    })
    .toBe(1);
  await page.getByText('It was undone.').waitFor();
  await page.getByText(`${other} was merged into this record`).waitFor({ state: 'detached' });
});

it('says why two records cannot be merged, and fits a telephone, in German', async () => {
  await test.db.pool.query(
    `update users set account_type = 'EXTERNAL', external_id = 'SIS', credential_state = 'none' where primary_id = $1`,
    [other],
  );
  const page = await web.open(`/users/${keep}/merge?other=${other}`, {
    as: 'administrator',
    language: 'de',
    width: 390,
    expected: /409/,
  });
  await page.getByText(`${other} gehört zum Zulieferer SIS`).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Tauschen' }).click();
  await page.getByRole('button', { name: `${keep} mit ${other} zusammenführen` }).waitFor();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});
