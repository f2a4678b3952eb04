/** What is kept for a time: one entry per kind, with what is there, what is over time, and how it goes. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { declareSetting } from '../../core/index.ts';

/** Days, or null: kept for ever. */
const days = z.number().int().min(1).max(36_500).nullable();

export const RETENTION = declareSetting({
  name: 'retention',
  label: {
    en: 'How many days each kind of data is kept; empty: for ever',
    de: 'Wie viele Tage jede Art von Daten aufbewahrt wird; leer: unbegrenzt',
  },
  schema: z.strictObject({
    journal: days.default(180),
    outcomes: days.default(730),
    audit: days.default(730),
    audit_texts: days.default(90),
    messages: days.default(730),
    message_bodies: days.default(180),
    staff_mails: days.default(90),
    previews: days.default(30),
    file_lines: days.default(365),
    values: days.default(365),
    feed_files: days.default(30),
    feed_exports: days.default(30),
    rejections: days.default(365),
  }),
  default: {
    journal: 180,
    outcomes: 730,
    audit: 730,
    audit_texts: 90,
    messages: 730,
    message_bodies: 180,
    staff_mails: 90,
    previews: 30,
    file_lines: 365,
    values: 365,
    feed_files: 30,
    feed_exports: 30,
    rejections: 365,
  },
  privilege: 'settings:write',
});

export type RetentionName = keyof (typeof RETENTION)['default'];

export interface RetentionKind {
  /** All there is, as rows with a column `at`; `due(cutoff)` narrows it to what is over time. */
  readonly rows: Sql;
  /** Removes up to `limit` of what is older than `cutoff`, in one statement; its row count is what is told. Null: see `drop-journal.ts`. */
  readonly remove: ((cutoff: string, limit: number) => Sql) | null;
}

/** What other rooms keep for a time of their own and tidy up themselves: shown beside the others. */
export const KEPT_ELSEWHERE = {
  sessions: { rows: sql`select s.created_at as at from sessions s`, days: null },
  sign_in_links: { rows: sql`select l.expires_at as at from sign_in_links l`, days: 90 },
  merged_records: { rows: sql`select u.modified_at as at from users u where u.merged_into is not null`, days: null },
  idempotency_keys: { rows: sql`select k.created_at as at from idempotency_keys k`, days: 1 },
  message_bodies_by_type: {
    rows: sql`select coalesce(o.sent_at, o.created_at) as at from message_contents c join outbox o on o.id = c.outbox_id
      join notification_types t on t.code = o.letter where t.keep_days is not null`,
    days: null,
  },
  webhook_deliveries: { rows: sql`select d.created_at as at from webhook_deliveries d where d.state <> 'waiting'`, days: 30 },
} as const;

const FINISHED = sql`o.state in ('sent', 'failed', 'suppressed', 'no_address', 'cancelled')`;
/** A message's file in the mailbox, or its kept contents where the notification type has no time of its own. */
const WITH_BODY = sql`${FINISHED} and (o.file is not null or exists (
  select from message_contents c left join notification_types t on t.code = o.letter where c.outbox_id = o.id and t.keep_days is null))`;
const SEARCHED = sql`a.detail ?| array['text', 'where', 'conditions']`;
/** Files of feeds that are done with, loaded or not; what became of them stays in the row. */
const DONE_WITH = sql`f.finished_at is not null and f.stored is not null`;
/** Tables of values that nothing will come back to. */
const UNUSED = sql`
  not exists (select from templates p where p.plan ->> 'values' = t.id::text)
  and not exists (select from schedules p where p.plan ->> 'values' = t.id::text)
  and not exists (select from runs p where p.plan ->> 'values' = t.id::text and p.finished_at is null)`;

