import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { perform, setSetting } from '../../src/access/index.ts';
import type { AnyOperation, Context } from '../../src/core/index.ts';
import { generateUsers } from '../../src/feeds/index.ts';
import { createHttpServer } from '../../src/http/index.ts';
import { createSchedule, editUser, previewJob, saveTemplate, startRun } from '../../src/runs/index.ts';
import { createSet } from '../../src/sets/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { builtPage } from './support/build.ts';
import { expectAccessible, expectNoSidewaysScroll, IDS, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let ctx: Context;

const GROUP = { changes: [{ change: 'user_group', set: 'ALUMNI' }] };

async function call<T>(operation: AnyOperation, input: object, as = ctx): Promise<T> {
  return (await perform(as, operation, input)) as T; // the caller knows the operation
}

let sets = 0;
async function start(name: string, where: string, plan: object, as = ctx): Promise<number> {
  sets += 1;
  const set = await call<{ name: string }>(createSet, { name: `${name} ${sets}`, private: false, where });
  const { digest } = await call<{ digest: string }>(previewJob, { set: set.name, plan, page: { limit: 0 } }, as);
  return (await call<{ id: number }>(startRun, { set: set.name, plan, digest, name, confirm: true }, as)).id;
}

/** No worker runs beside: chunks are done when the test says so. */
async function work(chunks = Number.POSITIVE_INFINITY): Promise<void> {
  for (let done = 0; done < chunks && (await web.server.app.tasks.workOnce()); done += 1);
}

async function numberOf(text: string): Promise<number> {
  const { rows } = await test.db.pool.query<{ n: number }>(text);
  return rows[0]?.n ?? 0;
}

async function stateIs(page: Page, text: string): Promise<void> {
  await page.locator('.head .badge', { hasText: text }).first().waitFor();
}

beforeAll(async () => {
  ctx = await web.server.app.contextFor(undefined, 'test', 'en');
  await call(generateUsers, { count: 1_200, seed: 7 });
});

describe('a run seen live', () => {
  it('goes on from chunk to chunk, is paused and resumed, and comes to its end', async () => {
    const id = await start('Everybody an alumnus', 'user_group != "ALUMNI"', GROUP);
    const page = await web.open(`/jobs/${id}`, { as: 'administrator', live: true });
    await stateIs(page, 'Running');
    await work(1);
    await page.getByText(/^250 of 1,/).waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await stateIs(page, 'Paused');
    await expectAccessible(page);
    expect(await numberOf(`select count(*)::integer as n from runs where id = ${id} and state = 'PAUSED'`)).toBe(1);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await stateIs(page, 'Running');
    await work();
    await stateIs(page, 'Completed');
    const members = await numberOf(`select members::integer as n from runs where id = ${id}`);
    await page.getByText(`${members.toLocaleString('en')} + 0 + 0 + 0 = ${members.toLocaleString('en')} members`).waitFor();
    await page
      .getByRole('button', { name: /^Compare before and after of/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('ALUMNI').or(page.getByRole('dialog').getByText('Alumni')).first().waitFor();
    await expectAccessible(page);
  });
});

describe('a run that has ended', () => {
  it('is undone for one of its changes; what somebody has edited since stays, and is said before', async () => {
    const plan = {
      changes: [
        { change: 'campus_code', set: 'CITY' },
        { change: 'expiry_date', set: '2031-04-17' },
      ],
    };
    // Without whoever undoes it: nobody changes the dates of their own record.
    const whom = `account_type = "INTERNAL" and status = "ACTIVE" and primary_id != "${IDS.administrator}"`;
    const id = await start('Campus and date', whom, plan);
    await work();
    const { rows } = await test.db.pool.query<{ primary_id: string; n: number }>(
      `select u.primary_id, count(*) over ()::integer as n from journal j join users u on u.id = j.user_id
       where j.run_id = ${id} and j.diff -> 'fields' ? 'expiry_date' order by u.id limit 1`,
    );
    const [edited] = rows;
    if (edited === undefined) throw new Error('Nobody was changed.');
    await call(editUser, { user: edited.primary_id, changes: [{ change: 'expiry_date', set: '2040-01-01' }] });
    const page = await web.open(`/jobs/${id}`, { as: 'administrator' });
    await expectAccessible(page);
    await page.getByRole('button', { name: /^Undo this change: .*2031/ }).click();
    const undo = page.locator('#undo');
    await undo.getByRole('radio', { name: 'One of its changes', checked: true }).waitFor();
    await undo.getByRole('button', { name: 'Preview the undo' }).click();
    await undo.getByText('1 was edited since').waitFor();
    await undo.getByRole('button', { name: 'Show who it is' }).click();
    await undo.getByText(edited.primary_id).first().waitFor();
    await expectAccessible(page);
    const typed = undo.getByRole('textbox');
    const label = (await undo.getByRole('button', { name: /^Undo for/ }).textContent()) ?? '';
    if ((await typed.count()) > 0) await typed.fill(/[\d,]+/.exec(label)?.[0] ?? '');
    await undo.getByRole('button', { name: /^Undo for/ }).click();
    await page.getByText(`Undoes ${id}`).first().waitFor();
    await work();
    await stateIs(page, 'Completed');
    await page.getByRole('button', { name: 'Show the 1 user: conflict' }).click();
    const table = page.getByRole('table', { name: 'Users, one by one' });
    await table.getByText(edited.primary_id).first().waitFor();
    // Until the answer is there, those of before stay.
    await page.waitForFunction(() => document.querySelectorAll('table[aria-label="Users, one by one"] tbody tr').length === 1);
    await expectAccessible(page);
    expect(await numberOf(`select count(*)::integer as n from users where expiry_date = '2040-01-01'`)).toBe(1);
    expect(await numberOf(`select count(*)::integer as n from users where expiry_date = '2031-04-17'`)).toBe(0);
    expect(await numberOf(`select count(*)::integer as n from users where campus_code = 'CITY'`)).toBeGreaterThan(1);
  });

  it('says why users failed and what to do, and makes a set of them', async () => {
    const id = await start('Far too far', 'account_type = "EXTERNAL"', {
      changes: [{ change: 'expiry_date', shift: { years: 8000 } }],
    });
    await work();
    const failed = await numberOf(`select count(*)::integer as n from run_outcomes where run_id = ${id} and outcome = 'failed'`);
    expect(failed).toBeGreaterThan(1);
    const page = await web.open(`/jobs/${id}`, { as: 'administrator' });
    const row = page.getByRole('table', { name: 'Why users failed or were skipped' }).getByRole('row', { name: /date_out_of_range/ });
    await row.getByText('Correct their present date, or choose a smaller step').waitFor();
    await row.getByRole('button', { name: /^Show the users/ }).click();
    await page.waitForURL('**/jobs/*?*reason=changes.date_out_of_range*');
    await expectAccessible(page);
    await row.getByRole('button', { name: /^Make a set/ }).click();
    const dialog = page.getByRole('dialog');
    await expectAccessible(page);
    await dialog.getByLabel('Name').fill('To be mended');
    await dialog.getByRole('button', { name: `Make a set of ${failed.toLocaleString('en')} users` }).click();
    await page.waitForURL('**/sets/*');
    expect(
      await numberOf(`select count(*)::integer as n from sets s join set_members m on m.set_id = s.id where s.name = 'To be mended'`),
    ).toBe(failed);
  });
});

it('waits for a second person, who approves it', async () => {
  await web.open('/', { as: 'manager' }); // the account is made
  await call(setSetting, { name: 'approval', value: { above: 2 } });
  const asking = await web.server.app.contextFor(IDS.manager, 'test', 'en');
  const id = await start(
    'Larger than one may',
    // Graduates may be alumni by now: tests of one file share their library.
    'user_group = "GRAD" or user_group = "ALUMNI"',
    { changes: [{ change: 'campus_code', set: 'MED' }] },
    asking,
  ).finally(() => call(setSetting, { name: 'approval', value: { above: null } }));
  const own = await web.open(`/jobs/${id}`, { as: 'manager', live: true });
  await own.getByText('Somebody else has to approve it.').waitFor();
  await expectAccessible(own);
  const page = await web.open('/jobs', { as: 'administrator', live: true });
  await page.getByText(/Waits for the approval of a second person/).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Approve for [\d,]+ users$/ })
    .click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await stateIs(own, 'Running'); // by itself: the page of whoever asked is live
  await work();
  await stateIs(own, 'Completed');
  await own.getByText(/given by holm/).waitFor();
});

it('finds a job again, and says when there is none', async () => {
  await call(saveTemplate, { name: 'Graduates leave', plan: GROUP, private: false });
  await call(createSet, { name: 'All of them', private: false, where: 'user_group = "GRAD"' });
  await call(createSchedule, { name: 'Every morning', set: 'All of them', plan: GROUP, cron: '30 6 * * *' });
  const page = await web.open('/jobs', { as: 'administrator', live: true });
  await page.getByRole('searchbox').fill('far too');
  await page.waitForURL('**/jobs?text=far*');
  const table = page.getByRole('table', { name: 'History' });
  await table.getByRole('link', { name: 'Far too far' }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('table[aria-label="History"] tbody tr').length === 1);
  await page.getByLabel('Outcome').selectOption('aborted');
  await page.getByText('Nobody and nothing matches').waitFor();
  await expectAccessible(page);
  await page.reload();
  await settled(page);
  expect(await page.getByRole('searchbox').inputValue()).toBe('far too');
});

it.each([
  { path: '/jobs', language: 'de', width: 360 },
  { path: '/jobs?list=scheduled', language: 'de', width: 1440 },
  { path: '/jobs?list=scheduled', language: 'en', width: 360 },
  { path: '/jobs?list=templates', language: 'de', width: 360 },
  { path: 'run', language: 'de', width: 360 },
  { path: 'run', language: 'de', width: 1440 },
  { path: '/jobs/0', language: 'en', width: 1440 },
  { path: '/jobs/999999', language: 'de', width: 1440 },
] as const)('is accessible and whole: $path $language $width', async ({ path, language, width }) => {
  const id = await numberOf(`select max(id)::integer as n from runs where name = 'Campus and date'`);
  const page = await web.open(path === 'run' ? `/jobs/${id}` : path, {
    as: 'administrator',
    language,
    width,
    scheme: width === 360 ? 'light' : 'dark',
    ...(path === '/jobs/999999' ? { expected: /404/ } : {}),
  });
  if (path === 'run')
    await page
      .getByText(language === 'de' ? 'Mitglieder festgehalten' : 'Members frozen')
      .first()
      .waitFor();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

// The last: afterwards the server of this file is gone.
it('survives a restart of the server: the page says so, comes back, and goes on', async () => {
  const id = await start('Through a restart', 'account_type = "INTERNAL" or account_type = "EXTERNAL"', {
    changes: [{ change: 'campus_code', set: 'TECH' }],
  });
  const page = await web.open(`/jobs/${id}`, { as: 'administrator', live: true, expected: /ERR_|Failed to load/ });
  await work(1);
  await page.getByText(/^250 of 1,/).waitFor();
  const { port } = new URL(web.server.url);
  web.server.server.server.closeAllConnections();
  await web.server.server.close();
  await page.getByText('The server does not answer').first().waitFor();
  await work(2);
  const again = await createHttpServer({ app: web.server.app, web: builtPage(), limits: { perMinute: 100_000, closingMs: 500 } });
  await again.listen({ host: '127.0.0.1', port: Number(port) });
  try {
    await page.getByText(/^750 of 1,/).waitFor({ timeout: 20_000 });
    expect(await page.getByText('so does this page').count()).toBe(0);
    await work();
    await stateIs(page, 'Completed');
  } finally {
    await page.close();
    await again.close();
  }
}, 60_000);
