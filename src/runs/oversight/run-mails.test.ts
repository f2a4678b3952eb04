import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { parseMail } from '../../../test/support/mail.ts';
import { runsBench } from '../../../test/support/runs.ts';
import { perform } from '../../access/index.ts';
import type { Actor, Context } from '../../core/index.ts';
import { type Channel, createMailboxChannel } from '../../letters/index.ts';
import { pauseRun } from '../control.ts';
import { startRun } from '../start.ts';
import { sendRunMails, subscribeToRuns } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'muster-mails-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const PLAN = { changes: [{ change: 'user_group', set: 'STAFF' }] };
const at = (actor: Actor, more: Partial<Context> = {}): Context => ({ ...bench.ctx, db: test.db, dataDir, actor, ...more });

interface Row {
  readonly event: string;
  readonly primary_id: string;
  readonly state: string;
  readonly file: string | null;
}
async function mails(): Promise<Row[]> {
  const { rows } = await test.db.pool.query<Row>(
    'select m.event, u.primary_id, m.state, m.file from staff_mails m join users u on u.id = m.user_id order by m.id, u.id',
  );
  return rows;
}

let manager: Actor;
let boss: Actor;
let set: string;

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query(`delete from settings where name in ('approval', 'guard')`);
  rmSync(path.join(dataDir, 'mailbox'), { recursive: true, force: true });
  const staff = (primary_id: string, type: string, more: object = {}) => ({
    primary_id,
    user_roles: [{ type, scope: 'INSTITUTION' }],
    user_emails: [{ address: `${primary_id}@example.org` }],
    ...more,
  });
  const [one = 0, two = 0] = await bench.users(
    staff('manager', '21', { preferred_language: 'de' }),
    staff('boss', '50'),
    { primary_id: 'reader-1', last_name: 'Geheimnis', user_group: 'STUDENT' },
    { primary_id: 'reader-2', user_group: 'STUDENT' },
  );
  manager = await userActor(test.db.pool, ['21'], { name: 'manager', userId: one });
  boss = await userActor(test.db.pool, ['50'], { name: 'boss', userId: two });
  set = await bench.set(`user_group = 'STUDENT'`);
  await test.db.pool.query('update sets set private = false');
});

const start = (actor: Actor) => perform(at(actor), startRun, { set, plan: PLAN, confirm: true });

describe('mails about runs', () => {
  it('tell the starter in their language when a run has ended, once, with counts and a link and nothing of members', async () => {
    const run = await start(manager);
    await bench.work();
    expect(await mails()).toEqual([{ event: 'ended', primary_id: 'manager', state: 'queued', file: null }]);
    const channel = createMailboxChannel(dataDir);
    const worker = at({ kind: 'system', name: 'worker' }, { publicUrl: 'https://muster.example.org' });
    const sent = await Promise.all([sendRunMails(worker, channel), sendRunMails(worker, channel)]);
    expect(sent[0] + sent[1]).toBe(1);
    expect(await sendRunMails(worker, channel)).toBe(0);
    const [mail] = await mails();
    expect(mail).toMatchObject({ state: 'sent', file: expect.stringMatching(/^mailbox\/.*\/run-\d+\.eml$/) });
    expect(readdirSync(path.join(dataDir, 'mailbox'), { recursive: true }).filter((name) => String(name).endsWith('.eml'))).toHaveLength(1);
    const raw = readFileSync(path.join(dataDir, mail?.file ?? ''));
    const { headers, text, html } = parseMail(raw);
    expect(headers['to']).toContain('manager@example.org');
    expect(headers['subject']).toContain(`Lauf ${run.id} ist zu Ende`);
    expect(text).toContain('Geändert: 2');
    expect(text).toContain(`https://muster.example.org/jobs/${run.id}`);
    expect(html).toContain(`href="https://muster.example.org/jobs/${run.id}"`);
    expect(`${text}${html}`).not.toMatch(/reader|Geheimnis/);
  });

  it('go to subscribers of the run, and to whoever wants to know what waits; not to those who declined', async () => {
    await test.db.pool.query(`insert into settings (name, value) values ('approval', '{"above": 1}')`);
    await perform(at(boss), subscribeToRuns, { waiting: true });
    await perform(at(manager), subscribeToRuns, { mine: true, wanted: false });
    const { id } = await start(manager);
    expect(await mails()).toMatchObject([{ event: 'waits', primary_id: 'boss' }]);
    const { subscriptions } = await perform(at(manager), subscribeToRuns, { run: id });
    expect(subscriptions).toEqual([
      { kind: 'mine', run: null, schedule: null, wanted: false },
      { kind: 'run', run: id, schedule: null, wanted: true },
    ]);
    await test.db.pool.query(`update runs set state = 'RUNNING' where id = ${id}`);
    await bench.work();
    expect(await mails()).toMatchObject([
      { event: 'waits', primary_id: 'boss' },
      { event: 'ended', primary_id: 'manager' },
    ]);
  });

  it('say nothing about a pause that somebody made, and go to nobody who may not see runs any more', async () => {
    const { id } = await start(manager);
    await perform(at(manager), pauseRun, { id });
    expect(await mails()).toEqual([]);
    await test.db.pool.query(`update runs set state = 'RUNNING' where id = ${id}`);
    await bench.work();
    await test.db.pool.query(`update user_roles set status = 'INACTIVE' where type = '21'`);
    expect(await sendRunMails(at({ kind: 'system', name: 'worker' }), createMailboxChannel(dataDir))).toBe(0);
    expect(await mails()).toMatchObject([{ state: 'cancelled' }]);
  });

  it('are tried again after a failure, under the same Message-ID', async () => {
    await start(manager);
    await bench.work();
    const seen: string[] = [];
    const broken: Channel = {
      kind: 'smtp',
      defaultFrom: 'library@example.org',
      deliver: async (message) => {
        seen.push(message.messageId);
        throw new Error('450 later');
      },
      close: async () => undefined,
    };
    const worker = at({ kind: 'system', name: 'worker' });
    await sendRunMails(worker, broken);
    expect(await mails()).toMatchObject([{ state: 'queued' }]);
    await test.db.pool.query('update staff_mails set next_at = now()');
    const mailbox = createMailboxChannel(dataDir);
    await sendRunMails(worker, {
      ...mailbox,
      deliver: (message, signal) => {
        seen.push(message.messageId);
        return mailbox.deliver(message, signal);
      },
    });
    expect(await mails()).toMatchObject([{ state: 'sent' }]);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
  });
});
