/** What leads from letters back to the server, with letters that a mail server on loopback has taken. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { doorsFor } from '../../../test/support/doors.ts';
import { useTestServer } from '../../../test/support/http.ts';
import { complaintReport, type Original, postfixReport } from '../../../test/support/reports.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { type ReceivedMail, startMailServer } from '../../../test/support/smtp.ts';
import { ADMINISTRATOR } from '../../access/index.ts';
import { readConfig } from '../../app/index.ts';
import type { Actor } from '../../core/index.ts';
import { readLetterKey } from '../../letters/index.ts';
import { unsubscribeToken } from '../../letters/unsubscribe-link.ts';

const mails = await startMailServer();
const scratch = await mkdtemp(path.join(tmpdir(), 'letters-http-'));
const SECRET = 'a-secret-of-sixteen+';
const { letters } = readConfig({ dataDir: scratch }, { MAIL_BOUNCE_ADDRESS: 'bounces@example.org', MAIL_BOUNCE_SECRET: SECRET });

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
const http = useTestServer(test, {
  config: { smtpUrl: mails.url, mailFrom: 'The Library <library@example.org>', letters },
  parts: () => ({ doors: doorsFor(() => actors) }),
});
const bench = runsBench(test);

beforeAll(async () => {
  actors['letters'] = await userActor(test.db.pool, ['57'], { name: 'letters' });
  actors['manager'] = await userActor(test.db.pool, ['21'], { name: 'manager' });
  http.app.servesAt(http.url);
  await test.db.pool.query(sql`insert into settings (name, value) values ('library.name', '"City Library"')`);
});
afterAll(async () => {
  await mails.close();
  await rm(scratch, { recursive: true, force: true });
});

let people = 0;

/** A user who has just got a letter of the type, and the mail as it arrived. */
async function lettered(
  type: string,
  more: object = {},
  changes: readonly object[] = [],
): Promise<{ name: string; mail: ReceivedMail; run: number }> {
  people += 1;
  const name = `p${people}`;
  await bench.users({
    primary_id: name,
    last_name: `Person ${people}`,
    user_emails: [{ address: `${name}@example.org`, types: ['personal'] }],
    ...more,
  });
  const { run, mail } = await send(name, type, changes);
  if (mail === undefined) throw new Error('the letter did not arrive');
  return { name, mail, run };
}

async function send(
  name: string,
  type: string | null,
  changes: readonly object[] = [],
): Promise<{ run: number; mail: ReceivedMail | undefined }> {
  const set = await bench.set(`primary_id = "${name}"`);
  const report = await bench.run(set, { changes, ...(type === null ? {} : { notify: { type } }) });
  const before = mails.received.length;
  while (await http.app.tasks.sendDue(AbortSignal.timeout(20_000)));
  return { run: report.id, mail: mails.received.slice(before).find((mail) => mail.recipients.includes(`${name}@example.org`)) };
}

async function linkOf(mail: ReceivedMail): Promise<string> {
  const { headerLines } = await simpleParser(mail.raw);
  const line = headerLines.find(({ key }) => key === 'list-unsubscribe')?.line.replace(/\r?\n\s+/g, '') ?? '';
  return /<(http[^>]+)>/.exec(line)?.[1] ?? '';
}

async function originalOf(mail: ReceivedMail): Promise<Original> {
  const { messageId = '' } = await simpleParser(mail.raw);
  return { returnPath: mail.from, messageId, to: mail.recipients[0] ?? '' };
}

async function choices(name: string): Promise<unknown[]> {
  const { rows } = await test.db.pool.query(sql`
    select p.code, p.value from user_letter_preferences p join users u on u.id = p.user_id where u.primary_id = ${name}`);
  return rows;
}

