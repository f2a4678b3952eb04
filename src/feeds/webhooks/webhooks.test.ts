import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { FeedDesk } from '../../../test/support/feeds.ts';
import { type Listener, startListener } from '../../../test/support/listener.ts';
import { abortRun, editUser, listChangedUsers, runsBench } from '../../../test/support/runs.ts';
import { sampleUser } from '../../../test/support/sample-users.ts';
import { perform } from '../../access/index.ts';
import { type Context, parseInput } from '../../core/index.ts';
import {
  createWebhook,
  deleteWebhook,
  expireDeliveries,
  listDeliveries,
  listWebhooks,
  retryDeliveries,
  sendWebhooks,
  signatureOf,
  updateWebhook,
} from '../index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const desk = new FeedDesk(test);
const PLAN = { changes: [{ change: 'job_description', set: 'told' }] };

let listener: Listener;
let ctx: Context;

beforeAll(async () => {
  listener = await startListener();
});
afterAll(() => listener.close());

beforeEach(async () => {
  await test.db.pool.query('delete from webhooks');
  await bench.clear();
  listener.heard.length = 0;
  listener.answer = (response) => response.writeHead(204).end();
  ctx = { ...bench.ctx, db: test.db, publicUrl: 'https://muster.example.org' };
});

const create = (events: ('run.finished' | 'user.changed')[] = ['run.finished', 'user.changed'], path = '/hook') =>
  perform(ctx, createWebhook, { url: `${listener.url}${path}`, events });
const send = () => sendWebhooks(ctx, new AbortController().signal);
const deliveries = async (input: object = {}) => (await listDeliveries.run(ctx, parseInput(listDeliveries.input, input))).deliveries;
const due = () => test.db.pool.query(`update webhook_deliveries set next_at = now() where state = 'waiting'`);
const people = (count: number) => bench.users(...Array.from({ length: count }, (_, n) => ({ primary_id: `user${n}` })));
const told = () => listener.heard.map(({ body }) => JSON.parse(body) as { event: string; data: Record<string, unknown> });

describe('a run', () => {
  it('is told with its end and the number of users it changed, in one row each, however many they are', async () => {
    await create();
    await people(300);
    const run = await bench.run(await bench.set('everyone'), PLAN);
    expect(await deliveries()).toHaveLength(2);
    await send();
    expect(told()).toEqual([
      {
        id: expect.any(Number),
        event: 'run.finished',
        created_at: expect.any(String),
        data: { run: expect.objectContaining({ id: run.id, kind: 'job', state: 'COMPLETED_SUCCESS', changed: 300, failed: 0 }) },
      },
      {
        id: expect.any(Number),
        event: 'user.changed',
        created_at: expect.any(String),
        data: {
          run: { id: run.id, kind: 'job', created_by: 'administrator' },
          users: 300,
          page: {
            method: 'POST',
            url: 'https://muster.example.org/api/operations/job.changed_users',
            input: { id: run.id, after: 0 },
          },
        },
      },
    ]);
    expect(await deliveries()).toMatchObject([
      { state: 'delivered', attempts: 1, last_status: 204, error: null, next_at: null },
      { state: 'delivered' },
    ]);
  });

  it('says whom it changed, page by page, imports as well', async () => {
    await people(5);
    const job = await bench.run(await bench.set('everyone'), PLAN);
    const page = (id: number, after: number) => listChangedUsers.run(ctx, parseInput(listChangedUsers.input, { id, after, limit: 3 }));
    const first = await page(job.id, 0);
    expect(first.users.map((user) => user.primary_id)).toEqual(['user0', 'user1', 'user2']);
    const second = await page(job.id, first.next ?? 0);
    expect(second).toMatchObject({ users: [{ primary_id: 'user3' }, { primary_id: 'user4' }], next: null });
    const { run_id } = await desk.import([sampleUser('new'), sampleUser('newer')]);
    expect((await page(run_id ?? 0, 0)).users.map((user) => user.primary_id)).toEqual(['new', 'newer']);
    await expect(page(999_999, 0)).rejects.toMatchObject({ code: 'runs.not_found' });
  });

  it('that changed nobody, or was aborted, is told as it was', async () => {
    await create();
    await people(2);
    const set = await bench.set('everyone');
    await bench.run(set, PLAN);
    await bench.run(set, PLAN);
    const { id } = await bench.start(set, { changes: [{ change: 'job_description', set: 'never' }] });
    await abortRun.run(ctx, { id });
    await send();
    expect(told().map(({ event, data }) => [event, data['users'] ?? (data['run'] as { state: string }).state])).toEqual([
      ['run.finished', 'COMPLETED_SUCCESS'],
      ['user.changed', 2],
      ['run.finished', 'COMPLETED_SUCCESS'],
      ['run.finished', 'USER_ABORTED'],
    ]);
  });
});

