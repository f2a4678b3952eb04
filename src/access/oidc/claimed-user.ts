import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../../core/index.ts';
import { ADMINISTRATOR } from '../actor.ts';
import { PRIMARY_ID, type Provider } from './provider.ts';

/** Why a person whom the provider vouches for does not get in. For the audit; the person is not told which. */
export type Refusal = 'no_claim' | 'unknown' | 'ambiguous' | 'account_type' | 'inactive' | 'reserved';

export type Claimed =
  | { readonly userId: number; readonly primaryId: string }
  /** With the user's primary id, where there is one user to speak of. */
  | { readonly refusal: Refusal; readonly primaryId: string | null };

interface Row {
  readonly id: number;
  readonly primary_id: string;
  readonly account_type: string;
  readonly active: boolean;
}

/**
 * The user whom a claim names: its value is compared whole, upper or lower case, with the primary id
 * or with the identifiers of one type that are active. Never with anything else: who could choose
 * their own e-mail address at the provider could choose whom to be.
 */
export async function claimedUser(db: Queryable, provider: Provider, claim: unknown, today: string): Promise<Claimed> {
  const value = claimText(claim);
  if (value === null) return { refusal: 'no_claim', primaryId: null };
  const { rows } = await db.query<Row>(sql`
    select u.id, u.primary_id, u.account_type,
           u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= ${today}::date) as active
    from users u where ${matched(provider.matched_with, value)} limit 2`);
  const [user, other] = rows;
  if (user === undefined) return { refusal: 'unknown', primaryId: null };
  if (other !== undefined) return { refusal: 'ambiguous', primaryId: null };
  const primaryId = user.primary_id;
  if (!provider.account_types.some((type) => type === user.account_type)) return { refusal: 'account_type', primaryId };
  if (!user.active) return { refusal: 'inactive', primaryId };
  if (primaryId.toLowerCase() === ADMINISTRATOR.name) return { refusal: 'reserved', primaryId };
  return { userId: user.id, primaryId };
}

function matched(matchedWith: string, value: string): Sql {
  if (matchedWith === PRIMARY_ID) return sql`fold(u.primary_id) = fold(${value}::text)`;
  return sql`u.id in (select i.user_id from user_identifiers i
    where i.type = ${matchedWith}::text and i.status = 'ACTIVE' and fold(i.value) = fold(${value}::text))`;
}

/** Some providers put every claim into a list; one value in it is as good as the value, two are none. */
function claimText(claim: unknown): string | null {
  const value: unknown = Array.isArray(claim) && claim.length === 1 ? claim[0] : claim;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  // PostgreSQL has no NUL in texts, so nobody's identifier holds one.
  return text === '' || text.length > 500 || text.includes('\0') ? null : text;
}
