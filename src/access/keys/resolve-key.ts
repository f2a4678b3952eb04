/** From the key that a program sends to who acts, with the owner's rights of today or fewer. */
import sql, { raw } from 'sql-template-tag';
import { type Actor, AppError, askTogether, type Part, type Privilege, type Queryable } from '../../core/index.ts';
import { type ActorRow, actorColumns, actorFrom } from '../actor.ts';
import { hashOf } from '../sign-in/tokens.ts';

/** What a key takes away from its owner's rights. */
export interface Narrowing {
  readonly readOnly: boolean;
  /** The only areas it may work in (`users`, `sets` …); null: all. */
  readonly areas: readonly string[] | null;
}

/** The privileges that are left. Reading is what ends in `:read`; to export is to carry away. */
export function narrowed(privileges: readonly Privilege[], { readOnly, areas }: Narrowing): readonly Privilege[] {
  return privileges.filter(
    (privilege) =>
      (!readOnly || privilege.endsWith(':read')) && (areas === null || areas.includes(privilege.slice(0, privilege.indexOf(':')))),
  );
}

interface KeyRow extends ActorRow {
  readonly key_id: number;
  readonly name: string;
  readonly read_only: boolean;
  readonly areas: readonly string[] | null;
  readonly exempt_from_guard: boolean;
  readonly used: boolean;
}

interface Asked {
  /** In hexadecimal. */
  readonly hash: string;
  readonly today: string;
}

/** Keys that are neither revoked nor expired; every `n` of `items` is looked up by itself. */
const KEYS: Part<Asked, KeyRow | undefined> = {
  name: 'key',
  select: sql`select json_agg(r) from (
    select x.n, w.* from json_to_recordset(${raw('$items')}::json) as x (n int, hash text, today date)
    cross join lateral (
      select k.id as key_id, k.name, k.read_only, k.areas, k.exempt_from_guard,
        coalesce(k.last_used_at > now() - interval '1 minute', false) as used, ${actorColumns(raw('x.today'))}
      from api_keys k join users u on u.id = k.owner_id
      where k.key_hash = decode(x.hash, 'hex') and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      offset 0) w) r`.text,
  encode: (items) => distinct(items).map((item, n) => ({ n, ...item })),
  decode: (answers, items) => {
    const found = new Map(((answers ?? []) as readonly (KeyRow & { readonly n: number })[]).map((row) => [row.n, row])); // as `select` says
    const places = new Map(distinct(items).map((item, n) => [identityOf(item), n]));
    return items.map((item) => found.get(places.get(identityOf(item)) ?? -1));
  },
};

/** A program's requests bring the same key: one look serves all that wait together. */
function distinct(items: readonly Asked[]): readonly Asked[] {
  return [...new Map(items.map((item) => [identityOf(item), item])).values()];
}

function identityOf({ hash, today }: Asked): string {
  return `${hash} ${today}`;
}

/** `mus_NUMBER_RANDOM`; anything else is refused before the database is asked. */
const SHAPE = /^mus_[1-9]\d{0,18}_[A-Za-z0-9_-]{43}$/;

/**
 * The owner of the key as an actor, with `actor.key`. Throws `access.bad_key` for a key that is unknown,
 * revoked or expired, or whose owner is inactive or expired. Keeps when and from where it was last used,
 * to the minute. Nothing is remembered: a key that is revoked is bad with the next request.
 */
export async function resolveKey(db: Queryable, key: string, today: string, address: string | null = null): Promise<Actor> {
  if (!SHAPE.test(key)) throw new AppError('access.bad_key', {});
  const row = await askTogether(db, KEYS, { hash: hashOf(key).toString('hex'), today });
  if (row === undefined || !row.active) throw new AppError('access.bad_key', {});
  const owner = actorFrom(row);
  if (!row.used) {
    await db.query(sql`update api_keys k set last_used_at = now(), last_used_address = coalesce(${address}::text, k.last_used_address)
      where k.id = ${row.key_id}::bigint`);
  }
  return {
    ...owner,
    rights: { ...owner.rights, privileges: narrowed(owner.rights.privileges, { readOnly: row.read_only, areas: row.areas }) },
    key: { id: row.key_id, name: row.name, exemptFromGuard: row.exempt_from_guard },
  };
}
