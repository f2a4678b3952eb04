import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench } from '../../test/support/letters.ts';
import { newUsers, setUp } from '../../test/support/sender.ts';
import { tellAlerts } from './alerts.ts';
import { cancelOutbox, listPauses, pauseOutbox, resolveMessages, resumeOutbox, retryMessages } from './outbox-control.ts';
import { listMessages, listUserMessages, showMessage } from './outbox-operations.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
beforeEach(async () => {
  await database.db.pool.query(
    'delete from outbox; delete from settings; delete from outbox_pauses; delete from outbox_streaks; delete from operator_alerts',
  );
});
afterAll(() => bench.close());

const statesOf = async (run: number) => (await bench.outbox(run)).map((row) => row.state);

describe('pausing', () => {
  test('holds a run back, shown as held, until it is resumed; other runs go on', async () => {
    const { server, run, users, send } = await setUp(bench, 'GENERAL_NOTICE', 3);
    const other = await bench.run('WELCOME', users);
    expect(await pauseOutbox.run(bench.ctx, { run })).toEqual({ paused: 1 });
    expect(await send()).toMatchObject({ sent: 3 });
    expect(await statesOf(other)).toEqual(['sent', 'sent', 'sent']);
    expect(await listMessages.run(bench.ctx, { run, state: 'held', limit: 50 })).toMatchObject({ total: 3 });
    expect(await listMessages.run(bench.ctx, { run, state: 'queued', limit: 50 })).toMatchObject({ total: 0 });
    expect((await listPauses.run(bench.ctx, {})).pauses).toMatchObject([
      { run_id: run, letter: null, reason: 'person', paused_by: 'administrator', messages: 3 },
    ]);
    expect(await resumeOutbox.run(bench.ctx, { run })).toEqual({ resumed: 1, released: 3 });
    expect(await send()).toMatchObject({ sent: 3 });
    expect(server.received).toHaveLength(6);
  });

  test('a letter, all of it, and everything by the switch for test systems', async () => {
    const { run, users, send } = await setUp(bench, 'GENERAL_NOTICE', 2);
    const other = await bench.run('WELCOME', users);
    await pauseOutbox.run(bench.ctx, { letter: 'WELCOME' });
    await bench.setting('letters.hold_all', true);
    expect(await send()).toMatchObject({ sent: 0, postponed: 0 });
    expect((await listMessages.run(bench.ctx, { state: 'held', limit: 50 })).total).toBe(4);
    await bench.setting('letters.hold_all', false);
    expect(await send({ holdAll: true })).toMatchObject({ sent: 0 });
    expect(await send()).toMatchObject({ sent: 2 });
    expect([...(await statesOf(run)), ...(await statesOf(other))]).toEqual(['sent', 'sent', 'queued', 'queued']);
    await resumeOutbox.run(bench.ctx, { all: true });
    expect(await send()).toMatchObject({ sent: 2 });
  });

  test('catches what a sender has in hand and has not begun to hand over', async () => {
    const { run, server, send } = await setUp(bench, 'GENERAL_NOTICE', 6);
    const result = await send({ concurrency: 1 }, (channel) => ({
      ...channel,
      deliver: async (message, signal) => {
        await pauseOutbox.run(bench.ctx, { run });
        return channel.deliver(message, signal);
      },
    }));
    expect(result).toMatchObject({ sent: 1, postponed: 5 });
    expect(server.received).toHaveLength(1);
    expect((await bench.outbox(run)).filter((row) => row.state === 'queued').every((row) => row.attempts === 0)).toBe(true);
  });

  test('a forgotten choice is no choice, and all is not meant beside others', async () => {
    await expect(pauseOutbox.run(bench.ctx, {})).rejects.toMatchObject({ code: 'letters.which_messages' });
    await expect(cancelOutbox.run(bench.ctx, { all: true, run: 1 })).rejects.toMatchObject({ code: 'letters.which_messages' });
  });
});

describe('too many failures in a row', () => {
  test('pause the batch, and operators are told until it has arrived', async () => {
    await bench.setting('letters.pause_after_failures', 5);
    const { run, send } = await setUp(bench, 'GENERAL_NOTICE', 40, { refuse: () => ({ code: 550, text: '5.7.1 Not from you' }) });
    const result = await send({ concurrency: 1, batch: 10 });
    expect(result.failed).toBeGreaterThanOrEqual(5);
    // What was in hand when the fifth was written down.
    expect(result.failed).toBeLessThan(20);
    expect((await listPauses.run(bench.ctx, {})).pauses).toMatchObject([
      { run_id: run, letter: 'GENERAL_NOTICE', reason: 'failures', detail: expect.stringContaining('Not from you') },
    ]);
    const told: unknown[] = [];
    await tellAlerts(database.db.pool, () => Promise.reject(new Error('nobody there')));
    await database.db.pool.query('update operator_alerts set next_at = now()');
    await tellAlerts(database.db.pool, async (alert) => void told.push(alert));
    await tellAlerts(database.db.pool, async (alert) => void told.push(alert));
    expect(told).toMatchObject([{ kind: 'batch_paused', detail: { run, letter: 'GENERAL_NOTICE' } }]);
    await resumeOutbox.run(bench.ctx, { run });
    expect((await send({ concurrency: 1, batch: 10 })).failed).toBeGreaterThanOrEqual(5);
  });

  test('one that arrives breaks the row', async () => {
    await bench.setting('letters.pause_after_failures', 3);
    const { send } = await setUp(bench, 'GENERAL_NOTICE', 12, {
      refuse: (attempt) => (attempt % 3 === 0 ? undefined : { code: 550, text: 'no' }),
    });
    expect(await send({ concurrency: 1 })).toMatchObject({ failed: 8, sent: 4 });
    expect((await listPauses.run(bench.ctx, {})).pauses).toEqual([]);
  });
});

