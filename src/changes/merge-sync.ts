/**
 * A feed's file against its users. It is looked at twice. The first look locks nobody: which records
 * differ from the library, who is no longer named, what the file says of held fields. It is what a dry
 * run shows, and what the guard is asked about. The second takes only the records that differ, locks
 * their users, works everything out once more, and writes it in one transaction as one run. So a file
 * of a million that differs in one of a hundred locks one of a hundred, and one that is looked at but
 * not taken has changed nothing.
 */
import type { PoolClient } from 'pg';
import sql, { empty, join, raw } from 'sql-template-tag';
import { CHILD_TABLES, PROTECTED_SCALARS } from '../users/index.ts';
import { inTurns, type MergeOptions, type MergeProblem, mergeRecords, type MergeResult, renewStatistics, type Staging } from './merge.ts';
import type { FeedMerge } from './merge-match.ts';
import { STAGED_TABLES, scalarBit } from './merge-staging.ts';

/** The users of a feed, of whom the file has named most word for word as before, so that their records are not staged. */
export interface KnownUsers {
  /** External users whom the feed named until now. */
  readonly feedUsers: number;
  /** How many of them the file has named word for word. */
  readonly met: number;
  /** Those whom it has not named word for word. */
  missing(): readonly number[];
  /** The line on which it has named each of these word for word, where it has. */
  linesOf(users: ReadonlySet<number>): ReadonlyMap<number, number>;
}

export interface SyncOptions extends Omit<MergeOptions, 'mode' | 'dryRun' | 'feed'> {
  readonly feed: FeedMerge;
  readonly known: KnownUsers;
}

