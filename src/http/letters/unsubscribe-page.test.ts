import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../../test/support/chromium.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { readLetterKey } from '../../letters/index.ts';
import { unsubscribeToken } from '../../letters/unsubscribe-link.ts';

const test = useTestDatabase();
const http = useTestServer(test);
const bench = runsBench(test);
let browser: Browser;
let link = '';

beforeAll(async () => {
  browser = await launchChromium();
  const [userId = 0] = await bench.users({ primary_id: 'anna', last_name: 'Muster' });
  link = `${http.url}/letters/unsubscribe/${unsubscribeToken(await readLetterKey(test.db.pool), { userId, type: 'GENERAL_NOTICE' })}`;
});
afterAll(() => browser?.close());

describe.each([
  ['en', 320, 'End these letters', 'Get them again', 'Letters ended'],
  ['de', 800, 'Diese Briefe abbestellen', 'Wieder erhalten', 'Briefe abbestellt'],
] as const)('the page in %s at %i px', (locale, width, end, back, ended) => {
  it('ends letters and takes it back with the keyboard alone, and is accessible at each step', async () => {
    const context = await browser.newContext({ locale, viewport: { width, height: 700 } });
    try {
      const page = await context.newPage();
      const look = async (): Promise<void> => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
      };
      await page.goto(link);
      expect(await page.getAttribute('html', 'lang')).toBe(locale);
      await look();
      await page.getByRole('button', { name: end }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: ended, level: 1 }).waitFor();
      expect(page.url()).toBe(link);
      await look();
      await page.getByRole('button', { name: back }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: end }).waitFor();
      await page.goto(`${link}x`);
      await page.getByRole('alert').waitFor();
      await look();
    } finally {
      await context.close();
    }
  });
});
