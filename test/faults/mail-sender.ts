/**
 * A sender in a process of its own that kills itself, or its PostgreSQL, at a step of a message:
 *
 *     node mail-sender.ts '{ "dataDir": …, "smtp": …, "fault": { "step": "after_claim", "nth": 2, "kills": "sender" } }'
 *
 * It sends with the real channel to a real server, and ends when nothing is due any more. The step `in_data`
 * is the mail server's to see: it kills from outside.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commitLetterLink, hashPassword, newLetterLink, newPassword, revokeLetterLink } from '../../src/access/index.ts';
import { commitCredentials, revokeCredential } from '../../src/changes/index.ts';
import type { Context } from '../../src/core/index.ts';
import { openDatabase } from '../../src/db/index.ts';
import { createSmtpChannel, sendDue } from '../../src/letters/index.ts';

export const STEPS = ['before_claim', 'after_claim', 'after_hash', 'before_hand_over', 'in_data', 'after_ok', 'in_commit'] as const;
export type Step = (typeof STEPS)[number];

export interface Fault {
  readonly step: Step;
  /** The fault comes when the step comes for the nth time. */
  readonly nth: number;
  readonly kills: 'sender' | 'database';
}

export interface SenderOrder {
  readonly dataDir: string;
  readonly smtp: string;
  readonly fault: Fault | null;
  readonly concurrency: number;
}

/** How the statements begin that the faults look for; see `claim.ts` and `ledger.ts`. */
const CLAIM = 'with health as';
const RECORD = 'written as (';

/** All of it at once: those that its first process has started would otherwise end what they are at. */
export function killPostgres(dataDir: string): void {
  const first = Number(readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const started = startedBy(first);
  process.kill(first, 'SIGKILL');
  for (const each of started) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Only Linux says. */
function startedBy(first: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    try {
      // `pid (name) state parent …`; the name may hold anything.
      const parent = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
      return /^\d+$/.test(name) && Number(parent) === first ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

async function send(order: SenderOrder): Promise<void> {
  const { dataDir, fault } = order;
  const db = await openDatabase({ dataDir });
  let seen = 0;
  const reach = (step: Step): void => {
    if (fault?.step !== step) return;
    seen += 1;
    if (seen !== fault.nth) return;
    if (fault.kills === 'database') killPostgres(dataDir);
    else process.kill(process.pid, 'SIGKILL');
  };

  const query = db.pool.query.bind(db.pool) as (statement: { text: string }) => Promise<unknown>;
  const watched = async (statement: { text: string }): Promise<unknown> => {
    const text = typeof statement === 'string' ? statement : statement.text;
    if (text.includes(CLAIM)) {
      reach('before_claim');
      const answer = await query(statement);
      reach('after_claim');
      return answer;
    }
    const answer = query(statement);
    // The statement is on its way; whether it has been committed when the blow falls is for the moment to say.
    if (text.includes(RECORD)) setTimeout(() => reach('in_commit'), Math.random() * 3);
    return answer;
  };
  Object.assign(db.pool, { query: watched });
  let hashed = false;
  const transaction: Context['db']['transaction'] = async (work) => {
    const result = await db.transaction(work);
    if (hashed) reach('after_hash');
    hashed = false;
    return result;
  };

  const ctx: Context = {
    db: { pool: db.pool, transaction },
    dataDir,
    actor: { kind: 'system', name: 'fault test' },
    source: 'test',
    language: 'en',
    timeZone: 'UTC',
    doorbell: { ring: async () => undefined },
  };
  const smtp = createSmtpChannel(order.smtp, { maxConnections: 4 });
  const ports = {
    channels: {
      email: {
        ...smtp,
        deliver: async (...args: Parameters<typeof smtp.deliver>) => {
          reach('before_hand_over');
          const delivered = await smtp.deliver(...args);
          reach('after_ok');
          return delivered;
        },
      },
      sms: null,
    },
    newPassword,
    hashPassword,
    commitCredentials: (...args: Parameters<typeof commitCredentials>) => {
      hashed = true;
      return commitCredentials(...args);
    },
    revokeCredential,
    newLink: () => newLetterLink('https://library.example.org'),
    commitLink: commitLetterLink,
    revokeLink: revokeLetterLink,
  };
  for (let quiet = 0; quiet < 2; ) {
    try {
      const { postponed: _untried, ...done } = await sendDue(ctx, ports, { batch: 8, concurrency: order.concurrency, seconds: 5 });
      quiet = Object.values(done).some((messages) => messages > 0) ? 0 : quiet + 1;
    } catch {
      // As the worker's loop does it: the database is gone, and comes back.
      await sleep(200);
      quiet = 0;
    }
  }
  await smtp.close();
  await db.close();
}

const [order] = process.argv.slice(2);
if (order !== undefined && process.argv[1] === import.meta.filename) await send(JSON.parse(order) as SenderOrder);
