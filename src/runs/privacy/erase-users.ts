/**
 * Erasing users for good: the record and everything that leads to the person. What remains are counts:
 * how many were erased (`erasures`), what their runs came to, and rows of the audit that name nobody.
 *
 * Everything is done for many users at once. Two temporary tables carry the batch through the
 * statements: who is erased, and the words by which the rest of the database might name them.
 */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { forgetNames } from './forget-names.ts';

export interface Erasure {
  readonly reason: string | null;
  readonly forced: boolean;
  /** Whoever erases, as the count keeps it. */
  readonly actor: string;
  readonly runId: number | null;
  /** Decides the name of a mailbox file that a sender is about to write. */
  readonly timeZone: string;
}

export interface Erased {
  /** Number of the row in `erasures`; null when there was nobody to erase. */
  readonly id: number | null;
  readonly users: number;
  /** Entries of the journal, messages, and memberships in sets that went with them. */
  readonly journal: number;
  readonly messages: number;
  readonly sets: number;
}

/**
 * Erases the users with these ids; those that are gone already are left out. Whether they may be erased
 * is the caller's to check. Files in the mailbox are put on the list of `removeDoomedFiles`.
 */
export async function eraseUsers(tx: PoolClient, ids: readonly number[], erasure: Erasure): Promise<Erased> {
  const users = await collect(tx, ids);
  if (users === 0) return { id: null, users: 0, journal: 0, messages: 0, sets: 0 };
  const id = await record(tx, erasure, users);
  await doomFiles(tx, erasure.timeZone);
  await doomFilesOfMany(tx);
  await emptyTheirRuns(tx);
  const removed = async (table: string): Promise<number> => {
    const { rowCount } = await tx.query(`delete from ${table} t using erasing e where t.user_id = e.user_id`);
    return rowCount ?? 0;
  };
  const journal = await removed('journal');
  const messages = await removed('outbox');
  const sets = await removed('set_members');
  await removed('run_outcomes');
  await removed('value_rows');
  await forgetNames(tx);
  await forgetSuppressions(tx);
  // Before the cascade, so that it finds nothing: the triggers on identifiers run once, not once a user.
  await removed('user_keys');
  await removed('user_identifiers');
  await tx.query('delete from users u using erasing e where u.id = e.user_id');
  return { id, users, journal, messages, sets };
}

/**
 * Their addresses go from the list of those that nothing is sent to, unless somebody else has them too.
 * Telephone numbers stand there with the country code, which a record may lack.
 */
async function forgetSuppressions(tx: PoolClient): Promise<void> {
  await tx.query(`
    delete from suppressed_addresses s using erasing_words w
    where w.kind = 'key' and s.channel = 'email' and s.address = btrim(w.word)
      and not exists (select from user_emails e where fold(e.address) = w.word and e.user_id not in (select x.user_id from erasing x))`);
  await tx.query(`
    delete from suppressed_addresses s using erasing e
    join user_phones p on p.user_id = e.user_id
    cross join lateral ltrim(regexp_replace(p.number, '[^0-9]', '', 'g'), '0') as digits
    where s.channel = 'sms' and length(digits) >= 6 and right(s.address, length(digits)) = digits`);
}

/**
 * Locks the users in the order of their ids and notes who they are and how they may be named; with them the
 * records that were merged into theirs. Says how many users there are, these not counted.
 */
async function collect(tx: PoolClient, ids: readonly number[]): Promise<number> {
  await tx.query('drop table if exists erasing, erasing_words');
  await tx.query(`create temp table erasing (user_id bigint primary key, primary_id text not null) on commit drop`);
  await tx.query(`create temp table erasing_words (word text not null, kind text not null, primary key (word, kind)) on commit drop`);
  await tx.query(
    sql`select u.id from users u where u.id = any (${ids}::bigint[]) or u.merged_into = any (${ids}::bigint[]) order by u.id for update`,
  );
  await await tx.query(sql`
    insert into erasing (user_id, primary_id)
    select u.id, u.primary_id from users u where u.id = any (${ids}::bigint[]) or u.merged_into = any (${ids}::bigint[])`);
  const { rows } = await tx.query<{ users: number }>(sql`
    select count(*)::integer as users from erasing e where e.user_id = any (${ids}::bigint[])`);
  // 'actor': primary ids, also earlier ones, as columns like created_by keep them; names that Muster itself
  // acts under are nobody's. 'key': whatever led to the person. 'name': words that a search text may hold.
  await tx.query(`
    insert into erasing_words (word, kind)
    with primary_ids as (
      select e.primary_id from erasing e
      union
      select v.value #>> '{}' from erasing e
      join journal j on j.user_id = e.user_id and j.diff -> 'fields' ? 'primary_id'
      cross join lateral jsonb_array_elements(j.diff -> 'fields' -> 'primary_id') as v (value)
      where jsonb_typeof(v.value) = 'string'
      union
      select i.value from erasing e join user_identifiers i on i.user_id = e.user_id and i.type = 'MERGED_ID'),
    keys as (
      select p.primary_id as word from primary_ids p
      union select i.value from erasing e join user_identifiers i on i.user_id = e.user_id
      union select m.address from erasing e join user_emails m on m.user_id = e.user_id)
    select p.primary_id, 'actor' from primary_ids p where p.primary_id not in ('administrator', 'worker', 'schedule', 'muster')
    union select fold(k.word), 'key' from keys k
    union select w.word, 'name' from erasing e join users u on u.id = e.user_id
      cross join lateral regexp_split_to_table(fold(concat_ws(' ', u.last_name, u.pref_last_name)), '[\\s,;:"''()=]+') as w (word)
      where length(w.word) > 1`);
  await tx.query('analyze erasing; analyze erasing_words');
  return rows[0]?.users ?? 0;
}

