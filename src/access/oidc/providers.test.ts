import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { startProvider, type TestProvider } from '../../../test/support/oidc.ts';
import { type Actor, type AnyOperation, AppError, type Context } from '../../core/index.ts';
import { ADMINISTRATOR } from '../actor.ts';
import { perform } from '../perform.ts';
import { claimedUser } from './claimed-user.ts';
import { findProvider } from './provider.ts';
import { createProvider, deleteProvider, listProviders, testProvider, updateProvider } from './provider-operations.ts';

const test = useTestDatabase();

function contextOf(actor: Actor = ADMINISTRATOR): Context {
  return {
    db: test.db,
    actor,
    source: 'test',
    language: 'en',
    timeZone: 'Europe/Berlin',
    dataDir: '/nowhere',
    doorbell: { ring: async () => undefined },
  };
}

const SECRET = 'correct-horse-battery-staple';
const UNI = {
  code: 'uni',
  label: { en: 'University', de: 'Universität' },
  issuer: 'https://idp.example.org',
  client_id: 'muster',
  client_secret: SECRET,
};

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
}

beforeEach(async () => {
  await test.db.pool.query('truncate identity_providers cascade');
  await test.db.pool.query('truncate audit');
});

describe('managing identity providers', () => {
  it('has safe defaults, and never shows a secret, in no answer and not in the audit', async () => {
    const made = await perform(contextOf(), createProvider, UNI);
    expect(made).toMatchObject({
      code: 'uni',
      has_secret: true,
      claim: 'sub',
      matched_with: 'primary_id',
      account_types: ['EXTERNAL', 'INTEXTAUTH'],
    });
    const listed = await perform(contextOf(), listProviders, {});
    const changed = await perform(contextOf(), updateProvider, {
      code: 'uni',
      client_secret: `${SECRET}-2`,
      scopes: ['openid', 'profile'],
    });
    expect(changed.scopes).toEqual(['openid', 'profile']);
    const refused = await perform(contextOf(), createProvider, { ...UNI, issuer: 'ftp://x', code: 'other' }).catch(String);
    const audit = await test.db.pool.query('select * from audit');
    expect(audit.rows).toHaveLength(4);
    expect(JSON.stringify([made, listed, changed, refused, audit.rows])).not.toContain(SECRET);
    expect((await findProvider(test.db.pool, 'uni')).client_secret).toBe(`${SECRET}-2`);
  });

  it('takes plain http from this machine only, and no address with anything in it that a token could leak by', async () => {
    const made = (issuer: string, code: string): Promise<unknown> => codeOf(perform(contextOf(), createProvider, { ...UNI, issuer, code }));
    for (const wrong of [
      'http://idp.example.org',
      'http://127.0.0.1.evil.org',
      'https://u:p@idp.example.org',
      'https://idp.example.org?x=1',
      'javascript:0',
      'x',
    ]) {
      expect([wrong, await made(wrong, 'wrong')]).toEqual([wrong, 'input.invalid']);
    }
    expect(await made('http://127.0.0.1:3000', 'four')).toBe('done');
    expect(await made('http://[::1]:3000', 'six')).toBe('done');
    expect(await made('https://idp.example.org/realms/library', 'tls')).toBe('done');
  });

  it('refuses a second provider of a code, an unknown identifier type, and scopes without openid', async () => {
    await perform(contextOf(), createProvider, UNI);
    expect(await codeOf(perform(contextOf(), createProvider, UNI))).toBe('access.provider_exists');
    expect(await codeOf(perform(contextOf(), updateProvider, { code: 'uni', matched_with: 'NO_SUCH_TYPE' }))).toBe(
      'access.provider_match_unknown',
    );
    expect(await codeOf(perform(contextOf(), updateProvider, { code: 'uni', scopes: ['profile'] }))).toBe('input.invalid');
    expect(await codeOf(perform(contextOf(), updateProvider, { code: 'nobody' }))).toBe('access.provider_not_found');
    expect(await codeOf(perform(contextOf(), deleteProvider, { code: 'nobody' }))).toBe('access.provider_not_found');
  });

  it('does not send a secret to another issuer than it was given for', async () => {
    await perform(contextOf(), createProvider, UNI);
    const elsewhere = { code: 'uni', issuer: 'https://other.example.org' };
    expect(await codeOf(perform(contextOf(), updateProvider, elsewhere))).toBe('access.provider_secret_again');
    expect(await codeOf(perform(contextOf(), updateProvider, { ...elsewhere, client_secret: 'new' }))).toBe('done');
  });

  it('ends the sessions of a provider that is changed in who gets in, switched off or removed', async () => {
    const sessions = async (): Promise<number> => (await test.db.pool.query('select from sessions')).rowCount ?? 0;
    const signedIn = async (): Promise<void> => {
      await test.db.pool.query(`
        with u as (insert into users (primary_id, account_type, external_id) values ('s' || random(), 'EXTERNAL', 'x') returning id)
        insert into sessions (token_hash, user_id, method, provider, expires_at, idle_seconds)
        select decode(md5(random()::text), 'hex'), u.id, 'oidc', 'uni', now() + interval '1 hour', 60 from u`);
    };
    await perform(contextOf(), createProvider, UNI);
    await signedIn();
    await perform(contextOf(), updateProvider, { code: 'uni', label: { en: 'Uni', de: 'Uni' } });
    expect(await sessions()).toBe(1);
    await perform(contextOf(), updateProvider, { code: 'uni', enabled: false });
    expect(await sessions()).toBe(0);
    await signedIn();
    expect(await perform(contextOf(), deleteProvider, { code: 'uni' })).toEqual({ deleted: 'uni', sessions_ended: 1 });
  });

  it('is for who may change access; others see at most the list', async () => {
    const manager = await userActor(test.db.pool, ['21']);
    expect(await codeOf(perform(contextOf(manager), listProviders, {}))).toBe('done');
    const writing: readonly AnyOperation[] = [createProvider, updateProvider, deleteProvider, testProvider];
    for (const operation of writing) {
      expect(await codeOf(perform(contextOf(manager), operation, UNI))).toBe('access.denied');
    }
    expect(await codeOf(perform(contextOf(await userActor(test.db.pool, ['200'])), listProviders, {}))).toBe('access.denied');
  });
});

