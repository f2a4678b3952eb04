import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, type Visited } from '../../../test/support/browser.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { startProvider, type TestProvider } from '../../../test/support/oidc.ts';
import { addAccount, useSignInServer } from '../../../test/support/sign-in-server.ts';
import { createProvider, perform, updateProvider } from '../../access/index.ts';
import type { AnyOperation } from '../../core/index.ts';

const test = useTestDatabase();
const http = useSignInServer(test);
let university: TestProvider;
let college: TestProvider;

const at = (path: string): string => `${http.url}${path}`;
const CALLBACK = '/sign-in/oidc/uni/callback';

async function operate(operation: AnyOperation, input: object): Promise<void> {
  await perform(await http.app.contextFor(undefined, 'test', 'en'), operation, input);
}

beforeAll(async () => {
  university = await startProvider({ callback: at(CALLBACK), signedOut: at('/sign-in') });
  college = await startProvider({ callback: at('/sign-in/oidc/college/callback'), signedOut: at('/sign-in') });
  const client = { client_id: university.clientId, client_secret: university.clientSecret };
  await operate(createProvider, {
    ...client,
    code: 'uni',
    label: { en: 'University', de: 'Universität' },
    issuer: university.issuer,
    scopes: ['openid', 'eduperson'],
    claim: 'eduPersonPrincipalName',
    matched_with: 'UNIV_ID',
  });
  await operate(createProvider, { ...client, code: 'college', label: { en: 'College', de: 'College' }, issuer: college.issuer });
  const outside = { account_type: 'EXTERNAL', external_id: 'SIS' };
  const eva = await addAccount(test.db.pool, { id: 'eva', columns: outside, roles: ['200', '21'] });
  await test.db.pool.query(`insert into user_identifiers (user_id, type, value) values ($1, 'UNIV_ID', 'Eva@uni.example')`, [eva]);
  const gone = await addAccount(test.db.pool, { id: 'gone', columns: { ...outside, expiry_date: '2020-01-01' } });
  await test.db.pool.query(`insert into user_identifiers (user_id, type, value) values ($1, 'UNIV_ID', 'gone@uni.example')`, [gone]);
  await addAccount(test.db.pool, { id: 'inside', password: 'a heron on the roof' });
  await addAccount(test.db.pool, { id: 'kai', columns: { account_type: 'INTEXTAUTH' } });
});
afterAll(async () => {
  await university.close();
  await college.close();
});

beforeEach(async () => {
  await test.db.pool.query('truncate audit');
  university.person = { sub: 'u-1', claims: { eduPersonPrincipalName: 'eva@uni.example' } };
  college.person = { sub: 'kai' };
});

async function whoIs(browser: Browser): Promise<string | undefined> {
  return /<dt>User name<\/dt><dd>([^<]+)/.exec((await browser.open(at('/signed-in'))).text)?.[1];
}

/** Follows the way to the provider and back, but stops before the last step. */
async function almostBack(browser: Browser, code = 'uni'): Promise<string> {
  let { headers, url } = await browser.look(at(`/sign-in/oidc/${code}`));
  for (let step = 0; step < 10; step += 1) {
    const target = new URL(headers.get('location') ?? '', url).href;
    if (target.startsWith(at('/sign-in/oidc/'))) return target;
    ({ headers, url } = await browser.look(target));
  }
  throw new Error('The provider did not send the browser back.');
}

