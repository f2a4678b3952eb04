import fc from 'fast-check';
import { type CatalogueField, type Filter, filterCatalogue, type RelativeDate, type Value } from '../../src/filters/index.ts';

/**
 * Pieces of text that comparisons are known to stumble over: letters whose case depends on language
 * or position, one character written in two ways, scripts without case, and the signs that mean
 * something to LIKE, SQL, JSON or a driver.
 */
const PIECES = [
  'a',
  'A',
  'Müller',
  'MÜLLER',
  'Mu\u0308ller',
  'ß',
  'ẞ',
  'SS',
  'é',
  'e\u0301',
  'E\u0301',
  '\u0301',
  'İ',
  'i',
  'I',
  'ı',
  'i\u0307',
  'İstanbul',
  'istanbul',
  'Σ',
  'σ',
  'ς',
  'ΟΔΟΣ',
  'οδος',
  'οδοσ',
  'ΣΑΣ',
  '\u212b',
  'Å',
  'å',
  '\u212a',
  'k',
  'ﬁ',
  'fi',
  'Ǆ',
  'ǅ',
  'ǆ',
  '한',
  '\u1112\u1161\u11ab',
  '李小龍',
  'محمد',
  'יוסף',
  'नमस्ते',
  'Ærø',
  '👩‍👩‍👧',
  '𐐀',
  '𐐨',
  '%',
  '_',
  '\\',
  '\\%',
  '"',
  "'",
  '""',
  "''",
  "O'Brien",
  "'; drop table users; --",
  '$1',
  '{}',
  '{a,b}',
  'null',
  'NULL',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u0001',
  '\u00a0',
  '\u202e',
  '\ufeff',
  ',',
  ')',
];

const CODES = [
  'A',
  'a',
  'B',
  'STUDENT',
  'ACTIVE',
  'INACTIVE',
  'Internal',
  'External',
  '200',
  '02-GLOBAL',
  'home',
  'work',
  'é',
  'e\u0301',
  '10%',
  "x'y",
];

const anyPieces = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
const anyUnicode = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0'));

/** A text that a record can hold: never empty, no NUL, no half characters. */
export const anyText = fc.oneof({ weight: 5, arbitrary: anyPieces }, { weight: 1, arbitrary: anyUnicode });
export const anyCode = fc.constantFrom(...CODES);

/** Days close together, so that comparisons go both ways; and the ends of months and of the calendar. */
export const anyDate = fc.constantFrom(
  '2026-11-23',
  '2026-11-24',
  '2026-11-25',
  '2026-11-30',
  '2026-12-24',
  '2027-01-31',
  '2027-02-28',
  '2028-02-29',
  '1999-12-31',
  '0001-01-01',
  '9999-12-31',
);

export const anyToday = fc.constantFrom('2026-11-24', '2027-01-31', '2028-02-29', '2026-12-31');

const amountOf = (most: number) => fc.integer({ min: -most, max: most }).filter((amount) => amount !== 0);
const anyShift = fc.record({ years: amountOf(3), months: amountOf(30), weeks: amountOf(60), days: amountOf(400) }, { requiredKeys: [] });
const anyRelativeDate: fc.Arbitrary<RelativeDate> = fc.oneof(
  anyShift.map((today) => ({ today })),
  anyShift.map((shift) => ({ end_of_month: shift })),
);

export const anyInteger = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(2_147_483_647));
export const anyAmount = fc.oneof(
  fc.constantFrom(0, 0.1, 0.3, 12.5, -3.2, 9_999_999_999.99),
  fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
);

function anyValue(field: CatalogueField): fc.Arbitrary<Value> {
  switch (field.type) {
    case 'text':
    case 'json':
      return anyText;
    case 'code':
    case 'codes':
      return anyCode;
    case 'date':
    case 'instant':
      return fc.oneof(anyDate, anyRelativeDate);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(anyInteger, fc.integer({ min: -3, max: -1 }));
    case 'amount':
      return anyAmount;
  }
}

function anyComparison(fields: readonly CatalogueField[]): fc.Arbitrary<Filter> {
  return fc.constantFrom(...fields).chain((field) =>
    fc.constantFrom(...field.operators).chain((op): fc.Arbitrary<Filter> => {
      if (op === 'is_empty' || op === 'is_not_empty') return fc.constant({ field: field.name, op });
      const value = anyValue(field);
      if (op === 'in') return fc.array(value, { minLength: 1, maxLength: 4 }).map((list) => ({ field: field.name, op, value: list }));
      return value.map((one) => ({ field: field.name, op, value: one }));
    }),
  );
}