/** The count that stays, and the hashes by which a restored backup is told. */
async function record(tx: PoolClient, erasure: Erasure, users: number): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into erasures (actor, reason, users, forced, run_id)
    values (${erasure.actor}, ${erasure.reason}, ${users}::integer, ${erasure.forced}::boolean, ${erasure.runId}::bigint)
    returning id`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('insert into erasures gave no id');
  await tx.query(sql`
    insert into erased_keys (erasure_id, hash)
    select ${id}::bigint, erased_hash(s.salt, e.primary_id) from erasing e cross join erasure_salt s
    union
    -- A backup from before a merge has the record that was given up under its own id.
    select ${id}::bigint, erased_hash(s.salt, i.value) from erasing e join user_identifiers i on i.user_id = e.user_id and i.type = 'MERGED_ID'
      cross join erasure_salt s
    on conflict do nothing`);
  return id;
}

/**
 * Files of feeds that are done with, exports, and letters on paper that somebody has fetched: which of them
 * name whom is not known without reading them, and nobody waits for them any more.
 */
async function doomFilesOfMany(tx: PoolClient): Promise<void> {
  await tx.query(`
    with done as (select f.id, f.stored from feed_files f where f.finished_at is not null and f.stored is not null for no key update),
    exports as (delete from feed_exports e returning e.path),
    printed as (
      select b.id, b.files from print_batches b
      where b.state = 'ready' and b.downloaded_at is not null and exists (
        select from print_letters l join outbox o on o.id = l.outbox_id join erasing e on e.user_id = o.user_id where l.batch_id = b.id)
      for no key update),
    files as (
      insert into doomed_files (path)
      select d.stored from done d union select x.path from exports x union select f from printed p cross join unnest(p.files) as f where f <> ''
      on conflict (path) do nothing),
    forgotten as (update feed_files f set stored = null from done d where f.id = d.id)
    update print_batches b set state = 'deleted', files = array_fill(''::text, array[cardinality(b.files)]) from printed p where b.id = p.id`);
}

/** Files of their messages, and those that a sender who holds a message at this moment may still write. */
async function doomFiles(tx: PoolClient, timeZone: string): Promise<void> {
  await tx.query(sql`
    insert into doomed_files (path, not_before)
    select coalesce(o.file, 'mailbox/' || to_char(o.created_at at time zone ${timeZone}::text, 'YYYY-MM-DD') || '/' || o.id || '.eml'),
      coalesce(case when o.state = 'sending' then o.lease end, now())
    from outbox o join erasing e on e.user_id = o.user_id
    where o.file is not null or o.state = 'sending'
    union
    select m.file, now() from staff_mails m join erasing e on e.user_id = m.user_id where m.file is not null
    on conflict (path) do nothing`);
}

/**
 * What a run over a single user says in its plan are that user's values. Its counts stay. A plan that is
 * no plan any more cannot be undone, which it could not be without the user either.
 */
async function emptyTheirRuns(tx: PoolClient): Promise<void> {
  await tx.query(`
    update runs r set plan = '{"erased": true}', row_templates = '[]', digest = null,
      name = case when r.kind in ('edit', 'import', 'merge') then '[erased]' else r.name end,
      words = coalesce((select jsonb_agg(jsonb_build_object('kind', w.word ->> 'kind', 'en', w.word ->> 'kind', 'de', w.word ->> 'kind') order by w.place)
        from jsonb_array_elements(r.words) with ordinality as w (word, place)), '[]')
    where r.kind in ('job', 'edit', 'undo', 'import', 'merge') and (
      r.id in (select c.run_id from run_chunks c join erasing e on e.user_id = c.first_user where c.members = 1
        and not exists (select from run_chunks other where other.run_id = c.run_id and other.no <> c.no))
      or (r.kind in ('edit', 'merge') or r.kind = 'import' and r.members = 1) and r.id in (
        select j.run_id from journal j join erasing e on e.user_id = j.user_id
        union all select o.run_id from outbox o join erasing e on e.user_id = o.user_id))`);
}