describe('what is uncertain', () => {
  async function uncertain(): Promise<{ run: number; send: Awaited<ReturnType<typeof setUp>>['send'] }> {
    const { run, send } = await setUp(bench, 'GENERAL_NOTICE', 3);
    await database.db.pool.query(
      `update outbox set state = 'sending', attempts = 1, handed_at = now(), lease = now(), message_id = '<a' || id || '@x>' where run_id = $1`,
      [run],
    );
    expect(await send()).toMatchObject({ uncertain: 3, sent: 0 });
    expect(await statesOf(run)).toEqual(['uncertain', 'uncertain', 'uncertain']);
    return { run, send };
  }

  test('waits for staff, who send it once more, count it as sent, or give it up', async () => {
    const { run, send } = await uncertain();
    const ids = (await bench.outbox(run)).map((row) => row.id);
    expect(await resolveMessages.run(bench.ctx, { ids: [ids[0] ?? 0], as: 'resend' })).toEqual({ resolved: 1 });
    expect(await resolveMessages.run(bench.ctx, { ids: [ids[1] ?? 0], as: 'sent' })).toEqual({ resolved: 1 });
    expect(await resolveMessages.run(bench.ctx, { run, as: 'cancel' })).toEqual({ resolved: 1 });
    expect(await send()).toMatchObject({ sent: 1 });
    expect(await statesOf(run)).toEqual(['sent', 'sent', 'cancelled']);
    const shown = await showMessage.run(bench.ctx, { id: ids[0] ?? 0 });
    expect(shown).toMatchObject({ repeats: 1, message_id: `<a${ids[0]}@x>` });
  });

  test('is sent once more without asking where the library has it so, and says so', async () => {
    await bench.setting('letters.resend_uncertain', 'all');
    const { run, send } = await setUp(bench, 'GENERAL_NOTICE', 1);
    await database.db.pool.query(
      `update outbox set state = 'sending', attempts = 1, handed_at = now(), lease = now(), message_id = '<a@x>' where run_id = $1`,
      [run],
    );
    expect(await send()).toMatchObject({ recovered: 1, sent: 1 });
    const [row] = await bench.outbox(run);
    expect(await showMessage.run(bench.ctx, { id: row?.id ?? 0 })).toMatchObject({ state: 'sent', repeats: 1, message_id: '<a@x>' });
  });
});

describe('what was sent', () => {
  test('is shown exactly as it was, also when the letter and the record have changed; a password is masked', async () => {
    const { server, users, run, send } = await setUp(bench, 'CREDENTIALS_CHANGED', 1);
    await send();
    await database.db.pool.query(`update users set last_name = 'Changed' where id = $1`, [users[0]]);
    const [row] = await bench.outbox(run);
    const shown = await showMessage.run(bench.ctx, { id: row?.id ?? 0 });
    expect(shown.content_of).toBe('sent');
    const mail = server.received[0];
    expect(mail?.text).toContain(`Name ${users[0]}`);
    expect(shown.content?.text).toContain('••••••••••');
    const password = /\b(?=[A-Za-z]*\d)[A-HJ-NP-Za-km-z2-9]{10}\b/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(password).toHaveLength(10);
    expect(JSON.stringify(shown)).not.toContain(password);
    // But for the password it is the mail that arrived, to the letter.
    expect(shown.content?.text.replaceAll('••••••••••', password).trim()).toBe(mail?.text.trim());
    expect(shown.content?.html.replaceAll('••••••••••', password).trim()).toBe(mail?.html.trim());
    const listed = await listUserMessages.run(bench.ctx, { user: `s${users[0]}`, limit: 10 });
    expect(listed.messages).toMatchObject([{ id: row?.id, content_of: 'sent', content: shown.content }]);
    await database.db.pool.query('delete from message_contents');
    expect(await showMessage.run(bench.ctx, { id: row?.id ?? 0 })).toMatchObject({ content: null, content_of: 'deleted', state: 'sent' });
  });

  test('is not kept where the type says so, and goes with its user', async () => {
    await database.db.pool.query(`update notification_types set keep_days = 0 where code = 'WELCOME'`);
    const { users, send } = await setUp(bench, 'GENERAL_NOTICE', 1);
    await bench.run('WELCOME', users);
    await send();
    const kept = () =>
      database.db.pool.query<{ many: number }>('select count(*) as many from message_contents').then(({ rows }) => rows[0]?.many);
    expect(await kept()).toBe(1);
    await database.db.pool.query('delete from users where id = $1', [users[0]]);
    expect(await kept()).toBe(0);
  });
});

test('a retry takes the address that the user has by now; who has none stays without', async () => {
  const { run, users, server, send } = await setUp(bench, 'GENERAL_NOTICE', 2, {
    refuse: (attempt) => (attempt <= 2 ? { code: 550, text: 'no' } : undefined),
  });
  expect(await send({ concurrency: 1 })).toMatchObject({ failed: 2 });
  await database.db.pool.query(`update user_emails set address = 'new@example.org' where user_id = $1`, [users[0]]);
  await database.db.pool.query(`delete from user_emails where user_id = $1`, [users[1]]);
  expect(await retryMessages.run(bench.ctx, { run })).toMatchObject({ queued: 1, no_address: 1, left: 0 });
  expect(await send()).toMatchObject({ sent: 1 });
  expect(server.received.map((mail) => mail.recipients)).toEqual([['new@example.org']]);
  expect(await newUsers(bench, 1)).toHaveLength(1);
});
