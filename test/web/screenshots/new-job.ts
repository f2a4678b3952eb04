import type { Page } from 'playwright-core';
import type { Shot } from './shot.ts';

/** Fills the draft that the address has begun, and goes to a step of it. */
function at(step: string) {
  return async (page: Page): Promise<void> => {
    await page.waitForURL('**draft=**');
    await page.evaluate(() => {
      const [key = ''] = Object.keys(localStorage).filter((each) => each.startsWith('muster.job-draft.'));
      const draft = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
      const change = (name: string, input: object, kind: string) => ({ key: name, change: name, input, condition: { kind } });
      const changes = [
        change('expiry_date', { set: '2028-09-30' }, 'earlier'),
        change('user_group', { set: 'ALUMNI' }, 'if_not_empty'),
        change('account_type', { set: 'INTERNAL', credentials: 'password' }, 'always'),
      ];
      localStorage.setItem(key, JSON.stringify({ ...draft, name: 'Alumni', changes, notify: { type: 'ACCOUNT_TYPE_CHANGED' } }));
    });
    await page.goto(`${page.url().replace(/&?step=\w+/, '')}&step=${step}`);
    await page.waitForTimeout(1_500);
  };
}

export const shots: readonly Shot[] = (['set', 'changes', 'letter', 'preview', 'confirm'] as const).map((step) => ({
  name: `new-job-${step}`,
  path: (library) => `/jobs/new?set=${library.sets.withoutMail}`,
  prepare: at(step),
  // Its table is as long as the set.
  ...(step === 'preview' ? { window: true as const } : {}),
}));
