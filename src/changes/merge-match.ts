/**
 * First part of the merge: which record of the file is which user, and which records cannot go in.
 *
 * Invariant: afterwards every record in `merge_records` is 'live' (created or updated), 'skipped'
 * (not wanted in this mode) or 'rejected' (with a row in `merge_errors`), and no two live records
 * write the same user or claim the same value. Nothing outside the session's own tables is written.
 */
import type { PoolClient } from 'pg';
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { anyAdministrator, type ChildTableName, childTable, lockAdministrators, PROTECTED_SCALARS } from '../users/index.ts';
import { listBit, scalarBit } from './merge-staging.ts';

export type MergeMode = 'both' | 'add' | 'update';

export interface MatchOptions {
  readonly mode: MergeMode;
  /** Type of the identifier that records are matched by before the primary id. */
  readonly matchIdentifier?: string;
  /** The file is a feed's: it speaks for its own external users and for nobody else. */
  readonly feed?: FeedMerge;
}

export interface FeedMerge {
  /** What the feed's users carry as `external_id`. */
  readonly code: string;
}

/** What a feed never touches at users who exist: their roles, and the lists that a library may hold. */
const KEPT_LISTS: readonly ChildTableName[] = ['user_roles', 'user_rs_libraries', 'user_letter_preferences'];

/** What the person who imports may not do (see access): give roles above their own, edit people who have such. */
export interface Authority {
  /** Whether the actor may not give the role `type`. */
  readonly roleNotGranted: (type: Sql) => Sql;
  /** Whether the user is not the actor's to edit; null when every user is. */
  readonly outranks: (userId: Sql) => Sql | null;
  /** The actor's own user: nobody shuts themselves out, or lets themselves in, with a file. */
  readonly ownUserId: number | null;
  /** Columns and child tables that are closed to the actor: what a record carries there is refused; empty counts as not carried. */
  readonly closed: readonly string[];
}

const bit = (name: string): Sql => raw(`${scalarBit(name)}::bigint`);

/** Users that the records may mean: by primary id, or by the given type of identifier. */
function candidates(options: MatchOptions): Sql {
  const byIdentifier =
    options.matchIdentifier === undefined
      ? empty
      : sql` union select h.user_id from staged_user_identifiers i
        join user_identifiers h on fold(h.value) = fold(i.value) and h.type = i.type
        where i.type = ${options.matchIdentifier}::text`;
  const absent = options.feed === undefined ? empty : sql` union select a.user_id from sync_absent a`;
  return sql`select p.id as user_id from staged_users s join users p on fold(p.primary_id) = fold(s.primary_id)${byIdentifier}${absent}`;
}

/**
 * Locks the users of the file in id order, in a statement of its own, so that what the following
 * statements read of their child rows is not older than the lock. One order for everybody who
 * writes users: no deadlock with a run's chunks.
 */
export async function lockCandidates(tx: PoolClient, options: MatchOptions): Promise<void> {
  // Before any user's row, as every writer that may take an administrator away.
  if (await anyAdministrator(tx, candidates(options))) await lockAdministrators(tx);
  await tx.query('create temp table merge_locked (user_id bigint primary key) on commit drop');
  await tx.query(sql`insert into merge_locked select l.id from (
    select u.id from users u where u.id in (${candidates(options)}) order by u.id for no key update of u) l`);
  await tx.query('analyze merge_locked');
}

/** Whether a user came under the file's ids after the locks were taken; the merge then starts again. */
export async function matchedUnlocked(tx: PoolClient): Promise<boolean> {
  // Counted, not asked with EXISTS: hoping for an early hit, the planner would compare every record with every lock.
  const { rows } = await tx.query<{ moved: boolean }>(sql`select count(*) > 0 as moved
    from merge_records r left join merge_locked l on l.user_id = r.user_id
    where r.user_id is not null and l.user_id is null`);
  return rows[0]?.moved === true;
}

