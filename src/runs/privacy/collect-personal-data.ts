/** Everything that is held on one person, gathered for them to have. */
import sql, { type Sql } from 'sql-template-tag';
import { systemActor } from '../../access/index.ts';
import { AppError, type Context, type Language, sayAny } from '../../core/index.ts';
import { type AlmaUser, toAlma } from '../../feeds/index.ts';
import { chooseLanguage, recipientSql } from '../../letters/index.ts';
import {
  CHILD_TABLES,
  codeLabels,
  type Field,
  type FoundUser,
  type HistoryEntry,
  readRecords,
  SCALARS,
  scalar,
  userHistory,
  withMerged,
} from '../../users/index.ts';

/** Every table of codes that a record speaks of. */
const CODE_TABLES = [
  ...new Set(
    [...SCALARS, ...CHILD_TABLES.flatMap((table): readonly Field[] => table.fields)].flatMap((field: Field) => field.codeTable ?? []),
  ),
];

type Rows = readonly Readonly<Record<string, unknown>>[];

export interface PersonalData {
  /** ISO instant. */
  readonly made_at: string;
  readonly primary_id: string;
  /** In Alma's user JSON, with labels of codes. */
  readonly record: AlmaUser;
  /** What the feed says where the library does not follow it, and since when it no longer names the person. */
  readonly feed: Rows;
  readonly circulation: Rows;
  /** That there are or were passwords and PINs, and since when; never a hash. */
  readonly credentials: Rows;
  readonly history: readonly HistoryEntry[];
  readonly messages: Rows;
  /** What mail servers have reported about messages. */
  readonly came_back: Rows;
  /** Of the person's addresses those that nothing is sent to. */
  readonly suppressed_addresses: Rows;
  /** Itemized sets, by name. */
  readonly sets: Rows;
  readonly values: Rows;
  readonly runs: Rows;
  readonly proxies: Rows;
  readonly subscriptions: Rows;
  readonly sign_ins: Rows;
  /** What the person did; not about whom, which is about somebody else. */
  readonly own_actions: Rows;
  readonly seen_by: Rows;
}

/** In the person's own language, as far as Muster speaks it. */
export async function languageOf(ctx: Context, user: FoundUser): Promise<Language> {
  const { rows } = await ctx.db.pool.query<{ language: string }>(sql`
    select ${recipientSql('u', { credentials: false }).language} as language from users u where u.id = ${user.id}::bigint`);
  return chooseLanguage(['de', 'en'], rows[0]?.language ?? null, 'en') === 'de' ? 'de' : 'en';
}

/**
 * What is held on the user, whole: groups of fields that are closed to a role are the person's own all
 * the same. Messages are listed with their state; their words are made of the record when they go out.
 */
