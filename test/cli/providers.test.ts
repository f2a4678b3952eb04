import { afterAll, beforeAll, expect, it } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { useTestDatabase } from '../support/database.ts';
import { startProvider, type TestProvider } from '../support/oidc.ts';
import { json as ask, muster, PATIENT, temporaryDirectory } from './muster.ts';

const test = useTestDatabase();
const files = temporaryDirectory();
const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: path.join(files.directory, 'data') });
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });
let provider: TestProvider;

beforeAll(async () => {
  mkdirSync(path.join(files.directory, 'data'));
  provider = await startProvider({ callback: 'http://127.0.0.1:1/', signedOut: 'http://127.0.0.1:1/' });
});
afterAll(async () => {
  await provider.close();
  files.remove();
});

it('adds, tests, switches and removes an identity provider; its secret comes out of a file and never back', PATIENT, async () => {
  const secretFile = path.join(files.directory, 'secret');
  writeFileSync(secretFile, `${provider.clientSecret}\n`);
  const said = await muster(
    [
      'access',
      'providers',
      'add',
      'uni',
      '--issuer',
      provider.issuer,
      '--client-id',
      'muster',
      '--secret-file',
      secretFile,
      '--label-de',
      'Universität',
      '--scopes',
      'openid eduperson',
      '--claim',
      'eduPersonPrincipalName',
      '--match',
      'UNIV_ID',
    ],
    { env: env() },
  );
  expect([said.status, said.stderr]).toEqual([0, '']);
  expect(said.stdout).toContain('/sign-in/oidc/uni/callback');
  const listed = await json(['access', 'providers', 'list']);
  expect(listed).toMatchObject({
    providers: [
      {
        code: 'uni',
        label: { en: 'Universität', de: 'Universität' },
        has_secret: true,
        scopes: ['openid', 'eduperson'],
        matched_with: 'UNIV_ID',
        enabled: true,
      },
    ],
  });
  expect(JSON.stringify(listed) + said.stdout).not.toContain(provider.clientSecret);
  expect(await json(['access', 'providers', 'test', 'uni'])).toMatchObject({
    issuer: provider.issuer,
    sign_out: true,
    claim_supported: true,
  });
  expect(await json(['access', 'providers', 'disable', 'uni'])).toMatchObject({ enabled: false });
  expect(await json(['access', 'providers', 'enable', 'uni'])).toMatchObject({ enabled: true });
  const stored = await test.db.pool.query('select client_secret from identity_providers');
  expect(stored.rows).toEqual([{ client_secret: provider.clientSecret }]);
  expect(await json(['access', 'providers', 'remove', 'uni'])).toEqual({ deleted: 'uni', sessions_ended: 0 });
  expect(await json(['access', 'providers', 'remove', 'uni'], 1)).toMatchObject({ error: { code: 'access.provider_not_found' } });
});