describe('signing in through a provider', () => {
  it('goes all the way: the claim from the user info names the user by an identifier', async () => {
    const browser = new Browser();
    const arrived = await browser.open(at('/sign-in/oidc/uni?next=/signed-in%3Fx=1'));
    expect([arrived.status, arrived.url]).toEqual([200, at('/signed-in?x=1')]);
    expect(await whoIs(browser)).toBe('eva');
    const { rows } = await test.db.pool.query('select method, provider, must_change_password from sessions');
    expect(rows).toEqual([{ method: 'oidc', provider: 'uni', must_change_password: false }]);
    const audit = await test.db.pool.query(
      `select actor, outcome, entity_id, detail, address from audit where operation = 'session.sign_in'`,
    );
    expect(audit.rows).toEqual([{ actor: 'eva', outcome: 'done', entity_id: 'eva', detail: { provider: 'uni' }, address: '127.0.0.1' }]);
    expect((await browser.open(at('/signed-in'))).text).not.toContain('/change-password');
  });

  it('does so with several providers side by side, each with its own claim', async () => {
    const page = await new Browser().open(at('/sign-in'));
    expect(page.text).toContain('Sign in with University');
    expect(page.text).toContain('Sign in with College');
    const browser = new Browser();
    await browser.open(at('/sign-in/oidc/college'));
    expect(await whoIs(browser)).toBe('kai');
  });

  it('asks for a code with PKCE, state and nonce, and sends the browser nothing else', async () => {
    const { status, headers } = await new Browser().look(at('/sign-in/oidc/uni'));
    const target = new URL(headers.get('location') ?? '');
    expect([status, target.origin, headers.get('cache-control')]).toEqual([303, university.issuer, 'no-store']);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      client_id: 'muster',
      response_type: 'code',
      redirect_uri: at(CALLBACK),
      scope: 'openid eduperson',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      ui_locales: 'en',
    });
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^muster_oidc=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/),
    ]);
  });
});

describe('is refused', () => {
  async function refused(browser = new Browser()): Promise<Visited> {
    const page = await browser.open(at('/sign-in/oidc/uni'));
    expect(browser.cookie(http.url, 'muster_session')).toBeUndefined();
    return page;
  }

  it('to whom nobody knows, who has expired, and whose account is of another type, in the same words', async () => {
    const pages = [];
    for (const eppn of ['nobody@uni.example', 'gone@uni.example', undefined]) {
      university.person = { sub: 'u-2', claims: eppn === undefined ? {} : { eduPersonPrincipalName: eppn } };
      const page = await refused();
      expect(page.status).toBe(403);
      pages.push(page.text.replace(/req-\w+/, ''));
    }
    college.person = { sub: 'inside' };
    const inside = new Browser();
    expect((await inside.open(at('/sign-in/oidc/college'))).status).toBe(403);
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('this account cannot be used here');
    const audit = await test.db.pool.query(
      `select entity_id, outcome, detail->>'reason' as reason from audit where operation = 'session.sign_in' order by id`,
    );
    expect(audit.rows).toEqual([
      { entity_id: null, outcome: 'refused', reason: 'unknown' },
      { entity_id: 'gone', outcome: 'refused', reason: 'inactive' },
      { entity_id: null, outcome: 'refused', reason: 'no_claim' },
      { entity_id: 'inside', outcome: 'refused', reason: 'account_type' },
    ]);
  });

  it('to who says no at the provider', async () => {
    university.person = null;
    const page = await refused(new Browser('de'));
    expect([page.status, page.text.includes('nicht abgeschlossen')]).toEqual([403, true]);
    const { rows } = await test.db.pool.query('select actor, operation, outcome, detail from audit');
    expect(rows).toEqual([
      { actor: 'sign-in', operation: 'session.sign_in', outcome: 'refused', detail: { provider: 'uni', reason: 'access.oidc_declined' } },
    ]);
  });

  it('in another browser than the one that began: nobody is signed in as somebody else', async () => {
    const attacker = new Browser();
    const link = await almostBack(attacker);
    const victim = new Browser();
    const page = await victim.open(link);
    expect([page.status, victim.cookie(http.url, 'muster_session')]).toEqual([400, undefined]);
    expect(page.text).toContain('begun in another browser');
    const planted = new Browser();
    await planted.look(at('/sign-in/oidc/uni'));
    expect((await planted.open(link)).status).toBe(400);
  });

  it('the second time, when it took too long, and at another provider’s address', async () => {
    const browser = new Browser();
    const link = await almostBack(browser);
    const cookie = browser.cookie(http.url, 'muster_oidc') ?? '';
    expect((await browser.look(link.replace('/uni/', '/college/'))).status).toBe(400);
    browser.setCookie(http.url, 'muster_oidc', cookie);
    expect((await browser.look(link)).status).toBe(303);
    browser.setCookie(http.url, 'muster_oidc', cookie);
    expect((await browser.look(link)).status).toBe(400);
    const late = new Browser();
    const lateLink = await almostBack(late);
    await test.db.pool.query(`update oidc_attempts set expires_at = now() - interval '1 second'`);
    expect((await late.look(lateLink)).status).toBe(400);
  });

  it('with an answer that is not the provider’s', async () => {
    for (const [name, value] of [
      ['code', 'forged'],
      ['iss', 'https://evil.example'],
    ] as const) {
      const browser = new Browser();
      const link = new URL(await almostBack(browser));
      link.searchParams.set(name, value);
      const page = await browser.open(link.href);
      expect([name, page.status, browser.cookie(http.url, 'muster_session')]).toEqual([name, 502, undefined]);
    }
    expect((await new Browser().open(at(`${CALLBACK}?code=x`))).status).toBe(400);
    expect((await new Browser().open(at(`${CALLBACK}?code=x&state=y&state=z`))).status).toBe(400);
  });

  it('at a provider that is off, is not there or does not answer', async () => {
    await operate(updateProvider, { code: 'college', enabled: false });
    expect((await new Browser().open(at('/sign-in/oidc/college'))).status).toBe(404);
    expect((await new Browser().open(at('/sign-in'))).text).not.toContain('College');
    await operate(updateProvider, { code: 'college', enabled: true });
    expect((await new Browser().open(at('/sign-in/oidc/no-such'))).status).toBe(404);
    await operate(createProvider, { code: 'down', label: { en: 'D', de: 'D' }, issuer: 'http://127.0.0.1:9', client_id: 'x' });
    const page = await new Browser().open(at('/sign-in/oidc/down'));
    expect([page.status, page.text.includes('does not answer properly'), page.text.includes('ECONNREFUSED')]).toEqual([502, true, false]);
  });

  it('beyond this server: next leads nowhere else', async () => {
    const browser = new Browser();
    const arrived = await browser.open(at(`/sign-in/oidc/uni?next=${encodeURIComponent('//evil.example')}`));
    expect(arrived.url).toBe(at('/'));
  });
});