/** One user of a dry run: what would be written, as the journal would have it. */
export interface SyncDifference {
  readonly id: number;
  readonly primary_id: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What the file would do. Users are counted once; `rejected` counts records. */
export interface SyncLook {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** External users of the feed whom it named until now and whom this file does not. */
  readonly absent: number;
  /** External users whom the feed named until now: what the guard measures against. */
  readonly feedUsers: number;
  /** Fields of users that the library holds, and of which the file says something else. */
  readonly held: number;
  /** Fields that would no longer be held, because the file says what the library has. */
  readonly released: number;
  readonly codesAdded: number;
  /** Records that were left out before the merge, because the file has their users already. */
  readonly twice: readonly ReadProblem[];
  /** Rejected records by the reason that the merge found. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly problems: readonly MergeProblem[];
}

/** Lines of a file in an archive are counted on from this times the files before it. */
export const LINES_PER_PART = 1_000_000_000;

/** The session's own tables of a look; they stay until `closeLook`. */
const TABLES = ['sync_touched', 'sync_absent', 'sync_values', 'sync_errors', 'sync_seen', 'sync_differences'];

/**
 * The first look. Temporary tables stay for `pageLook` and `applySync`, on the staging's connection.
 * Nothing that others can see is written.
 */
export async function lookAtFeed(staging: Staging, options: SyncOptions): Promise<SyncLook> {
  const tx = staging.client;
  await tx.query(`drop table if exists ${TABLES.join(', ')}`);
  await tx.query('create temp table sync_absent (user_id bigint not null)');
  const twice = await leaveOutTwice(tx, options);
  return inTurns(tx, true, async (spared) => {
    await tx.query('truncate sync_absent');
    const merged = await mergeRecords(tx, staging, { ...options, mode: 'both', dryRun: true }, spared);
    await tx.query(`create temp table sync_touched as
      select t.no, row_number() over (order by t.no)::integer as dense, t.user_id, t.is_new from merge_touched t`);
    await tx.query('create unique index on sync_touched (no)');
    await tx.query('analyze sync_touched');
    await tx.query(`create temp table sync_errors as
      select e.*, r.user_id from merge_errors e join merge_records r on r.no = e.no`);
    await keepAbsent(tx, options);
    await keepSeen(tx);
    await keepHeldValues(tx);
    await keepDifferences(tx);
    const { rows } = await tx.query<{
      absent: number;
      held: number;
      released: number;
      reasons: Readonly<Record<string, number>>;
    }>(sql`
      select (select coalesce(jsonb_object_agg(e.code, e.records), '{}') from (
          select x.code, count(distinct x.no) as records from sync_errors x group by x.code) e) as reasons,
        (select count(*) from sync_absent) as absent,
        (select count(*) from sync_values) as held,
        (select coalesce(sum(jsonb_array_length(f.fields -> 'held_fields' -> 0) - jsonb_array_length(f.fields -> 'held_fields' -> 1)), 0)
          from merge_fields f where f.fields ? 'held_fields') as released`);
    const row = rows[0];
    if (row === undefined) throw new Error('The look at the feed could not be counted.');
    const { created, updated, unchanged, rejected, codesAdded, problems } = merged;
    return {
      created,
      updated,
      unchanged: unchanged + options.known.met,
      rejected: rejected + twice.length,
      codesAdded,
      problems,
      twice,
      absent: row.absent,
      feedUsers: options.known.feedUsers,
      held: row.held,
      released: Number(row.released),
      reasons: twice.length === 0 ? row.reasons : { ...row.reasons, [TWICE]: (row.reasons[TWICE] ?? 0) + twice.length },
    };
  });
}

const TWICE = 'feeds.duplicate_user';

/** Records of users whom the file has named word for word already: only the first record of a user is taken. */
async function leaveOutTwice(tx: PoolClient, { known, matchIdentifier }: SyncOptions): Promise<readonly ReadProblem[]> {
  if (known.met === 0) return [];
  const byIdentifier =
    matchIdentifier === undefined
      ? empty
      : sql` union select i.no, h.user_id from staged_user_identifiers i
        join user_identifiers h on fold(h.value) = fold(i.value) and h.type = i.type where i.type = ${matchIdentifier}::text`;
  const { rows } = await tx.query<{ no: number; line: number; given: string | null; user_id: number }>(sql`
    select s.no, s.line, s.primary_id as given, m.user_id from (
      select s.no, u.id as user_id from staged_users s join users u on fold(u.primary_id) = fold(s.primary_id)${byIdentifier}) m
    join staged_users s on s.no = m.no order by s.no`);
  const lines = known.linesOf(new Set(rows.map((row) => row.user_id)));
  const twice = rows.filter((row) => lines.has(row.user_id));
  if (twice.length === 0) return [];
  await tx.query(sql`delete from staged_users s where s.no = any (${twice.map((row) => row.no)}::integer[])`);
  return twice.map(({ line, given, user_id }) => ({
    line,
    field: 'primary_id',
    code: TWICE,
    params: { value: given, first_line: (lines.get(user_id) ?? 0) % LINES_PER_PART },
  }));
}

/** Whom the file no longer names. */
async function keepAbsent(tx: PoolClient, { feed, known }: SyncOptions): Promise<void> {
  await tx.query(sql`insert into sync_absent
    select u.id from unnest(${known.missing()}::bigint[]) m (id) join users u on u.id = m.id
    where u.account_type = 'EXTERNAL' and u.external_id = ${feed.code}::text and u.absent_since is null
      and not exists (select from merge_records r where r.user_id = u.id)`);
  await tx.query('analyze sync_absent');
}

/** Records that say what the library has: they need not be looked at again until one of both changes. */
async function keepSeen(tx: PoolClient): Promise<void> {
  await tx.query(`create temp table sync_seen as
    select u.id as user_id, s.mark, u.version
    from merge_records r join staged_users s on s.no = r.no join users u on u.id = r.user_id
    where r.state = 'live' and not r.is_new and not r.holds and s.mark is not null
      and not exists (select from merge_touched t where t.no = r.no)`);
}

/** What the file says of held fields, where it is not what the library has. */
async function keepHeldValues(tx: PoolClient): Promise<void> {
  const said = PROTECTED_SCALARS.map(
    (f) => sql`(${f.name}::text, ${raw(`s.${f.name}`)}::text, ${raw(`u.${f.name}`)}::text, ${raw(String(scalarBit(f.name)))}::bigint)`,
  );
  await tx.query(sql`create temp table sync_values as
    select r.user_id, f.name as field, f.said as value
    from merge_records r
    join users u on u.id = r.user_id
    join staged_users s on s.no = r.no
    cross join lateral (values ${join(said, ', ')}) f (name, said, had, bit)
    where r.state = 'live' and r.holds and f.name = any (u.held_fields) and r.carried & f.bit <> 0 and f.said is distinct from f.had`);
}

/** Differences of users who exist that a dry run can show. */
const SHOWN = 200;

async function keepDifferences(tx: PoolClient): Promise<void> {
  const { rows } = await tx.query<{ table: string }>(sql`
    select c.relname as table from pg_class c where c.relnamespace = pg_my_temp_schema() and c.relname = any (${CHILD_TABLES.map((t) => `merge_${t.table}`)}::text[])`);
  const planned = CHILD_TABLES.filter((t) => rows.some((r) => r.table === `merge_${t.table}`));
  const entries = planned.map(
    (t) => sql`select p.no, jsonb_build_object('table', ${t.table}::text, 'op', p.op, 'before', p.whole - 'user_id',
      'after', case when p.op <> 'remove' then to_jsonb(p) - array['no', 'op', 'id', 'pos', 'whole'] end) as entry
      from ${raw(`merge_${t.table}`)} p where p.no in (select k.no from shown k)`,
  );
  await tx.query(sql`create temp table sync_differences as
    with shown as materialized (select t.no, t.user_id from merge_touched t where not t.is_new order by t.no limit ${SHOWN}::integer),
    rows as (${entries.length === 0 ? sql`select null::integer as no, null::jsonb as entry where false` : join(entries, ' union all ')})
    select k.no, k.user_id, coalesce(f.fields, '{}') as fields,
      coalesce((select jsonb_agg(jsonb_strip_nulls(r.entry)) from rows r where r.no = k.no), '[]') as rows
    from shown k left join merge_fields f on f.no = k.no`);
}

/** The first differences of the look that was last taken, in the file's order; at most 200. */
export async function pageLook(staging: Staging, limit: number): Promise<readonly SyncDifference[]> {
  const { rows } = await staging.client.query<SyncDifference>(sql`
    select u.id, u.primary_id, concat_ws(' ', u.first_name, u.last_name) as name, d.fields, d.rows
    from sync_differences d join users u on u.id = d.user_id order by d.no limit ${limit}::integer`);
  return rows;
}

export async function closeLook(staging: Staging): Promise<void> {
  await staging.client.query(`drop table if exists ${TABLES.join(', ')}`);
}

/** A record that was not taken, as the reader of the file found it. */
export interface ReadProblem {
  readonly line: number;
  readonly field: string;
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface ApplyOptions extends SyncOptions {
  /** The run that was made when the file was held. */
  readonly heldRun: number | null;
  readonly look: SyncLook;
  /** Records that were refused before staging; the run keeps them with those that the look found. */
  readonly problemsBefore: readonly ReadProblem[];
  /** In the transaction that writes: what has to be true together with it. */
  readonly together: (tx: PoolClient, result: MergeResult & { readonly runId: number; readonly absent: number }) => Promise<void>;
}

/** The second look: writes what differs, as one run of kind 'feed'. At any error nothing is changed. */
export async function applySync(staging: Staging, options: ApplyOptions): Promise<MergeResult & { readonly absent: number }> {
  const tx = staging.client;
  const touched = options.look.created + options.look.updated;
  // Where most of the file differs, narrowing it would cost more than it spares.
  const narrowed = touched * 2 < staging.count;
  if (narrowed) await keepTouched(tx);
  const result = await inTurns(tx, true, async (spared) => {
    const merged = await mergeRecords(tx, staging, { ...options, mode: 'both', dryRun: false }, spared, {
      records: narrowed ? touched : staging.count,
      before: narrowed
        ? { unchanged: options.look.unchanged, rejected: options.look.rejected }
        : { unchanged: options.known.met, rejected: (options.rejectedBefore ?? 0) + options.look.twice.length },
      runId: options.heldRun,
    });
    const { runId } = merged;
    if (runId === null) throw new Error('The load has no run.');
    const absent = await markAbsent(tx, runId, options);
    await tx.query(`insert into feed_values (user_id, field, value)
      select v.user_id, v.field, v.value from sync_values v join users u on u.id = v.user_id
      on conflict (user_id, field) do update set value = excluded.value, at = now() where feed_values.value is distinct from excluded.value`);
    await rememberSeen(tx, narrowed);
    await keepRejections(tx, runId, [...options.problemsBefore, ...options.look.twice], narrowed);
    await options.together(tx, { ...merged, runId, absent });
    return { ...merged, absent };
  });
  await renewStatistics(tx, result);
  return result;
}

/** By which records their users are known when the next file comes; those of held fields are looked at every time. */
async function rememberSeen(tx: PoolClient, narrowed: boolean): Promise<void> {
  const earlier = narrowed
    ? sql` union all select y.user_id, y.mark, u.version from sync_seen y join users u on u.id = y.user_id and u.version = y.version`
    : empty;
  await tx.query(sql`insert into feed_seen (user_id, hash, version)
    select u.id, s.mark, u.version
    from merge_records r join staged_users s on s.no = r.no left join merge_touched t on t.no = r.no
    join users u on u.id = coalesce(t.user_id, r.user_id) and u.held_fields = '{}'
    where r.state = 'live' and s.mark is not null${earlier}
    on conflict (user_id) do update set hash = excluded.hash, version = excluded.version
    where feed_seen.hash <> excluded.hash or feed_seen.version <> excluded.version`);
}

/** Leaves only the records that the first look found to differ, numbered anew without gaps. */
async function keepTouched(tx: PoolClient): Promise<void> {
  for (const { name, columns } of STAGED_TABLES) {
    const list = columns.join(', ');
    await tx.query(`create temp table staged_kept as
      select t.dense as no, ${columns.map((c) => `s.${c}`).join(', ')} from ${name} s join sync_touched t on t.no = s.no`);
    await tx.query(`truncate ${name}`);
    await tx.query(`insert into ${name} (no, ${list}) select no, ${list} from staged_kept order by no`);
    await tx.query('drop table staged_kept');
    await tx.query(`analyze ${name}`);
  }
}

/** Users whom the feed no longer names are told from the others; nothing else happens to them. */
async function markAbsent(tx: PoolClient, runId: number, options: ApplyOptions): Promise<number> {
  // They were locked with the file's users, in the order of all ids.
  const { rows } = await tx.query<{ gone: number }>(sql`
    with gone as (
      update users u set absent_since = ${options.today}::date, version = u.version + 1, modified_at = now(), modified_by = ${options.actor}::text
      from sync_absent a
      where u.id = a.user_id and u.account_type = 'EXTERNAL' and u.external_id = ${options.feed.code}::text and u.absent_since is null
      returning u.id),
    written as (
      insert into journal (run_id, user_id, diff)
      select ${runId}::bigint, g.id, jsonb_build_object('fields', jsonb_build_object('absent_since', jsonb_build_array(null, ${options.today}::date)), 'rows', '[]'::jsonb)
      from gone g order by g.id)
    select count(*) as gone from gone`);
  const gone = rows[0]?.gone ?? 0;
  await tx.query(sql`update runs r set members = r.members + ${gone}::bigint,
    counts = r.counts || jsonb_build_object('members', r.members + ${gone}::bigint, 'changed', (r.counts ->> 'changed')::bigint + ${gone}::bigint, 'absent', ${gone}::bigint)
    where r.id = ${runId}::bigint`);
  return gone;
}

async function keepRejections(tx: PoolClient, runId: number, before: readonly ReadProblem[], narrowed: boolean): Promise<void> {
  const found = (alias: string) => `${alias}.line, ${alias}.field, ${alias}.code,
    jsonb_strip_nulls(jsonb_build_object('value', ${alias}.value, 'holder', ${alias}.holder, 'first_line', ${alias}.first_line % ${LINES_PER_PART}, 'type', ${alias}.type))`;
  // The whole file's problems are those of the first look; of a narrowed one the second may add some.
  const earlier = narrowed ? `select ${found('s')} as params, s.user_id from sync_errors s union all` : '';
  await tx.query(sql`insert into run_rejections (run_id, no, part, line, field, code, params, user_id)
    select ${runId}::bigint, row_number() over (order by x.line, x.field), x.line / ${LINES_PER_PART}::bigint + 1, x.line % ${LINES_PER_PART}::bigint, x.field, x.code, x.params, x.user_id
    from (
      ${raw(earlier)} select ${raw(found('e'))} as params, r.user_id from merge_errors e join merge_records r on r.no = e.no
      union all
      select (b ->> 'line')::bigint, b ->> 'field', b ->> 'code', b -> 'params', null from jsonb_array_elements(${JSON.stringify(before)}::jsonb) b
    ) x (line, field, code, params, user_id)
    where x.user_id is null or exists (select from users u where u.id = x.user_id)`);
}
