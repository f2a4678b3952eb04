import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { perform } from '../../src/access/index.ts';
import type { AnyOperation } from '../../src/core/index.ts';
import { addMembers, createSet, listMembers } from '../../src/sets/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { FEW_USERS, type Library, makeLibrary } from './screenshots/library.ts';
import { dropFile, expectAccessible, expectNoSidewaysScroll, IDS, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let library: Library;
/** Primary ids of the library, in their order. */
let ids: string[];

async function call<T>(operation: AnyOperation, input: object): Promise<T> {
  const ctx = await web.server.app.contextFor(undefined, 'test', 'en');
  return (await perform(ctx, operation, input)) as T; // the caller knows the operation
}

beforeAll(async () => {
  library = await makeLibrary(web.server.app, FEW_USERS);
  const { rows } = await test.db.pool.query<{ primary_id: string }>('select primary_id from users order by id limit 40');
  ids = rows.map((row) => row.primary_id);
});

/** A list of one's own: what the local administrator makes belongs to nobody who signs in. */
async function ownSet(name: string, members: readonly string[], owner = IDS.administrator): Promise<number> {
  const { id } = await call<{ id: number }>(createSet, { name, private: true, ids: members, idType: 'primary_id' });
  await test.db.pool.query('update sets set owner = $1 where id = $2', [owner, id]);
  return id;
}

/** As one reads them, whatever lies between the words. */
async function textsOf(all: Locator): Promise<string[]> {
  return (await all.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
}

describe('a set from a file', () => {
  it('says what the file brings before there is a set, takes another column, and goes on to a job', async () => {
    const page = await web.open('/sets/new?from=file', { as: 'administrator' });
    const table = [
      'Name;Note;Primary ID',
      `One;${ids[9]};${ids[0]}`,
      `Two;-;${ids[1]}`,
      'Three;-;nobody-has-this',
      `Four;-;${ids[0]}`,
    ].join('\n');
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'muster-drop-')), 'class of 2026.csv');
    writeFileSync(file, table);
    // Missed: the page stays, and takes nothing.
    await dropFile(page, page.getByRole('heading', { level: 1 }), file);
    await dropFile(page, page.locator('.drop'), file);
    const lines = page.getByRole('region', { name: 'Lines that brought nobody' });
    await lines.getByText('nobody-has-this').waitFor();
    expect(await textsOf(lines.getByRole('row'))).toEqual([
      'Line In the file Reason',
      '4 nobody-has-this not found',
      `5 ${ids[0]} repeated`,
    ]);
    await page.getByText('Recognised by its heading').waitFor();
    await expectAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download these lines' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('class of 2026.csv, lines without a user.csv');

    await page.getByRole('combobox', { name: 'Column with the identifiers' }).click();
    await page.getByRole('option', { name: /^Note/ }).click();
    await page.getByText('Chosen by you').waitFor();
    await lines.getByText('nobody-has-this').waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: 'Column with the identifiers' }).click();
    await page.getByRole('option', { name: /^Primary ID/ }).click();
    await lines.getByText('nobody-has-this').waitFor();

    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('class of 2026');
    await page.getByRole('button', { name: 'Make and use in a job' }).click();
    await page.waitForURL('**/jobs/new?*');
    const { rows } = await test.db.pool.query<{ id: number; owner: string; members: number }>(
      `select s.id, s.owner, (select count(*)::integer from set_members m where m.set_id = s.id) as members from sets s where s.name = 'class of 2026'`,
    );
    expect(rows).toMatchObject([{ owner: IDS.administrator, members: 2 }]);
    await page.getByText('class of 2026').first().waitFor();

    rmSync(path.dirname(file), { recursive: true });
    const report = await web.open(`/sets/${rows[0]?.id}?lines=duplicate`, { as: 'administrator' });
    const kept = report.getByRole('region', { name: 'Lines that brought nobody' });
    expect(await textsOf(kept.getByRole('row'))).toEqual(['Line In the file Reason', `5 ${ids[0]} repeated`]);
    await expectAccessible(report);
  });
});

describe('a set by a filter', () => {
  it('counts as the filter is written, keeps it in the address, and stays alive', async () => {
    const { rows } = await test.db.pool.query<{ users: number }>(
      `select count(*)::integer as users from users where account_type = 'EXTERNAL'`,
    );
    const users = (rows[0]?.users ?? 0).toLocaleString('en');
    const page = await web.open('/sets/new?where=account_type%20%3D%20%22EXTERNAL%22', { as: 'administrator' });
    await page.getByRole('heading', { name: `Some of the ${users}` }).waitFor();
    await expectAccessible(page);
    await page.reload();
    await page.getByRole('heading', { name: `Some of the ${users}` }).waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Everybody from outside');
    await page.getByRole('button', { name: 'Make the set' }).click();
    await page.waitForURL(/\/sets\/\d+$/);
    await page.getByRole('heading', { level: 1, name: 'Everybody from outside' }).waitFor();
    await page.getByText(`${users} users today, found again at each use`, { exact: false }).waitFor();
    await page.getByText('account_type = "EXTERNAL"').waitFor();
    expect(await page.getByRole('button', { name: 'Change members' }).count()).toBe(0);
    await expectAccessible(page);
  });
});

