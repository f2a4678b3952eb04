import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { builtPage } from './support/build.ts';
import { useWeb } from './support/pages.ts';

const test = useTestDatabase();
const web = useWeb(test);

/** Bytes of JavaScript, as they travel, that the first page may need. */
const FIRST_LOAD = 250 * 1000;

it('needs little JavaScript for the first page', async () => {
  const page = await web.open('/', { as: 'administrator' });
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((name) => name.endsWith('.js')),
  );
  const dist = builtPage();
  const bytes = [...new Set(loaded)].reduce((sum, name) => sum + gzipSync(readFileSync(path.join(dist, name)), { level: 9 }).length, 0);
  expect(loaded.length).toBeGreaterThan(1);
  expect(bytes, loaded.join(' ')).toBeLessThanOrEqual(FIRST_LOAD);
});

it('is served packed, and kept for a year where the name says what is in it', async () => {
  const script = readdirSync(path.join(builtPage(), 'assets')).find((name) => /^index-.*\.js$/.test(name)) ?? '';
  const packed = await fetch(`${web.server.url}/assets/${script}`, { headers: { 'accept-encoding': 'br' } });
  expect(packed.headers.get('content-encoding')).toBe('br');
  expect(packed.headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/);
  expect(packed.headers.get('content-type')).toMatch(/javascript/);
  const missing = await fetch(`${web.server.url}/assets/none.js`, { headers: { accept: 'text/html' } });
  expect(missing.status).toBe(404);
});

it('lets scripts come from this server alone, and styles by a word of the moment', async () => {
  const page = await web.open('/', { as: 'administrator' });
  const ask = () => page.request.get(web.server.url, { headers: { accept: 'text/html' } });
  const answers = [await ask(), await ask()];
  const policies = answers.map((answer) => answer.headers()['content-security-policy'] ?? '');
  expect(policies[0]).toContain("script-src 'self';");
  expect(policies[0]).not.toContain('unsafe');
  expect(policies[0]).not.toBe(policies[1]);
  expect(answers[0]?.headers()['cache-control']).toBe('no-store');
});
