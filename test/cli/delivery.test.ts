import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLetterKey } from '../../src/letters/index.ts';
import { returnToken } from '../../src/letters/return-address.ts';
import { useTestDatabase } from '../support/database.ts';
import { postfixReport } from '../support/reports.ts';
import { startMailServer } from '../support/smtp.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/** Ways out and what comes back, as staff and operators type it, each command a process of its own. */
const test = useTestDatabase();
const files = temporaryDirectory();
const mails = await startMailServer();
const env = (): Record<string, string> => ({
  DATABASE_URL: test.url,
  MUSTER_DATA: path.join(files.directory, 'data'),
  SMTP_URL: `smtp://muster:hidden@127.0.0.1:${mails.port}`,
  MAIL_FROM: 'library@example.org',
  MAIL_BOUNCE_ADDRESS: 'bounces@example.org',
});
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });
const muster = (args: readonly string[]): ReturnType<typeof call> => call(args, { env: env() });

beforeAll(() => {
  mkdirSync(path.join(files.directory, 'data'));
});
afterAll(async () => {
  await mails.close();
  files.remove();
});

describe('on the command line', PATIENT, () => {
  it('addresses are suppressed, listed, lifted, written out and read in', async () => {
    expect(await json(['suppressions', 'add', 'Anna@example.org', '--reason', 'moved away'])).toEqual({
      address: 'anna@example.org',
      added: true,
    });
    expect(await json(['suppressions', 'list', 'anna'])).toMatchObject({
      total: 1,
      suppressions: [{ reason: 'manual', detail: 'moved away' }],
    });
    const file = path.join(files.directory, 'list.csv');
    expect(await json(['suppressions', 'export', file])).toMatchObject({ addresses: 1 });
    expect(readFileSync(file, 'utf8')).toContain('email,anna@example.org,manual,moved away');
    expect(await json(['suppressions', 'lift', 'anna@example.org'])).toEqual({ address: 'anna@example.org' });
    expect(await json(['suppressions', 'lift', 'anna@example.org'], 1)).toMatchObject({ error: { code: 'letters.suppression_not_found' } });
    expect(await json(['suppressions', 'import', file])).toEqual({ read: 1, added: 1 });
    const { stdout } = await muster(['--lang', 'de', 'suppressions', 'list']);
    expect(stdout).toContain('anna@example.org');
    expect(stdout).toContain('vom Personal');
  });

  it('reports are read from files', async () => {
    const { rows } = await test.db.pool.query<{ id: number }>(sql`
      with u as (insert into users (primary_id) values ('berta') returning id),
        r as (insert into runs (kind, name, state, plan, today, created_by) values ('job', 'x', 'COMPLETED_SUCCESS', '{}', '2026-11-24', 'x') returning id)
      insert into outbox (run_id, user_id, letter, state, address, sent_at)
      select r.id, u.id, 'GENERAL_NOTICE', 'sent', 'berta@example.org', now() from u cross join r returning id`);
    const id = rows[0]?.id ?? 0;
    const returnPath = `bounces+${returnToken(await readLetterKey(test.db.pool), id)}@example.org`;
    const file = path.join(files.directory, 'bounce.eml');
    writeFileSync(file, postfixReport({ returnPath, messageId: '<x@example.org>', to: 'berta@example.org' }));
    expect(await json(['bounces', 'read', file, file])).toMatchObject({
      reports: [
        { outcome: 'hard', message: id, address: 'berta@example.org', suppressed: true },
        { outcome: 'known', message: id },
      ],
    });
    expect(await json(['bounces', 'list'])).toMatchObject({ total: 1, reports: [{ user: 'berta', kind: 'hard', status: '5.1.1' }] });
    expect(await json(['bounces', 'read', `${file}.none`], 1)).toMatchObject({ error: { code: 'cli.file_unreadable' } });
    expect((await muster(['bounces', 'list'])).stdout).toContain('nobody there');
  });

  it('the ways out are shown without secrets, and tried', async () => {
    const shown = await json(['channels', 'show']);
    expect(shown).toMatchObject({
      channels: [
        {
          channel: 'email',
          kind: 'smtp',
          enabled: true,
          details: { host: '127.0.0.1', port: mails.port, bounce_address: 'bounces@example.org' },
        },
        { channel: 'sms', kind: null, enabled: false },
      ],
    });
    expect(JSON.stringify(shown)).not.toContain('hidden');
    expect(await json(['channels', 'test', 'email'])).toMatchObject({ channel: 'email', reachable: expect.any(Boolean) });
    expect(await json(['channels', 'test', 'sms'], 1)).toMatchObject({ error: { code: 'letters.no_channel' } });
    expect(await json(['channels', 'test', 'fax'], 2)).toMatchObject({ error: { code: 'usage.channel' } });
  });
});