describe('testing a provider', () => {
  let provider: TestProvider;
  beforeAll(async () => {
    provider = await startProvider({ callback: 'http://127.0.0.1:1/callback', signedOut: 'http://127.0.0.1:1/' });
  });
  afterAll(() => provider.close());

  it('says what it offers, which scopes it does not know, and where it has to send people back to', async () => {
    await perform(contextOf(), createProvider, {
      ...UNI,
      issuer: provider.issuer,
      scopes: ['openid', 'nonsense'],
      claim: 'eduPersonPrincipalName',
    });
    expect(await perform(contextOf(), testProvider, { code: 'uni' })).toMatchObject({
      issuer: provider.issuer,
      user_info: true,
      sign_out: true,
      claim_supported: true,
      scopes_unknown: ['nonsense'],
      callback_path: '/sign-in/oidc/uni/callback',
    });
  });

  it('says why one does not answer', async () => {
    await perform(contextOf(), createProvider, { ...UNI, issuer: 'http://127.0.0.1:9' });
    const error = await perform(contextOf(), testProvider, { code: 'uni' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'access.provider_unreachable' });
    await perform(contextOf(), updateProvider, { code: 'uni', issuer: `${provider.issuer}/other`, client_secret: SECRET });
    expect(await codeOf(perform(contextOf(), testProvider, { code: 'uni' }))).toBe('access.provider_unreachable');
  });
});

describe('whom a claim names', () => {
  const TODAY = '2026-11-24';

  async function person(
    id: string,
    columns: Readonly<Record<string, string>>,
    identifiers: readonly (readonly [string, string])[] = [],
  ): Promise<void> {
    const all = { primary_id: id, account_type: 'EXTERNAL', external_id: 'SIS', ...columns };
    const values = Object.values(all).map((value) => (value === '' ? null : value));
    const { rows } = await test.db.pool.query<{ id: number }>(
      `insert into users (${Object.keys(all).join(', ')}) values (${values.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
      values,
    );
    for (const [type, value] of identifiers) {
      await test.db.pool.query('insert into user_identifiers (user_id, type, value) values ($1, $2, $3)', [rows[0]?.id, type, value]);
    }
  }

  async function claimed(claim: unknown, matched_with = 'primary_id', more: object = {}): Promise<unknown> {
    await test.db.pool.query('truncate identity_providers cascade');
    await perform(contextOf(), createProvider, { ...UNI, matched_with, ...more });
    const found = await claimedUser(test.db.pool, await findProvider(test.db.pool, 'uni'), claim, TODAY);
    return 'refusal' in found ? found.refusal : found.primaryId;
  }

  beforeAll(async () => {
    await person('eva', {}, [
      ['UNIV_ID', 'U-100'],
      ['BARCODE', 'B-100'],
    ]);
    await test.db.pool.query(`insert into user_emails (user_id, address) select id, 'eva@example.org' from users where primary_id = 'eva'`);
    await person('both', { account_type: 'INTEXTAUTH', external_id: '' });
    await person('inside', { account_type: 'INTERNAL', external_id: '' });
    await person('gone', { expiry_date: '2026-11-23' });
    await person('last-day', { expiry_date: '2026-11-24' });
    await person('asleep', { status: 'INACTIVE' });
    await person('Administrator', {});
  });

  it('is found by the whole value, in upper or lower case, in the one place that is configured', async () => {
    expect(await claimed(' EVA ')).toBe('eva');
    expect(await claimed(['eva'])).toBe('eva');
    expect(await claimed('u-100', 'UNIV_ID')).toBe('eva');
    expect(await claimed('both')).toBe('both');
    expect(await claimed('last-day')).toBe('last-day');
    expect(await claimed('U-100')).toBe('unknown');
    expect(await claimed('B-100', 'UNIV_ID')).toBe('unknown');
    expect(await claimed('eva', 'UNIV_ID')).toBe('unknown');
    expect(await claimed('ev')).toBe('unknown');
    expect(await claimed('eva@example.org')).toBe('unknown');
    expect(await claimed('%')).toBe('unknown');
  });

  it('is nobody when there is no single text in the claim', async () => {
    for (const claim of [undefined, null, '', ' ', 7, {}, [], ['eva', 'both'], 'eva\0', 'x'.repeat(501)]) {
      expect(await claimed(claim)).toBe('no_claim');
    }
  });

  it('is refused when two have it, and for internal, expired, inactive users and the administrator’s name', async () => {
    await test.db.pool.query(
      `update codes set properties = '{"unique": false}' where table_name = 'UserIdentifierTypes' and code = 'UNIV_ID'`,
    );
    await person('twin-1', {}, [['UNIV_ID', 'U-2']]);
    await person('twin-2', {}, [['UNIV_ID', 'U-2']]);
    expect(await claimed('U-2', 'UNIV_ID')).toBe('ambiguous');
    expect(await claimed('inside')).toBe('account_type');
    expect(await claimed('inside', 'primary_id', { account_types: ['INTERNAL'] })).toBe('inside');
    expect(await claimed('gone')).toBe('inactive');
    expect(await claimed('asleep')).toBe('inactive');
    expect(await claimed('administrator')).toBe('reserved');
  });
});
