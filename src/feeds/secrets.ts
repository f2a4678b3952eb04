/** Passwords and PINs that records bring: checked against the rules for passwords, and hashed. */
import sql from 'sql-template-tag';
import { checkPassword, hashPassword, verifyPassword } from '../access/index.ts';
import { AppError, type Queryable, type TextCode } from '../core/index.ts';
import type { ReadRecord } from './from-alma.ts';

export interface Hashes {
  readonly passwordHash?: string;
  readonly pinHash?: string;
}

/** What no password of a user may contain: the names and identifiers that the record gives them. */
export function namesIn({ fields, lists }: ReadRecord): readonly (string | null)[] {
  const given = [
    fields.primary_id,
    fields.first_name,
    fields.middle_name,
    fields.last_name,
    fields.pref_first_name,
    fields.pref_last_name,
    ...(lists.user_identifiers ?? []).map((row) => row.values['value']),
  ];
  return given.map((name) => (typeof name === 'string' ? name : null));
}

interface Present {
  readonly id: string;
  readonly account: string;
  readonly password: string | null;
  readonly pin: string | null;
  readonly names: readonly (string | null)[];
}

/**
 * Hashes of new passwords and PINs, record by record. One that the user has already is no change and is
 * left out, whatever the rules say of it; so is the password of an external user, which counts for
 * nothing. `refuse` is told of a record whose password breaks the rules.
 */
export async function hashSecrets(
  db: Queryable,
  records: readonly ReadRecord[],
  refuse: (no: number, why: TextCode) => void,
): Promise<readonly Hashes[]> {
  const secret = records.filter((r) => r.password !== undefined || r.pin !== undefined);
  if (secret.length === 0) return records.map(() => ({}));
  const { rows } = await db.query<Present>(sql`
    select x.id, u.account_type as account, p.hash as password, n.hash as pin,
      array[u.first_name, u.last_name] || array(select i.value from user_identifiers i where i.user_id = u.id) as names
    from unnest(${secret.map((r) => String(r.fields.primary_id ?? ''))}::text[]) x (id)
    join users u on fold(u.primary_id) = fold(x.id)
    left join credentials p on p.id = u.credential_id and u.credential_state = 'password'
    left join credentials n on n.id = u.pin_id`);
  const present = new Map(rows.map((row) => [row.id, row]));
  return Promise.all(
    records.map(async (record, no) => {
      const now = present.get(String(record.fields.primary_id ?? ''));
      const internal = (record.fields.account_type ?? now?.account) !== 'EXTERNAL';
      const passwordHash = await newHash(record.password, now?.password ?? undefined, (word) => {
        const why = internal ? weaknessOf(word, [...namesIn(record), ...(now?.names ?? [])]) : null;
        if (why !== null) refuse(no, why);
      });
      const pinHash = await newHash(record.pin, now?.pin ?? undefined);
      return { ...(passwordHash === undefined ? {} : { passwordHash }), ...(pinHash === undefined ? {} : { pinHash }) };
    }),
  );
}

/** The hash of a secret that is not the one in force; `check` looks at it before, and may throw. */
export async function newHash(
  secret: string | undefined,
  present: string | undefined,
  check?: (word: string) => void,
): Promise<string | undefined> {
  if (secret === undefined || (present !== undefined && (await verifyPassword(present, secret)))) return undefined;
  check?.(secret);
  return hashPassword(secret);
}

/** The text that says why a password is refused; null for a good one. */
function weaknessOf(password: string, names: readonly (string | null)[]): TextCode | null {
  try {
    checkPassword(password, names);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'access.password_weak' && 'reason' in error.params)
      return `access.password_weak.${error.params.reason}` as TextCode; // there is one for every reason
    throw error;
  }
}
