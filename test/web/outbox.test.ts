/** What becomes of messages: those that failed, addresses that nothing is sent to, letters on paper, mails that are kept. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { perform } from '../../src/access/index.ts';
import { suppressAddress } from '../../src/letters/suppression-operations.ts';
import { useTestDatabase } from '../support/database.ts';
import { FEW_USERS, makeLibrary } from './screenshots/library.ts';
import { expectAccessible, expectNoSidewaysScroll, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
beforeAll(async () => {
  await makeLibrary(web.server.app, FEW_USERS);
});

const statesOf = async (): Promise<Record<string, number>> => {
  const { rows } = await test.db.pool.query<{ state: string; n: number }>(
    'select state, count(*)::integer as n from outbox group by state order by state',
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};

it('says why a message failed, and sends it once more', async () => {
  await test.db.pool.query(
    `update outbox set state = 'failed', last_error = '550 5.1.1 no such mailbox', sent_at = null, file = null where id in (
       select id from outbox where state = 'sent' and letter = 'ACCOUNT_TYPE_CHANGED' and channel = 'email' order by id limit 3)`,
  );
  const before = await statesOf();
  const page = await web.open('/outbox', { as: 'administrator' });
  await page.getByRole('button', { name: /^failed 3$/ }).click();
  await page.getByText('550 5.1.1 no such mailbox').first().waitFor();
  await expect.poll(() => page.getByRole('table', { name: 'Messages' }).getByRole('row').count()).toBe(4);
  await page.getByRole('checkbox').nth(1).check();
  await expectAccessible(page);
  await page.getByRole('region', { name: 'Selected' }).getByRole('button', { name: 'Retry' }).click();
  await page.getByText('1 message goes out once more.').waitFor();
  expect(await statesOf()).toEqual({ ...before, failed: 2, queued: (before['queued'] ?? 0) + 1 });

  await page.getByRole('button', { name: /^With all \d+ messages$|^With this message$/ }).click();
  await page.getByRole('menuitem', { name: /^Hold back/ }).click();
  await expectAccessible(page);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Hold back \d+ messages?$/ })
    .click();
  await page.getByRole('button', { name: 'Let them go out' }).first().waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Let them go out' }).first().click();
  await page
    .getByText(/go(?:es)? out\.$/)
    .first()
    .waitFor();
  await expect.poll(async () => (await test.db.pool.query('select from outbox_pauses')).rowCount).toBe(0);
});

it('finds an address that nothing is sent to, and lifts it', async () => {
  const ctx = await web.server.app.contextFor(undefined, 'tests', 'en');
  await perform(ctx, suppressAddress, { channel: 'email', address: 'gone@example.org', detail: 'Left the country' });
  await perform(ctx, suppressAddress, { channel: 'email', address: 'other@example.org' });
  const page = await web.open('/outbox?view=suppressed', { as: 'administrator' });
  await page.getByRole('textbox', { name: 'Part of an address' }).fill('gone');
  await expect.poll(() => page.getByText('other@example.org').count()).toBe(0);
  await page.getByText('Left the country').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Lift gone@example.org' }).click();
  await page.getByText('gone@example.org is written to again.').waitFor();
  const { rows } = await test.db.pool.query<{ address: string }>('select address from suppressed_addresses');
  expect(rows).toEqual([{ address: 'other@example.org' }]);
  await page.getByText('Nobody and nothing matches').waitFor();
  await expectAccessible(page);
});

it('makes a print batch of the letters that wait, and downloads the PDF', async () => {
  await test.db.pool.query(
    `update outbox set channel = 'print', state = 'queued', address = null, next_at = now() where id in (
       select o.id from outbox o join user_addresses a on a.user_id = o.user_id
       where o.letter = 'ACCOUNT_TYPE_CHANGED' and o.state = 'sent' order by o.id limit 5)`,
  );
  const page = await web.open('/outbox?view=print', { as: 'administrator' });
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Print \d+ letters$/ }).click();
  await page.getByText(/(?:A batch is|batches are) being made/).waitFor();
  while (await web.server.app.tasks.sendDue(new AbortController().signal));
  const take = page.getByRole('button', { name: /^Download \d+ letters?$/ }).first();
  await take.waitFor();
  await expectAccessible(page);
  const [file] = await Promise.all([page.waitForEvent('download'), take.click()]);
  expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-');
  await page.getByText(/was downloaded/).waitFor();
});

it('shows mails that are kept, with the password masked', async () => {
  const page = await web.open('/outbox?view=mailbox', { as: 'administrator', language: 'de' });
  await page.getByText('Kein Mailserver ist eingerichtet').waitFor();
  await expectAccessible(page);
  const { rows } = await test.db.pool.query<{ id: number; primary_id: string }>(
    `select o.id, u.primary_id from outbox o join users u on u.id = o.user_id
     where o.letter = 'CREDENTIALS_CHANGED' and o.file is not null order by o.id desc limit 1`,
  );
  await page.getByRole('textbox', { name: /Mails an einen Benutzer/ }).fill(rows[0]?.primary_id ?? '');
  const table = page.getByRole('table', { name: 'Postfach' });
  await expect.poll(() => table.getByRole('row').count()).toBeLessThan(4);
  await table
    .getByRole('row')
    .filter({ hasText: `${rows[0]?.id}.eml` })
    .getByRole('button')
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('So wurde sie verschickt').waitFor();
  await dialog.frameLocator('iframe.letter-paper').getByText('••••••••••').first().waitFor();
  await expectAccessible(page);
});

it.each([
  { path: '/outbox', language: 'de', scheme: 'dark', width: 360 },
  { path: '/outbox?view=print', language: 'en', scheme: 'dark', width: 390 },
  { path: '/outbox?view=returned', language: 'de', scheme: 'light', width: 390 },
] as const)('whole and accessible: $path $language $scheme $width', async ({ path, ...look }) => {
  const page = await web.open(path, { as: 'administrator', ...look });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
