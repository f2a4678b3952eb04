/**
 * One user's whole record in one round trip. The statements are prepared once per connection: planning
 * their eleven subqueries would take longer than running them.
 */
import { askTogether, type Part, type Queryable } from '../core/index.ts';
import { CHILD_TABLES, type ChildTable, type ChildTableName, SCALARS, type ScalarName } from './record.ts';
import type { RecordRow, UserRecord } from './read-record.ts';

/** By Muster's own number; or by primary id or an identifier that is in use, of the given type if there is one. */
export type UserKey = { readonly id: number } | { readonly key: string; readonly type?: string | undefined };

/** An e-mail of a user to which nothing is sent: it came back, somebody complained, or staff have said so. */
export interface SuppressedEmail {
  /** Of the row in `user_emails`. */
  readonly id: number;
  readonly reason: 'bounce' | 'complaint' | 'manual';
  /** ISO instant. */
  readonly since: string;
}

export interface WholeUser extends UserRecord {
  readonly suppressed: readonly SuppressedEmail[];
  /** What a record does not show: who holds what against the feed, and which credentials are in force. */
  readonly inner: { readonly heldFields: readonly string[]; readonly credentialId: number | null; readonly pinId: number | null };
}

interface Row extends Readonly<Record<string, unknown>> {
  readonly id: number;
  readonly held_fields: readonly string[];
  readonly credential_id: number | null;
  readonly pin_id: number | null;
  readonly proxies: UserRecord['proxyFor'] | null;
  readonly suppressed: readonly SuppressedEmail[] | null;
}

const TABLES: readonly ChildTable[] = CHILD_TABLES;

const ROWS = TABLES.map((table) => {
  const columns = [...(table.segmented ? ['segment'] : []), ...table.fields.map((f) => f.name)].map((c) => `r.${c}`);
  return `(select json_agg(x) from (select r.id, ${columns.join(', ')} from ${table.table} r where r.user_id = u.id order by r.id) x) as ${table.table}`;
});

const SELECT = `select u.id, ${SCALARS.map((f) => `u.${f.name}`).join(', ')}, u.held_fields, u.credential_id, u.pin_id,
  ${ROWS.join(',\n  ')},
  (select json_agg(json_build_object('primary_id', o.primary_id, 'full_name', concat_ws(' ', o.first_name, o.last_name)) order by p.id)
    from user_proxies p join users o on o.id = p.proxy_for_id where p.user_id = u.id) as proxies,
  (select json_agg(json_build_object('id', r.id, 'reason', s.reason, 'since', s.suppressed_at) order by r.id)
    from user_emails r join suppressed_addresses s on s.channel = 'email' and s.address = fold(btrim(r.address))
    where r.user_id = u.id) as suppressed
from users u`;

/** A key leads to its user as their primary id, or as an identifier that is active. */
const BY_KEY = `${SELECT} where u.id = (select k.user_id from user_keys k where k.key = fold($1::text))
  and (fold(u.primary_id) = fold($1::text)
    or exists (select from user_identifiers i where i.user_id = u.id and fold(i.value) = fold($1::text) and i.status = 'ACTIVE'))`;

const BY_TYPE = `${SELECT} where u.id in (
  select i.user_id from user_identifiers i where fold(i.value) = fold($1::text) and i.type = $2::text and i.status = 'ACTIVE')
  order by u.id limit 2`;

/** Undefined when nobody, or more than one, is meant. */
export async function readWhole(db: Queryable, key: UserKey): Promise<WholeUser | undefined> {
  if ('key' in key && (key.key.trim() === '' || key.key.includes('\0') || key.type?.includes('\0') === true)) return undefined;
  const { rows } = await db.query<Row>(
    'id' in key
      ? { name: 'muster whole by id', text: `${SELECT} where u.id = $1::bigint`, values: [key.id] }
      : key.type === undefined
        ? { name: 'muster whole by key', text: BY_KEY, values: [key.key.trim()] }
        : { name: 'muster whole by type', text: BY_TYPE, values: [key.key.trim(), key.type] },
  );
  const [row] = rows;
  return row === undefined || rows.length > 1 ? undefined : wholeOf(row);
}

