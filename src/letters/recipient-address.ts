/** The addresses of a user that a letter can go to, as SQL: which could exist, may be written to, and come first. */
import sql, { empty, raw, type Sql } from 'sql-template-tag';
import type { RecipientSource } from './recipient.ts';

/** Types of e-mail in the order in which they are written to when none is preferred. */
const TYPE_ORDER = ['personal', 'work', 'school', 'alternative'] as const;

/** While no address is suppressed, which one look finds out, none is compared. */
const MAY_BE_MAILED = sql`(not exists (select from suppressed_addresses known where known.channel = 'email')
  or not exists (select from suppressed_addresses bad where bad.channel = 'email' and bad.address = fold(btrim(recipient.address))))`;

/** Of a row `recipient` of user_emails: the address could exist, and is not suppressed. */
const USABLE = sql`mail_address(recipient.address) is not null and ${MAY_BE_MAILED}`;

export function mailExistsSql(source: RecipientSource, condition: Sql = empty): Sql {
  const more = condition === empty ? empty : sql` and ${condition}`;
  return sql`exists (select ${source.rows('user_emails', 'recipient')} and ${USABLE}${more})`;
}

export function mailChoiceSql(source: RecipientSource, credentials: boolean): Sql {
  const personalFirst = credentials ? raw(`('personal' = any(recipient.types)) desc, `) : empty;
  return sql`(
      select mail_address(recipient.address)
      ${source.rows('user_emails', 'recipient')} and ${USABLE}
      order by ${personalFirst}coalesce(recipient.preferred, false) desc,
        (select min(array_position(array[${raw(TYPE_ORDER.map((type) => `'${type}'`).join(', '))}], kind.code))
         from unnest(recipient.types) as kind (code)) nulls last,
        recipient.id
      limit 1)`;
}

/**
 * The telephone number that the user has marked for SMS; null when there is none that could be one, or it is
 * suppressed. As it is written: the country it is in is known to the gateway's settings, not to the database.
 */
export function smsChoiceSql(source: RecipientSource): Sql {
  const digits = sql`regexp_replace(phone.number, '[^0-9]', '', 'g')`;
  // Suppressed numbers are kept as networks know them, +4930123456, where the country is told.
  const international = sql`case when btrim(phone.number) ~ '^([+]|00[1-9])' then '+' || regexp_replace(${digits}, '^00', '') end`;
  return sql`(
      select btrim(phone.number)
      ${source.rows('user_phones', 'phone')} and phone.preferred_sms
        and phone.number ~ '^[+0-9 ()./-]+$' and length(${digits}) between 5 and 17
        and not exists (select from suppressed_addresses bad where bad.channel = 'sms' and bad.address in (fold(btrim(phone.number)), ${international}))
      order by coalesce(phone.preferred, false) desc, phone.id
      limit 1)`;
}

/**
 * Whether a row of `user_addresses` can be printed on an envelope on that day: it has a line, and a place or
 * a postal code, and is valid. Two-valued.
 */
export function isPostalSql(alias: string, day: Sql = sql`current_date`): Sql {
  const column = (name: string) => raw(`${alias}.${name}`);
  return sql`(coalesce(${column('line1')}, ${column('line2')}, ${column('line3')}, ${column('line4')}, ${column('line5')}) is not null
    and coalesce(${column('city')}, ${column('postal_code')}) is not null
    and coalesce(${column('start_date')} <= ${day}, true) and coalesce(${column('end_date')} >= ${day}, true))`;
}
