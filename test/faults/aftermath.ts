/** What a run has come to, in a form that is equal for two runs of the same plan on the same data. */
export interface Aftermath {
  readonly state: string;
  readonly counts: Record<string, unknown>;
  readonly journal: number;
  readonly outbox: number;
  readonly fingerprints: Readonly<Record<string, string>>;
}

export const AFTERMATH = `
  select r.state, r.counts,
    (select count(*) from journal j where j.run_id = r.id) as journal,
    (select count(*) from outbox o where o.run_id = r.id) as outbox
  from runs r where r.id = $1`;

/** What has to hold whatever happened to the run: nothing done twice, nothing left out. */
export const SOUND = `
  select
    (r.counts ->> 'members')::bigint = r.members as counts_all_members,
    r.members = (select sum(c.members) from run_chunks c where c.run_id = r.id) as chunks_hold_all_members,
    not exists (select from run_chunks c where c.run_id = r.id and c.state = 'open') as no_chunk_is_open,
    (r.counts ->> 'members')::bigint = (select sum((r.counts ->> outcome)::bigint)
      from unnest(array['changed', 'unchanged', 'skipped', 'failed', 'conflict']) as o (outcome)) as outcomes_add_up,
    not exists (select from run_members m where m.run_id = r.id and 1 <> (
      select count(*) from user_blocks b where b.user_id = m.user_id and b.note = 'fault test')) as one_block_each,
    (select count(*) = count(distinct j.user_id) and count(*) = (r.counts ->> 'changed')::bigint
      from journal j where j.run_id = r.id) as one_journal_row_per_changed_user,
    (select count(*) = count(distinct (o.user_id, o.letter)) from outbox o where o.run_id = r.id) as one_message_per_user_and_letter,
    (select count(*) from outbox o where o.run_id = r.id) = (
      select count(*) from users u where u.credential_state = 'pending') as one_credentials_letter_per_reset
  from runs r where r.id = $1`;

/** Marks of the tables, without times and without numbers out of sequences, which a chunk that was lost uses up. */
export const FINGERPRINTS = `
  with lines (part, line) as (
    select 'users', (to_jsonb(u) - '{created_at,modified_at}'::text[])::text from users u
    union all select 'user_blocks', (to_jsonb(b) - '{id,created_at}'::text[])::text from user_blocks b
    union all select 'user_identifiers', (to_jsonb(i) - '{id}'::text[])::text from user_identifiers i
    union all select 'user_addresses', (to_jsonb(a) - '{id}'::text[])::text from user_addresses a
    union all select 'user_emails', (to_jsonb(e) - '{id}'::text[])::text from user_emails e
    union all select 'user_notes', (to_jsonb(n) - '{id,created_at}'::text[])::text from user_notes n
    union all select 'credentials', (to_jsonb(c) - '{created_at}'::text[])::text from credentials c
    union all select 'journal', concat_ws(' ', j.user_id, j.diff - 'rows', (
        select string_agg((e - 'id' #- '{before,created_at}' #- '{after,created_at}')::text, ' ' order by e - 'id')
        from jsonb_array_elements(j.diff -> 'rows') as e)) from journal j where j.run_id = $1
    union all select 'outcomes', to_jsonb(o)::text from run_outcomes o where o.run_id = $1
    union all select 'outbox', concat_ws(' ', o.user_id, o.letter, o.state, o.address, o.language, o.attempts) from outbox o where o.run_id = $1)
  select l.part, count(*) || ' ' || md5(string_agg(l.line, chr(10) order by l.line collate "C")) as mark from lines l group by l.part`;

/** Of a run that was aborted: its counts are its done chunks', and only their members were written to. */
export const ABORTED = `
  with done as (
    select u.user_id from run_chunks c cross join lateral unnest(c.user_ids) as u (user_id) where c.run_id = $1 and c.state = 'done')
  select
    (r.counts ->> 'members')::bigint = (select count(*) from done) as members,
    (r.counts ->> 'changed')::bigint = (select count(*) from journal j where j.run_id = r.id) as journal,
    not exists (select from done d where 1 <> (
      select count(*) from user_blocks b where b.user_id = d.user_id and b.note = 'fault test')) as blocks,
    (select count(*) from user_blocks b where b.note = 'fault test') = (select count(*) from done) as none_outside
  from runs r where r.id = $1`;
