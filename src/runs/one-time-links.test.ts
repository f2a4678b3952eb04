import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { publishLetter } from '../../test/support/letter-texts.ts';
import { parseMail } from '../../test/support/mail.ts';
import { runsBench } from '../../test/support/runs.ts';
import { senderPorts } from '../../test/support/sender-ports.ts';
import { hashPassword, issuePassword, perform, readSignInLink, requestPasswordReset, signIn, useSignInLink } from '../access/index.ts';
import { AppError, type Context } from '../core/index.ts';
import { createMailboxChannel, type SenderPorts, sendDue } from '../letters/index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const LINK = /https:\/\/library\.example\.org\/set-password\?token=([\w-]{43})/;
const CHOSEN = 'a sentence of my own';
let dataDir = '';

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'links-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const context = (): Context => ({ ...bench.ctx, db: test.db, dataDir });

const send = (more: Partial<SenderPorts> = {}) => sendDue(context(), { ...senderPorts(createMailboxChannel(dataDir)), ...more });

const RESET = { changes: [{ change: 'password', reset: 'link' }] };
const TO_INTERNAL = { changes: [{ change: 'account_type', set: 'INTERNAL', credentials: 'link' }] };

async function letter(run: number): Promise<{ state: string; error: string | null; text: string; html: string }> {
  const { rows } = await test.db.pool.query<{ state: string; file: string | null; error: string | null }>(
    sql`select o.state, o.file, o.last_error as error from outbox o where o.run_id = ${run}::bigint`,
  );
  const [row] = rows;
  const mail = row?.file ? parseMail(await readFile(path.join(dataDir, row.file))) : undefined;
  return { state: row?.state ?? '?', error: row?.error ?? null, text: mail?.text ?? '', html: mail?.html ?? '' };
}

