/**
 * Taking messages out of the outbox, at the pace that all senders keep together.
 *
 * A place in time is given out once: `outbox_pace` keeps when the next one is free, and a claim takes
 * the places of the coming seconds with its messages, in one statement. Whatever a sender was given it
 * spreads over that time, so nobody waits with a claim in hand for longer, and nobody asks in a loop.
 */
import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import type { ResendRule } from './settings.ts';

/** Ways out that a sender serves; letters on paper go another way. */
export const SENT_CHANNELS = ['email', 'sms'] as const;
export type SentChannel = (typeof SENT_CHANNELS)[number];

/** A row of the outbox that this sender holds until its lease ends. */
export interface ClaimedRow {
  readonly id: number;
  readonly run_id: number;
  readonly letter: string;
  /** When the claim ends, exactly as stored: it says whose claim it is. */
  readonly lease: string;
  /** This attempt included. */
  readonly attempts: number;
  readonly message_id: string | null;
  readonly credentials: boolean;
  readonly queued_on: string;
  /** Seconds after the claim at which its place in time begins; 0 where there is no limit. */
  readonly start_in: number;
}

export interface Claim {
  readonly rows: ClaimedRow[];
  /** Rows that were due and have been put off: their domain is slow, or their batch is paused. */
  readonly putOff: number;
  /** The channel could not be reached a moment ago: only a few were taken, to see whether it can be now. */
  readonly doubtful: boolean;
}

export interface ClaimOptions {
  readonly channel: SentChannel;
  readonly limit: number;
  readonly leaseSeconds: number;
  /** Of the Message-ID. */
  readonly domain: string;
  readonly timeZone: string;
  /** Null: no limit. */
  readonly perSecond: number | null;
  readonly perSecondAndDomain: number | null;
  /** Only what somebody waits for: outside the hours in which letters go out. */
  readonly urgentOnly: boolean;
}

/** Places are given out this far ahead. */
const AHEAD_SECONDS = 2;
/** Messages to a slow domain are looked at again after this long, so that the others are found without wading through them. */
const PUT_OFF_SECONDS = 900;
/** Put off in one claim, at most. */
const LOOK = 2_000;
const URGENT = 50;
/** Taken from a channel of which it is not known whether it works again. */
const PROBE = 10;

const AHEAD: Sql = sql`make_interval(secs => ${AHEAD_SECONDS}::double precision)`;

/** Places out of a row `p`, of which `excluded.granted` are wanted, at `rate`. */
function granted(rate: Sql): Sql {
  const from = sql`greatest(p.free_at, p.rests_until, now())`;
  const places = sql`(case
    when (${rate}) is null and p.rests_until <= now() then excluded.granted
    when ${from} >= now() + ${AHEAD} then 0
    else least(excluded.granted, ceil(extract(epoch from now() + ${AHEAD} - ${from}) * coalesce(${rate}, 1))) end)::integer`;
  return sql`
    granted = ${places}, first_at = ${from}, apart = coalesce(1 / (${rate}), 0),
    free_at = ${from} + make_interval(secs => ${places} * coalesce(1 / (${rate}), 0))`;
}

