/**
 * What hangs on a user beside the record: memberships in sets, loans, requests and fees, proxies, values for
 * plans, letters that wait, sets and templates of one's own. A merge moves it to the record that is kept and
 * says what it moved; the undo moves that back, as far as it is still there.
 *
 * Letters that have gone out, the journal and the audit stay with the number they were written for: whoever
 * reads them reads those of the merged records too (users/merged.ts).
 */
import type { PoolClient } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';

/** Numbers of rows that went from one to the other, and whole rows of those that could not. */
export interface Holdings {
  /** Sets that the kept user came into, and those that both were in. */
  readonly sets: readonly number[];
  readonly both_sets: readonly number[];
  readonly circulation: readonly number[];
  readonly both_circulation: readonly object[];
  /** As they were. */
  readonly proxies: readonly object[];
  readonly values: readonly number[];
  readonly letters: readonly number[];
  readonly subscriptions: readonly number[];
  /** Records that were merged into the one that is given up now. */
  readonly merged: readonly number[];
  readonly owned: { readonly sets: readonly number[]; readonly templates: readonly number[]; readonly schedules: readonly number[] };
}

export interface Pair {
  readonly keep: { readonly id: number; readonly primaryId: string };
  readonly giveUp: { readonly id: number; readonly primaryId: string };
}

async function ids(tx: PoolClient, query: Sql): Promise<number[]> {
  return (await tx.query<{ id: number }>(query)).rows.map((row) => row.id);
}

async function wholeRows(tx: PoolClient, query: Sql): Promise<object[]> {
  return (await tx.query<{ row: object }>(query)).rows.map(({ row }) => row);
}

export async function moveHoldings(tx: PoolClient, { keep, giveUp }: Pair): Promise<Holdings> {
  const [to, from] = [keep.id, giveUp.id];
  const sets = await ids(
    tx,
    sql`insert into set_members (set_id, user_id) select m.set_id, ${to}::bigint from set_members m where m.user_id = ${from}::bigint
      on conflict do nothing returning set_id as id`,
  );
  const members = await ids(tx, sql`delete from set_members m where m.user_id = ${from}::bigint returning m.set_id as id`);
  const both = await wholeRows(
    tx,
    sql`delete from circulation c where c.user_id = ${from}::bigint and exists (
        select from circulation k where k.user_id = ${to}::bigint and k.kind = c.kind and k.reference = c.reference) returning to_jsonb(c) as row`,
  );
  return {
    sets,
    both_sets: members.filter((id) => !sets.includes(id)),
    circulation: await ids(tx, sql`update circulation c set user_id = ${to}::bigint where c.user_id = ${from}::bigint returning c.id`),
    both_circulation: both,
    proxies: await moveProxies(tx, from, to),
    values: await ids(
      tx,
      sql`update value_rows v set user_id = ${to}::bigint where v.user_id = ${from}::bigint
        and not exists (select from value_rows k where k.table_id = v.table_id and k.user_id = ${to}::bigint) returning v.table_id as id`,
    ),
    letters: await moveLetters(tx, from, to),
    subscriptions: await ids(
      tx,
      sql`update run_subscriptions s set user_id = ${to}::bigint where s.user_id = ${from}::bigint and not exists (
          select from run_subscriptions k where k.user_id = ${to}::bigint and k.kind = s.kind
            and k.run_id is not distinct from s.run_id and k.schedule_id is not distinct from s.schedule_id) returning s.id`,
    ),
    merged: await ids(tx, sql`update users u set merged_into = ${to}::bigint where u.merged_into = ${from}::bigint returning u.id`),
    owned: {
      sets: await rename(tx, 'sets', giveUp.primaryId, keep.primaryId),
      templates: await rename(tx, 'templates', giveUp.primaryId, keep.primaryId),
      schedules: await rename(tx, 'schedules', giveUp.primaryId, keep.primaryId),
    },
  };
}

function rename(tx: PoolClient, table: string, from: string, to: string, only?: readonly number[]): Promise<number[]> {
  const which = only === undefined ? sql`true` : sql`t.id = any (${only}::bigint[])`;
  return ids(tx, sql`update ${raw(table)} t set owner = ${to}::text where t.owner = ${from}::text and ${which} returning t.id`);
}