describe('users', () => {
  it('are named when one is edited by hand, and forgotten when the user is erased', async () => {
    await create();
    const [id] = await people(1);
    const edit = (set: string) =>
      editUser.run(ctx, parseInput(editUser.input, { user: 'user0', changes: [{ change: 'job_description', set }] }));
    await edit('told');
    await send();
    expect(told()).toMatchObject([{ event: 'user.changed', data: { user: 'user0', users: 1, run: { kind: 'edit' } } }]);
    await edit('told');
    expect(await deliveries()).toHaveLength(1);
    await test.db.pool.query('delete from users where id = $1', [id]);
    expect(await deliveries()).toHaveLength(0);
  });

  it('are counted for an import', async () => {
    await create(['user.changed']);
    await desk.import([sampleUser('one'), sampleUser('other')]);
    await send();
    expect(told()).toMatchObject([{ event: 'user.changed', data: { users: 2, run: { kind: 'import' } } }]);
  });

  it('whose change is rolled back are not told of', async () => {
    await create();
    await people(1);
    const failing: Context = {
      ...ctx,
      db: {
        pool: test.db.pool,
        transaction: (work) =>
          test.db.transaction(async (tx) => {
            await work(tx);
            throw new Error('the machine stops here');
          }),
      },
    };
    await expect(
      editUser.run(failing, parseInput(editUser.input, { user: 'user0', changes: [{ change: 'job_description', set: 'x' }] })),
    ).rejects.toThrow('stops here');
    expect(await deliveries()).toEqual([]);
  });
});

describe('what is sent', () => {
  it('carries a signature over time and body that only the secret makes', async () => {
    const { secret } = await create(['run.finished']);
    await people(1);
    await bench.run(await bench.set('everyone'), PLAN);
    await send();
    const heard = listener.heard[0];
    const headers: IncomingHttpHeaders = heard?.headers ?? {};
    const body = heard?.body ?? '';
    const timestamp = Number(headers['x-muster-timestamp']);
    expect(Math.abs(Date.now() / 1000 - timestamp)).toBeLessThan(30);
    const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-muster-signature']).toBe(`sha256=${expected}`);
    expect(signatureOf(`${secret}x`, timestamp, body)).not.toBe(headers['x-muster-signature']);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-muster-event': 'run.finished', 'user-agent': 'Muster' });
  });

  it('is tried again with growing pauses, and given up after the twelfth time', async () => {
    await create(['run.finished']);
    await people(1);
    await bench.run(await bench.set('everyone'), PLAN);
    listener.answer = (response) => response.writeHead(503).end('busy');
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await due();
      expect(await send()).toBe(true);
      const { rows } = await test.db.pool.query<{ minutes: number }>(
        `select round(extract(epoch from next_at - now()) / 60)::integer as minutes from webhook_deliveries where state = 'waiting'`,
      );
      pauses.push(...rows.map((row) => row.minutes));
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(await deliveries({ state: 'failed' })).toMatchObject([
      { attempts: 12, last_status: 503, error: 'The other side answered 503 instead of 2xx.', next_at: null },
    ]);
    await due();
    expect(await send()).toBe(false);
    expect(listener.heard).toHaveLength(12);
    expect((await listWebhooks.run(ctx, {})).webhooks).toMatchObject([{ waiting: 0, failed: 1, delivered_at: null }]);
  });

  it('does not wait for who hangs, does not follow who points elsewhere, and outlives who is gone', async () => {
    await create(['run.finished']);
    await people(1);
    await bench.run(await bench.set('everyone'), PLAN);
    const error = async () => {
      await due();
      await send();
      return (await deliveries())[0]?.error;
    };
    listener.answer = () => undefined;
    const began = performance.now();
    expect(await error()).toBe('The other side did not answer in time.');
    expect(performance.now() - began).toBeLessThan(8_000);
    listener.answer = (response) => response.writeHead(302, { location: `${listener.url}/elsewhere` }).end();
    expect(await error()).toContain('redirects are not followed');
    expect(listener.heard.map((each) => each.path)).not.toContain('/elsewhere');
    listener.answer = (response) => response.destroy();
    expect(await error()).toBe('The other side could not be reached.');
    // An answer without an end is not listened to.
    listener.answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(1_000)), 5);
      response.once('close', () => clearInterval(timer));
    };
    expect(await error()).toBeNull();
  });

  it('is taken by one sender only, and taken again when that one has died', async () => {
    await create(['run.finished']);
    await people(1);
    await bench.run(await bench.set('everyone'), PLAN);
    await Promise.all([send(), send(), send()]);
    expect(listener.heard).toHaveLength(1);
    await test.db.pool.query(`update webhook_deliveries set state = 'waiting', attempts = 1, next_at = now() + interval '60 seconds'`);
    expect(await send()).toBe(false);
    await due();
    await send();
    expect(listener.heard).toHaveLength(2);
  });

  it('is kept for thirty days after it has arrived, and as long as it has not', async () => {
    await create();
    await people(1);
    await bench.run(await bench.set('everyone'), PLAN);
    await test.db.pool.query(`update webhook_deliveries set created_at = now() - interval '31 days'`);
    expect(await expireDeliveries(ctx)).toBe(0);
    await send();
    expect(await expireDeliveries(ctx)).toBe(2);
  });
});