export async function matchRecords(tx: PoolClient, options: MatchOptions): Promise<void> {
  const held = join(
    PROTECTED_SCALARS.map((f) => sql`case when ${f.name}::text = any (u.held_fields) then ${bit(f.name)} else 0 end`),
    ' + ',
  );
  // By primary id alone, the user found by it is the user; by identifier, it may be another one.
  const users =
    options.matchIdentifier === undefined
      ? sql`left join users u on fold(u.primary_id) = s.key
        cross join lateral (select null::bigint as holders, null::text as value) f`
      : sql`left join users p on fold(p.primary_id) = s.key
        left join (
          select i.no, min(h.user_id) as user_id, count(distinct h.user_id) as holders, min(i.value) as value
          from staged_user_identifiers i join user_identifiers h on fold(h.value) = fold(i.value) and h.type = i.type
          where i.type = ${options.matchIdentifier}::text group by i.no) f on f.no = s.no
        left join users u on u.id = coalesce(f.user_id, p.id)`;
  // A feed says nothing of these at users who are there.
  const kept = options.feed === undefined ? 0 : KEPT_LISTS.reduce((bits, table) => bits + listBit(table), 0);
  await tx.query(sql`create temp table merge_records on commit drop as
    select y.*, case when y.account = 'EXTERNAL' then 'External' else 'Internal' end as native from (
    select x.no, x.line, x.given, x.key, x.lists, x.slots, x.password_hash, x.pin_hash, x.user_id, x.is_new, x.carried, x.mask, x.old_account,
      x.holders, x.matched_by, x.old_external_id, x.holds,
      not x.is_new and x.mask & ${bit('primary_id')} <> 0 and x.key <> x.old_key as renames,
      case when x.mask & ${bit('account_type')} <> 0 then x.new_account else coalesce(x.old_account, 'INTERNAL') end as account,
      case when x.mask & ${bit('external_id')} <> 0 then x.new_external_id else x.old_external_id end as external_id,
      case when x.is_new and ${options.mode}::text = 'update' or not x.is_new and ${options.mode}::text = 'add' then 'skipped' else 'live' end as state
    from (
      select s.no, s.line, s.primary_id as given, s.key,
        case when u.id is null then s.lists else s.lists & ~${raw(String(kept))} end as lists, s.slots, s.password_hash, s.pin_hash,
        s.present as carried, s.account_type as new_account, s.external_id as new_external_id,
        u.id as user_id, u.id is null as is_new, fold(u.primary_id) as old_key, u.account_type as old_account, u.external_id as old_external_id,
        f.holders, f.value as matched_by, u.held_fields <> '{}' as holds,
        case when u.id is null then s.present | s.for_new
          when u.account_type <> 'EXTERNAL' or u.held_fields = '{}' then s.present
          else s.present & ~(${held})::bigint end as mask
      from (select s.*, fold(s.primary_id) as key from staged_users s) s
      ${users}
    ) x) y`);
  await tx.query('create unique index on merge_records (no)');
  await tx.query('analyze merge_records');
}

/** What a rejected record's problem is about; the words are the catalogue's. */
export type MergeProblemCode =
  | 'feeds.primary_id_missing'
  | 'feeds.match_ambiguous'
  | 'feeds.duplicate_user'
  | 'feeds.identifier_taken'
  | 'feeds.identifier_twice'
  | 'feeds.external_id_missing'
  | 'feeds.external_id_unwanted'
  | 'feeds.account_type_change'
  | 'feeds.own_record'
  | 'feeds.user_not_yours'
  | 'feeds.role_not_yours'
  | 'feeds.field_closed'
  | 'feeds.last_administrator'
  | 'feeds.user_not_external'
  | 'feeds.user_of_other_feed'
  | 'feeds.merged_record';

export interface MergeProblem {
  readonly line: number;
  /** Whom the record means, where that is known. */
  readonly userId: number | null;
  /** A scalar, or `identifier`. */
  readonly field: string;
  /** Position and type of the identifier that it is about. */
  readonly identifier: { readonly pos: number; readonly type: string } | null;
  readonly code: MergeProblemCode;
  readonly value: string | null;
  /** Primary id of the user who has the value. */
  readonly holder: string | null;
  /** Line of the record that had it first. */
  readonly firstLine: number | null;
}

/** `spared`: administrators whom the file would take away although no other stays (see users/administrators.ts). */
export async function rejectRecords(
  tx: PoolClient,
  { authority, feed }: { readonly authority?: Authority; readonly feed?: FeedMerge },
  spared: readonly number[],
): Promise<void> {
  await tx.query(`create temp table merge_errors (no integer not null, line bigint not null, field text not null, pos integer, type text,
    code text not null, value text, holder text, first_line bigint) on commit drop`);
  if (feed !== undefined) await rejectForeign(tx, feed);
  await rejectUnclear(tx);
  if (spared.length > 0) {
    await tx.query(sql`insert into merge_errors (no, line, field, code, value)
      select r.no, r.line, 'primary_id', 'feeds.last_administrator', r.given from merge_records r
      where r.state = 'live' and r.user_id = any (${spared}::bigint[])`);
  }
  if (authority !== undefined) await rejectUnauthorised(tx, authority);
  if (authority !== undefined) await rejectClosed(tx, authority.closed);
  await markRejected(tx);
  await rejectCollisions(tx);
  await markRejected(tx);
}

