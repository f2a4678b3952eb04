import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { HELP_OF } from '../../web/src/shell/help-pages.ts';
import { useTestDatabase } from '../support/database.ts';
import { expectAccessible, useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);

it('leads from each page to one of the help that there is', () => {
  const missing = Object.values(HELP_OF).filter((name) => !existsSync(path.resolve(import.meta.dirname, `../../docs/${name}.md`)));
  expect(missing).toEqual([]);
});

it('opens beside the page, in its language and about what one is doing', async () => {
  const page = await web.open('/sets', { as: 'administrator', language: 'de' });
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Hilfe' }).click();
  const help = await opened;
  await help.getByRole('navigation', { name: 'Seiten der Hilfe' }).getByRole('link', { name: 'Einen Prozess rückgängig machen' }).click();
  await help.getByRole('heading', { level: 1, name: 'Einen Prozess rückgängig machen' }).waitFor();
  await expectAccessible(help);
  await page.goto(`${web.server.url}/letters`);
  expect(await page.getByRole('link', { name: 'Hilfe' }).getAttribute('href')).toContain('/help/guide/write-a-letter?lang=de');
});
