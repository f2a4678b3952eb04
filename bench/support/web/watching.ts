/** What an open page costs the machine: processor time of the browser's own processes while somebody looks on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import type { Desk } from './desk.ts';

export interface Watched {
  /** Share of one core: of the page's process and the browser's own. */
  readonly share: number;
  /** Of those that draw and talk to the network, which a machine with a screen leaves to its graphics card. */
  readonly others: number;
}

/** Looks at an address for so many seconds, once it is drawn. */
export async function watchPage(desk: Desk, path: string, seconds: number): Promise<Watched> {
  const { context, page } = await desk.sit();
  const browser = await desk.browser.newBrowserCDPSession();
  try {
    await page.goto(`${desk.url}${path}`, { waitUntil: 'commit' });
    await page.locator('h1').waitFor();
    await sleep(3_000);
    const before = await spent(browser);
    const started = performance.now();
    await sleep(seconds * 1_000);
    const after = await spent(browser);
    const took = (performance.now() - started) / 1_000;
    return { share: (after.page - before.page) / took, others: (after.others - before.others) / took };
  } finally {
    await browser.detach();
    await context.close();
  }
}

async function spent(browser: CDPSession): Promise<{ page: number; others: number }> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const sum = (is: (type: string) => boolean): number =>
    processInfo.filter(({ type }) => is(type)).reduce((total, { cpuTime }) => total + cpuTime, 0);
  const own = (type: string): boolean => type === 'browser' || type === 'renderer';
  return { page: sum(own), others: sum((type) => !own(type)) };
}
