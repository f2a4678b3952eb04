/** The way in for the first time: an administrator with a one-time link. */
import sql from 'sql-template-tag';
import { mergeStaged, Staging } from '../../changes/index.ts';
import { type Context, type Queryable, readSetting, say, todayIn } from '../../core/index.ts';
import { ROLE } from '../roles.ts';
import { linkUrl, makeLink, openLink } from './links.ts';
import { recordAttempt } from './record.ts';
import { LINK_DAYS } from './settings.ts';

export interface FirstLink {
  /** Primary id. */
  readonly user: string;
  /** Shown once: it is kept nowhere. */
  readonly url: string;
}

/** Two servers that start at once make one administrator. */
const ADVISORY_LOCK = 5_318_008_430;

/** Who made the administrator, in the journal. */
const MAKER = 'muster';

/**
 * When no active user with the role General System Administrator can sign in: makes the internal user
 * `admin` with it, unless it has been made already, and a one-time link. Null when somebody can sign in, or
 * when the last such link is still open and `another` is not asked for.
 */
export async function firstLink(ctx: Context, options: { readonly another: boolean }): Promise<FirstLink | null> {
  if (await hasAdministrator(ctx.db.pool, todayIn(ctx.timeZone))) return null;
  const client = await ctx.db.pool.connect();
  let broken: Error | undefined;
  try {
    // For the session, not a transaction: the merge has transactions of its own.
    await client.query(sql`select pg_advisory_lock(${ADVISORY_LOCK}::bigint)`);
    try {
      const today = todayIn(ctx.timeZone);
      if (await hasAdministrator(client, today)) return null;
      const admin = (await waitingAdministrator(client, today)) ?? (await makeAdministrator(ctx, client, today));
      if (!options.another && admin.linked) return null;
      const made = await makeLink(client, {
        userId: admin.id,
        purpose: 'first',
        runId: null,
        madeBy: MAKER,
        hours: (await readSetting(client, LINK_DAYS)) * 24,
      });
      if (made === null) throw new Error('The administrator is not internal.');
      await recordAttempt(ctx, { operation: 'access.first_link', user: admin.primary_id });
      return { user: admin.primary_id, url: linkUrl(ctx.publicUrl, made.token) };
    } finally {
      await client.query(sql`select pg_advisory_unlock(${ADVISORY_LOCK}::bigint)`);
    }
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Over `users u`: active, and General System Administrator of the institution today. */
const administrates = (today: string) => sql`u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= ${today}::date)
  and exists (select from user_roles r where r.user_id = u.id and r.type = ${ROLE.systemAdministrator}::text and r.status = 'ACTIVE'
    and (r.expiry_date is null or r.expiry_date >= ${today}::date)
    and not exists (select from codes c where c.table_name = 'Libraries' and c.code = r.scope))`;

async function hasAdministrator(db: Queryable, today: string): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(sql`
    select exists (
      select from users u left join credentials c on c.id = u.credential_id
      where u.id in (select r.user_id from user_roles r where r.type = ${ROLE.systemAdministrator}::text) and ${administrates(today)}
        and case when u.account_type = 'INTERNAL'
          then u.credential_state = 'password' and c.kind = 'password' and (c.expires_at is null or c.expires_at > now())
          else exists (select from identity_providers p where p.enabled and u.account_type = any (p.account_types)) end) as any`);
  return rows[0]?.any === true;
}

interface Administrator {
  readonly id: number;
  readonly primary_id: string;
  /** There is a link for them that can still be used. */
  readonly linked: boolean;
}

/** The administrator whom an earlier start has made and who has set no password yet. */
async function waitingAdministrator(db: Queryable, today: string): Promise<Administrator | undefined> {
  const { rows } = await db.query<Administrator>(sql`
    select u.id, u.primary_id, exists (select from sign_in_links l where l.user_id = u.id and ${openLink(today)}) as linked
    from users u
    where u.created_by = ${MAKER}::text and u.account_type = 'INTERNAL'
      and u.id in (select r.user_id from user_roles r where r.type = ${ROLE.systemAdministrator}::text) and ${administrates(today)}
    order by u.id limit 1`);
  return rows[0];
}

async function makeAdministrator(ctx: Context, client: Parameters<typeof Staging.open>[0], today: string): Promise<Administrator> {
  const primaryId = await freeName(client);
  const staging = await Staging.open(client);
  try {
    await staging.add({
      line: 1,
      fields: {
        primary_id: primaryId,
        last_name: 'Administrator',
        account_type: 'INTERNAL',
        record_type: 'STAFF',
        status: 'ACTIVE',
        preferred_language: ctx.language,
      },
      lists: {
        user_roles: [{ values: { type: ROLE.systemAdministrator, scope: await institution(client), status: 'ACTIVE', parameters: [] } }],
      },
    });
    await staging.finish();
    const result = await mergeStaged(staging, {
      actor: MAKER,
      name: say('en', 'sign_in.run_first', {}),
      plan: { first_administrator: primaryId },
      today,
      mode: 'add',
      dryRun: false,
    });
    if (result.created !== 1) throw new Error(`The administrator could not be made: ${result.problems[0]?.code ?? 'skipped'}`);
  } finally {
    await staging.close();
  }
  const { rows } = await client.query<{ id: number }>(sql`select u.id from users u where fold(u.primary_id) = fold(${primaryId}::text)`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The administrator who was made is not there.');
  return { id, primary_id: primaryId, linked: false };
}

/** `admin`, or `admin-2` … where that leads to somebody else. */
async function freeName(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ name: string }>(sql`
    select n.name from (select 1 as no, 'admin' as name union all select g.no, 'admin-' || g.no from generate_series(2, 999) as g (no)) n
    where not exists (select from user_keys k where k.key = fold(n.name)) order by n.no limit 1`);
  const [free] = rows;
  if (free === undefined) throw new Error('No name is free for the administrator.');
  return free.name;
}

/** A scope that is no library's: the institution's. */
async function institution(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ code: string }>(sql`
    select s.code from codes s
    where s.table_name = 'Scopes' and s.enabled and not exists (select from codes l where l.table_name = 'Libraries' and l.code = s.code)
    order by s.is_default desc, s.position, s.code limit 1`);
  return rows[0]?.code ?? 'INSTITUTION';
}
