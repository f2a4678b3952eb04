import type { Page } from 'playwright-core';
import type { Shot } from './shot.ts';

/** A list as it comes from a faculty's office: names beside identifiers, one of them unknown, one twice. */
async function dropFile(page: Page): Promise<void> {
  const ids = await page.evaluate(async () => {
    const token = await (await fetch('/api/session')).json();
    const answer = await fetch('/api/operations/users.list', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': token.csrf },
      body: JSON.stringify({ limit: 40 }),
    });
    return ((await answer.json()) as { users: { primary_id: string }[] }).users.map((user) => user.primary_id);
  });
  const lines = ids.map((id, index) => `${index + 1};${id}`);
  const text = ['No.;Primary ID', ...lines.slice(0, 12), '13;s999001', ...lines.slice(12), '42;s999002', `43;${ids[3]}`].join('\n');
  await page.locator('input[type=file]').setInputFiles({ name: 'Class of 2026.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.locator('.sets-lines').waitFor();
}

export const shots: readonly Shot[] = [
  { name: 'sets', path: '/sets' },
  { name: 'sets-new-filter', path: `/sets/new?where=${encodeURIComponent('user_group = "GRAD" and expiry_date < today + 6 months')}` },
  { name: 'sets-new-file', path: '/sets/new?from=file', prepare: dropFile },
  { name: 'sets-new-run', path: ({ runs }) => `/sets/new?run=${runs.done}&outcome=changed` },
  { name: 'sets-combine', path: ({ sets }) => `/sets/combine?a=${sets.expiring}&b=${sets.listed}&keep=b` },
  { name: 'set', path: ({ sets }) => `/sets/${sets.listed}`, window: true },
  { name: 'set-logical', path: ({ sets }) => `/sets/${sets.withoutMail}`, window: true },
];
