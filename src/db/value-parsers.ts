import pg from 'pg';

type Parser = (text: string) => unknown;

const OID = {
  int8: 20,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  textArray: 1009,
  int8Array: 1016,
  dateArray: 1182,
  timestampArray: 1115,
  timestamptzArray: 1185,
} as const;

/**
 * Ids and counts are bigints well below 2^53. A larger one must not lose its last digits in silence,
 * so it is an error.
 */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The whole number ${text} does not fit a JavaScript number.`);
  return value;
}

/** `2026-11-24 07:08:02.123456+00` → `2026-11-24T07:08:02.123456Z`; microseconds are kept, which a Date would cut. */
function parseInstant(text: string): string {
  return text.replace(' ', 'T').replace(/\+00(:00)?$/, 'Z');
}

/** The typings know only some of the type numbers; at run time an unknown one gives the text as it is. */
const typeParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parser;

const asIs: Parser = (text) => text;

function arrayOf(parse: Parser): Parser {
  const textArray = typeParser(OID.textArray);
  return (text) => (textArray(text) as (string | null)[]).map((item) => (item === null ? null : parse(item)));
}

const PARSERS = new Map<number, Parser>([
  [OID.int8, parseInt8],
  [OID.date, asIs],
  [OID.timestamp, parseInstant],
  [OID.timestamptz, parseInstant],
  [OID.int8Array, arrayOf(parseInt8)],
  [OID.dateArray, arrayOf(asIs)],
  [OID.timestampArray, arrayOf(parseInstant)],
  [OID.timestamptzArray, arrayOf(parseInstant)],
]);

/**
 * Dates stay the strings that PostgreSQL sends: a JavaScript Date would shift `2027-09-30` to the
 * evening before wherever the clock is east of Greenwich. Given to our own connections only, so that
 * no other user of `pg` in the process is changed by it.
 */
export const valueParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : PARSERS.get(oid)) ?? typeParser(oid, format),
} as pg.CustomTypesConfig;