/** Takes what is due. The Message-ID is fixed here, before the first attempt; letters with a password get one per password. */
export async function claimDue(db: Queryable, options: ClaimOptions): Promise<Claim> {
  const { perSecond, perSecondAndDomain, channel } = options;
  const due = sql`o.state = 'queued' and o.channel = ${channel}::text and o.channel <> 'print' and o.next_at <= now()`;
  const columns = sql`o.id, o.run_id, o.letter, o.next_at,
    case when ${channel}::text = 'email' then lower(split_part(o.address, '@', 2)) end as domain`;
  const { rows } = await db.query<{ [Key in keyof ClaimedRow]: ClaimedRow[Key] | null } & { put_off: number; doubtful: boolean }>(sql`
    with health as (
      select coalesce(bool_or(p.rests_until > now()), false) as rests, coalesce(bool_or(p.strikes > 0), false) as doubtful
      from outbox_pace p where p.scope = 'channel' and p.key = ${channel}::text
    ),
    room as (
      select h.doubtful, case when h.rests then 0 when h.doubtful then least(${PROBE}::integer, ${options.limit}::integer) else ${options.limit}::integer end as batch
      from health h
    ),
    urgent as materialized (
      select ${columns}, 0 as rank from outbox o where ${due} and o.brings = 'forgotten'
      order by o.next_at, o.id limit (select least(${URGENT}::integer, r.batch) from room r) for update skip locked
    ),
    ordinary as materialized (
      select ${columns}, 1 as rank from outbox o where ${due} and o.brings is distinct from 'forgotten'
      order by o.next_at, o.id
      limit (select case when ${options.urgentOnly}::boolean or r.batch = 0 then 0 when r.doubtful then r.batch
        else greatest(r.batch, least(${LOOK}::integer, r.batch * 4)) end from room r)
      for update skip locked
    ),
    found as (
      select f.*, exists (select from outbox_pauses p where p.run_id = f.run_id and p.letter in ('', f.letter)) as paused
      from (select * from urgent union all select * from ordinary) f
    ),
    sendable as (
      select f.*, row_number() over (partition by f.domain order by f.rank, f.next_at, f.id) as nth from found f where not f.paused
    ),
    domains as (
      insert into outbox_pace as p (scope, key, free_at, granted, first_at, apart)
      select 'domain', w.domain, now() + make_interval(secs => coalesce(w.places / ${perSecondAndDomain}::double precision, 0)),
        w.places, now(), coalesce(1 / ${perSecondAndDomain}::double precision, 0)
      from (
        select s.domain, least(count(*), ceil(${AHEAD_SECONDS}::double precision * ${perSecondAndDomain}::double precision))::integer as places
        from sendable s where s.domain <> '' group by s.domain) w
      where ${perSecondAndDomain}::double precision is not null
        or exists (select from outbox_pace q where q.scope = 'domain' and q.key = w.domain)
      order by w.domain
      on conflict (scope, key) do update set ${granted(sql`recovering_rate(${perSecondAndDomain}::double precision, p.strikes, p.rests_until)`)}
      returning p.key, p.granted, p.first_at, p.apart, greatest(p.free_at, p.rests_until) as next_free
    ),
    allowed as (
      select s.id, d.first_at + make_interval(secs => (s.nth - 1) * d.apart) as begins,
        row_number() over (order by s.rank, s.next_at, s.id) as place
      from sendable s left join domains d on d.key = s.domain
      where d.key is null or s.nth <= d.granted
      order by s.rank, s.next_at, s.id
      limit (select r.batch from room r)
    ),
    overall as (
      insert into outbox_pace as p (scope, key, free_at, granted, first_at, apart)
      select 'all', ${channel}::text, now() + make_interval(secs => w.places / ${perSecond}::double precision), w.places, now(), 1 / ${perSecond}::double precision
      from (select least(count(*), ceil(${AHEAD_SECONDS}::double precision * ${perSecond}::double precision))::integer as places from allowed) w
      where ${perSecond}::double precision is not null and w.places > 0
      on conflict (scope, key) do update set ${granted(sql`${perSecond}::double precision`)}
      returning p.granted, p.first_at, p.apart
    ),
    decided as (
      select a.id, 'sending' as state, null::timestamptz as at,
        greatest(0, extract(epoch from greatest(a.begins, v.first_at + make_interval(secs => (a.place - 1) * v.apart)) - now()))::double precision as start_in
      from allowed a left join overall v on true
      where ${perSecond}::double precision is null or a.place <= v.granted
      union all
      select s.id, 'queued', d.next_free + make_interval(secs =>
        case when (s.nth - d.granted) * d.apart <= ${PUT_OFF_SECONDS}::double precision then (s.nth - d.granted) * d.apart
          else random() * ${PUT_OFF_SECONDS}::double precision end), null
      from sendable s join domains d on d.key = s.domain where s.nth > d.granted
      union all
      select f.id, 'queued', 'infinity', null from found f where f.paused
    ),
    moved as (
      update outbox o
      set state = d.state,
        attempts = o.attempts + (d.state = 'sending')::integer,
        next_at = coalesce(d.at, o.next_at),
        lease = case when d.state = 'sending' then now() + make_interval(secs => ${options.leaseSeconds}::double precision) end,
        handed_at = null,
        message_id = case when d.state = 'queued' or coalesce(t.credentials, false) then o.message_id
          else coalesce(o.message_id, '<' || gen_random_uuid() || '@' || ${options.domain}::text || '>') end
      from decided d join outbox k on k.id = d.id left join notification_types t on t.code = k.letter
      where o.id = d.id
      returning o.id, o.run_id, o.letter, o.state, o.lease, o.attempts, o.message_id, coalesce(t.credentials, false) as credentials,
        to_char(o.created_at at time zone ${options.timeZone}::text, 'YYYY-MM-DD') as queued_on, d.start_in
    )
    select c.put_off, r.doubtful, m.id, m.run_id, m.letter, m.lease, m.attempts, m.message_id, m.credentials, m.queued_on, m.start_in
    from (select count(*) filter (where m.state = 'queued') as put_off from moved m) c
    cross join room r
    left join moved m on m.state = 'sending'`);
  const taken = rows.filter((row): row is typeof row & ClaimedRow => row.id !== null);
  return {
    rows: taken.sort((a, b) => a.start_in - b.start_in || a.id - b.id),
    putOff: rows[0]?.put_off ?? 0,
    doubtful: rows[0]?.doubtful ?? false,
  };
}

