/** From a plan to the letters that go with it: which, to whom, and by what rules. */
import sql, { raw, type Sql } from 'sql-template-tag';
import { type Counts, type LetterOrder, type PreparedChanges, skippedSql, spareMails } from '../changes/index.ts';
import { AppError, type Queryable } from '../core/index.ts';
import {
  type LetterRules,
  mailAddressSql,
  readLetterRules,
  RECIPIENT_COLUMNS,
  RECIPIENT_TABLES,
  recipientKind,
  recipientQuery,
  releaseOnePerAddress,
  spareMailsOf,
} from '../letters/index.ts';
import type { Plan } from './plan.ts';

/** The notification type of Muster's own that carries a new password. */
export const CREDENTIALS_LETTER = 'CREDENTIALS_CHANGED';

export interface LetterOptions {
  readonly today: string;
  /** Those that the run was confirmed with; read anew when absent. */
  readonly rules?: readonly LetterRules[];
}

export interface OrderedLetters {
  readonly letters: readonly LetterOrder[];
  readonly rules: readonly LetterRules[];
}

/** @throws `runs.unknown_notification`, `runs.credentials_by_themselves`, `runs.print_is_off` */
export async function orderLetters(db: Queryable, plan: Plan, prepared: PreparedChanges, options: LetterOptions): Promise<OrderedLetters> {
  const ordered: { letter: LetterOrder; rules: LetterRules }[] = [];
  const channel = plan.notify?.channel ?? 'preferred';
  for (const [k, step] of prepared.steps.entries()) {
    const brings = step.credentials?.letter ?? 'none';
    if (brings === 'none') continue;
    const reset =
      prepared.words[k]?.kind === 'password'
        ? sql`${raw(`s.q_${k}`)} = 0 and s.n_credential_state = 'pending'`
        : sql`s.changed and ${raw(`s.s_${k}`)} = 1 and s.n_credential_state = 'pending'`;
    const rules = await rulesOf(db, CREDENTIALS_LETTER, plan.notify?.type === CREDENTIALS_LETTER ? channel : 'preferred', options);
    if (rules !== null) ordered.push({ letter: orderOf(rules, reset, brings), rules });
  }
  if (plan.notify !== undefined) {
    const { type } = plan.notify;
    await checkType(
      db,
      type,
      ordered.map((o) => o.rules.code),
    );
    // The letter that carries a password goes with a reset, never by itself.
    if (!ordered.some((o) => o.rules.code === type)) {
      const rules = await rulesOf(db, type, channel, options);
      if (rules !== null) ordered.push({ letter: orderOf(rules, recipientsOf(plan), null), rules });
    }
  }
  for (const { rules } of ordered) if (rules.channel === 'print' && rules.print === 'off') throw new AppError('runs.print_is_off', {});
  return { letters: ordered.map((o) => o.letter), rules: ordered.map((o) => o.rules) };
}

async function rulesOf(
  db: Queryable,
  code: string,
  channel: LetterRules['channel'],
  { rules, today }: LetterOptions,
): Promise<LetterRules | null> {
  return rules?.find((own) => own.code === code) ?? (await readLetterRules(db, code, { channel, today }));
}

async function checkType(db: Queryable, code: string, ordered: readonly string[]): Promise<void> {
  const { rows } = await db.query<{ active: boolean; credentials: boolean }>(sql`
    select t.active, t.credentials from notification_types t where t.code = ${code}::text`);
  const type = rows[0];
  if (type === undefined || !type.active) {
    const known = await db.query<{ codes: string }>(sql`select string_agg(t.code, ', ' order by t.position, t.code) as codes
      from notification_types t where t.active and not t.credentials`);
    throw new AppError('runs.unknown_notification', { type: code, known: known.rows[0]?.codes ?? '' });
  }
  if (type.credentials && !ordered.includes(code)) throw new AppError('runs.credentials_by_themselves', { type: code });
}

/** Over `state s`; who failed or was left out by a guard gets none in any case. */
function recipientsOf(plan: Plan): Sql {
  const to = plan.changes.length === 0 ? 'all' : (plan.notify?.to ?? 'changed');
  if (to === 'all') return sql`true`;
  if (to === 'changed') return sql`s.changed`;
  return sql`not ${skippedSql({ steps: plan.changes.length })}`;
}

function orderOf(rules: LetterRules, recipients: Sql, brings: LetterOrder['brings']): LetterOrder {
  return {
    code: rules.code,
    brings,
    recipients,
    columns: [...RECIPIENT_COLUMNS, ...(rules.once_per === null ? [] : [rules.once_per])],
    tables: RECIPIENT_TABLES,
    counted: (user) => recipientKind(user, rules),
    decided: (user) => recipientQuery(user, rules),
    sharedAddress: rules.one_per_address ? (user) => mailAddressSql(user, rules) : null,
  };
}

/** Sets the mails of a run free that waited for its end, because an address gets one of them; again does no more. True when it has such letters. */
export async function releaseLetters(tx: Queryable, runId: number): Promise<boolean> {
  const letters = await onePerAddress(tx, runId);
  await releaseOnePerAddress(tx, runId, letters);
  return letters.length > 0;
}

/** Counts of a run whose mails to one address have been put together: the chunks did not know of each other. */
export async function settleSharedAddresses(db: Queryable, runId: number, counts: Counts): Promise<void> {
  for (const { letter, language, messages } of await spareMailsOf(db, runId, await onePerAddress(db, runId))) {
    const own = counts.letters[letter];
    if (own !== undefined) spareMails(own, language, messages);
  }
}

async function onePerAddress(db: Queryable, runId: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ code: string }>(sql`
    select l.rules ->> 'code' as code from runs r cross join lateral jsonb_array_elements(r.letters) as l (rules)
    where r.id = ${runId}::bigint and (l.rules ->> 'one_per_address')::boolean`);
  return rows.map((row) => row.code);
}
