import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { parseMail } from '../../test/support/mail.ts';
import { runsBench } from '../../test/support/runs.ts';
import { senderPorts } from '../../test/support/sender-ports.ts';
import { hashPassword, verifyPassword } from '../access/index.ts';
import { parseInput } from '../core/index.ts';
import { createMailboxChannel, sendDue } from '../letters/index.ts';
import { userHistory } from '../users/index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
let dataDir = '';

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'credentials-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const TO_INTERNAL = { changes: [{ change: 'account_type', set: 'INTERNAL', credentials: 'password' }] };
const RESET = { changes: [{ change: 'password', reset: 'password' }] };

const send = () => sendDue({ ...bench.ctx, db: test.db, dataDir }, senderPorts(createMailboxChannel(dataDir)));

interface Message {
  readonly state: string;
  readonly file: string | null;
}

async function messages(run: number): Promise<Message[]> {
  return (await test.db.pool.query<Message>(sql`select o.state, o.file from outbox o where o.run_id = ${run}::bigint order by o.id`)).rows;
}

/** The password in the letter, as somebody would read it. */
async function passwordIn(file: string | null): Promise<string> {
  const mail = parseMail(await readFile(path.join(dataDir, file ?? '')));
  const words = mail.text.match(/(?<=^|\s)[A-Za-z0-9]{10}(?=\s|$)/gm)?.filter((word) => /[0-9]/.test(word)) ?? [];
  expect(words).toHaveLength(1);
  return words[0] ?? '';
}

async function credential(primaryId: string): Promise<{ state: string; hash: string | null }> {
  const { rows } = await test.db.pool.query<{ state: string; hash: string | null }>(sql`
    select u.credential_state as state, c.hash from users u left join credentials c on c.id = u.credential_id where u.primary_id = ${primaryId}`);
  return rows[0] ?? { state: '?', hash: null };
}

