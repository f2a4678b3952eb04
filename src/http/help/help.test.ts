import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../../test/support/chromium.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { pageNames } from './pages.ts';

const test = useTestDatabase();
const http = useTestServer(test);
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const get = (path: string, language = 'en') => fetch(`${http.url}${path}`, { headers: { 'accept-language': language } });

describe('the help', () => {
  it('is in the reader’s language, also page by page, and says when a page is not', async () => {
    expect(await (await get('/help', 'de')).text()).toContain('<h1 id="anleitung">Anleitung</h1>');
    expect(await (await get('/help/guide/undo-a-job', 'de')).text()).toContain('Einen Prozess rückgängig machen</h1>');
    expect(await (await get('/help/guide/undo-a-job?lang=en', 'de')).text()).toContain('Undo a job</h1>');
    const filters = await (await get('/help/guide/filters', 'de')).text();
    expect(filters).toContain('Diese Seite gibt es bisher nur auf Englisch.');
    expect(filters).toContain('<article lang="en">');
    expect(await (await get('/help/guide/filters')).text()).not.toContain('class="only"');
  });

  it('leads nowhere but to what there is: every link and picture of every page answers', async () => {
    const seen = new Set<string>();
    const broken: string[] = [];
    for (const name of pageNames()) {
      const text = await (await get(`/help/${name}`)).text();
      for (const [, address = ''] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (/^(?:https?:|#)/.test(address) || address === '/') continue;
        const [path = '', anchor] = address.replaceAll('&amp;', '&').split('#');
        if (!seen.has(address)) {
          seen.add(address);
          const answer = await get(path);
          const there =
            answer.status === 200 && (anchor === undefined || (await answer.text()).includes(`id="${decodeURIComponent(anchor)}"`));
          if (!there) broken.push(`${name}: ${address}`);
        }
      }
    }
    expect(broken).toEqual([]);
    expect(seen.size).toBeGreaterThan(50);
  });

  it.each([
    '/help/nothing',
    '/help/../package',
    '/help/guide/..%2f..%2fREADME',
    '/help/architecture',
    '/help/pictures/..%2farchitecture.md',
  ])('has nothing at %s', async (path) => {
    const answer = await fetch(`${http.url}${path}`);
    expect(answer.status).toBe(404);
  });

  it('runs nothing and asks nobody', async () => {
    const policy = (await get('/help')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await (await get('/help')).text()).not.toContain('<script');
  });

  it.each([
    ['en', 320, '/help'],
    ['de', 1280, '/help/guide/alumni-keep-their-account'],
    ['de', 320, '/help/guide/filters'],
    ['en', 1280, '/help/accessibility'],
  ])('is accessible: %s, %i px, %s', async (locale, width, path) => {
    const context = await browser.newContext({ locale, viewport: { width, height: 800 } });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(`${http.url}${path}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
      expect(complaints).toEqual([]);
      await page.keyboard.press('Tab');
      expect(await page.evaluate<string>('document.activeElement.className')).toBe('skip');
    } finally {
      await context.close();
    }
  });
});
