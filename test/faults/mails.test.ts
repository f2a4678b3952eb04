import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Blow, MailLibrary } from './mail-library.ts';
import type { Fault } from './mail-sender.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

/**
 * One kill at each step where something could be lost or go out twice. Every step, of the sender and of the
 * database, again and again: `npm run soak -- test/soak/mails.test.ts`.
 */
const FAULTS: readonly Fault[] = [
  { step: 'after_claim', nth: 1, kills: 'sender' },
  { step: 'after_hash', nth: 1, kills: 'sender' },
  { step: 'in_data', nth: 3, kills: 'sender' },
  { step: 'after_ok', nth: 3, kills: 'sender' },
  { step: 'in_commit', nth: 2, kills: 'database' },
];

describe('letters whose sender or database is killed at a step of a message', () => {
  const library = new MailLibrary();
  beforeAll(() => library.make());
  afterAll(() => library.remove());

  it('are all sent, once; what may have been sent twice says so', async () => {
    const blows: Blow[] = [];
    for (const fault of FAULTS) {
      await library.queue(8);
      blows.push(await library.strike(fault));
    }
    await library.settle();
    const account = await library.account();
    expect(blows.filter((blow) => !blow.fell)).toEqual([]);
    // At most what was in hand is uncertain.
    expect(Math.max(...blows.map((blow) => blow.uncertain))).toBeLessThanOrEqual(4);
    expect(account).toMatchObject({ messages: 8 * FAULTS.length, lost: 0, silentRepeats: 0, wrongPasswords: 0 });
  });
});