async function markRejected(tx: PoolClient): Promise<void> {
  await tx.query(`update merge_records r set state = 'rejected' where r.state <> 'rejected' and r.no in (select e.no from merge_errors e)`);
}

/** Whoever the library has made internal stays internal, whatever a feed still says; and no feed takes over another's users. */
async function rejectForeign(tx: PoolClient, feed: FeedMerge): Promise<void> {
  await tx.query(sql`insert into merge_errors (no, line, field, code, value)
    select r.no, r.line, 'primary_id', case when r.old_account <> 'EXTERNAL' then 'feeds.user_not_external' else 'feeds.user_of_other_feed' end,
      coalesce(r.given, r.matched_by)
    from merge_records r
    where r.state = 'live' and not r.is_new and (r.old_account <> 'EXTERNAL' or r.old_external_id is distinct from ${feed.code}::text)`);
  await markRejected(tx);
}

async function rejectUnclear(tx: PoolClient): Promise<void> {
  // What is left of a record that was merged into another is nobody, under whatever number.
  await tx.query(`insert into merge_errors (no, line, field, code, value)
    select r.no, r.line, 'primary_id', 'feeds.merged_record', r.given
    from merge_records r join users u on u.id = r.user_id and u.merged_into is not null where r.state = 'live'`);
  await markRejected(tx);
  await tx.query(`insert into merge_errors (no, line, field, code, value)
    select r.no, r.line, 'primary_id', 'feeds.primary_id_missing', null from merge_records r
    where r.state = 'live' and r.is_new and r.key is null
    union all
    select r.no, r.line, 'identifier', 'feeds.match_ambiguous', r.matched_by from merge_records r
    where r.state = 'live' and r.holders > 1`);
  await tx.query(`insert into merge_errors (no, line, field, code, value, first_line)
    select r.no, r.line, 'primary_id', 'feeds.duplicate_user', coalesce(r.given, r.matched_by), f.line
    from (select coalesce(r.user_id::text, 'new ' || r.key) as who, min(r.no) as first_no
      from merge_records r where r.state = 'live' and (r.user_id is not null or r.key is not null)
      group by 1 having min(r.no) <> max(r.no)) twice
    join merge_records r on coalesce(r.user_id::text, 'new ' || r.key) = twice.who and r.no > twice.first_no and r.state = 'live'
    join merge_records f on f.no = twice.first_no`);
  await tx.query(`insert into merge_errors (no, line, field, code, value)
    select r.no, r.line, x.field, x.code, x.value from merge_records r
    cross join lateral (select case
        when r.old_account = 'EXTERNAL' and r.account <> 'EXTERNAL' then 'account_type' else 'external_id' end as field,
      case
        when r.old_account = 'EXTERNAL' and r.account <> 'EXTERNAL' then 'feeds.account_type_change'
        when r.account = 'EXTERNAL' and r.external_id is null then 'feeds.external_id_missing'
        when r.account <> 'EXTERNAL' and r.external_id is not null then 'feeds.external_id_unwanted' end as code,
      case
        when r.old_account = 'EXTERNAL' and r.account <> 'EXTERNAL' then r.account
        when r.account <> 'EXTERNAL' then r.external_id end as value) x
    where r.state = 'live' and x.code is not null`);
}

