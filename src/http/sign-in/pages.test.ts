import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, type Visited } from '../../../test/support/browser.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { addAccount, useSignInServer } from '../../../test/support/sign-in-server.ts';
import { ADMINISTRATOR, createProvider, issueLink, perform } from '../../access/index.ts';

const test = useTestDatabase();
const http = useSignInServer(test);
const PASSWORD = 'a heron on the roof';

const at = (path: string): string => `${http.url}${path}`;

function csrfIn(page: Visited): string {
  return /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
}

async function signedIn(identifier = 'eva', language = 'en'): Promise<Browser> {
  const browser = new Browser(language);
  const answer = await browser.send(at('/sign-in'), { identifier, password: PASSWORD });
  expect(answer.status).toBe(303);
  return browser;
}

beforeAll(async () => {
  await addAccount(test.db.pool, { id: 'eva', password: PASSWORD, roles: ['21'] });
  await addAccount(test.db.pool, { id: 'fresh', password: PASSWORD, temporary: true });
  await addAccount(test.db.pool, { id: 'hostile', password: PASSWORD, columns: { first_name: '<script>alert(1)</script>' } });
  await addAccount(test.db.pool, { id: 'linked' });
  await perform(await http.app.contextFor(undefined, 'test', 'en'), createProvider, {
    code: 'uni',
    label: { en: 'University “of <b>X</b>”', de: 'Universität' },
    issuer: 'http://127.0.0.1:9',
    client_id: 'muster',
  });
});

beforeEach(() => test.db.pool.query('truncate sign_in_throttle'));

describe('every page', () => {
  const PAGES = [
    '/sign-in',
    '/forgot-password',
    '/set-password',
    '/set-password?token=none',
    '/sign-in/oidc/none',
    '/sign-in/oidc/uni/callback?state=x&code=y',
  ];

  it('loads and runs nothing, is framed by nobody and kept nowhere', async () => {
    for (const path of PAGES) {
      const { headers, text } = await new Browser().look(at(path));
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:/i);
    }
  });

  it('speaks the language that is asked for, and offers the other', async () => {
    const german = await new Browser('de-AT,en;q=0.3').open(at('/sign-in?next=/sets'));
    expect(german.text).toContain('<html lang="de">');
    expect(german.text).toContain('Passwort vergessen?');
    expect(german.text).toContain('href="/sign-in?next=%2Fsets&amp;lang=en"');
    const chosen = await new Browser('de').open(at('/sign-in?lang=en'));
    expect(chosen.text).toContain('Forgotten your password?');
    expect(chosen.text).toContain('action="/sign-in?lang=en"');
    expect((await new Browser('fr').open(at('/sign-in?lang=xx'))).text).toContain('<html lang="en">');
  });

  it('names every field, and what is wrong is read out', async () => {
    for (const path of ['/sign-in', '/forgot-password']) {
      const { text } = await new Browser().open(at(path));
      const ids = [...text.matchAll(/<input id="([^"]+)"/g)].map((match) => match[1]);
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect(text).toContain(`<label for="${id}">`);
    }
    const failed = await new Browser().send(at('/sign-in'), { identifier: 'eva', password: 'wrong' });
    expect(failed.text).toMatch(/role="alert".*not right/);
  });

  it('shows what people are called as text', async () => {
    const { text } = await new Browser().open(at('/sign-in'));
    expect(text).toContain('University “of &lt;b&gt;X&lt;/b&gt;”');
    const attack = await new Browser().send(at('/sign-in'), {
      identifier: '"><script>alert(1)</script>',
      password: 'x',
      next: '"><script>',
    });
    expect(attack.text).not.toContain('<script');
    const browser = await signedIn('hostile');
    expect((await browser.open(at('/signed-in'))).text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; Beispiel');
  });
});

