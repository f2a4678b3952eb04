/** Somebody of the staff before a real Chromium, on the server as `muster start` starts it. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import sql from 'sql-template-tag';
import { ADMINISTRATOR, hashPassword, newPassword, openSession } from '../../../src/access/index.ts';
import { type App, type Config, openApp, startServer } from '../../../src/app/index.ts';
import type { Context } from '../../../src/core/index.ts';
import { generateUsers } from '../../../src/feeds/index.ts';
import { createSet } from '../../../src/sets/index.ts';
import { launchChromium } from '../../../test/support/chromium.ts';

const BUILD = path.resolve(import.meta.dirname, '../../../bin/build-web.mjs');

export interface Desk {
  readonly app: App;
  readonly ctx: Context;
  readonly url: string;
  readonly browser: Browser;
  /** A window with an empty cache, signed in. */
  sit(): Promise<Seat>;
}

export interface Seat {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly devtools: CDPSession;
}

/** Fills the library where it is empty, and works with the page built of the present sources. */
export async function withDesk(config: Config, users: number, work: (desk: Desk) => Promise<void>): Promise<void> {
  const built = spawnSync(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('The web page could not be built.');
  const app = await openApp(config, { role: 'command' });
  try {
    const ctx = app.contextOf(ADMINISTRATOR, 'bench', 'en');
    await fill(app, ctx, users);
    const token = await sessionOf(app, ctx);
    const service = await startServer(config, 0);
    const browser = await launchChromium();
    try {
      const url = service.url ?? '';
      const sit = async (): Promise<Seat> => {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
        await context.addCookies([{ name: 'muster_session', value: token, url, httpOnly: true, sameSite: 'Lax' }]);
        const page = await context.newPage();
        page.setDefaultTimeout(60_000);
        return { context, page, devtools: await context.newCDPSession(page) };
      };
      await work({ app, ctx, url, browser, sit });
    } finally {
      await browser.close();
      await service.stop();
    }
  } finally {
    await app.close();
  }
}

async function fill({ db }: App, ctx: Context, users: number): Promise<void> {
  const { rows } = await db.pool.query<{ filled: boolean }>(sql`select exists (select from sets s where s.name = 'everyone') as filled`);
  if (rows[0]?.filled === true) return;
  const made = await generateUsers.run(ctx, generateUsers.input.parse({ count: users, seed: 1 }));
  await createSet.run(ctx, createSet.input.parse({ name: 'everyone', where: 'everyone', private: false }));
  await db.pool.query('vacuum (analyze)');
  console.log(`${users} users generated in ${made.seconds} s`);
}

/** An administrator's session, as signing in with a password opens it. */
async function sessionOf({ db }: App, ctx: Context): Promise<string> {
  await db.pool.query(sql`
    with u as (insert into users (primary_id, first_name, last_name) values ('bench-web', 'Mira', 'Holm') on conflict do nothing returning id)
    insert into user_roles (user_id, type, scope) select u.id, r.type, 'INSTITUTION' from u, unnest(array['26', '50', '200']) r (type)`);
  const { rows } = await db.pool.query<{ id: number; credential: number }>(sql`
    with made as (
      insert into credentials (user_id, kind, hash)
      select u.id, 'password', ${await hashPassword(newPassword())} from users u where u.primary_id = 'bench-web' returning id, user_id)
    update users u set credential_state = 'password', credential_id = m.id, account_type = 'INTERNAL' from made m where u.id = m.user_id
    returning u.id, m.id as credential`);
  const [who] = rows;
  if (who === undefined) throw new Error('Nobody could be signed in.');
  return (await openSession(ctx, { userId: who.id, method: 'password', credentialId: who.credential })).token;
}
