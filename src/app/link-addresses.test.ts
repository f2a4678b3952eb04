import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/cli/muster.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { hashPassword, requestPasswordReset, systemActor } from '../access/index.ts';
import { readConfig } from './config.ts';
import { type App, openApp } from './open.ts';

const test = useTestDatabase();
const files = temporaryDirectory();
let app: App | undefined;

afterEach(async () => {
  await app?.close();
  files.remove();
});

/** The address in the letter that the next sender's turn brings. */
async function linkFrom(environment: Readonly<Record<string, string>>, servesAt: string): Promise<string> {
  const dataDir = path.join(files.directory, 'data');
  app = await openApp(readConfig({ dataDir }, { DATABASE_URL: test.url, ...environment }));
  app.servesAt(servesAt);
  await requestPasswordReset(app.contextOf(systemActor('sign-in'), 'http', 'en'), 'anna');
  await app.tasks.sendDue(new AbortController().signal);
  await app.close();
  app = undefined;
  const letters = (await readdir(path.join(dataDir, 'mailbox'), { recursive: true })).filter((name) => name.endsWith('.eml')).sort();
  const text = await readFile(path.join(dataDir, 'mailbox', letters.at(-1) ?? ''), 'utf8');
  return /(https?:\/\/\S+)\/set-password\?token=/.exec(text.replaceAll('=\r\n', '').replaceAll('=3D', '='))?.[1] ?? text;
}

it('links in letters begin with where people reach the server: as the operator says, else where it listens', async () => {
  await test.db.pool.query(sql`
    with u as (insert into users (primary_id) values ('anna') returning id), m as (insert into user_emails (user_id, address) select id, 'anna@example.org' from u),
      c as (insert into credentials (user_id, kind, hash) select id, 'password', ${await hashPassword('some words')} from u)
    select 1`);
  expect(await linkFrom({}, 'http://127.0.0.1:45678')).toBe('http://127.0.0.1:45678');
  expect(await linkFrom({ MUSTER_PUBLIC_URL: 'https://muster.example.org/users/' }, 'http://127.0.0.1:45678')).toBe(
    'https://muster.example.org/users',
  );
}, 60_000);
