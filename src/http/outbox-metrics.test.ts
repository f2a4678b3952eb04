import sql from 'sql-template-tag';
import { expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { useTestServer } from '../../test/support/http.ts';

const test = useTestDatabase();
const here = useTestServer(test);

it('the outbox is counted by state and channel, with its age, its pauses and what rests', async () => {
  await test.db.pool.query(sql`
    with u as (insert into users (primary_id) select 'u' || n from generate_series(1, 6) n returning id),
      r as (insert into runs (kind, name, state, plan, today, created_by) values ('job', 'x', 'COMPLETED_SUCCESS', '{}', '2026-11-24', 'x') returning id),
      n as (select u.id, row_number() over (order by u.id) as no from u),
      queued as (
        insert into outbox (run_id, user_id, letter, channel, state, attempts, created_at)
        select r.id, n.id, 'WELCOME', case when n.no <= 4 then 'email' else 'sms' end,
          case when n.no <= 3 then 'queued' when n.no = 4 then 'uncertain' else 'queued' end,
          case when n.no = 1 then 2 else 0 end, now() - make_interval(mins => n.no::integer * 10)
        from n cross join r),
      paused as (insert into outbox_pauses (run_id, letter, reason) select r.id, 'WELCOME', 'failures' from r)
    insert into outbox_pace (scope, key, strikes, rests_until) values ('domain', 'busy.example', 1, now() + interval '1 minute'),
      ('domain', 'calm.example', 0, now() - interval '1 minute')`);
  const text = await (await fetch(`${here.url}/metrics`)).text();
  const value = (line: string): number =>
    Number(
      text
        .split('\n')
        .find((each) => each.startsWith(`${line} `))
        ?.slice(line.length + 1),
    );
  expect(value('muster_outbox_messages{state="queued",channel="email"}')).toBe(3);
  expect(value('muster_outbox_messages{state="queued",channel="sms"}')).toBe(2);
  expect(value('muster_outbox_messages{state="uncertain",channel="email"}')).toBe(1);
  expect(Math.abs(value('muster_outbox_oldest_queued_seconds{channel="email"}') - 1_800)).toBeLessThan(300);
  expect(Math.abs(value('muster_outbox_oldest_queued_seconds{channel="sms"}') - 3_600)).toBeLessThan(300);
  expect(value('muster_outbox_retrying_messages{channel="email"}')).toBe(1);
  expect(value('muster_outbox_retrying_messages{channel="sms"}')).toBe(0);
  expect(value('muster_outbox_paused_batches{reason="failures"}')).toBe(1);
  expect(value('muster_outbox_paused_batches{reason="person"}')).toBe(0);
  expect(value('muster_outbox_resting{scope="domain"}')).toBe(1);
  expect(value('muster_outbox_resting{scope="channel"}')).toBe(0);
  // No name and no address stands in it.
  expect(text).not.toContain('example');

  // Not counted again within ten seconds.
  await test.db.pool.query(`update outbox set state = 'sent'`);
  expect(await (await fetch(`${here.url}/metrics`)).text()).toContain('muster_outbox_messages{state="uncertain",channel="email"} 1');
});
