/** What the benchmarks of letters share: a sink, messages in the outbox, and the sender with everything it needs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import sql from 'sql-template-tag';
import { commitLetterLink, hashPassword, newLetterLink, newPassword, revokeLetterLink } from '../../src/access/index.ts';
import { commitCredentials, revokeCredential } from '../../src/changes/index.ts';
import { type Channel, sendDue, type SenderPorts } from '../../src/letters/index.ts';
import type { Copy } from './server.ts';

export interface Sink {
  readonly url: string;
  /** Messages taken since this was asked last. */
  taken(): Promise<number>;
  close(): void;
}

export async function startSink(): Promise<Sink> {
  const child: ChildProcess = spawn(process.execPath, [path.join(import.meta.dirname, 'smtp-sink.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.stdout === null || child.stdin === null) throw new Error('The sink has no pipes.');
  const lines = createInterface({ input: child.stdout });
  const numberIn = async (): Promise<number> => {
    const [line] = (await once(lines, 'line')) as [string];
    return Number(line.split(' ')[1]);
  };
  const port = await numberIn();
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken: () => {
      child.stdin?.write('\n');
      return numberIn();
    },
    close: () => child.stdin?.end(),
  };
}

/** A finished run that has put a letter to so many users into the outbox. */
export async function queueLetters(copy: Copy, letter: string, many: number): Promise<number> {
  const { rows } = await copy.db.pool.query<{ id: number }>(sql`
    insert into runs (kind, name, state, plan, today, created_by, finished_at)
    values ('job', 'bench', 'COMPLETED_SUCCESS', '{}', current_date, 'administrator', now()) returning id`);
  const id = rows[0]?.id ?? 0;
  await copy.db.pool.query(sql`
    insert into outbox (run_id, user_id, letter, address, language)
    select ${id}::bigint, u.id, ${letter}::text, 'u' || u.id || '@d' || u.id % 500 || '.example.org', case when u.id % 3 = 0 then 'de' else 'en' end
    from users u order by u.id limit ${many}::integer`);
  await copy.db.pool.query('vacuum (analyze) outbox');
  await copy.db.pool.query('checkpoint');
  return id;
}

export function portsFor(email: Channel): SenderPorts {
  return {
    channels: { email, sms: null },
    newPassword,
    hashPassword,
    commitCredentials,
    revokeCredential,
    newLink: () => newLetterLink('https://library.example.org'),
    commitLink: commitLetterLink,
    revokeLink: revokeLetterLink,
  };
}

/** Sends until nothing is due; answers how many went out. */
export async function sendAll(copy: Copy, ports: SenderPorts, concurrency?: number): Promise<number> {
  let sent = 0;
  for (;;) {
    const result = await sendDue(copy.ctx, ports, { ...(concurrency === undefined ? {} : { concurrency }) });
    if (result.failed > 0 || result.retried > 0) throw new Error(`Not everything was sent: ${JSON.stringify(result)}`);
    if (result.sent === 0) return sent;
    sent += result.sent;
  }
}
