import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform } from '../../test/support/letters.ts';
import type { MailMessage } from '../core/index.ts';
import type { Channel } from './channel.ts';
import { createMailboxChannel } from './mailbox.ts';
import { previewLetter } from './preview.ts';
import { sendDue } from './sender.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

test('a letter that can be ended shows the link of its header; one that is always sent has neither; a preview has a dummy', async () => {
  const ctx = { ...bench.ctx, publicUrl: 'https://library.example.org/muster' };
  const user = await bench.user({
    primary_id: 'ends',
    last_name: 'Beispiel',
    preferred_language: 'en',
    emails: [{ address: 'ends@example.org', preferred: true }],
  });
  await database.db.pool.query(`update notification_types set essential = (code = 'ACCOUNT_TYPE_CHANGED') where not credentials`);
  await bench.run('GENERAL_NOTICE', [user]);
  await bench.run('ACCOUNT_TYPE_CHANGED', [user]);
  const mails: MailMessage[] = [];
  const mailbox = createMailboxChannel(bench.dataDir);
  const channel: Channel = {
    ...mailbox,
    deliver: async (message, signal) => {
      mails.push(message);
      return mailbox.deliver(message, signal);
    },
  };
  while ((await sendDue(ctx, bench.ports(channel))).sent > 0);
  const notice = mails.find(({ unsubscribe }) => typeof unsubscribe === 'string');
  const always = mails.find(({ unsubscribe }) => unsubscribe === undefined || unsubscribe === null);
  expect(mails).toHaveLength(2);
  expect(notice?.unsubscribe).toMatch(/^https:\/\/library\.example\.org\/muster\/letters\/unsubscribe\/\S+$/);
  expect(notice?.html).toContain(`href="${notice?.unsubscribe}"`);
  expect(notice?.text?.replace(/\s/g, '')).toContain(notice?.unsubscribe);
  expect(`${always?.html}${always?.text}`).not.toContain('/letters/unsubscribe');

  const shown = (type: string) => perform(ctx, previewLetter, { type, users: ['ends'] });
  expect((await shown('GENERAL_NOTICE')).letters[0]?.html).toContain('href="https://library.example.org/muster/letters/unsubscribe"');
  expect((await shown('ACCOUNT_TYPE_CHANGED')).letters[0]?.html).not.toContain('/letters/unsubscribe');
  const unreachable = await perform(bench.ctx, previewLetter, { type: 'GENERAL_NOTICE', users: ['ends'] });
  expect(unreachable.letters[0]?.html).not.toContain('unsubscribe');
});