/** Trees over the given leaves. */
function anyTree(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ tree: Filter }>((tie) => {
    const list = fc.array(tie('tree'), { minLength: 2, maxLength: 4 });
    return {
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.oneof(
          list.map((and): Filter => ({ and })),
          list.map((or): Filter => ({ or })),
          tie('tree').map((not): Filter => ({ not })),
        ),
      ),
    };
  }).tree;
}

const { fields, children } = filterCatalogue();

const anyHas: fc.Arbitrary<Filter> = fc.constantFrom(...children).chain((child) =>
  fc.record(
    {
      has: fc.constant(child.name),
      where: anyTree(anyComparison(child.fields)),
      count: fc.record({ op: fc.constantFrom('=', '!=', '<', '<=', '>', '>='), value: fc.integer({ min: 0, max: 3 }) }),
    },
    { requiredKeys: ['has'] },
  ),
);

/** Any filter in canonical form, over every field, operator and child row of the catalogue. */
export const anyFilter: fc.Arbitrary<Filter> = anyTree(
  fc.oneof(
    { weight: 10, arbitrary: anyComparison(fields) },
    { weight: 6, arbitrary: anyHas },
    { weight: 1, arbitrary: fc.constant<Filter>({ everyone: true }) },
  ),
);

/** What `filtersAbout` needs of a record: values by field, and child rows by child. */
interface Sample {
  readonly scalars: Readonly<Record<string, unknown>>;
  readonly children: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Filters over values that the given records hold, as they are or written otherwise: such as often match, or nearly. */
export function filtersAbout(samples: readonly Sample[]): fc.Arbitrary<Filter> {
  const leaf = fc.constantFrom(...samples).chain((sample) => {
    const ofUser = aboutRow(sample.scalars, fields);
    const ofChildren = children.flatMap((child) =>
      (sample.children[child.name] ?? []).map((row) =>
        anyTree(aboutRow(row, child.fields)).map((where): Filter => ({ has: child.name, where })),
      ),
    );
    return ofChildren.length === 0 ? ofUser : fc.oneof(ofUser, fc.oneof(...ofChildren));
  });
  return fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 1, arbitrary: anyTree(leaf) });
}

function aboutRow(row: Readonly<Record<string, unknown>>, all: readonly CatalogueField[]): fc.Arbitrary<Filter> {
  const filled = all.filter((field) => aboutValues(field, row[field.name]).length > 0);
  if (filled.length === 0) return anyComparison(all);
  return fc.constantFrom(...filled).chain((field) => {
    const value = fc.constantFrom(...aboutValues(field, row[field.name]));
    return fc.constantFrom(...field.operators).chain((op): fc.Arbitrary<Filter> => {
      if (op === 'is_empty' || op === 'is_not_empty') return fc.constant({ field: field.name, op });
      if (op !== 'in') return value.map((one) => ({ field: field.name, op, value: one }));
      return fc.tuple(value, anyValue(field)).map((list) => ({ field: field.name, op, value: list }));
    });
  });
}

function aboutValues(field: CatalogueField, held: unknown): Value[] {
  if (held === null || held === undefined) return [];
  switch (field.type) {
    case 'instant':
      return [-1, 0, 1].map((days) => new Date(Date.parse(String(held)) + days * 86_400_000).toISOString().slice(0, 10));
    case 'integer':
    case 'amount':
    case 'boolean':
      return typeof held === 'number' || typeof held === 'boolean' ? [held] : [];
    case 'date':
      return [String(held)];
    case 'codes':
      return Array.isArray(held) ? held.map(String) : [];
    case 'json':
      return textsOf(held).flatMap(otherWritings);
    default:
      return otherWritings(String(held));
  }
}

function textsOf(held: unknown): string[] {
  if (typeof held === 'string') return [held];
  return typeof held === 'object' && held !== null ? Object.values(held).flatMap(textsOf) : [];
}

/** The text itself, in other case, composed otherwise, and its pieces. */
function otherWritings(text: string): string[] {
  const characters = Array.from(text);
  const half = Math.ceil(characters.length / 2);
  const writings = [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    text.normalize('NFD'),
    text.normalize('NFC'),
    characters.slice(0, half).join(''),
    characters.slice(half).join(''),
    characters.slice(1).join(''),
    characters.slice(0, -1).join(''),
  ];
  return [...new Set(writings)].filter((writing) => writing !== '');
}
