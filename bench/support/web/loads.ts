/**
 * How long a page takes until one can work with it: from the start of the navigation, in a window with an empty
 * cache, on a processor made slower, until what it is for is drawn and a click on it has been answered.
 * All times are the page's own clock, taken after the frame in which they became true.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Desk } from './desk.ts';

const DIST = path.resolve(import.meta.dirname, '../../../web/dist');

export interface Measured {
  readonly name: string;
  readonly path: string;
  /** Selectors that are all there when what the page is for is drawn. */
  readonly drawn: readonly string[];
  /** Is clicked then. */
  readonly click: string;
  /** Is there when the click is answered. */
  readonly answered: string;
}

export interface Load {
  /** Milliseconds since the navigation started. */
  readonly drawnMs: number;
  readonly answeredMs: number;
  /** Milliseconds of processor time that the page's thread took for it; being made slower is in them. */
  readonly workMs: number;
  /** Bytes of JavaScript as they run, and in how many files. */
  readonly script: number;
  readonly files: number;
  /** Elements of the document. */
  readonly elements: number;
}

interface Found extends Pick<Load, 'drawnMs' | 'answeredMs' | 'elements'> {
  readonly scripts: readonly string[];
}

/** One load. `slower` is how many times slower the processor is to be. */
export async function load(desk: Desk, measured: Measured, slower: number): Promise<Load> {
  const { context, page, devtools } = await desk.sit();
  try {
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await page.addInitScript(watch, measured);
    await page.goto(`${desk.url}${measured.path}`, { waitUntil: 'commit' });
    const found = await page.waitForFunction(() => (globalThis as { measured?: Found }).measured, undefined, { polling: 100 });
    const { metrics } = await devtools.send('Performance.getMetrics');
    const { scripts, ...times } = (await found.jsonValue()) as Found; // what `watch` has put there
    return {
      ...times,
      workMs: (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000,
      script: scripts.reduce((sum, name) => sum + statSync(path.join(DIST, name)).size, 0),
      files: scripts.length,
    };
  } finally {
    await context.close();
  }
}

/** Runs in the page, before anything of it: looks at every frame. */
function watch({ drawn, click, answered }: Measured): void {
  const there = (selector: string): boolean => document.querySelector(selector) !== null;
  /** After the next frame has been put on the screen. */
  const painted = (then: () => void): void => void requestAnimationFrame(() => setTimeout(then));
  const whenever = (is: () => boolean, then: () => void): void => {
    if (is()) painted(then);
    else requestAnimationFrame(() => whenever(is, then));
  };
  whenever(
    () => document.body !== null && drawn.every(there),
    () => {
      const drawnMs = performance.now();
      document.querySelector<HTMLElement>(click)?.click();
      whenever(
        () => there(answered),
        () => {
          const answeredMs = performance.now();
          const scripts = performance
            .getEntriesByType('resource')
            .map(({ name }) => new URL(name).pathname)
            .filter((name) => /\.m?js$/.test(name));
          Object.assign(globalThis, { measured: { drawnMs, answeredMs, scripts, elements: document.querySelectorAll('*').length } });
        },
      );
    },
  );
}