async function tokenFor(user: string, plan: object): Promise<{ token: string; run: number }> {
  const run = await bench.run(await bench.set(`primary_id = "${user}"`), plan);
  expect(await send()).toMatchObject({ sent: 1, failed: 0 });
  const token = LINK.exec((await letter(run.id)).text)?.[1];
  if (token === undefined) throw new Error('There is no link in the letter.');
  return { token, run: run.id };
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

const signsIn = (identifier: string, password: string) => codeOf(signIn(context(), { identifier, password }));

beforeEach(async () => {
  await bench.clear();
  await bench.users(
    {
      primary_id: 'anna',
      account_type: 'EXTERNAL',
      last_name: 'Amsel',
      preferred_language: 'de',
      user_emails: [{ address: 'anna@example.org', types: ['personal'] }],
    },
    { primary_id: 'berta', last_name: 'Bär', user_emails: [{ address: 'berta@example.org', types: ['personal'] }] },
  );
  const old = await hashPassword('the old one');
  await test.db.pool.query(sql`with c as (insert into credentials (user_id, kind, hash) select id, 'password', ${old} from users where primary_id = 'berta' returning id, user_id)
    update users u set credential_state = 'password', credential_id = c.id from c where u.id = c.user_id`);
});

describe('credentials by one-time link', () => {
  it('bring a link in place of a password; the reset stays pending until it is used, once', async () => {
    const { token, run } = await tokenFor('anna', TO_INTERNAL);
    const { text, html } = await letter(run);
    expect(text).toContain('Über diesen Link wählen Sie Ihr Passwort');
    expect(text).not.toMatch(/Passwort: {2}|\{\{|null/);
    expect(html).toContain(`href="https://library.example.org/set-password?token=${token}"`);
    expect(await bench.value('anna', 'credential_state')).toBe('pending');
    expect((await bench.show(run)).letters).toMatchObject({ credentials_pending: 1 });

    expect(await readSignInLink(context(), token)).toMatchObject({ user: 'anna' });
    expect(await codeOf(useSignInLink(context(), token, 'short'))).toBe('access.password_weak');
    expect(await useSignInLink(context(), token, CHOSEN)).toMatchObject({ user: 'anna' });
    expect(await signsIn('anna', CHOSEN)).toBe('done');
    expect(await bench.value('anna', 'force_password_change')).toBe(false);
    expect((await bench.show(run)).letters).toMatchObject({ credentials_pending: 0 });
    expect(await codeOf(useSignInLink(context(), token, 'another sentence'))).toBe('access.link_ended');
    expect(await signsIn('anna', CHOSEN)).toBe('done');
  });

  it('set one password when two come at once', async () => {
    const { token } = await tokenFor('berta', RESET);
    const words = ['the first sentence', 'the second sentence', 'the third sentence'];
    const ends = await Promise.all(words.map((word) => codeOf(useSignInLink(context(), token, word))));
    expect(ends.toSorted()).toEqual(['access.link_ended', 'access.link_ended', 'done']);
    for (const [i, word] of words.entries())
      expect(await signsIn('berta', word)).toBe(ends[i] === 'done' ? 'done' : 'access.bad_credentials');
    const { rows } = await test.db.pool.query(`select 1 from runs where kind = 'edit'`);
    expect(rows).toHaveLength(1);
  });

  it('end with the undo of their run, and the old password holds again', async () => {
    const { token, run } = await tokenFor('berta', RESET);
    expect(await signsIn('berta', 'the old one')).toBe('access.bad_credentials');
    const undo = await bench.undo(run);
    expect(undo.counts).toMatchObject({ changed: 1, conflict: 0 });
    expect(await codeOf(useSignInLink(context(), token, CHOSEN))).toBe('access.link_ended');
    expect(await signsIn('berta', 'the old one')).toBe('done');
    // Undoing the undo makes the reset pending again, but no dead link alive.
    await bench.undo(undo.id);
    expect(await codeOf(useSignInLink(context(), token, CHOSEN))).toBe('access.link_ended');
  });

  it('that were used leave the chosen password alone when their run is undone', async () => {
    const { token, run } = await tokenFor('berta', RESET);
    await useSignInLink(context(), token, CHOSEN);
    expect((await bench.undo(run)).counts).toMatchObject({ conflict: 0 });
    expect(await signsIn('berta', CHOSEN)).toBe('done');
    expect(await signsIn('berta', 'the old one')).toBe('access.bad_credentials');
  });

  it('end when they expire, when a newer one is sent, and when the user is inactive', async () => {
    const first = await tokenFor('berta', RESET);
    const second = await tokenFor('berta', RESET);
    expect(await codeOf(readSignInLink(context(), first.token))).toBe('access.link_ended');
    expect(await codeOf(readSignInLink(context(), second.token))).toBe('done');
    await test.db.pool.query(`update users set status = 'INACTIVE' where primary_id = 'berta'`);
    expect(await codeOf(useSignInLink(context(), second.token, CHOSEN))).toBe('access.link_ended');
    await test.db.pool.query(`update users set status = 'ACTIVE' where primary_id = 'berta'`);
    const { rows } = await test.db.pool.query<{ days: number }>(
      `select round(extract(epoch from expires_at - now()) / 86400)::integer as days from sign_in_links order by id desc limit 1`,
    );
    expect(rows[0]?.days).toBe(14);
    await test.db.pool.query(`update sign_in_links set expires_at = now() - interval '1 second'`);
    expect(await codeOf(useSignInLink(context(), second.token, CHOSEN))).toBe('access.link_ended');
  });

  it('whose letter did not arrive are dead, and the next attempt brings another', async () => {
    const run = await bench.run(await bench.set('primary_id = "berta"'), RESET);
    let seen = '';
    const failing = {
      ...createMailboxChannel(dataDir),
      deliver: async (message: { text: string }) => {
        seen = LINK.exec(message.text)?.[1] ?? '';
        throw new Error(`will not take ${message.text}`);
      },
    };
    expect(await send({ channels: { email: failing, sms: null } })).toMatchObject({ retried: 1 });
    expect(seen).toHaveLength(43);
    expect((await letter(run.id)).error).not.toContain(seen);
    expect(await codeOf(readSignInLink(context(), seen))).toBe('access.link_ended');
    await test.db.pool.query('update outbox set next_at = now()');
    expect(await send()).toMatchObject({ sent: 1 });
    expect(await codeOf(readSignInLink(context(), LINK.exec((await letter(run.id)).text)?.[1] ?? ''))).toBe('done');
  });

  it('do not go out in a letter that has no place for them', async () => {
    const version = async (body: string) => {
      for (const language of ['en', 'de']) await publishLetter(test.db.pool, { type: 'CREDENTIALS_CHANGED', language, body });
    };
    await version('Password: {{ password }}');
    const run = await bench.run(await bench.set('primary_id = "berta"'), RESET);
    expect(await send()).toMatchObject({ failed: 1 });
    expect(await letter(run.id)).toMatchObject({ state: 'failed', error: 'letters.no_secret' });
    await version('{{ link }} {{ password }}');
  });

  it('stand in no table but as hashes', async () => {
    const { token } = await tokenFor('berta', RESET);
    await useSignInLink(context(), token, CHOSEN);
    const session = await signIn(context(), { identifier: 'berta', password: CHOSEN });
    const { rows: tables } = await test.db.pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'muster' and table_type = 'BASE TABLE'`,
    );
    expect(tables.length).toBeGreaterThan(30);
    for (const { name } of tables) {
      const text = JSON.stringify((await test.db.pool.query(`select t::text as row from ${name} t`)).rows);
      for (const secret of [token, CHOSEN, session.token]) expect(text.includes(secret), name).toBe(false);
    }
  });
});

describe('a slip from the desk', () => {
  it('can be undone like every other write: the password of before holds again', async () => {
    const slip = await perform(context(), issuePassword, { user: 'berta' });
    expect(await signsIn('berta', slip.password)).toBe('done');
    const [run] = (await test.db.pool.query<{ id: number }>(`select id from runs where kind = 'edit'`)).rows;
    expect((await bench.show(run?.id ?? 0)).name).toBe('Temporary password for berta');
    const undo = await bench.undo(run?.id ?? 0);
    expect(undo.counts).toMatchObject({ changed: 1, conflict: 0 });
    expect(await signsIn('berta', slip.password)).toBe('access.bad_credentials');
    expect(await signsIn('berta', 'the old one')).toBe('done');
    expect(await bench.value('berta', 'force_password_change')).toBe(false);
  });
});

describe('a forgotten password', () => {
  const forgot = (identifier: string, address = '192.0.2.1') =>
    requestPasswordReset({ ...context(), origin: { address, requestId: null } }, identifier);
  const queued = async () =>
    (
      await test.db.pool.query<{ user: string }>(
        `select u.primary_id as user from outbox o join users u on u.id = o.user_id where o.letter = 'PASSWORD_FORGOTTEN' order by o.id`,
      )
    ).rows.map((r) => r.user);

  beforeEach(() => test.db.pool.query('delete from sign_in_throttle'));

  it('is answered alike for all, and a link goes to internal users with an address', async () => {
    await bench.users(
      { primary_id: 'carl' },
      { primary_id: 'dora', status: 'INACTIVE', user_emails: [{ address: 'dora@example.org', types: [] }] },
    );
    for (const who of ['berta', 'anna', 'carl', 'dora', 'nobody']) expect(await forgot(who)).toBeUndefined();
    expect(await queued()).toEqual(['berta']);
    const [run] = (await test.db.pool.query<{ id: number }>('select id from runs')).rows;
    expect(await bench.show(run?.id ?? 0)).toMatchObject({
      kind: 'edit',
      counts: { members: 1, unchanged: 1 },
      letters: { ledger: { queued: 1 } },
    });
    // Until the link is used the present password holds.
    expect(await signsIn('berta', 'the old one')).toBe('done');
    expect(await send()).toMatchObject({ sent: 1 });
    expect(await signsIn('berta', 'the old one')).toBe('done');
    const { rows } = await test.db.pool.query<{ run_id: number }>(`select run_id from outbox where letter = 'PASSWORD_FORGOTTEN'`);
    const token = LINK.exec((await letter(rows[0]?.run_id ?? 0)).text)?.[1] ?? '';
    await useSignInLink(context(), token, CHOSEN);
    expect(await signsIn('berta', 'the old one')).toBe('access.bad_credentials');
    expect(await signsIn('berta', CHOSEN)).toBe('done');
  });

  it('is written about three times, and for one address twenty times', async () => {
    for (let i = 0; i < 5; i += 1) await forgot('berta', `192.0.2.${i}`);
    expect(await queued()).toEqual(['berta', 'berta', 'berta']);
    await test.db.pool.query('delete from outbox');
    await test.db.pool.query(
      `update sign_in_throttle set attempts = 20, locked_until = now() + interval '1 hour' where key = 'forgot:address:192.0.2.1'`,
    );
    await test.db.pool.query(`delete from sign_in_throttle where key like 'forgot:user:%'`);
    await forgot('berta', '192.0.2.1');
    expect(await queued()).toEqual([]);
    await forgot('berta', '192.0.2.9');
    expect(await queued()).toEqual(['berta']);
  });
});