beforeEach(async () => {
  await bench.clear();
  await bench.users(
    {
      primary_id: 'anna',
      account_type: 'EXTERNAL',
      first_name: 'Anna',
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

describe('external to internal, with a letter', () => {
  it('brings a password that is in force, and is undone', async () => {
    const before = await bench.snapshot();
    const run = await bench.run(await bench.set('primary_id = "anna"'), TO_INTERNAL);
    expect(run.letters).toMatchObject({ queued: 1, ledger: { queued: 1 }, credentials_pending: 1 });
    expect(await credential('anna')).toEqual({ state: 'pending', hash: null });

    expect(await send()).toMatchObject({ sent: 1, failed: 0 });
    const [message] = await messages(run.id);
    const password = await passwordIn(message?.file ?? null);
    const now = await credential('anna');
    expect(now.state).toBe('password');
    expect(await verifyPassword(now.hash ?? '', password)).toBe(true);
    expect(await verifyPassword(now.hash ?? '', `${password}x`)).toBe(false);
    expect((await bench.show(run.id)).letters).toMatchObject({ ledger: { sent: 1 }, credentials_pending: 0 });

    // It stands in clear in the letter and nowhere else; the hash stands in its table and nowhere else.
    const { rows: tables } = await test.db.pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'muster' and table_type = 'BASE TABLE'`,
    );
    const dump = await Promise.all(
      tables.map(async ({ name }) => ({
        name,
        text: JSON.stringify((await test.db.pool.query(`select t::text as row from ${name} t`)).rows),
      })),
    );
    expect(dump.length).toBeGreaterThan(20);
    expect(dump.filter((t) => t.text.includes(password)).map((t) => t.name)).toEqual([]);
    expect(dump.filter((t) => t.text.includes('$argon2')).map((t) => t.name)).toEqual(['credentials']);
    const history = await userHistory.run(bench.ctx, parseInput(userHistory.input, { user: 'anna' }));
    expect(history.entries).toHaveLength(2);
    expect(JSON.stringify(history)).not.toMatch(/argon2|credential_id/);

    const undo = await bench.undo(run.id);
    expect(undo.counts).toMatchObject({ changed: 1, conflict: 0 });
    expect(await bench.snapshot()).toEqual(before);
    // Undoing that brings the password of the letter back into force.
    await bench.undo(undo.id);
    expect(await verifyPassword((await credential('anna')).hash ?? '', password)).toBe(true);
  });

  it('is undone before it was sent: the letter never leaves', async () => {
    const before = await bench.snapshot();
    const run = await bench.run(await bench.set('primary_id = "anna"'), { ...TO_INTERNAL, notify: { type: 'GENERAL_NOTICE' } });
    expect((await messages(run.id)).map((m) => m.state)).toEqual(['queued', 'queued']);
    await bench.undo(run.id);
    expect((await messages(run.id)).map((m) => m.state)).toEqual(['cancelled', 'cancelled']);
    expect(await send()).toMatchObject({ sent: 0, failed: 0 });
    expect(await bench.snapshot()).toEqual(before);
  });

  it('is undone for some users: the letters of the others go out', async () => {
    await bench.users({ primary_id: 'carl', account_type: 'EXTERNAL', user_emails: [{ address: 'carl@example.org', types: [] }] });
    const run = await bench.run(await bench.set('account_type = "EXTERNAL"'), TO_INTERNAL);
    await bench.undo(run.id, { users: ['carl'] });
    expect(await send()).toMatchObject({ sent: 1 });
    expect((await messages(run.id)).map((m) => m.state)).toEqual(['sent', 'cancelled']);
    expect(await credential('carl')).toEqual({ state: 'none', hash: null });
  });

  it('of which only another change is undone still sends its password, and not when that change is', async () => {
    const plan = { changes: [...TO_INTERNAL.changes, { change: 'expiry_date', set: '2030-01-01' }] };
    const run = await bench.run(await bench.set('primary_id = "anna"'), plan);
    await bench.undo(run.id, { changes: [2] });
    expect((await messages(run.id)).map((m) => m.state)).toEqual(['queued']);
    await bench.undo(run.id, { changes: [1] });
    expect((await messages(run.id)).map((m) => m.state)).toEqual(['cancelled']);
    expect(await credential('anna')).toEqual({ state: 'none', hash: null });
  });
});

describe('a reset password', () => {
  it('ends the old one at once; the letter brings the new one; undo brings back the old', async () => {
    const run = await bench.run(await bench.set('primary_id = "berta"'), RESET);
    expect((await credential('berta')).state).toBe('pending');
    await send();
    const [message] = await messages(run.id);
    const password = await passwordIn(message?.file ?? null);
    expect(await verifyPassword((await credential('berta')).hash ?? '', password)).toBe(true);
    await bench.undo(run.id);
    const back = await credential('berta');
    expect(back.state).toBe('password');
    expect(await verifyPassword(back.hash ?? '', 'the old one')).toBe(true);
  });

  it('that was set by hand meanwhile is not overwritten by the letter, and its undo is a conflict', async () => {
    const run = await bench.run(await bench.set('primary_id = "berta"'), RESET);
    const byHand = await hashPassword('set at the desk');
    await test.db.pool.query(sql`with c as (insert into credentials (user_id, kind, hash) select id, 'password', ${byHand} from users where primary_id = 'berta' returning id, user_id)
      update users u set credential_state = 'password', credential_id = c.id from c where u.id = c.user_id`);
    expect(await send()).toMatchObject({ sent: 0 });
    expect((await messages(run.id)).map((m) => m.state)).toEqual(['cancelled']);
    expect(await verifyPassword((await credential('berta')).hash ?? '', 'set at the desk')).toBe(true);
    const undo = await bench.undo(run.id);
    expect(undo.counts).toMatchObject({ conflict: 0, unchanged: 0, changed: 1 });
    expect(await verifyPassword((await credential('berta')).hash ?? '', 'set at the desk')).toBe(true);
  });

  it('that another run resets again is brought by the later letter', async () => {
    const set = await bench.set('primary_id = "berta"');
    const first = await bench.run(set, RESET);
    await send();
    const second = await bench.run(set, RESET);
    await send();
    const [message] = await messages(second.id);
    expect(await verifyPassword((await credential('berta')).hash ?? '', await passwordIn(message?.file ?? null))).toBe(true);
    // The first run's password is not there any more, so undoing it leaves the second's alone.
    const undo = await bench.undo(first.id);
    expect(undo.counts).toMatchObject({ conflict: 1 });
    expect(await verifyPassword((await credential('berta')).hash ?? '', await passwordIn(message?.file ?? null))).toBe(true);
  });
});
