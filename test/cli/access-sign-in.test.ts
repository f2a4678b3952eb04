import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/** Keys, sessions, links and slips on the command line; every command is a process of its own. */
const test = useTestDatabase();
const files = temporaryDirectory();
const env = (): Record<string, string> => ({
  DATABASE_URL: test.url,
  MUSTER_DATA: path.join(files.directory, 'data'),
  MUSTER_PUBLIC_URL: 'https://muster.example.org/',
});
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });

beforeAll(() => mkdirSync(path.join(files.directory, 'data')));
afterAll(() => files.remove());

describe('muster access', PATIENT, () => {
  it('makes the first administrator, keys, links and slips; each secret is told once', async () => {
    const made = await json(['access', 'admin']);
    expect(made).toEqual({ user: 'admin', url: expect.stringMatching(/^https:\/\/muster\.example\.org\/set-password\?token=[\w-]{43}$/) });
    expect(((await json(['access', 'first-link'])) as { url: string }).url).not.toBe(made['url']);

    const key = await json([
      'access',
      'keys',
      'create',
      'Discovery',
      '--owner',
      'admin',
      '--read-only',
      '--areas',
      'users, sets',
      '--expires',
      '2099-12-31',
    ]);
    expect(key).toMatchObject({
      id: 1,
      name: 'Discovery',
      owner: 'admin',
      read_only: true,
      areas: ['users', 'sets'],
      expires_at: '2099-12-31T23:00:00Z',
    });
    const listed = await json(['access', 'keys', 'list']);
    expect(listed).toMatchObject({ keys: [{ id: 1, shown: key['shown'] }] });
    expect(JSON.stringify(listed)).not.toContain(key['key']);
    expect(await json(['access', 'keys', 'revoke', '1'])).toMatchObject({ revoked_by: 'administrator' });
    expect(await json(['access', 'keys', 'create', 'X', '--owner', 'admin', '--areas', 'kitchen'], 1)).toMatchObject({
      error: { code: 'input.invalid' },
    });

    expect(await json(['access', 'link', 'admin'])).toMatchObject({ user: 'admin', url: expect.stringContaining('/set-password?token=') });
    expect(await json(['access', 'slip', 'admin'])).toMatchObject({ user: 'admin', password: expect.stringMatching(/^\w{10}$/) });
    // A temporary password is one that signs in.
    expect(await json(['access', 'admin'])).toBeNull();
    expect(await json(['access', 'sessions', 'list'])).toEqual({ sessions: [], next: null });
    expect(await json(['access', 'sessions', 'end', '--user', 'admin'])).toEqual({ ended: 0 });
    expect(await json(['access', 'sessions', 'end'], 1)).toMatchObject({ error: { code: 'access.which_sessions' } });
    expect(await json(['access', 'link', 'admin', '--as', 'admin'], 1)).toMatchObject({ error: { code: 'access.own_credentials' } });

    const german = await call(['access', 'keys', 'list', '--lang', 'de'], { env: env() });
    expect(german.stdout).toMatch(/Nr\. +Name +Schlüssel[\s\S]*Darf nur lesen: users, sets +widerrufen/);
    const words = await call(['access', 'link', 'admin'], { env: env() });
    expect(words.stdout).toMatch(/With this link admin sets a password[\s\S]*https:\/\/muster\.example\.org\/set-password/);
  });
});
