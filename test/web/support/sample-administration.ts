/** What an administration looks like that is in use: profiles, rules, keys, a provider, a webhook. */
import { createKey, createProvider, createRoleProfile, createRule, perform } from '../../../src/access/index.ts';
import type { App } from '../../../src/app/index.ts';
import type { AnyOperation } from '../../../src/core/index.ts';
import { createWebhook } from '../../../src/feeds/index.ts';

const PROFILES = [
  { name: 'Circulation desk', description: 'Colleagues at the desk', roles: ['32'] },
  { name: 'User services', description: 'Who looks after accounts', roles: ['21', '32'] },
] as const;

export async function addSampleAdministration(app: App): Promise<void> {
  const ctx = await app.contextFor(undefined, 'screenshots', 'en');
  const call = (operation: AnyOperation, input: object): Promise<unknown> => perform(ctx, operation, input);
  for (const { name, description, roles } of PROFILES)
    await call(createRoleProfile, { name, description, roles: roles.map((type) => ({ type, scope: 'INSTITUTION' })) });
  await call(createRule, {
    name: 'Library staff',
    when: 'user_group = "LIBRARY" and account_type = "EXTERNAL"',
    profiles: ['User services'],
  });
  await call(createRule, { name: 'University staff', when: 'user_group in ("STAFF", "FACULTY")', profiles: ['Circulation desk'] });
  const { rows } = await app.db.pool.query<{ primary_id: string }>(
    `select u.primary_id from users u join user_roles r on r.user_id = u.id where r.type = '26' and u.status = 'ACTIVE' order by u.id limit 1`,
  );
  const owner = rows[0]?.primary_id;
  if (owner === undefined) throw new Error('Nobody of the sample library administrates it.');
  await call(createKey, { name: 'Discovery', owner, read_only: true, areas: ['users'] });
  await call(createKey, { name: 'Student information system', owner, areas: ['users', 'jobs'], expires_on: '2027-12-31' });
  await call(createProvider, {
    code: 'university',
    label: { en: 'University of Seestadt', de: 'Universität Seestadt' },
    issuer: 'https://login.university.example',
    client_id: 'muster',
    claim: 'preferred_username',
  });
  await call(createWebhook, { url: 'https://identity.university.example/muster', events: ['run.finished', 'user.changed'] });
}