/** What became of messages whose sender was not heard of until its lease had ended. */
export interface Recovered {
  readonly queued: number;
  readonly uncertain: number;
  readonly failed: number;
}

export interface RecoverOptions {
  readonly rule: ResendRule;
  /** Channels in which a message that is handed over twice is there once. */
  readonly repeatable: readonly string[];
  /** Senders lost over one message after which it is given up; each may have been lost because of it. */
  readonly mostInterruptions: number;
}

/** Rows at once. */
const RECOVERED = 1_000;

/**
 * Gives back what lost senders held. What had not been handed over is simply due again; of what had,
 * nobody knows whether it went out: it is sent once more where the rule says so, else it waits for staff.
 */
export async function recoverLost(db: Queryable, options: RecoverOptions): Promise<Recovered> {
  const { rows } = await db.query<Recovered>(sql`
    with lost as materialized (
      select o.id, o.handed_at is not null as handed, o.channel = any(${options.repeatable}::text[]) as repeatable,
        ${options.rule}::text = 'all' or (${options.rule}::text = 'credentials' and coalesce(t.credentials, false)) as resend
      from outbox o left join notification_types t on t.code = o.letter
      where o.state = 'sending' and o.lease <= now()
      order by o.id limit ${RECOVERED}::integer
      for update of o skip locked
    ),
    moved as (
      update outbox o
      set state = case when o.interruptions + 1 >= ${options.mostInterruptions}::integer then 'failed'
          when not l.handed or l.repeatable or l.resend then 'queued' else 'uncertain' end,
        attempts = case when l.handed then o.attempts else o.attempts - 1 end,
        interruptions = o.interruptions + 1,
        repeats = o.repeats + (l.handed and l.resend and not l.repeatable)::integer,
        next_at = now(), lease = null,
        last_error = case when l.handed and not l.repeatable and not l.resend then 'letters.uncertain' else 'letters.interrupted' end
      from lost l where o.id = l.id
      returning o.state
    )
    select count(*) filter (where m.state = 'queued') as queued, count(*) filter (where m.state = 'uncertain') as uncertain,
      count(*) filter (where m.state = 'failed') as failed
    from moved m`);
  return rows[0] ?? { queued: 0, uncertain: 0, failed: 0 };
}

/** Seconds that a domain or a channel rests at first; doubled with each further refusal, up to the longest. */
const REST = { domain: { first: 30, longest: 1_800 }, channel: { first: 5, longest: 300 } } as const;

/** Gives a domain or a channel a rest, unless it has one; answers how many it has had in a row, 0 when it had one already. */
export async function giveRest(db: Queryable, scope: 'domain' | 'channel', key: string): Promise<number> {
  const { first, longest } = REST[scope];
  const strikes = sql`(case when p.rests_until < now() - interval '10 minutes' then 1 else p.strikes + 1 end)`;
  const { rows } = await db.query<{ strikes: number }>(sql`
    insert into outbox_pace as p (scope, key, strikes, rests_until)
    values (${scope}::text, ${key}::text, 1, now() + make_interval(secs => ${first}::double precision))
    on conflict (scope, key) do update set strikes = ${strikes},
      rests_until = now() + make_interval(secs => least(${longest}::double precision, ${first}::double precision * power(2, least(20, ${strikes} - 1))))
    where p.rests_until <= now()
    returning p.strikes`);
  return rows[0]?.strikes ?? 0;
}

/** The channel works: it is taken from in full again. */
export async function endRests(db: Queryable, channel: SentChannel): Promise<void> {
  await db.query(sql`delete from outbox_pace p where p.scope = 'channel' and p.key = ${channel}::text and p.rests_until <= now()`);
}

/** Forgets the pace of domains that nobody has written to for a day. */
export async function tidyPace(db: Queryable): Promise<void> {
  await db.query(`delete from outbox_pace p where p.free_at < now() - interval '1 day' and p.rests_until < now() - interval '1 day'`);
}
