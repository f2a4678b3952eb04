/** Pages in a real Chromium, on a real server with a database of its own. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Locator, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import type { TestDatabase } from '../../support/database.ts';
import { type TestServer, type TestServerOptions, useTestServer } from '../../support/http.ts';
import { addAccount } from '../../support/sign-in-server.ts';
import { builtPage } from './build.ts';

export const PASSWORD = 'a fairly long sentence';

/** Roles that a person of the tests has, by a name for them. */
const ROLES = {
  /** Everything. */
  administrator: ['200', '26', '50'],
  /** Users with roles are not theirs to edit. */
  manager: ['200', '21'],
  /** No staff role at all. */
  patron: ['200'],
} as const;
export type Who = keyof typeof ROLES;

/** What each signs in with, together with PASSWORD. */
export const IDS: Readonly<Record<Who, string>> = { administrator: 'holm', manager: 'beispiel', patron: 'example' };

export interface OpenOptions {
  /** Who is signed in; nobody without. */
  readonly as?: Who;
  readonly language?: 'en' | 'de';
  readonly scheme?: 'light' | 'dark';
  /** Width of the window; 1440 unless said otherwise. */
  readonly width?: number;
  readonly height?: number;
  /** Messages in the browser's console that the test brings about. */
  readonly expected?: RegExp;
  /** The page watches a run: a stream stays open, so the network is never idle. */
  readonly live?: boolean;
}

export interface WebBench {
  readonly server: TestServer;
  /** Opens an address of the page, signed in, and waits until it stands still. */
  open(path: string, options?: OpenOptions): Promise<Page>;
}

/** The frame that a letter is shown in runs no scripts: not those of these tests either. */
const OWN_SCRIPTS = /^Blocked script execution in 'about:srcdoc'/;

interface Watched {
  readonly context: BrowserContext;
  readonly complaints: string[];
  readonly hosts: Set<string>;
}

/**
 * Declares server and browser for a test file. After each test every page of it is held to three things:
 * no error in its console, no request to another host, no script that the policy had to stop.
 */
export function useWeb(test: Pick<TestDatabase, 'url' | 'db'>, options: TestServerOptions = {}): WebBench {
  let browser: Browser | undefined;
  const cookies = new Map<Who, string>();
  let watched: Watched[] = [];
  const server = useTestServer(test, {
    ...options,
    parts: (app) => ({ web: builtPage(), ...options.parts?.(app), limits: { perMinute: 100_000, ...options.parts?.(app).limits } }),
  });
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    const done = watched;
    watched = [];
    const complaints = done.flatMap((each) => each.complaints);
    const hosts = done.flatMap((each) => [...each.hosts]);
    for (const { context } of done) await context.close();
    expect(complaints, 'errors in the console').toEqual([]);
    expect(
      hosts.filter((host) => host !== new URL(server.url).host),
      'requests to other hosts',
    ).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });

  const cookieOf = async (who: Who): Promise<string> => {
    const known = cookies.get(who);
    if (known !== undefined) return known;
    await addAccount(test.db.pool, { id: IDS[who], password: PASSWORD, roles: ROLES[who], columns: NAMES[who] });
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: IDS[who], password: PASSWORD }),
    });
    const cookie = /muster_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
    if (cookie === undefined) throw new Error(`Nobody could sign in as ${who}: ${await answer.text()}`);
    cookies.set(who, cookie);
    return cookie;
  };

  return {
    server,
    open: async (path, { as, language = 'en', scheme = 'light', width = 1440, height = 900, expected, live = false } = {}) => {
      if (browser === undefined) throw new Error('The browser exists only while tests run.');
      const context = await browser.newContext({
        viewport: { width, height },
        locale: language === 'de' ? 'de-DE' : 'en-GB',
        timezoneId: 'Europe/Berlin',
        colorScheme: scheme,
        reducedMotion: 'reduce',
        hasTouch: width < 760,
      });
      if (as !== undefined)
        await context.addCookies([{ name: 'muster_session', value: await cookieOf(as), url: server.url, httpOnly: true, sameSite: 'Lax' }]);
      const seen: Watched = { context, complaints: [], hosts: new Set() };
      watched.push(seen);
      watchRequests(context);
      context.on('request', (request) => {
        if (/^https?:/.test(request.url())) seen.hosts.add(new URL(request.url()).host);
      });
      context.on('weberror', (error) => seen.complaints.push(error.error().message));
      context.on('console', (message) => {
        if (message.type() !== 'error' || OWN_SCRIPTS.test(message.text()) || expected?.test(message.text()) === true) return;
        seen.complaints.push(message.text());
      });
      const page = await context.newPage();
      // What hangs is found by the test's own limit; a slow machine is no failure.
      page.setDefaultTimeout(120_000);
      await page.goto(`${server.url}${path}`);
      if (live) await page.getByRole('heading', { level: 1 }).waitFor();
      else await settled(page);
      return page;
    },
  };
}