export const RETENTION_KINDS: Readonly<Record<RetentionName, RetentionKind>> = {
  journal: { rows: sql`select j.at from journal j`, remove: null },
  outcomes: {
    rows: sql`select r.created_at as at from run_outcomes o join runs r on r.id = o.run_id`,
    remove: (cutoff, limit) => sql`
      with old as (
        select o.run_id, o.user_id from run_outcomes o join runs r on r.id = o.run_id where r.created_at < ${cutoff}::timestamptz limit ${limit}::integer),
      known as (update runs r set journal_dropped = true where r.id in (select x.run_id from old x) and not r.journal_dropped)
      delete from run_outcomes o using old x where o.run_id = x.run_id and o.user_id = x.user_id`,
  },
  audit: {
    rows: sql`select a.at from audit a`,
    remove: (cutoff, limit) => sql`
      delete from audit a where a.id = any (array(select x.id from audit x where x.at < ${cutoff}::timestamptz order by x.at limit ${limit}::integer))`,
  },
  audit_texts: {
    rows: sql`select a.at from audit a where ${SEARCHED}`,
    remove: (cutoff, limit) => sql`
      update audit a set detail = a.detail - array['text', 'where', 'conditions']
      where a.id = any (array(select a.id from audit a where ${SEARCHED} and a.at < ${cutoff}::timestamptz order by a.at limit ${limit}::integer))`,
  },
  messages: {
    rows: sql`select o.created_at as at from outbox o where ${FINISHED}`,
    remove: (cutoff, limit) => sql`
      with old as (
        delete from outbox o where o.id = any (array(
          select o.id from outbox o where ${FINISHED} and o.created_at < ${cutoff}::timestamptz limit ${limit}::integer)) returning o.id, o.file),
      files as (insert into doomed_files (path) select x.file from old x where x.file is not null on conflict do nothing)
      select x.id from old x`,
  },
  message_bodies: {
    rows: sql`select o.created_at as at from outbox o where ${WITH_BODY}`,
    remove: (cutoff, limit) => sql`
      with old as (
        select o.id, o.file from outbox o where ${WITH_BODY} and o.created_at < ${cutoff}::timestamptz limit ${limit}::integer),
      files as (insert into doomed_files (path) select x.file from old x where x.file is not null on conflict do nothing),
      contents as (delete from message_contents c using old x where c.outbox_id = x.id)
      update outbox o set file = null from old x where o.id = x.id`,
  },
  staff_mails: {
    rows: sql`select m.created_at as at from staff_mails m`,
    remove: (cutoff, limit) => sql`
      with old as (
        delete from staff_mails m where m.id = any (array(
          select x.id from staff_mails x where x.created_at < ${cutoff}::timestamptz limit ${limit}::integer)) returning m.id, m.file),
      files as (insert into doomed_files (path) select x.file from old x where x.file is not null on conflict do nothing)
      select x.id from old x`,
  },
  previews: {
    rows: sql`select p.created_at as at from previews p`,
    remove: (cutoff, limit) => sql`
      delete from previews p where p.digest = any (array(select x.digest from previews x where x.created_at < ${cutoff}::timestamptz limit ${limit}::integer))`,
  },
  file_lines: {
    rows: sql`select s.modified_at as at from set_file_lines l join sets s on s.id = l.set_id`,
    remove: (cutoff, limit) => sql`
      delete from set_file_lines l using (
        select x.set_id, x.line from set_file_lines x join sets s on s.id = x.set_id where s.modified_at < ${cutoff}::timestamptz limit ${limit}::integer) old
      where l.set_id = old.set_id and l.line = old.line`,
  },
  values: {
    rows: sql`select t.created_at as at from value_tables t join value_rows v on v.table_id = t.id where ${UNUSED}`,
    remove: (cutoff, limit) => sql`
      delete from value_rows v using (
        select x.table_id, x.user_id from value_rows x join value_tables t on t.id = x.table_id
        where t.created_at < ${cutoff}::timestamptz and ${UNUSED} limit ${limit}::integer) old
      where v.table_id = old.table_id and v.user_id = old.user_id`,
  },
  feed_files: {
    rows: sql`select f.finished_at as at from feed_files f where ${DONE_WITH}`,
    remove: (cutoff, limit) => sql`
      with old as (
        select f.id, f.stored from feed_files f where ${DONE_WITH} and f.finished_at < ${cutoff}::timestamptz limit ${limit}::integer),
      files as (insert into doomed_files (path) select x.stored from old x on conflict do nothing)
      update feed_files f set stored = null from old x where f.id = x.id`,
  },
  feed_exports: {
    rows: sql`select e.at from feed_exports e`,
    remove: (cutoff, limit) => sql`
      with old as (
        delete from feed_exports e where e.path = any (array(
          select x.path from feed_exports x where x.at < ${cutoff}::timestamptz limit ${limit}::integer)) returning e.path),
      files as (insert into doomed_files (path) select x.path from old x on conflict do nothing)
      select x.path from old x`,
  },
  rejections: {
    rows: sql`select r.created_at as at from run_rejections x join runs r on r.id = x.run_id`,
    remove: (cutoff, limit) => sql`
      delete from run_rejections t using (
        select x.run_id, x.no from runs r join run_rejections x on x.run_id = r.id
        where r.created_at < ${cutoff}::timestamptz limit ${limit}::integer) old
      where t.run_id = old.run_id and t.no = old.no`,
  },
};
