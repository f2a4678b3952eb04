import { expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { contextOf } from '../../test/support/sets.ts';
import { perform } from '../access/index.ts';
import { showHealth } from './system-health.ts';

const test = useTestDatabase();

it('counts what waits, and tells a failing loop of the process that answers', async () => {
  await test.db.pool.query(`
    insert into webhooks (url, events, created_by) values ('https://example.org/hook', '{run.finished}', 'test');
    insert into webhook_deliveries (webhook_id, event, run_id, data, state) select w.id, 'run.finished', 1, '{}', s from webhooks w,
      unnest('{waiting,failed,failed,delivered}'::text[]) s`);
  const still = await perform(contextOf(test.db), showHealth, {});
  expect(still).toMatchObject({ status: 'ok', process: null, webhooks: { waiting: 1, failed: 2 }, outbox: [], runs: [] });
  expect(still.database).toMatchObject({ pending: 0, version: expect.stringMatching(/^\d+/) });
  const loops = [{ name: 'runs', state: 'failing' as const, lastError: 'disk full' }];
  const health = async () => ({ queue: { state: 'polling' as const }, worker: { loops } });
  const failing = await perform({ ...contextOf(test.db), health }, showHealth, {});
  expect(failing).toMatchObject({ status: 'failing', process: { queue: 'polling', loops: [{ name: 'runs', last_error: 'disk full' }] } });
});