describe('signing in with the form', () => {
  it('goes where one wanted to go, and shows who one is', async () => {
    const browser = new Browser();
    const answer = await browser.send(at('/sign-in'), { identifier: 'EVA', password: PASSWORD, next: '/sets?kind=logical' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sets?kind=logical']);
    const { text } = await browser.open(at('/signed-in'));
    expect(text).toContain('Eva Beispiel');
    expect(text).toContain('User Manager');
    expect((await browser.look(at('/sign-in'))).headers.get('location')).toBe('/');
  });

  it('never leads to another server, and puts nothing into a header', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '/.//evil.example', '/\t/evil.example']) {
      const answer = await new Browser().send(at('/sign-in'), { identifier: 'eva', password: PASSWORD, next });
      expect([next, answer.headers.get('location')]).toEqual([next, '/']);
      const page = await new Browser().open(at(`/sign-in?next=${encodeURIComponent(next)}`));
      expect(page.text).not.toContain('evil.example');
    }
    const split = await new Browser().send(at('/sign-in'), { identifier: 'eva', password: PASSWORD, next: '/x\r\nset-cookie: planted=1' });
    expect(split.headers.get('location')).toBe('/xset-cookie:%20planted=1');
    expect(split.headers.getSetCookie().join()).not.toContain('planted');
  });

  it('opens a new session whatever the browser brings, and says the same of all that do not exist', async () => {
    const browser = new Browser();
    browser.setCookie(http.url, 'muster_session', 'planted');
    await browser.send(at('/sign-in'), { identifier: 'eva', password: PASSWORD });
    expect(browser.cookie(http.url, 'muster_session')).not.toBe('planted');
    const one = await new Browser().send(at('/sign-in'), { identifier: 'no-such', password: 'wrong' });
    const two = await new Browser().send(at('/sign-in'), { identifier: 'eva', password: 'wrong' });
    expect([one.status, one.text.replaceAll('no-such', 'eva')]).toEqual([two.status, two.text]);
    expect(two.text).not.toContain('wrong"');
  });

  it('says when there were too many attempts', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await new Browser().send(at('/sign-in'), { identifier: 'eva', password: 'wrong' });
    const answer = await new Browser('de').send(at('/sign-in'), { identifier: 'eva', password: PASSWORD });
    expect(answer.status).toBe(429);
    expect(answer.text).toContain('zu viele Versuche');
  });

  it('is refused to a form of another site, and to what is no form', async () => {
    const given = { identifier: 'eva', password: PASSWORD };
    const foreign = await new Browser().send(at('/sign-in'), given, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([403, []]);
    const json = await fetch(at('/sign-in'), {
      method: 'POST',
      body: JSON.stringify(given),
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(415);
    expect(json.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await new Browser().send(at('/sign-in'), { identifier: 'x'.repeat(20_000) })).status).toBe(413);
  });

  it('with a temporary password leads to a new one, and nowhere else', async () => {
    const browser = new Browser();
    const answer = await browser.send(at('/sign-in'), { identifier: 'fresh', password: PASSWORD, next: '/sets' });
    expect(answer.headers.get('location')).toBe('/change-password?next=%2Fsets');
    expect((await browser.look(at('/signed-in'))).headers.get('location')).toBe('/change-password');
    const form = await browser.open(at('/change-password?next=/sets'));
    expect(form.text).toContain('temporary password');
    const fields = {
      csrf: csrfIn(form),
      current: PASSWORD,
      password: 'seven owls in a tree',
      again: 'seven owls in a tree',
      next: '/sets',
    };
    expect((await browser.send(at('/change-password'), { ...fields, again: 'other' })).text).toContain('not the same');
    expect((await browser.send(at('/change-password'), { ...fields, password: 'fresh123', again: 'fresh123' })).text).toContain(
      'contains your name',
    );
    expect((await browser.send(at('/change-password'), { ...fields, csrf: '' })).status).toBe(403);
    expect((await browser.send(at('/change-password'), fields)).headers.get('location')).toBe('/sets');
    expect((await browser.open(at('/signed-in'))).status).toBe(200);
  });
});

