/** A postal address as it stands on an envelope. */
import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../../core/index.ts';
import { isPostalSql } from '../recipient-address.ts';
import { countryLine, shortCountry } from './countries.ts';

export interface PostalAddress {
  /** Null where the record has none. */
  readonly lines: readonly (string | null)[];
  readonly city: string | null;
  readonly state: string | null;
  readonly postcode: string | null;
  /** As the record has it, usually three letters. */
  readonly country: string | null;
}

/** Why nothing can be sent to an address: a text code, and what it is about. */
export interface NoPlace {
  readonly code: 'letters.print_no_address' | 'letters.print_no_place' | 'letters.print_bad_postcode' | 'letters.print_bad_country';
  readonly detail?: string;
}

export interface AddressOptions {
  /** Two letters; the country's line is left out where it is the library's own. */
  readonly home: string;
  /** Of the country's name: the library's, which is that of its post. */
  readonly language: string;
}

/** Countries whose postal codes have one shape, as far as it is the same everywhere in them. */
const POSTCODES: Readonly<Record<string, RegExp>> = {
  DE: /^\d{5}$/,
  AT: /^\d{4}$/,
  CH: /^\d{4}$/,
  LI: /^\d{4}$/,
  LU: /^(?:L-)?\d{4}$/,
  BE: /^\d{4}$/,
  NL: /^\d{4} ?[A-Z]{2}$/i,
  DK: /^\d{4}$/,
  FR: /^\d{5}$/,
  IT: /^\d{5}$/,
  ES: /^\d{5}$/,
  PL: /^\d{2}-?\d{3}$/,
  CZ: /^\d{3} ?\d{2}$/,
  US: /^\d{5}(?:-\d{4})?$/,
  CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i,
  GB: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
};

/** Where the postal code follows the place on its line. */
const CODE_BEHIND = new Set(['US', 'CA', 'AU', 'NZ', 'IN', 'ZA', 'SG', 'TW', 'BR']);
/** Where it has a line of its own. */
const CODE_BELOW = new Set(['GB', 'IE']);

/** The lines below one another, or why there can be none. */
export function addressLines(name: string, address: PostalAddress | undefined, options: AddressOptions): readonly string[] | NoPlace {
  if (address === undefined) return { code: 'letters.print_no_address' };
  const lines = address.lines.map(clean).filter((line) => line !== '');
  const city = clean(address.city);
  const postcode = clean(address.postcode);
  if (lines.length === 0 || city === '') return { code: 'letters.print_no_place' };
  const named = clean(address.country);
  const country = named === '' ? options.home : shortCountry(named);
  if (country === undefined) return { code: 'letters.print_bad_country', detail: named };
  const shape = POSTCODES[country];
  if (shape !== undefined && !shape.test(postcode)) return { code: 'letters.print_bad_postcode', detail: postcode === '' ? '–' : postcode };
  const own = lines.filter((line) => fold(line) !== fold(name));
  return [
    name,
    ...own,
    ...placeLines(country, city, clean(address.state), postcode),
    ...(country === options.home ? [] : [countryLine(country, options.language)]),
  ];
}

function placeLines(country: string, city: string, state: string, postcode: string): string[] {
  if (CODE_BELOW.has(country)) return postcode === '' ? [city] : [city, postcode];
  if (CODE_BEHIND.has(country)) {
    const place = state === '' ? city : country === 'US' ? `${city}, ${state}` : `${city} ${state}`;
    return [`${place} ${postcode}`.trim()];
  }
  return [`${postcode} ${city}`.trim()];
}

function clean(text: string | null): string {
  return (text ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ').trim();
}

function fold(text: string): string {
  return text.toLocaleLowerCase('en').replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The row of `user_addresses` that a letter to the user `userId` goes to: the preferred one if anything can
 * be sent there, then by its types. Read as `address`.
 */
export function addressSql(userId: Sql): Sql {
  return sql`(
    select address.*
    from user_addresses address
    where address.user_id = ${userId} and ${isPostalSql('address')}
    order by coalesce(address.preferred, false) desc,
      (select min(array_position(array['home', 'alternative', 'school', 'work'], kind.code)) from unnest(address.types) as kind (code)) nulls last,
      address.id
    limit 1)`;
}

interface Row {
  readonly user_id: number;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly line3: string | null;
  readonly line4: string | null;
  readonly line5: string | null;
  readonly city: string | null;
  readonly state_province: string | null;
  readonly postal_code: string | null;
  readonly country: string | null;
}

/** By user; who has no address that is valid today is not in it. */
export async function readAddresses(db: Queryable, userIds: readonly number[]): Promise<ReadonlyMap<number, PostalAddress>> {
  const { rows } = await db.query<Row>(sql`
    select member.id as user_id, a.line1, a.line2, a.line3, a.line4, a.line5, a.city, a.state_province, a.postal_code, a.country
    from unnest(${userIds}::bigint[]) as member (id)
    cross join lateral ${addressSql(sql`member.id`)} a`);
  return new Map(
    rows.map((row) => [
      row.user_id,
      {
        lines: [row.line1, row.line2, row.line3, row.line4, row.line5],
        city: row.city,
        state: row.state_province,
        postcode: row.postal_code,
        country: row.country,
      },
    ]),
  );
}
