import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { commitLetterLink, hashPassword, newLetterLink, newPassword, revokeLetterLink } from '../../src/access/index.ts';
import type { Context, Database } from '../../src/core/index.ts';
import type { Channel, SenderPorts } from '../../src/letters/index.ts';

// Rooms of one tier do not import each other; tests of letters reach these through here.
export { perform, verifyPassword } from '../../src/access/index.ts';

export interface TestUser {
  readonly primary_id: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly pref_first_name?: string;
  readonly pref_last_name?: string;
  readonly preferred_language?: string;
  readonly expiry_date?: string;
  readonly emails?: readonly { readonly address: string; readonly preferred?: boolean; readonly types?: readonly string[] }[];
}

/** What tests of the letters room need around it, on a real database and a data directory of their own. */
export interface LettersBench {
  readonly ctx: Context;
  readonly dataDir: string;
  user(user: TestUser): Promise<number>;
  /** A finished run, and its letters in the outbox as the engine puts them there. */
  run(letter: string, userIds: readonly number[]): Promise<number>;
  ports(channel: Channel): SenderPorts;
  outbox(runId: number): Promise<readonly OutboxRow[]>;
  /** As time passing: everything that waits, or is held by a sender, becomes due. */
  makeDue(runId: number): Promise<void>;
  setting(name: string, value: unknown): Promise<void>;
  close(): Promise<void>;
}

export interface OutboxRow {
  readonly id: number;
  readonly user_id: number;
  readonly state: string;
  readonly address: string | null;
  readonly language: string | null;
  readonly attempts: number;
  readonly message_id: string | null;
  readonly file: string | null;
  readonly last_error: string | null;
  readonly wait_seconds: number;
}

export async function createLettersBench(db: Database): Promise<LettersBench> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'letters-'));
  const ctx: Context = {
    db,
    dataDir,
    actor: { kind: 'administrator', name: 'administrator' },
    source: 'test',
    language: 'en',
    timeZone: 'Europe/Berlin',
    doorbell: { ring: async () => undefined },
  };
  return {
    ctx,
    dataDir,
    user: async (user) => {
      const { rows } = await db.pool.query<{ id: number }>(sql`
        insert into users (primary_id, first_name, last_name, pref_first_name, pref_last_name, preferred_language, expiry_date,
          user_group)
        values (${user.primary_id}, ${user.first_name ?? null}, ${user.last_name ?? null}, ${user.pref_first_name ?? null},
          ${user.pref_last_name ?? null}, ${user.preferred_language ?? null}, ${user.expiry_date ?? null}::date, 'STUDENT')
        returning id`);
      const id = rows[0]?.id ?? 0;
      for (const email of user.emails ?? []) {
        await db.pool.query(sql`insert into user_emails (user_id, address, preferred, types)
          values (${id}, ${email.address}, ${email.preferred ?? null}, ${email.types ?? []}::text[])`);
      }
      return id;
    },
    run: async (letter, userIds) => {
      // Channels that rest since an earlier test.
      await db.pool.query('delete from outbox_pace');
      const { rows } = await db.pool.query<{ id: number }>(sql`
        insert into runs (kind, name, state, plan, today, created_by)
        values ('job', 'Summer', 'COMPLETED_SUCCESS', '{}', '2026-11-24', 'administrator') returning id`);
      const id = rows[0]?.id ?? 0;
      await db.pool.query(sql`update users u set credential_state = 'pending', credential_id = null
        where u.id = any(${userIds}::bigint[]) and (select t.credentials from notification_types t where t.code = ${letter})`);
      await db.pool.query(
        sql`insert into outbox (run_id, user_id, letter) select ${id}, u, ${letter} from unnest(${userIds}::bigint[]) as u`,
      );
      return id;
    },
    ports: (channel) => ({
      channels: { email: channel, sms: null },
      newPassword,
      hashPassword,
      commitCredentials,
      revokeCredential,
      newLink: () => newLetterLink('https://library.example.org'),
      commitLink: commitLetterLink,
      revokeLink: revokeLetterLink,
    }),
    outbox: async (runId) => {
      const { rows } = await db.pool.query<OutboxRow>(sql`
        select o.id, o.user_id, o.state, o.address, o.language, o.attempts, o.message_id, o.file, o.last_error,
          extract(epoch from o.next_at - now())::double precision as wait_seconds
        from outbox o where o.run_id = ${runId} order by o.id`);
      return rows;
    },
    makeDue: async (runId) => {
      await db.pool.query('delete from outbox_pace');
      await db.pool.query(sql`update outbox set next_at = now(), lease = case when lease is null then null else now() end
        where run_id = ${runId} and state in ('queued', 'sending')`);
    },
    setting: async (name, value) => {
      await db.pool.query(sql`insert into settings (name, value) values (${name}, ${JSON.stringify(value)}::jsonb)
        on conflict (name) do update set value = excluded.value`);
    },
    close: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** As the room `changes` does it, without the journal. */
async function commitCredentials(
  tx: PoolClient,
  credentials: readonly { readonly userId: number; readonly hash: string; readonly temporary: boolean }[],
): Promise<('committed' | 'stale')[]> {
  const answers: ('committed' | 'stale')[] = [];
  for (const { userId, hash, temporary } of credentials) {
    const { rowCount } = await tx.query(sql`
      with made as (
        insert into credentials (user_id, kind, hash, temporary)
        select u.id, 'password', ${hash}, ${temporary} from users u
        where u.id = ${userId} and u.credential_state = 'pending' for update
        returning id, user_id)
      update users u set credential_state = 'password', credential_id = m.id from made m where u.id = m.user_id`);
    answers.push(rowCount === 1 ? 'committed' : 'stale');
  }
  return answers;
}

async function revokeCredential(tx: PoolClient, { userId }: { readonly userId: number }): Promise<void> {
  await tx.query(sql`update users set credential_state = 'pending', credential_id = null
    where id = ${userId} and credential_state = 'password'
      and credential_id = (select max(c.id) from credentials c where c.user_id = ${userId} and c.temporary)`);
}