export async function collectPersonalData(ctx: Context, user: FoundUser, language: Language): Promise<PersonalData> {
  const db = ctx.db.pool;
  const whole: Context = { ...ctx, actor: systemActor('muster'), language };
  const [record] = await readRecords(db, [user.id]);
  if (record === undefined) throw new AppError('users.not_found', { id: user.primary_id });
  const rows = async (query: Sql): Promise<Rows> => (await db.query<Record<string, unknown>>(query)).rows;
  const id = user.id;
  // What became of a record that was merged into this one is held on the same person.
  const them = withMerged(id);
  const names = sql`select ${user.primary_id}::text union select i.value from user_identifiers i where i.user_id = ${id}::bigint and i.type = 'MERGED_ID'`;
  const label = language === 'de' ? sql`label_de` : sql`label_en`;
  return {
    made_at: new Date().toISOString(),
    primary_id: user.primary_id,
    record: toAlma(record, await codeLabels(db, CODE_TABLES, language)),
    feed: (
      await rows(sql`
        select f.field, f.value, f.at as since, f.field = any (u.held_fields) as held
        from feed_values f join users u on u.id = f.user_id where f.user_id in (${them})
        union all
        select 'absent_since', u.absent_since::text, null, null from users u where u.id = ${id}::bigint and u.absent_since is not null
        order by 1`)
    ).map((row) => ({ ...row, field: scalar(String(row['field']))?.label[language] ?? row['field'] })),
    circulation: await rows(sql`
      select c.kind, c.reference, c.title, c.barcode, c.amount, c.currency, c.due_on, c.true_on from circulation c
      where c.user_id = ${id}::bigint order by c.kind, c.id`),
    credentials: await rows(sql`
      select c.kind, c.temporary, c.created_at, c.expires_at, c.id in (u.credential_id, u.pin_id) as in_force
      from credentials c join users u on u.id = c.user_id where c.user_id in (${them}) order by c.id`),
    history: await allHistory(whole, user),
    messages: await rows(sql`
      select o.letter, t.${label} as letter_name, o.state, o.address, o.language, o.created_at, o.sent_at, r.name as run,
        o.file is not null as kept_in_mailbox
      from outbox o join runs r on r.id = o.run_id left join notification_types t on t.code = o.letter
      where o.user_id in (${them}) order by o.id`),
    came_back: await rows(sql`
      select b.kind, b.address, b.status, b.detail, b.reported_at as at, o.letter from letter_bounces b join outbox o on o.id = b.outbox_id
      where o.user_id in (${them}) order by b.id`),
    suppressed_addresses: await rows(sql`
      select s.address, s.reason, s.detail, s.suppressed_at as at, s.created_by as by from suppressed_addresses s
      where s.channel = 'email' and s.address in (select fold(btrim(e.address)) from user_emails e where e.user_id = ${id}::bigint)
      order by s.address`),
    sets: await rows(sql`
      select s.name, s.description, s.owner from set_members m join sets s on s.id = m.set_id where m.user_id = ${id}::bigint order by s.name`),
    values: await rows(sql`
      select t.name as table, t.created_at, v.data from value_rows v join value_tables t on t.id = v.table_id
      where v.user_id = ${id}::bigint order by t.id`),
    runs: (
      await rows(sql`
        select r.id, r.kind, r.name, r.created_by, r.created_at,
          case when o.outcome is not null then o.outcome
            when exists (select from journal j where j.user_id = touched.user_id and j.run_id = r.id) then 'changed'
            when r.journal_dropped then 'not_kept' else 'unchanged' end as outcome, o.reason
        from (
          select c.run_id, t.id as user_id from (${them}) t join run_chunks c
            on t.id between c.first_user and c.last_user and t.id = any (c.user_ids) and c.state = 'done'
          union select j.run_id, j.user_id from journal j where j.user_id in (${them})
          union select x.run_id, x.user_id from run_outcomes x where x.user_id in (${them})) touched
        join runs r on r.id = touched.run_id
        left join run_outcomes o on o.run_id = r.id and o.user_id = touched.user_id
        order by r.id`)
    ).map((row) => ({ ...row, reason: row['reason'] === null ? null : sayAny(language, String(row['reason'])) })),
    proxies: await rows(sql`
      select 'proxy_for' as kind, u.primary_id, concat_ws(' ', u.first_name, u.last_name) as name
      from user_proxies p join users u on u.id = p.proxy_for_id where p.user_id = ${id}::bigint
      union all
      select 'has_proxy', u.primary_id, concat_ws(' ', u.first_name, u.last_name)
      from user_proxies p join users u on u.id = p.user_id where p.proxy_for_id = ${id}::bigint`),
    subscriptions: await rows(sql`
      select 'subscription' as what, s.kind, s.run_id, s.schedule_id, s.wanted, null as state, s.created_at from run_subscriptions s
      where s.user_id = ${id}::bigint
      union all
      select 'mail', m.event, m.run_id, null, true, m.state, m.created_at from staff_mails m where m.user_id in (${them})`),
    sign_ins: await rows(sql`
      select 'session' as what, s.method as how, s.address, s.agent, s.created_at, s.last_seen_at as last_used_at, s.expires_at
      from sessions s where s.user_id = ${id}::bigint
      union all
      select 'link', l.purpose, null, null, l.created_at, l.used_at, l.expires_at from sign_in_links l where l.user_id in (${them})
      union all
      select 'key', k.name, k.last_used_address, null, k.created_at, k.last_used_at, k.expires_at from api_keys k where k.owner_id in (${them})
      order by created_at`),
    own_actions: await rows(sql`
      select a.at, a.operation, a.outcome, a.source, a.address from audit a where a.actor in (${names}) order by a.at, a.id`),
    seen_by: await rows(sql`
      with keys as (select k.key from user_keys k where k.user_id = ${id}::bigint union select fold(${user.primary_id}::text))
      select a.at, a.actor, a.operation, a.outcome, a.source from audit a
      where a.actor not in (${names})
        and (a.entity = 'user' and fold(a.entity_id) in (select k.key from keys k) or fold(a.detail ->> 'user') in (select k.key from keys k))
      order by a.at, a.id`),
  };
}

const PAGE = 500;

async function allHistory(ctx: Context, user: FoundUser): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let before: string | undefined;
  do {
    const page = await userHistory.run(ctx, { user: user.primary_id, limit: PAGE, before });
    entries.push(...page.entries);
    before = page.next ?? undefined;
  } while (before !== undefined);
  return entries;
}
