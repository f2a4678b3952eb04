import sql, { raw, type Sql } from 'sql-template-tag';

/** Types of e-mail in the order in which they are written to when none is preferred. */
const TYPE_ORDER = ['personal', 'work', 'school', 'alternative'] as const;

export interface RecipientSql {
  /** The address to write to, trimmed; null when the user has none that could exist. */
  readonly address: Sql;
  /** Whether there is such an address; cheaper than asking for it. Two-valued. */
  readonly hasAddress: Sql;
  /** The language wished for: the user's, else the library's, else English. Never null. */
  readonly language: Sql;
}

/**
 * Whom a letter goes to, as SQL expressions over a row of `users` called `alias`. The preferred
 * address comes first, then the order of types, then the oldest. A letter with credentials rather goes
 * to a personal address: often it is sent just when the account of the institution, and its mailbox, end.
 */
export function recipientSql(alias: string, options: { readonly credentials: boolean }): RecipientSql {
  const user = rowAlias(alias);
  const personalFirst = options.credentials ? raw(`('personal' = any(recipient.types)) desc, `) : raw('');
  return {
    address: sql`(
      select mail_address(recipient.address)
      from user_emails recipient
      where recipient.user_id = ${user}.id and mail_address(recipient.address) is not null
      order by ${personalFirst}coalesce(recipient.preferred, false) desc,
        (select min(array_position(array[${raw(TYPE_ORDER.map((type) => `'${type}'`).join(', '))}], kind.code))
         from unnest(recipient.types) as kind (code)) nulls last,
        recipient.id
      limit 1)`,
    hasAddress: sql`exists (
      select from user_emails recipient where recipient.user_id = ${user}.id and mail_address(recipient.address) is not null)`,
    language: sql`coalesce(lower(${user}.preferred_language),
      (select lower(library.value #>> '{}') from settings library where library.name = 'library.language'), 'en')`,
  };
}

/**
 * Whether the user of row `alias` has opted out of a letter: a preference for it with the value false,
 * unless the notification type is essential or carries a password. Two-valued.
 */
export function optedOutSql(alias: string, letterCode: string): Sql {
  const user = rowAlias(alias);
  return sql`(
    exists (
      select from user_letter_preferences wish
      where wish.user_id = ${user}.id and wish.code = ${letterCode}::text and not wish.value)
    and not exists (
      select from notification_types must
      where must.code = ${letterCode}::text and (must.essential or must.credentials)))`;
}

/** Aliases are written by Muster, never by people; anything but a plain name is a mistake in the program. */
function rowAlias(alias: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(alias)) throw new TypeError(`Not a row alias: ${alias}`);
  return raw(alias);
}
