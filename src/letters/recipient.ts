/**
 * Who gets a letter, by which channel, at which address and in which language, as SQL over the rows of
 * users: one decision that the preview counts, a run writes into the outbox, and a retry takes again.
 */
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { languageSql, type LetterChannel, type LetterRules } from './letter-rules.ts';
import { isPostalSql, mailChoiceSql, mailExistsSql, smsChoiceSql } from './recipient-address.ts';

export { isPostalSql } from './recipient-address.ts';

/** Columns of `users` and child tables that the decision reads. */
export const RECIPIENT_COLUMNS = ['preferred_language', 'preferred_channel'] as const;
export const RECIPIENT_TABLES = ['user_emails', 'user_phones', 'user_addresses', 'user_letter_preferences'] as const;
export type RecipientTable = (typeof RECIPIENT_TABLES)[number];

/** Where the record of a user stands: as it is, or as a plan leaves it. */
export interface RecipientSource {
  readonly id: Sql;
  readonly column: (name: string) => Sql;
  /** `from … where …` giving the user's rows of a table under that alias; more conditions may follow. */
  readonly rows: (table: RecipientTable, alias: string) => Sql;
}

/** What becomes of a letter for one user; the numbers are those of the column `kind`. */
export const KIND = {
  /** Not among those whom the plan chose. */
  none: 0,
  opted_out: 1,
  /** Written to too recently. */
  not_again: 2,
  /** Written to already about this date. */
  once: 3,
  no_address: 4,
  /** There are addresses, but none that may be written to. */
  suppressed: 5,
  email: 6,
  sms: 7,
  print: 8,
  /** By e-mail, and the user has none but addresses of an institution. */
  email_institutional: 9,
  /** Another user of the run with the same address gets it. */
  same_address: 10,
} as const;

/** A row of `users` (or of something with its columns) under an alias, and its child rows as they are. */
export function recordOf(alias: string): RecipientSource {
  const user = rowAlias(alias);
  return {
    id: sql`${user}.id`,
    column: (name) => sql`${user}.${rowAlias(name)}`,
    rows: (table, row) => sql`from ${raw(table)} ${rowAlias(row)} where ${rowAlias(row)}.user_id = ${user}.id`,
  };
}

export interface RecipientSql {
  /** The e-mail address to write to, trimmed; null when the user has none that could exist and may be written to. */
  readonly address: Sql;
  /** Whether there is such an address; cheaper than asking for it. Two-valued. */
  readonly hasAddress: Sql;
  /** The language wished for: the user's, else the library's, else English. Never null. */
  readonly language: Sql;
}

/**
 * E-mail alone, as expressions over a row of `users` called `alias`; letters of runs are decided by
 * `recipientQuery`. The preferred address comes first, then the order of types, then the oldest. A letter
 * with credentials rather goes to a personal address: often it is sent just when the account of the
 * institution, and its mailbox, end.
 */
export function recipientSql(alias: string, options: { readonly credentials: boolean }): RecipientSql {
  const user = rowAlias(alias);
  const source = recordOf(alias);
  return {
    address: mailChoiceSql(source, options.credentials),
    hasAddress: mailExistsSql(source),
    language: sql`coalesce(lower(${user}.preferred_language),
      (select lower(library.value #>> '{}') from settings library where library.name = 'library.language'), 'en')`,
  };
}

/** The kind (see KIND) and the language of a letter for a user who was chosen: cheap to count, without addresses. */
export function recipientKind(source: RecipientSource, rules: LetterRules): { readonly kind: Sql; readonly language: Sql } {
  return { kind: kindSql(source, rules, mailExistsSql(source)), language: languageSql(rules, source) };
}

/** The address of an e-mail of this letter, for types of which one address gets only one. */
export function mailAddressSql(source: RecipientSource, rules: LetterRules): Sql {
  return mailChoiceSql(source, rules.credentials);
}

/**
 * A query of one row for a lateral join, for a user who was chosen:
 * kind (see KIND), channel, address, language, state (of the outbox; null: no message), reason
 * (`last_error`), version (`letter_version`), once_for.
 */
export function recipientQuery(source: RecipientSource, rules: LetterRules): Sql {
  const mail = rules.channel === 'print' ? sql`null::text` : mailChoiceSql(source, rules.credentials);
  const once = rules.once_per === null ? sql`null::date` : source.column(rules.once_per);
  return sql`
    select k.kind,
      case k.kind when ${n('sms')} then 'sms' when ${n('print')} then 'print' else 'email' end as channel,
      case when k.kind in (${n('email')}, ${n('email_institutional')}) then m.address
        when k.kind = ${n('sms')} then ${smsChoiceSql(source)} end as address,
      m.language,
      case when k.kind >= ${n('email')} then 'queued' when k.kind = ${n('suppressed')} then 'suppressed'
        when k.kind = ${n('no_address')} then 'no_address' end as state,
      case when k.kind = ${n('suppressed')} then 'letters.suppressed' end as reason,
      ${versionSql(rules)} as version,
      ${once} as once_for
    from (select ${mail} as address, ${languageSql(rules, source)} as language offset 0) m
    cross join lateral (select ${kindSql(source, rules, sql`m.address is not null`)} as kind offset 0) k`;
}

