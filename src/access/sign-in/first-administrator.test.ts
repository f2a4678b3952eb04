import { beforeEach, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { type Context, PRIVILEGES } from '../../core/index.ts';
import { firstLink, privilegesOf, signIn, useSignInLink } from '../index.ts';

const test = useTestDatabase();

const contextOf = (): Context => ({
  db: test.db,
  actor: { kind: 'system', name: 'server' },
  source: 'server',
  language: 'de',
  timeZone: 'Europe/Berlin',
  publicUrl: 'https://m.example.org',
  dataDir: '/nowhere',
  doorbell: { ring: async () => undefined },
});

const admins = async () =>
  (
    await test.db.pool.query<{ primary_id: string }>(
      `select u.primary_id from users u join user_roles r on r.user_id = u.id and r.type = '26' order by u.id`,
    )
  ).rows.map((r) => r.primary_id);

beforeEach(() =>
  test.db.pool.query('delete from sign_in_throttle; delete from journal; delete from users; delete from runs; delete from audit'),
);

it('is made once, journalled, and gets in by a link that is told once', async () => {
  const made = await firstLink(contextOf(), { another: false });
  expect(made).toEqual({ user: 'admin', url: expect.stringMatching(/^https:\/\/m\.example\.org\/set-password\?token=[\w-]{43}$/) });
  expect(await firstLink(contextOf(), { another: false })).toBeNull();
  const { rows } = await test.db.pool.query(
    `select r.name, r.created_by, j.diff -> 'rows' -> 0 ->> 'table' as first from journal j join runs r on r.id = j.run_id`,
  );
  expect(rows).toEqual([{ name: 'First administrator', created_by: 'muster', first: 'user_roles' }]);

  const another = await firstLink(contextOf(), { another: true });
  expect(another?.user).toBe('admin');
  expect(await admins()).toEqual(['admin']);
  const [first, second] = [made, another].map((link) => link?.url.split('=')[1] ?? '');
  await expect(useSignInLink(contextOf(), first ?? '', 'a sentence to keep')).rejects.toMatchObject({ code: 'access.link_ended' });
  await useSignInLink(contextOf(), second ?? '', 'a sentence to keep');
  const { actor } = await signIn(contextOf(), { identifier: 'admin', password: 'a sentence to keep' });
  expect(privilegesOf(actor)).toEqual(PRIVILEGES);
  expect(await firstLink(contextOf(), { another: true })).toBeNull();
});

it('is one, however many servers start at once', async () => {
  const made = await Promise.all([1, 2, 3, 4].map(() => firstLink(contextOf(), { another: false })));
  expect(made.filter((link) => link !== null)).toHaveLength(1);
  expect(await admins()).toEqual(['admin']);
});

it('gets a new link at a start when the last one has expired', async () => {
  await firstLink(contextOf(), { another: false });
  await test.db.pool.query(`update sign_in_links set expires_at = now() - interval '1 second'`);
  expect(await firstLink(contextOf(), { another: false })).toMatchObject({ user: 'admin' });
});

it('does not take somebody else’s name, and is not needed where somebody administrates', async () => {
  await test.db.pool.query(`insert into users (primary_id) values ('Admin')`);
  expect(await firstLink(contextOf(), { another: false })).toMatchObject({ user: 'admin-2' });
  await test.db.pool.query('delete from users');
  await test.db.pool.query(`
    with u as (insert into users (primary_id, account_type, external_id) values ('eva', 'EXTERNAL', 'SIS') returning id)
    insert into user_roles (user_id, type, scope) select id, '26', 'INSTITUTION' from u`);
  await test.db.pool.query(
    `insert into identity_providers (code, label_en, label_de, issuer, client_id, enabled) values ('uni', 'Uni', 'Uni', 'https://idp.example.org', 'muster', false)`,
  );
  expect(await firstLink(contextOf(), { another: false })).toMatchObject({ user: 'admin' });
  await test.db.pool.query('update identity_providers set enabled = true');
  expect(await firstLink(contextOf(), { another: true })).toBeNull();
  await test.db.pool.query(
    `update user_roles set expiry_date = '2020-01-01' where user_id = (select id from users where primary_id = 'eva')`,
  );
  expect(await firstLink(contextOf(), { another: true })).toMatchObject({ user: 'admin' });
});
