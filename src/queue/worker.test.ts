import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { attendDoorbell, createDoorbell, installQueue, isTransient, startWorker, type Tasks, workerPresent } from './index.ts';

const log = pino({ level: 'silent' });
const nothing = async (): Promise<boolean> => false;
const idle: Tasks = { workOnce: nothing, sendDue: nothing, startDueSchedules: nothing, keepHouse: nothing };

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error('It did not come about.');
}

describe('worker', () => {
  it('goes on without a pause while there is work, in as many loops as asked for', async () => {
    let open = 100;
    let now = 0;
    let most = 0;
    const worker = startWorker(
      {
        ...idle,
        workOnce: async () => {
          if (open === 0) return false;
          open -= 1;
          now += 1;
          most = Math.max(most, now);
          await sleep(1);
          now -= 1;
          return true;
        },
      },
      { concurrency: 3, log },
    );
    await until(() => open === 0);
    await worker.stop();
    expect(most).toBe(3);
  });

  it('is woken by a ring that came while it was looking for work', async () => {
    let looks = 0;
    const wake = (): void => worker.wake('runs');
    const worker = startWorker(
      {
        ...idle,
        workOnce: async () => {
          looks += 1;
          if (looks <= 50) wake();
          return false;
        },
      },
      { concurrency: 1, log },
    );
    // Without the ring each look is two seconds after the last: this would take a hundred seconds.
    await until(() => looks > 50);
    await worker.stop();
  });

  it('ends no bite half-way when it is stopped, and takes no other', async () => {
    let begun = 0;
    let ended = 0;
    const worker = startWorker(
      {
        ...idle,
        workOnce: async () => {
          begun += 1;
          await sleep(50);
          ended += 1;
          return true;
        },
      },
      { concurrency: 2, log },
    );
    await until(() => begun === 2);
    await worker.stop();
    expect(ended).toBe(begun);
    await sleep(80);
    expect(begun).toBe(2);
  });

  it('survives errors, says that it fails, and works on', async () => {
    let tries = 0;
    const worker = startWorker(
      {
        ...idle,
        workOnce: async () => {
          tries += 1;
          if (tries < 3) throw new Error('no luck');
          return false;
        },
      },
      { concurrency: 1, log },
    );
    const state = (): string | undefined => worker.states().find((loop) => loop.name === 'runs 1')?.state;
    await until(() => state() === 'failing');
    await until(() => tries === 3 && state() === 'idle');
    await worker.stop();
  });
});

describe('doorbell', () => {
  const test = useTestDatabase();

  it('rings in the caller’s transaction: heard when it commits, not when it is rolled back', async () => {
    await installQueue(test.db.endpoint);
    const heard: string[] = [];
    const attendant = attendDoorbell(test.db.endpoint, (task) => heard.push(task), { install: false, log });
    const doorbell = createDoorbell(test.db.endpoint, { install: false, onError: (error) => expect.fail(String(error)) });
    await until(() => attendant.attending());
    expect(await workerPresent(test.db.pool)).toBe(true);

    const undone = test.db.transaction(async (tx) => {
      await doorbell.ring(tx, 'outbox');
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    await test.db.transaction((tx) => doorbell.ring(tx, 'runs'));
    await until(() => heard.length > 0);
    expect(heard).toEqual(['runs']);

    await doorbell.close();
    await attendant.stop();
    await until(async () => !(await workerPresent(test.db.pool)));
  });

  it('does not make transactions that ring wait for one another', async () => {
    const doorbell = createDoorbell(test.db.endpoint, { install: true, onError: (error) => expect.fail(String(error)) });
    await test.db.transaction(async (first) => {
      await doorbell.ring(first, 'runs');
      await test.db.transaction(async (second) => {
        await second.query(`set local lock_timeout = '2s'`);
        await doorbell.ring(second, 'runs');
      });
    });
    await doorbell.close();
  });

  it('keeps quiet where its tables are missing and may not be made', async () => {
    await test.db.pool.query('drop schema muster_queue cascade');
    const problems: unknown[] = [];
    const doorbell = createDoorbell(test.db.endpoint, { install: false, onError: (error) => problems.push(error) });
    await test.db.transaction(async (tx) => {
      await doorbell.ring(tx, 'runs');
      await tx.query('select 1');
    });
    await doorbell.close();
    expect(problems).toHaveLength(1);
  });
});

describe('transient errors', () => {
  it.each([
    [Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }), true],
    [Object.assign(new Error('could not connect'), { code: '08006' }), true],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
    [new Error('Connection terminated unexpectedly'), true],
    [new Error('chunk failed', { cause: new Error('Connection terminated unexpectedly') }), true],
    [Object.assign(new Error('duplicate key'), { code: '23505' }), false],
    [new Error('undefined is not a function'), false],
    ['no error at all', false],
  ])('%s: %s', (error, expected) => {
    expect(isTransient(error)).toBe(expected);
  });
});