describe('signing out', () => {
  it('ends the session, when a page of ours asks for it', async () => {
    const browser = await signedIn();
    const page = await browser.open(at('/signed-in'));
    expect((await browser.send(at('/sign-out'), {})).status).toBe(403);
    expect((await browser.send(at('/sign-out'), { csrf: csrfIn(page) }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const token = browser.cookie(http.url, 'muster_session') ?? '';
    const left = await browser.send(at('/sign-out'), { csrf: csrfIn(page) });
    expect(left.headers.get('location')).toBe('/sign-in?signed_out=1');
    expect(browser.cookie(http.url, 'muster_session')).toBeUndefined();
    browser.setCookie(http.url, 'muster_session', token);
    expect((await browser.look(at('/signed-in'))).headers.get('location')).toBe('/sign-in?next=%2Fsigned-in');
  });
});

describe('setting a password by a link', () => {
  async function link(): Promise<string> {
    const ctx = { ...(await http.app.contextFor(undefined, 'test', 'en')), actor: ADMINISTRATOR, publicUrl: http.url };
    return (await perform(ctx, issueLink, { user: 'linked' })).url;
  }

  it('works once, tells nobody the address, and one signs in with it', async () => {
    const url = await link();
    const token = new URL(url).searchParams.get('token') ?? '';
    const form = await new Browser().open(url);
    expect(form.status).toBe(200);
    expect(form.headers.get('referrer-policy')).toBe('no-referrer');
    expect(form.text).toContain('For the user name linked');
    // A page whose address is nobody's business tells no origin either.
    const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' };
    const weak = await new Browser().send(at('/set-password'), { token, password: 'password', again: 'password' }, headers);
    expect(weak.status).toBe(422);
    expect(weak.headers.get('referrer-policy')).toBe('no-referrer');
    expect(weak.text).toContain('Many people use this password.');
    const good = { token, password: 'nine herons in a row', again: 'nine herons in a row' };
    const browser = new Browser();
    const set = await browser.send(at('/set-password'), good, headers);
    expect([set.status, set.headers.get('location')]).toEqual([303, '/signed-in']);
    expect((await browser.open(at('/signed-in'))).status).toBe(200);
    const twice = await new Browser().send(at('/set-password'), good, headers);
    expect([twice.status, twice.text.includes('no longer valid'), twice.text.includes('name="password"')]).toEqual([410, true, false]);
    expect((await new Browser().open(url)).status).toBe(410);
    expect((await new Browser().send(at('/sign-in'), { identifier: 'linked', password: good.password })).status).toBe(303);
    expect(http.log()).toContain('/set-password');
    for (const secret of [token, 'nine herons', PASSWORD]) expect(http.log()).not.toContain(secret);
  });

  it('signs nobody in from another site: they sign in themselves', async () => {
    const token = new URL(await link()).searchParams.get('token') ?? '';
    const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    const browser = new Browser();
    const set = await browser.send(at('/set-password'), { token, password: 'ten herons in a row', again: 'ten herons in a row' }, headers);
    expect(set.headers.get('location')).toBe('/sign-in?set=1');
    expect((await browser.open(at('/signed-in'))).text).toContain('name="identifier"');
    expect((await new Browser().open(at('/sign-in?set=1'))).text).toContain('Your password is set');
  });

  it('says when the address is not complete', async () => {
    const answer = await new Browser('de').open(at('/set-password'));
    expect([answer.status, answer.text.includes('unvollständig')]).toEqual([400, true]);
  });
});

describe('a forgotten password', () => {
  it('is answered alike whoever is named', async () => {
    const pages = [];
    for (const identifier of ['eva', 'no-such', '<b>']) pages.push((await new Browser().send(at('/forgot-password'), { identifier })).text);
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('the link is on its way');
  });
});
