import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench } from '../../test/support/letters.ts';
import { createMailboxChannel } from './mailbox.ts';
import { pauseOutbox } from './outbox-control.ts';
import { countMessages, listMailbox } from './outbox-counts.ts';
import { sendDue } from './sender.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

test('messages are counted by state, what is held as held, and add up; kept mails are listed by user and page', async () => {
  const users = await Promise.all(
    [1, 2, 3].map((n) => bench.user({ primary_id: `c${n}`, emails: [{ address: `c${n}@example.org`, preferred: true }] })),
  );
  const first = await bench.run('WELCOME', users);
  const channel = createMailboxChannel(bench.dataDir);
  while ((await sendDue(bench.ctx, bench.ports(channel), { signal: new AbortController().signal })).sent > 0);
  const second = await bench.run('GENERAL_NOTICE', users.slice(0, 2));
  await pauseOutbox.run(bench.ctx, { run: second });

  const all = await countMessages.run(bench.ctx, {});
  expect(all).toEqual({
    total: 5,
    states: [
      { state: 'held', messages: 2 },
      { state: 'sent', messages: 3 },
    ],
    hold_all: false,
  });
  expect(await countMessages.run(bench.ctx, { run: first })).toMatchObject({ total: 3, states: [{ state: 'sent', messages: 3 }] });
  expect(await countMessages.run(bench.ctx, { channel: 'sms' })).toMatchObject({ total: 0, states: [] });
  await bench.setting('letters.hold_all', true);
  expect((await countMessages.run(bench.ctx, {})).hold_all).toBe(true);

  const ctx = { ...bench.ctx, channels: { email: channel, sms: null } };
  const page = await listMailbox.run(ctx, { limit: 2 });
  expect(page).toMatchObject({ in_use: true, mails: [{ user: 'c3' }, { user: 'c2' }] });
  expect(page.mails[0]?.subject).toBeTruthy();
  expect(page.mails[0]?.file).toMatch(/\.eml$/);
  expect(await listMailbox.run(ctx, { limit: 2, after: page.next ?? 0 })).toMatchObject({ mails: [{ user: 'c1' }], next: null });
  expect(await listMailbox.run(bench.ctx, { user: 'C2', limit: 50 })).toMatchObject({ in_use: false, mails: [{ user: 'c2' }], next: null });
});