/** Whether a record would change anything is not asked: a refusal must not tell what somebody's password is not. */
async function rejectUnauthorised(tx: PoolClient, authority: Authority): Promise<void> {
  await tx.query(sql`insert into merge_errors (no, line, field, code, value)
    select r.no, r.line, 'primary_id', 'feeds.own_record', r.given from merge_records r
    where r.state = 'live' and r.user_id = ${authority.ownUserId}::bigint
    union all
    select r.no, r.line, 'primary_id', 'feeds.user_not_yours', coalesce(r.given, r.matched_by) from merge_records r
    where r.state = 'live' and r.user_id is distinct from ${authority.ownUserId}::bigint
      and ${authority.outranks(sql`r.user_id`) ?? sql`false`}
    union all
    select distinct r.no, r.line, 'user_role', 'feeds.role_not_yours', s.type
    from staged_user_roles s join merge_records r on r.no = s.no
    where r.state = 'live' and ${authority.roleNotGranted(sql`s.type`)}
    union
    -- The roles of a record stand for all of the user's: one that the actor may not give would be taken away, even if it is not active.
    select distinct r.no, r.line, 'user_role', 'feeds.role_not_yours', h.type
    from merge_records r join user_roles h on h.user_id = r.user_id
    where r.state = 'live' and ${authority.roleNotGranted(sql`h.type`)} and exists (select from staged_user_roles s where s.no = r.no)`);
}

/** An empty field is no statement of somebody who cannot see what stands there: it is left as it is. */
async function rejectClosed(tx: PoolClient, closed: readonly string[]): Promise<void> {
  for (const name of closed) {
    const table = childTable(name);
    const refused =
      table === undefined
        ? sql`select r.no, r.line from staged_users s join merge_records r on r.no = s.no
            where r.state = 'live' and r.mask & ${bit(name)} <> 0 and ${raw(`s.${name}`)} is not null`
        : sql`select distinct r.no, r.line from ${raw(`staged_${table.table}`)} s join merge_records r on r.no = s.no where r.state = 'live'`;
    await tx.query(sql`insert into merge_errors (no, line, field, code, value)
      select x.no, x.line, ${name}::text, 'feeds.field_closed', ${name}::text from (${refused}) x`);
    if (table === undefined) await tx.query(sql`update merge_records r set mask = r.mask & ~${bit(name)} where r.mask & ${bit(name)} <> 0`);
    else
      await tx.query(
        sql`update merge_records r set lists = r.lists & ~${raw(String(listBit(table.table)))} where r.lists & ${raw(String(listBit(table.table)))} <> 0`,
      );
  }
}

/** A value that leads to somebody else, or that an earlier record of the file claims, is never moved over in silence. */
async function rejectCollisions(tx: PoolClient): Promise<void> {
  await tx.query(`create temp table merge_claims on commit drop as
    select r.no, r.user_id, r.key, 'primary_id' as field, null::integer as pos, null::text as type, r.given as value
    from merge_records r where r.state = 'live' and (r.is_new or r.renames)
    union all
    select r.no, r.user_id, fold(i.value), 'identifier', i.pos, i.type, i.value
    from staged_user_identifiers i
    join merge_records r on r.no = i.no
    left join codes c on c.table_name = 'UserIdentifierTypes' and c.code = i.type
    where r.state = 'live' and coalesce((c.properties ->> 'unique')::boolean, true)`);
  await tx.query('analyze merge_claims');
  await tx.query(`insert into merge_errors (no, line, field, pos, type, code, value, holder)
    select c.no, r.line, c.field, c.pos, c.type, 'feeds.identifier_taken', c.value, u.primary_id
    from merge_claims c
    join user_keys k on k.key = c.key and k.user_id is distinct from c.user_id
    join users u on u.id = k.user_id
    join merge_records r on r.no = c.no`);
  await tx.query(`with claims as (
      select c.* from merge_claims c
      where not exists (select from merge_errors e where e.no = c.no and e.code = 'feeds.identifier_taken' and fold(e.value) = c.key)),
    twice as (select c.key, min(c.no) as first_no from claims c group by c.key having min(c.no) <> max(c.no))
    insert into merge_errors (no, line, field, pos, type, code, value, first_line)
    select c.no, r.line, c.field, c.pos, c.type, 'feeds.identifier_twice', c.value, f.line
    from twice t
    join claims c on c.key = t.key and c.no > t.first_no
    join merge_records r on r.no = c.no
    join merge_records f on f.no = t.first_no`);
}

/** The first problems of the file, in the file's order. */
export async function readProblems(tx: PoolClient, limit: number): Promise<readonly MergeProblem[]> {
  const { rows } = await tx.query<MergeProblem>(sql`
    select e.line, r.user_id as "userId", e.field, case when e.pos is not null then jsonb_build_object('pos', e.pos, 'type', e.type) end as identifier,
      e.code, e.value, e.holder, e.first_line as "firstLine"
    from merge_errors e join merge_records r on r.no = e.no order by e.line, e.no, e.field, e.pos limit ${limit}::integer`);
  return rows;
}