const NAMES: Readonly<Record<Who, Readonly<Record<string, string>>>> = {
  administrator: { first_name: 'Mira', last_name: 'Holm' },
  manager: { first_name: 'Jonas', last_name: 'Beispiel' },
  patron: { first_name: 'Ada', last_name: 'Example' },
};

/** Looks in a row at which nothing was on its way. */
const QUIET_LOOKS = 3;
const LOOK_MS = 40;

/** Waits until nothing is on its way any more: no answer, no text, no part of the page. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState();
  const under = underWay.get(page.context());
  for (let quiet = 0; quiet < QUIET_LOOKS; ) {
    // While the page goes to another address it cannot be asked.
    const loading = await page.evaluate(isLoading).catch(() => true);
    quiet = loading || (under?.size ?? 0) > 0 ? 0 : quiet + 1;
    await page.waitForTimeout(LOOK_MS);
  }
}

/** Runs in the page, after its turn: what was answered may lead to the next question. */
async function isLoading(): Promise<boolean> {
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  const signs = '#root:empty, [role="status"][aria-label="Loading"], [role="status"][aria-label="Wird geladen"]';
  return document.querySelector(signs) !== null;
}

/** Requests without an answer yet; a run's events go on as long as it does. */
const underWay = new WeakMap<BrowserContext, Set<Request>>();

function watchRequests(context: BrowserContext): void {
  const open = new Set<Request>();
  underWay.set(context, open);
  context.on('request', (request) => {
    if (!/\/events$/.test(request.url())) open.add(request);
  });
  const close = (request: Request): void => void open.delete(request);
  context.on('requestfinished', close).on('requestfailed', close);
}

/** No violation of WCAG 2.2 AA that axe can find; each is named with where it is. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // No script runs in a letter, axe would wait a minute for an answer. Letters are looked at in src/letters/text/browser.test.ts.
    .exclude('iframe.letter-paper')
    // In the page itself instead of a second one beside it: there are no other frames.
    .setLegacyMode()
    .analyze();
  const said = violations.flatMap(({ id, help, nodes }) =>
    nodes
      // What pops up belongs to what opened it, wherever it hangs in the document: it needs no landmark of its own.
      .filter(({ target }) => !(id === 'region' && /^div\[data-portal/.test(String(target[0]))))
      .map(({ target, failureSummary }) => `${id}: ${help} — ${target.join(' ')} (${failureSummary})`),
  );
  expect(said).toEqual([]);
}

/** Nothing sticks out at the side. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}

/** A file let go over the page by the mouse: the browser's own dragging, from the outside. */
export async function dropFile(page: Page, over: Locator, file: string): Promise<void> {
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  if (box === null) throw new Error('There is nothing to drop the file on.');
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files: [file], dragOperationsMask: 1 } };
  const browser = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await browser.send('Input.dispatchDragEvent', { type, ...at });
  await browser.detach();
}
