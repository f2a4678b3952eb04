import { beforeAll, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { FEW_USERS, type Library, makeLibrary } from './screenshots/library.ts';
import { expectAccessible, expectNoSidewaysScroll, settled, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);
let library: Library | undefined;
beforeAll(async () => {
  library = await makeLibrary(web.server.app, FEW_USERS);
});

it('shows the figures, and a bar leads to its users', async () => {
  const page = await web.open('/', { as: 'administrator' });
  await expectAccessible(page);
  const { rows } = await test.db.pool.query<{ users: number; ending: number }>(
    `select count(*)::integer as users,
       (count(*) filter (where expiry_date >= date_trunc('month', current_date) + interval '1 month'
         and expiry_date < date_trunc('month', current_date) + interval '2 months'))::integer as ending from users`,
  );
  const { users = 0, ending = 0 } = rows[0] ?? {};
  await page
    .getByText(`${users.toLocaleString('en')} users`)
    .first()
    .waitFor();
  const bars = page.getByRole('list', { name: 'Accounts that expire' }).getByRole('button');
  expect(await bars.count()).toBe(12);
  await bars.nth(1).click();
  expect(await bars.nth(1).getAttribute('aria-pressed')).toBe('true');
  expect(await bars.nth(1).getAttribute('aria-label')).toContain(`${ending.toLocaleString('en')} user`);
  await page.getByRole('link', { name: 'Show them' }).click();
  await page.waitForURL('**/users?where=*');
  expect(new URL(page.url()).searchParams.get('where')).toMatch(/^expiry_date >= \d{4}-\d\d-01 and expiry_date <= \d{4}-\d\d-\d\d$/);
});

it('tells what has ended, that it was undone, and leads there', async () => {
  const page = await web.open('/', { as: 'administrator' });
  const row = page.getByRole('table', { name: 'Finished lately' }).getByRole('row', { name: /Graduates keep their account/ });
  await row.getByRole('link').click();
  await page.waitForURL(`**/jobs/${library?.runs.done}`);
  await page.goBack();
  await settled(page);
  await page.getByText('Undone').first().waitFor();
});

it.each([
  { language: 'de', scheme: 'dark', width: 1440 },
  { language: 'de', scheme: 'light', width: 360 },
  { language: 'en', scheme: 'dark', width: 390 },
] as const)('is accessible and whole: $language $scheme $width', async (look) => {
  const page = await web.open('/', { as: 'administrator', ...look });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

it('shows somebody without a staff role nothing of the library', async () => {
  const page = await web.open('/', { as: 'patron' });
  await page.getByText('There is nothing here for you yet').waitFor();
  await expectAccessible(page);
});