function n(kind: keyof typeof KIND): Sql {
  return raw(String(KIND[kind]));
}

/** The version that the letter is pinned to, by the language `m.language`. */
function versionSql(rules: LetterRules): Sql {
  const versions = Object.fromEntries(rules.languages.map((l) => [l.language, l.version]));
  if (rules.languages.length === 0) return sql`null::bigint`;
  return sql`(${JSON.stringify(versions)}::jsonb ->> m.language)::bigint`;
}

/** `hasMail`: whether there is an e-mail address that may be written to. */
function kindSql(source: RecipientSource, rules: LetterRules, hasMail: Sql): Sql {
  const cases: Sql[] = [...leftOut(source, rules)];
  // Never null: where it is, `and` would ask what comes after it all the same.
  const wishes = (channel: LetterChannel) => sql`coalesce(${source.column('preferred_channel')} = ${raw(`'${channel}'`)}, false)`;
  const isPostal = sql`exists (select ${source.rows('user_addresses', 'postal')} and ${isPostalSql('postal', sql`${rules.today}::date`)}`;
  // `offset 0`: asked for few, so looked up for each of them and not hashed from the whole table.
  const toPaper = rules.channel === 'print' ? sql`${isPostal})` : sql`${isPostal} offset 0)`;
  const paper = sql`when ${toPaper} then ${n('print')}`;
  const preferred = rules.channel === 'preferred';
  const texted = smsCondition(source, rules);

  if (preferred && texted !== null) cases.push(sql`when ${wishes('sms')} and ${texted} then ${n('sms')}`);
  if (preferred && rules.print !== 'off') cases.push(sql`when ${wishes('print')} and ${toPaper} then ${n('print')}`);
  if (rules.channel === 'print') cases.push(paper);
  else {
    if (rules.credentials) {
      cases.push(sql`when ${hasMail} then case when ${onlyInstitutional(source)} then ${n('email_institutional')} else ${n('email')} end`);
    } else cases.push(sql`when ${hasMail} then ${n('email')}`);
    if (preferred && rules.print === 'without_email') cases.push(paper);
    if (preferred && texted !== null) cases.push(sql`when ${texted} then ${n('sms')}`);
    // What is left of those who have an address may not be written to there.
    const hasAny = sql`exists (select ${source.rows('user_emails', 'any_mail')} and mail_address(any_mail.address) is not null offset 0)`;
    if (!preferred && rules.print !== 'off') cases.push(sql`when ${hasAny} and ${toPaper} then ${n('print')}`);
    cases.push(sql`when ${hasAny} then ${n('suppressed')}`);
  }
  return sql`case ${join(cases, ' ')} else ${n('no_address')} end`;
}

/** Cases in which a user who was chosen is not written to, whatever their addresses. A new password has to arrive. */
function leftOut(source: RecipientSource, rules: LetterRules): Sql[] {
  const cases: Sql[] = [];
  if (!rules.essential && !rules.credentials) {
    const optedOut = sql`exists (select ${source.rows('user_letter_preferences', 'wish')} and wish.code = ${rules.code}::text and not wish.value)`;
    cases.push(sql`when ${optedOut} then ${n('opted_out')}`);
  }
  if (rules.credentials) return cases;
  // Who was spared because somebody with their address was written to has been written to.
  const written = sql`earlier.user_id = ${source.id} and earlier.letter = ${rules.code}::text
    and (earlier.state in ('queued', 'sending', 'uncertain', 'sent') or earlier.last_error = 'letters.same_address')`;
  if (rules.not_again_days !== null) {
    cases.push(sql`when exists (select from outbox earlier join runs of_run on of_run.id = earlier.run_id
      where ${written} and of_run.today > ${rules.today}::date - ${rules.not_again_days}::integer) then ${n('not_again')}`);
  }
  if (rules.once_per !== null) {
    cases.push(sql`when exists (select from outbox earlier where ${written}
      and earlier.once_for is not distinct from ${source.column(rules.once_per)}) then ${n('once')}`);
  }
  return cases;
}

/** Null where the letter never goes out as SMS. */
function smsCondition(source: RecipientSource, rules: LetterRules): Sql | null {
  const languages = rules.languages.filter((l) => l.sms).map((l) => l.language);
  if (!rules.sms || languages.length === 0) return null;
  const known = languages.length === rules.languages.length ? empty : sql`${languageSql(rules, source)} = any (${languages}::text[]) and `;
  return sql`(${known}${smsChoiceSql(source)} is not null)`;
}

function onlyInstitutional(source: RecipientSource): Sql {
  return sql`not ${mailExistsSql(source, sql`(not recipient.types && '{work,school}' or 'personal' = any (recipient.types))`)}`;
}

/** Aliases are written by Muster, never by people; anything but a plain name is a mistake in the program. */
function rowAlias(alias: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(alias)) throw new TypeError(`Not a row alias: ${alias}`);
  return raw(alias);
}