describe('combining two sets', () => {
  it('shows how far they overlap, and makes what was kept', async () => {
    const one = await ownSet('Circle one', ids.slice(0, 12));
    const two = await ownSet('Circle two', ids.slice(8, 15));
    const page = await web.open(`/sets/combine?a=${one}&b=${two}`, { as: 'administrator' });
    const ways = page.getByRole('group', { name: 'What to keep' }).getByRole('button');
    expect(await textsOf(ways)).toEqual(['In both 4', 'In either 15', 'A without B 8', 'B without A 3', 'In exactly one 11']);
    await page.getByRole('img', { name: '8 users only in Circle one, 4 in both, 3 only in Circle two' }).waitFor();
    await page.getByRole('button', { name: 'B without A' }).click();
    await page.getByText('Users in Circle two who are not in Circle one').waitFor();
    expect(new URL(page.url()).searchParams.get('keep')).toBe('b');
    await settled(page);
    await expectAccessible(page);
    expect(await page.getByRole('radio', { name: /logical/ }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Make the set' }).click();
    await page.waitForURL(/\/sets\/\d+$/);
    const { members } = await call<{ members: { primary_id: string }[] }>(listMembers, {
      set: Number(new URL(page.url()).pathname.split('/').at(-1)),
    });
    expect(members.map((each) => each.primary_id).toSorted()).toEqual(ids.slice(12, 15).toSorted());
  });
});

describe("a set's page", () => {
  it('takes members in and out, and back again', async () => {
    const id = await ownSet('Reading group', ids.slice(0, 5));
    const page = await web.open(`/sets/${id}`, { as: 'administrator' });
    await page.getByRole('button', { name: 'Change members' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change members' });
    await dialog.getByRole('textbox', { name: 'Identifiers' }).fill(`${ids[20]}, ${ids[21]} ${ids[0]}\nnobody-has-this`);
    await dialog.getByRole('button', { name: 'Add 4 users' }).click();
    await dialog.getByText('The set has 7 members now').waitFor();
    await dialog.getByText('2 added · 1 were in it already · 1 not found', { exact: false }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByText('7 users, a fixed list', { exact: false }).waitFor();
    const table = page.getByRole('table', { name: 'Members' });
    await table
      .getByRole('checkbox', { name: /^Select / })
      .nth(1)
      .check();
    await table
      .getByRole('checkbox', { name: /^Select / })
      .nth(2)
      .check();
    await page.getByRole('button', { name: 'Take 2 users out' }).click();
    await page.getByText('5 users, a fixed list', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('7 users, a fixed list', { exact: false }).waitFor();
  });

  it('does not overwrite what somebody else has changed meanwhile', async () => {
    const id = await ownSet('Shared work', ids.slice(0, 2));
    const page = await web.open(`/sets/${id}`, { as: 'administrator', expected: /412/ });
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Edit set' });
    await dialog.getByRole('textbox', { name: 'Description' }).fill('mine');
    await call(addMembers, { set: id, ids: [ids[5]] });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Show it as it is now' }).click();
    await page.getByText('3 users, a fixed list', { exact: false }).waitFor();
    await page.keyboard.press('e');
    await dialog.getByRole('textbox', { name: 'Description' }).fill('mine');
    await dialog.getByRole('checkbox', { name: 'Others may see and use it' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('mine', { exact: true }).waitFor();
    await page.getByText('for everybody', { exact: true }).waitFor();
  });

  it('shows the jobs it was used in, and is deleted once no schedule needs it', async () => {
    const page = await web.open(`/sets/${library.sets.graduates}`, { as: 'manager' });
    await page.getByRole('link', { name: 'Graduates keep their account' }).waitFor();
    expect(await page.getByRole('button', { name: 'Edit filter' }).count()).toBe(0);
    await test.db.pool.query('update sets set owner = $1 where id = $2', [IDS.administrator, library.sets.graduates]);
    const own = await web.open(`/sets/${library.sets.graduates}`, { as: 'administrator' });
    await own.getByRole('button', { name: 'More' }).click();
    await own.getByRole('menuitem', { name: 'Delete set' }).click();
    await own.getByText('A schedule works on this set; it has to go first').waitFor();
    await expectAccessible(own);
  });
});

it("does not show somebody else's private set", async () => {
  const id = await ownSet('Nobody else sees this', ids.slice(0, 3));
  const list = await web.open('/sets?text=Nobody%20else', { as: 'manager' });
  await list.getByText('No set matches', { exact: false }).waitFor();
  await expectAccessible(list);
  const page = await web.open(`/sets/${id}`, { as: 'manager', expected: /404/ });
  await page.getByRole('alert').getByText('private to someone else', { exact: false }).waitFor();
  expect(await page.getByText('Nobody else sees this').count()).toBe(0);
});

it('goes by keys alone from the list to a new set', async () => {
  const page = await web.open('/sets', { as: 'administrator' });
  const table = page.getByRole('table', { name: 'Sets' });
  await table.getByRole('row').nth(1).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/sets\/\d+/);
  await page.goBack();
  await page.keyboard.press('n');
  await page.waitForURL('**/sets/new');
  await page.getByRole('radio', { name: /By a filter/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForURL('**/sets/new?from=file');
  expect(await page.getByRole('radio', { name: /From a file/ }).isChecked()).toBe(true);
});

it.each([
  { path: (): string => '/sets', language: 'de', scheme: 'light', width: 360 },
  { path: (): string => '/sets/new?from=file', language: 'de', scheme: 'dark', width: 390 },
  { path: (): string => '/sets/new?where=has%20email', language: 'de', scheme: 'light', width: 360 },
  { path: (): string => `/sets/new?run=${library.runs.done}&outcome=unchanged`, language: 'de', scheme: 'dark', width: 1440 },
  {
    path: () => `/sets/combine?a=${library.sets.graduates}&b=${library.sets.withoutMail}&keep=one`,
    language: 'de',
    scheme: 'dark',
    width: 360,
  },
  { path: (): string => `/sets/${library.sets.withoutMail}`, language: 'de', scheme: 'dark', width: 360 },
] as const)('is accessible and whole: $language $scheme $width (%#)', async ({ path, ...look }) => {
  const page = await web.open(path(), { as: 'administrator', ...look });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
