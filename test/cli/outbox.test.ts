import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/** What staff do about messages, as they type it. */
const test = useTestDatabase();
const files = temporaryDirectory();
const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: path.join(files.directory, 'data') });
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(['outbox', ...args], { env: env(), status });
const muster = (args: readonly string[]): ReturnType<typeof call> => call(args, { env: env() });

let run = 0;
let ids: number[] = [];
const states = async (): Promise<string[]> =>
  (await test.db.pool.query<{ state: string }>('select state from outbox order by id')).rows.map((row) => row.state);

beforeAll(() => {
  mkdirSync(path.join(files.directory, 'data'));
});
afterAll(() => files.remove());
beforeEach(async () => {
  await test.db.pool.query('delete from outbox; delete from outbox_pauses; delete from runs; delete from users');
  const { rows } = await test.db.pool.query<{ id: number; run: number }>(sql`
    with u as (insert into users (primary_id) values ('anna'), ('berta'), ('carla') returning id),
      r as (insert into runs (kind, name, state, plan, today, created_by) values ('job', 'Autumn', 'COMPLETED_SUCCESS', '{}', '2026-11-24', 'x') returning id),
      a as (insert into user_emails (user_id, address, types) select u.id, 'u' || u.id || '@example.org', '{}' from u)
    insert into outbox (run_id, user_id, letter, address)
    select r.id, u.id, 'GENERAL_NOTICE', 'old' || u.id || '@example.org' from u cross join r order by u.id returning id, run_id as run`);
  run = rows[0]?.run ?? 0;
  ids = rows.map((row) => row.id);
});

describe('muster outbox', PATIENT, () => {
  it('pauses a run, says why it waits, and lets it go on', async () => {
    expect(await json(['pause', '--run', String(run)])).toEqual({ paused: 1 });
    expect(await json(['list', '--run', String(run), '--state', 'held'])).toMatchObject({ total: 3 });
    const shown = (await muster(['outbox', 'pauses'])).stdout;
    expect(shown).toContain('Autumn');
    expect((await json(['pauses']))['pauses']).toMatchObject([{ run_id: run, letter: null, reason: 'person', messages: 3 }]);
    expect(await json(['resume', '--run', String(run)])).toMatchObject({ resumed: 1 });
    expect((await muster(['--lang', 'de', 'outbox', 'pauses'])).stdout).not.toContain('Autumn');
    expect(await json(['pause'], 1)).toMatchObject({ error: { code: 'letters.which_messages' } });
  });

  it('decides on what is uncertain, message by message or a run at once', async () => {
    await test.db.pool.query(`update outbox set state = 'uncertain', message_id = '<' || id || '@x>'`);
    const [first, second] = ids.map(String);
    expect(await json(['resolve', first ?? '', '--resend'])).toEqual({ resolved: 1 });
    expect(await json(['resolve', second ?? '', '--cancel'])).toEqual({ resolved: 1 });
    expect(await json(['resolve', '--run', String(run), '--sent'])).toEqual({ resolved: 1 });
    expect(await states()).toEqual(['queued', 'cancelled', 'sent']);
    expect((await muster(['outbox', 'show', first ?? ''])).stdout).toContain('anna');
    expect(await json(['resolve', first ?? ''], 2)).toMatchObject({ error: { code: 'cli.outbox.one_decision' } });
    expect(await json(['resolve', first ?? '', '--sent', '--cancel'], 2)).toMatchObject({ error: { code: 'cli.outbox.one_decision' } });
  });

  it('sends failed ones again to the address of today, and gives up what waits', async () => {
    await test.db.pool.query(`update outbox set state = 'failed', last_error = 'letters.refused: 550 nobody here'`);
    const listed = await muster(['outbox', 'list', '--state', 'failed']);
    expect(listed.stdout).toContain('refuses the letter for good');
    expect(await json(['retry', String(ids[0])])).toMatchObject({ queued: 1 });
    expect(await json(['show', String(ids[0])])).toMatchObject({ state: 'queued', to: expect.not.stringContaining('old') as string });
    expect(await json(['cancel', '--run', String(run)])).toMatchObject({ cancelled: expect.any(Number) as number });
    expect((await states())[0]).toBe('cancelled');
  });
});