async function edits(name: string): Promise<readonly { created_by: string; kind: string }[]> {
  const { rows } = await test.db.pool.query<{ created_by: string; kind: string }>(sql`
    select r.created_by, r.kind from journal j join runs r on r.id = j.run_id join users u on u.id = j.user_id
    where u.primary_id = ${name} order by j.id`);
  return rows;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const oneClick = (link: string): Promise<Response> => fetch(link, { method: 'POST', headers: FORM, body: 'List-Unsubscribe=One-Click' });

describe('unsubscribing from a letter that arrived', () => {
  it('takes one request without cookies, once, and is a journalled change of the user', async () => {
    const { name, mail } = await lettered('GENERAL_NOTICE');
    expect(mail.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
    const link = await linkOf(mail);
    expect(link.startsWith(`${http.url}/letters/unsubscribe/`)).toBe(true);
    const answer = await oneClick(link);
    expect(answer.status).toBe(200);
    expect(await choices(name)).toEqual([{ code: 'GENERAL_NOTICE', value: false }]);
    expect((await oneClick(link)).status).toBe(200);
    expect(await edits(name)).toEqual([{ created_by: 'unsubscribe', kind: 'edit' }]);
    // And it holds: the next letter of the kind does not go out.
    expect((await send(name, 'GENERAL_NOTICE')).mail).toBeUndefined();
  });

  it('is not done by opening the link, which mail scanners do', async () => {
    const { name, mail } = await lettered('GENERAL_NOTICE');
    const link = await linkOf(mail);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200);
    expect(await choices(name)).toEqual([]);
    expect((await fetch(link, { method: 'POST', headers: FORM, body: 'something=else' })).status).toBe(400);
    expect((await fetch(link, { method: 'POST' })).status).toBe(400);
    expect(await choices(name)).toEqual([]);
  });

  it('may come as a form in parts, as RFC 8058 has it', async () => {
    const { name, mail } = await lettered('GENERAL_NOTICE');
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    expect((await fetch(await linkOf(mail), { method: 'POST', body: form })).status).toBe(200);
    expect(await choices(name)).toEqual([{ code: 'GENERAL_NOTICE', value: false }]);
  });

  it('is asked for on a page, in the reader’s language, and can be taken back there', async () => {
    const { name, mail } = await lettered('GENERAL_NOTICE');
    const link = await linkOf(mail);
    const page = async (): Promise<string> => (await fetch(link, { headers: { 'accept-language': 'de' } })).text();
    const asked = await page();
    expect(asked).toContain('<html lang="de">');
    expect(asked).toContain('„Allgemeine Mitteilung“ mehr von City Library');
    expect(asked).toMatch(/<button[^>]*>Diese Briefe abbestellen<\/button>/);
    expect(asked).not.toContain(name);
    const submit = (wish: string): Promise<Response> => fetch(link, { method: 'POST', headers: FORM, body: `wish=${wish}` });
    expect((await submit('end')).url).toBe(link);
    expect(await choices(name)).toEqual([{ code: 'GENERAL_NOTICE', value: false }]);
    expect(await page()).toMatch(/role="status"[\s\S]*Wieder erhalten/);
    await submit('back');
    expect(await choices(name)).toEqual([{ code: 'GENERAL_NOTICE', value: true }]);
    expect(await page()).toContain('Diese Briefe abbestellen');
    expect((await send(name, 'GENERAL_NOTICE')).mail).toBeDefined();
  });

  it('is kept from caches, other sites and their frames', async () => {
    const { mail } = await lettered('GENERAL_NOTICE');
    const { headers } = await fetch(await linkOf(mail));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('says so when the link is forged, too old, or leads to nobody', async () => {
    const { name, mail } = await lettered('GENERAL_NOTICE');
    const link = await linkOf(mail);
    const key = await readLetterKey(test.db.pool);
    const { rows } = await test.db.pool.query<{ id: number }>(sql`select u.id from users u where u.primary_id = ${name}`);
    const userId = rows[0]?.id ?? 0;
    const old = unsubscribeToken(key, { userId, type: 'GENERAL_NOTICE' }, Date.now() - 731 * 86_400_000);
    const nobody = unsubscribeToken(key, { userId: 999_999, type: 'GENERAL_NOTICE' });
    const noType = unsubscribeToken(key, { userId, type: 'NOTHING' });
    const token = link.slice(link.lastIndexOf('/') + 1);
    const forged = [
      token.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')),
      token.replace('GENERAL_NOTICE', 'WELCOME'),
      token.replace(/\.[^.]+\./, '.1.'),
      unsubscribeToken(Buffer.from('another key'), { userId, type: 'GENERAL_NOTICE' }),
      'x',
      '%00',
    ];
    for (const wrong of [...forged, old, nobody, noType]) {
      const answer = await fetch(`${http.url}/letters/unsubscribe/${wrong}`);
      expect([wrong, answer.status]).toEqual([wrong, 410]);
      const text = await answer.text();
      expect(text).toContain('role="alert"');
      expect(text).toContain('This link does not work any more');
      expect((await oneClick(`${http.url}/letters/unsubscribe/${wrong}`)).status).toBe(410);
    }
    expect(await choices(name)).toEqual([]);
  });

  it('is not offered for letters that are always sent', async () => {
    const { name, mail } = await lettered('ACCOUNT_TYPE_CHANGED');
    expect(mail.headerNames).not.toContain('list-unsubscribe');
    const key = await readLetterKey(test.db.pool);
    const { rows } = await test.db.pool.query<{ id: number; essential: boolean }>(
      sql`select u.id, t.essential from users u cross join notification_types t where u.primary_id = ${name} and t.code = 'ACCOUNT_TYPE_CHANGED'`,
    );
    expect(rows[0]?.essential).toBe(true);
    const link = `${http.url}/letters/unsubscribe/${unsubscribeToken(key, { userId: rows[0]?.id ?? 0, type: 'ACCOUNT_TYPE_CHANGED' })}`;
    expect(await (await fetch(link)).text()).toContain('They cannot be ended');
    expect((await oneClick(link)).status).toBe(409);
    expect(await choices(name)).toEqual([]);
  });
});

describe('a report that a mail server brings', () => {
  const bring = (body: Buffer, headers: Record<string, string>): Promise<Response> =>
    fetch(`${http.url}/letters/bounces`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822', ...headers },
      body: new Uint8Array(body),
    });
  const withSecret = { authorization: `Bearer ${SECRET}` };

  it('is taken from who has the secret or may change letters, and from nobody else', async () => {
    const { mail } = await lettered('GENERAL_NOTICE');
    expect(mail.from).toMatch(/^bounces\+[0-9a-z]+-[0-9a-f]{20}@example\.org$/);
    const report = postfixReport(await originalOf(mail));
    expect((await bring(report, {})).status).toBe(401);
    expect((await bring(report, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await bring(report, { authorization: 'apikey manager' })).status).toBe(403);
    const answer = await bring(report, withSecret);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ outcome: 'hard', address: mail.recipients[0], suppressed: true });
    const again = await fetch(`${http.url}/letters/bounces`, {
      method: 'POST',
      headers: { authorization: 'apikey letters', 'content-type': 'application/json' },
      body: JSON.stringify({ message: report.toString('base64'), encoding: 'base64' }),
    });
    expect(await again.json()).toMatchObject({ outcome: 'known' });
    // The secret opens nothing else.
    expect((await fetch(`${http.url}/api/bounces`, { headers: withSecret })).status).toBe(401);
  });

  it('marks the e-mail in the record, keeps letters from it, and can be lifted', async () => {
    const { name, mail, run } = await lettered('GENERAL_NOTICE');
    await bring(postfixReport(await originalOf(mail)), withSecret);
    const ask = async (address: string, init: RequestInit = {}): Promise<Record<string, unknown>> => {
      const answer = await fetch(`${http.url}${address}`, {
        ...init,
        headers: { authorization: 'apikey admin', accept: 'application/json', 'content-type': 'application/json' },
      });
      return (await answer.json()) as Record<string, unknown>;
    };
    const marked = { contact_info: { email: [{ email_address: `${name}@example.org`, suppressed: { reason: 'bounce' } }] } };
    expect(await ask(`/api/users/${name}`)).toMatchObject(marked);
    expect(JSON.stringify(await ask(`/almaws/v1/users/${name}`))).not.toContain('suppressed');
    // The record as it was shown can be sent back.
    const record = await ask(`/api/users/${name}`);
    expect(await ask(`/api/users/${name}`, { method: 'PUT', body: JSON.stringify({ record }) })).toMatchObject({
      contact_info: { email: [{ email_address: `${name}@example.org` }] },
    });
    expect(await bench.show(run)).toMatchObject({ letters: { ledger: { failed: 1 } } });
    expect((await send(name, 'GENERAL_NOTICE')).mail).toBeUndefined();
    expect(await ask(`/api/suppressions?search=${name}`)).toMatchObject({
      total: 1,
      suppressions: [{ address: `${name}@example.org`, users: [name] }],
    });
    await ask('/api/suppressions/lift', { method: 'POST', body: JSON.stringify({ address: `${name}@EXAMPLE.org` }) });
    expect(JSON.stringify(await ask(`/api/users/${name}`))).not.toContain('suppressed');
    expect((await send(name, 'GENERAL_NOTICE')).mail).toBeDefined();
  });

  it('of a complaint ends letters of the kind, as a change of the user', async () => {
    const { name, mail } = await lettered('GENERAL_NOTICE');
    await bring(complaintReport(await originalOf(mail)), withSecret);
    expect(await choices(name)).toEqual([]);
    while (await http.app.tasks.takeReports?.());
    expect(await choices(name)).toEqual([{ code: 'GENERAL_NOTICE', value: false }]);
    expect(await edits(name)).toEqual([{ created_by: 'bounces', kind: 'edit' }]);
  });

  it('about a letter with a password ends the password', async () => {
    const { name, mail } = await lettered('CREDENTIALS_CHANGED', { account_type: 'INTERNAL' }, [{ change: 'password', reset: 'password' }]);
    expect(await bench.value(name, 'credential_state')).toBe('password');
    await bring(postfixReport(await originalOf(mail)), withSecret);
    while (await http.app.tasks.takeReports?.());
    expect(await bench.value(name, 'credential_state')).toBe('pending');
  });

  it('that is too large, or no mail, is refused or none', async () => {
    expect((await bring(Buffer.alloc(25 * 1024 * 1024, 'a'), withSecret)).status).toBe(413);
    expect(await (await bring(Buffer.from('hello'), withSecret)).json()).toMatchObject({ outcome: 'no_report' });
    expect(
      (await fetch(`${http.url}/letters/bounces`, { method: 'POST', headers: { ...withSecret, 'content-type': 'image/png' }, body: 'x' }))
        .status,
    ).toBe(415);
  });
});