describe('a session through a provider', () => {
  it('always has a new token, and ends the one before', async () => {
    const browser = new Browser();
    browser.setCookie(http.url, 'muster_session', 'planted');
    await browser.open(at('/sign-in/oidc/uni'));
    const first = browser.cookie(http.url, 'muster_session') ?? '';
    expect(first).not.toBe('planted');
    await browser.open(at('/sign-in/oidc/uni'));
    const old = new Browser();
    old.setCookie(http.url, 'muster_session', first);
    expect(await whoIs(old)).toBeUndefined();
  });

  it('ends here and is ended at the provider', async () => {
    const browser = new Browser();
    await browser.open(at('/sign-in/oidc/uni'));
    const page = await browser.open(at('/signed-in'));
    const out = await browser.send(at('/sign-out'), { csrf: /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '' });
    expect(out.status).toBe(200);
    expect(out.text).toContain('still signed in at University');
    expect(browser.cookie(http.url, 'muster_session')).toBeUndefined();
    const there = new URL(/^1; url=(.*)$/.exec(out.headers.get('refresh') ?? '')?.[1] ?? '');
    expect(there.origin).toBe(university.issuer);
    expect(there.searchParams.get('post_logout_redirect_uri')).toBe(at('/sign-in'));
    expect((await browser.open(there.href)).status).toBe(200);
  });

  it('ends when the provider is switched off', async () => {
    const browser = new Browser();
    await browser.open(at('/sign-in/oidc/college'));
    expect(await whoIs(browser)).toBe('kai');
    await operate(updateProvider, { code: 'college', enabled: false });
    expect(await whoIs(browser)).toBeUndefined();
    await operate(updateProvider, { code: 'college', enabled: true });
    expect(await whoIs(browser)).toBeUndefined();
  });
});

it('neither codes, states, secrets nor cookies are in the log', async () => {
  const browser = new Browser();
  const link = new URL(await almostBack(browser));
  await browser.open(link.href);
  const log = http.log();
  expect(log).toContain(CALLBACK);
  const secrets = [
    link.searchParams.get('code'),
    link.searchParams.get('state'),
    university.clientSecret,
    browser.cookie(http.url, 'muster_session'),
  ];
  for (const secret of secrets) {
    expect(secret).toBeTruthy();
    expect(log).not.toContain(secret);
  }
});
