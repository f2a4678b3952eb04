import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chance } from '../faults/library.ts';
import { type Blow, type MailAccount, MailLibrary } from '../faults/mail-library.ts';
import { type Fault, STEPS } from '../faults/mail-sender.ts';

/** `MAIL_KILLS=100 npm run soak -- test/soak/mails.test.ts` for fewer. */
const KILLS = Number(process.env['MAIL_KILLS'] ?? 1_000);
const MESSAGES = 10;
const TOLD_EVERY = 25;

describe('letters whose sender or database is killed again and again', () => {
  const library = new MailLibrary();
  beforeAll(() => library.make());
  afterAll(() => library.remove());

  const seed = randomInt(2 ** 31);
  it(`are all sent, once, after ${KILLS} kills (seed ${seed})`, async () => {
    const random = chance(seed);
    const blows: Blow[] = [];
    let queued = 0;
    for (let fallen = 0; fallen < KILLS; ) {
      const step = STEPS[Math.floor(random() * STEPS.length)] ?? 'after_ok';
      const many = step === 'before_claim' || step === 'after_claim' ? 2 : 5;
      const fault: Fault = { step, nth: 1 + Math.floor(random() * many), kills: random() < 0.25 ? 'database' : 'sender' };
      await library.queue(MESSAGES);
      queued += MESSAGES;
      const blow = await library.strike(fault);
      blows.push(blow);
      if (blow.fell) fallen += 1;
      if (fallen % TOLD_EVERY === 0) process.stderr.write(`${fallen} kills, ${queued} messages\n`);
    }
    await library.settle();
    const account = await library.account();
    process.stdout.write(table(blows, account));
    expect(Math.max(...blows.map((blow) => blow.uncertain))).toBeLessThanOrEqual(4);
    expect(account).toMatchObject({ messages: queued, lost: 0, silentRepeats: 0, wrongPasswords: 0 });
  });
});

function table(blows: readonly Blow[], account: MailAccount): string {
  const rows = STEPS.map((step) => {
    const here = blows.filter((blow) => blow.fell && blow.fault.step === step);
    const by = (kills: Fault['kills']): number => here.filter((blow) => blow.fault.kills === kills).length;
    const uncertain = here.reduce((sum, blow) => sum + blow.uncertain, 0);
    return `| ${step} | ${by('sender')} | ${by('database')} | ${uncertain} |\n`;
  });
  return `
| step | sender killed | database killed | messages uncertain |
| --- | --- | --- | --- |
${rows.join('')}
${account.messages} messages: lost ${account.lost}, sent twice and flagged ${account.flaggedRepeats}, sent twice without a word ${account.silentRepeats}, wrong passwords ${account.wrongPasswords}
`;
}