/** The same for many keys, each looked up by itself; `n` counts them from 1. */
const TOGETHER: Part<string, WholeUser | undefined> = {
  name: 'whole user',
  select: `select json_agg(r) from (
    select a.n, w.* from json_array_elements_text($items::json) with ordinality as a (key, n)
    cross join lateral (${BY_KEY.replaceAll('$1::text', 'a.key')} offset 0) w) r`,
  encode: (keys) => keys,
  decode: (answers, keys) => {
    const found = new Map(((answers ?? []) as readonly (Row & { readonly n: number })[]).map((row) => [row.n, row])); // as `select` says
    return keys.map((_, i) => {
      const row = found.get(i + 1);
      return row === undefined ? undefined : wholeOf({ ...row, ...instantsOf(row) });
    });
  },
};

const INSTANTS = SCALARS.filter((f) => f.type === 'instant').map((f) => f.name);

function instantsOf(row: Row): Readonly<Record<string, unknown>> {
  return Object.fromEntries(INSTANTS.map((name) => [name, inZ(row[name])]));
}

/**
 * Like `readWhole` by primary id or identifier, for who does not stand in a transaction: callers who
 * ask at the same time share a statement.
 */
export async function readWholeTogether(pool: Queryable, key: string): Promise<WholeUser | undefined> {
  return key.trim() === '' || key.includes('\0') ? undefined : askTogether(pool, TOGETHER, key.trim());
}

function wholeOf(row: Row): WholeUser {
  return {
    id: row.id,
    fields: Object.fromEntries(SCALARS.map(({ name }) => [name, row[name]])) as Record<ScalarName, unknown>, // one entry per scalar
    rows: Object.fromEntries(TABLES.map((table) => [table.table, rowsOf(table, row[table.table])])) as Record<ChildTableName, RecordRow[]>, // one per table
    proxyFor: row.proxies ?? [],
    suppressed: (row.suppressed ?? []).map((each) => ({ ...each, since: inZ(each.since) ?? each.since })),
    inner: { heldFields: row.held_fields, credentialId: row.credential_id, pinId: row.pin_id },
  };
}

function rowsOf(table: ChildTable, rows: unknown): RecordRow[] {
  if (!Array.isArray(rows)) return [];
  const instants = table.fields.filter((f) => f.type === 'instant').map((f) => f.name);
  if (instants.length === 0) return rows as RecordRow[];
  return (rows as RecordRow[]).map((row) => ({
    ...row,
    ...Object.fromEntries(instants.map((name) => [name, inZ(row[name])])),
  }));
}

/** Instants inside of JSON say their zone in digits; everywhere else they end in Z. */
function inZ(instant: unknown): string | null {
  return typeof instant === 'string' ? instant.replace(/\+00:00$/, 'Z') : null;
}

const LOCK_BY_KEY = `select u.id from users u where u.id = (select k.user_id from user_keys k where k.key = fold($1::text))
  and (fold(u.primary_id) = fold($1::text)
    or exists (select from user_identifiers i where i.user_id = u.id and fold(i.value) = fold($1::text) and i.status = 'ACTIVE'))
  for no key update of u`;

const LOCK_BY_TYPE = `select u.id from users u where u.id in (
  select i.user_id from user_identifiers i where fold(i.value) = fold($1::text) and i.type = $2::text and i.status = 'ACTIVE')
  order by u.id limit 2 for no key update of u`;

/**
 * Locks the user for a change and reads the record as it is under the lock. Two statements: one that
 * locks and reads at once would see child rows that are older than the lock.
 */
export async function lockWhole(tx: Queryable, key: Extract<UserKey, { key: string }>): Promise<WholeUser | undefined> {
  const text = key.key.trim();
  if (text === '' || text.includes('\0') || key.type?.includes('\0') === true) return undefined;
  const { rows } = await tx.query<{ id: number }>(
    key.type === undefined
      ? { name: 'muster lock by key', text: LOCK_BY_KEY, values: [text] }
      : { name: 'muster lock by type', text: LOCK_BY_TYPE, values: [text, key.type] },
  );
  const [row] = rows;
  return row === undefined || rows.length > 1 ? undefined : readWhole(tx, { id: row.id });
}