/** Nobody is their own proxy, and nobody twice. */
async function moveProxies(tx: PoolClient, from: number, to: number): Promise<object[]> {
  const before = await wholeRows(
    tx,
    sql`select to_jsonb(p) as row from user_proxies p where ${from}::bigint in (p.user_id, p.proxy_for_id) order by p.id`,
  );
  if (before.length === 0) return [];
  await tx.query(sql`delete from user_proxies p where ${from}::bigint in (p.user_id, p.proxy_for_id)`);
  await tx.query(sql`
    insert into user_proxies (id, user_id, proxy_for_id)
    select distinct on (n.user_id, n.proxy_for_id) p.id, n.user_id, n.proxy_for_id
    from jsonb_populate_recordset(null::user_proxies, ${JSON.stringify(before)}::jsonb) p
    cross join lateral (select
      case when p.user_id = ${from}::bigint then ${to}::bigint else p.user_id end as user_id,
      case when p.proxy_for_id = ${from}::bigint then ${to}::bigint else p.proxy_for_id end as proxy_for_id) n
    where n.user_id <> n.proxy_for_id order by n.user_id, n.proxy_for_id, p.id
    on conflict do nothing`);
  return before;
}

/**
 * Letters that wait go to the record that is kept, whose address and name they will carry. Those that bring
 * a password or a link are for an account that ends, and those that the kept user gets from the same run
 * would come twice: they are cancelled.
 */
async function moveLetters(tx: PoolClient, from: number, to: number): Promise<number[]> {
  await tx.query(sql`
    update outbox o set state = 'cancelled', last_error = null where o.user_id = ${from}::bigint and o.state = 'queued' and (
      o.brings is not null
      or exists (select from outbox k where k.user_id = ${to}::bigint and k.run_id = o.run_id and k.letter = o.letter))`);
  return ids(tx, sql`update outbox o set user_id = ${to}::bigint where o.user_id = ${from}::bigint and o.state = 'queued' returning o.id`);
}

/** Sessions and one-time links of an account that ends. */
export async function endAccess(tx: PoolClient, userId: number): Promise<void> {
  await tx.query(sql`delete from sessions s where s.user_id = ${userId}::bigint`);
  await tx.query(
    sql`update sign_in_links l set ended_at = now() where l.user_id = ${userId}::bigint and l.used_at is null and l.ended_at is null`,
  );
}

/** What `moveHoldings` moved goes back where it came from; what is gone or somebody else's by now is left. */
export async function restoreHoldings(tx: PoolClient, { keep, giveUp }: Pair, moved: Holdings): Promise<void> {
  const [to, from] = [keep.id, giveUp.id];
  await tx.query(sql`
    insert into set_members (set_id, user_id) select s.id, ${from}::bigint from sets s
    where s.id = any (${[...moved.sets, ...moved.both_sets]}::bigint[]) and s.kind = 'itemized' on conflict do nothing`);
  await tx.query(sql`delete from set_members m where m.user_id = ${to}::bigint and m.set_id = any (${moved.sets}::bigint[])`);
  await tx.query(sql`
    update circulation c set user_id = ${from}::bigint where c.user_id = ${to}::bigint and c.id = any (${moved.circulation}::bigint[])`);
  await tx.query(sql`
    insert into circulation select * from jsonb_populate_recordset(null::circulation, ${JSON.stringify(moved.both_circulation)}::jsonb)
    on conflict do nothing`);
  await tx.query(sql`
    delete from user_proxies p where p.id in (
      select b.id from jsonb_populate_recordset(null::user_proxies, ${JSON.stringify(moved.proxies)}::jsonb) b)`);
  await tx.query(sql`
    insert into user_proxies (id, user_id, proxy_for_id)
    select b.id, b.user_id, b.proxy_for_id from jsonb_populate_recordset(null::user_proxies, ${JSON.stringify(moved.proxies)}::jsonb) b
    where exists (select from users u where u.id = b.user_id) and exists (select from users u where u.id = b.proxy_for_id)
    on conflict do nothing`);
  await tx.query(sql`
    update value_rows v set user_id = ${from}::bigint where v.user_id = ${to}::bigint and v.table_id = any (${moved.values}::bigint[])
      and not exists (select from value_rows k where k.table_id = v.table_id and k.user_id = ${from}::bigint)`);
  await tx.query(sql`
    update outbox o set user_id = ${from}::bigint where o.user_id = ${to}::bigint and o.state = 'queued' and o.id = any (${moved.letters}::bigint[])`);
  await tx.query(sql`
    update run_subscriptions s set user_id = ${from}::bigint where s.user_id = ${to}::bigint and s.id = any (${moved.subscriptions}::bigint[])`);
  await tx.query(sql`
    update users u set merged_into = ${from}::bigint where u.merged_into = ${to}::bigint and u.id = any (${moved.merged}::bigint[])`);
  for (const table of ['sets', 'templates', 'schedules'] as const) {
    await rename(tx, table, keep.primaryId, giveUp.primaryId, moved.owned[table]);
  }
}