describe('webhooks', () => {
  it('are told nothing while they rest, and go with what they were to be told', async () => {
    const { id } = await create();
    await people(1);
    const set = await bench.set('everyone');
    await bench.run(set, PLAN);
    expect(await perform(ctx, updateWebhook, { id, active: false })).toMatchObject({ active: false, waiting: 2 });
    expect(await send()).toBe(false);
    await bench.run(set, { changes: [{ change: 'job_description', set: 'unheard' }] });
    expect(await deliveries()).toHaveLength(2);
    await perform(ctx, deleteWebhook, { id });
    expect(await deliveries()).toEqual([]);
    await expect(perform(ctx, deleteWebhook, { id })).rejects.toMatchObject({ code: 'webhooks.not_found' });
    await expect(perform(ctx, updateWebhook, { id })).rejects.toMatchObject({ code: 'webhooks.not_found' });
    await expect(perform(ctx, listDeliveries, { webhook: id })).rejects.toMatchObject({ code: 'webhooks.not_found' });
  });

  it('show their secret once, and nowhere else; a new one ends the old', async () => {
    const { id, secret } = await create();
    const changed = await perform(ctx, updateWebhook, { id, new_secret: true });
    expect(changed.secret).toMatch(/^whsec_[\w-]{43}$/);
    expect(changed.secret).not.toBe(secret);
    const { rows } = await test.db.pool.query('select * from audit');
    const everywhere = JSON.stringify([await listWebhooks.run(ctx, {}), await perform(ctx, updateWebhook, { id }), rows]);
    expect(everywhere).not.toContain('whsec_');
  });

  it.each(['ftp://example.org/x', 'file:///etc/passwd', 'javascript:alert(1)', 'https://me:secret@example.org/', 'example.org', 'http://'])(
    'do not take %s for an address',
    async (url) => {
      await expect(perform(ctx, createWebhook, { url, events: ['run.finished'] })).rejects.toMatchObject({ code: 'input.invalid' });
    },
  );

  it('are the business of who may set settings', async () => {
    const manager = { ...ctx, actor: await userActor(test.db.pool, ['21']) };
    await expect(perform(manager, createWebhook, { url: listener.url, events: ['run.finished'] })).rejects.toMatchObject({
      code: 'access.denied',
    });
    expect((await perform(manager, listWebhooks, {})).webhooks).toEqual([]);
  });

  it('have their secret read by the sender alone', async () => {
    const source = await readFile(new URL('./webhook-operations.ts', import.meta.url), 'utf8');
    expect(source).not.toMatch(/select[^`]*secret/i);
  });
});

describe('a delivery that was given up', () => {
  it('is tried again with all its attempts when somebody asks, alone or with the others of its webhook', async () => {
    const webhook = await create(['run.finished']);
    const other = await create(['run.finished'], '/other');
    await people(1);
    await bench.run(await bench.set('everyone'), PLAN);
    await test.db.pool.query(`update webhook_deliveries set state = 'failed', attempts = 12, last_status = 500`);
    const [mine] = await deliveries({ webhook: webhook.id });
    expect(await perform(ctx, retryDeliveries, { webhook: other.id, delivery: mine?.id })).toEqual({ retried: 0 });
    expect(await perform(ctx, retryDeliveries, { webhook: webhook.id })).toEqual({ retried: 1 });
    expect(await deliveries({ webhook: webhook.id })).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    expect(await deliveries({ webhook: other.id })).toMatchObject([{ state: 'failed', attempts: 12 }]);
    await send();
    expect(await deliveries({ webhook: webhook.id })).toMatchObject([{ state: 'delivered' }]);
  });
});
