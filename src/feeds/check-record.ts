/**
 * Checks of single values, for every format: type, length, characters, closed codes. A value that does
 * not pass is a problem of its record, told with its place; the record is then left out as a whole.
 */
import type { TextCode } from '../core/index.ts';
import type { StagedValue } from '../changes/index.ts';
import type { Field } from '../users/index.ts';
import { PARAMETER_CODES, type RoleParameter } from './alma-shape.ts';
import type { CodeBook } from './code-book.ts';
import { instantOf, isoDateOf } from './dates.ts';

export interface RecordProblem {
  /** Where in the file: a column, or a path such as `contact_info.email[1].email_address`. */
  readonly field: string;
  readonly code: TextCode;
  readonly params: Readonly<Record<string, string | number | TextCodeParam>>;
}

/** A parameter that is itself a text of the catalogue, to be said in the reader's language. */
export interface TextCodeParam {
  readonly text: TextCode;
}

const CODE_LENGTH = 255;
const SHOWN = 60;
const LABEL_LENGTH = 255;

/** Ids, addresses and numbers that people copy with blanks around them; other texts are kept as written. */
const TRIMMED: ReadonlySet<string> = new Set([
  'primary_id',
  'external_id',
  'linking_id',
  'source_link_id',
  'source_institution_code',
  'value',
  'address',
  'number',
  'item_loan_id',
  'web_site_url',
]);

/** No value: nothing that can be stored. */
export const REFUSED = Symbol('refused');

export type Checked = StagedValue | typeof REFUSED;

export class RecordCheck {
  readonly problems: RecordProblem[] = [];
  readonly codes: CodeBook;

  constructor(codes: CodeBook) {
    this.codes = codes;
  }

  problem(field: string, code: TextCode, params: RecordProblem['params'] = {}): typeof REFUSED {
    this.problems.push({ field, code, params });
    return REFUSED;
  }

  /** The value of a field as it is stored; null when empty. Codes may come with a label that describes them. */
  value(field: Field, raw: unknown, place: string, label?: unknown): Checked {
    switch (field.type) {
      case 'text':
        return this.#text(field, raw, place);
      case 'code':
        return this.#code(field.codeTable ?? '', raw, place, label);
      case 'codes':
        return this.#codes(field.codeTable ?? '', raw, place);
      case 'date':
      case 'instant':
        return this.#day(field.type, raw, place);
      case 'boolean':
        return this.#boolean(raw, place);
      case 'integer':
      case 'amount':
        return this.#number(field.type, raw, place);
      case 'json':
        return this.#parameters(raw, place);
    }
  }

  /** Text as it is written; null when there is nothing but blanks. */
  #string(raw: unknown, place: string): string | null | typeof REFUSED {
    if (raw === null || raw === undefined) return null;
    if (typeof raw === 'number' && Number.isFinite(raw)) return String(raw);
    if (typeof raw !== 'string') return this.#shape('text', raw, place);
    if (raw.includes('\0')) return this.problem(place, 'feeds.bad_characters', { what: { text: 'feeds.word_nul' } });
    if (!raw.isWellFormed()) return this.problem(place, 'feeds.bad_characters', { what: { text: 'feeds.word_surrogate' } });
    return raw.trim() === '' ? null : raw;
  }

  #shape(expected: string, raw: unknown, place: string): typeof REFUSED {
    const found = Array.isArray(raw) ? 'a list' : raw === null ? 'null' : typeof raw === 'object' ? 'an object' : String(typeof raw);
    return this.problem(place, 'feeds.record_shape', { expected, found });
  }

  #text(field: Field, raw: unknown, place: string): Checked {
    const given = this.#string(raw, place);
    if (given === null || given === REFUSED) return given;
    const text = TRIMMED.has(field.name) ? given.trim() : given;
    return this.#fits(text, field.maxLength ?? Number.POSITIVE_INFINITY, place);
  }

  #fits(text: string, max: number, place: string): Checked {
    if (text.length <= max) return text;
    // Characters, as the database counts them, not the halves that a JavaScript string has.
    const length = [...text].length;
    return length <= max ? text : this.problem(place, 'feeds.too_long', { value: shown(text), length, max });
  }

  #code(table: string, raw: unknown, place: string, label: unknown): Checked {
    const given = this.#string(raw, place);
    if (given === null || given === REFUSED) return given;
    const code = given.trim();
    const closed = this.codes.closedCode(table, code);
    if (closed === null) return this.problem(place, 'feeds.unknown_code', { value: shown(code), table, known: this.codes.listed(table) });
    if (closed !== undefined) return closed;
    const fitting = this.#fits(code, CODE_LENGTH, place);
    const labelled = typeof label === 'string' && label.trim() !== '' && storable(label);
    if (fitting !== REFUSED) this.codes.learn(table, code, labelled ? label.slice(0, LABEL_LENGTH).toWellFormed() : null);
    return fitting;
  }

  /** A list of codes, each a text or `{ value, desc }`. */
  #codes(table: string, raw: unknown, place: string): Checked {
    if (raw === null || raw === undefined) return [];
    if (!Array.isArray(raw)) return this.#shape('a list', raw, place);
    const codes: string[] = [];
    for (const [i, item] of raw.entries()) {
      const coded = codedOf(item);
      const code = this.#code(table, coded.value, `${place}[${i}]`, coded.label);
      if (code === REFUSED) return REFUSED;
      if (typeof code === 'string' && !codes.includes(code)) codes.push(code);
    }
    return codes;
  }

  #day(type: 'date' | 'instant', raw: unknown, place: string): Checked {
    const given = this.#string(raw, place);
    if (given === null || given === REFUSED) return given;
    const day = type === 'date' ? isoDateOf(given.trim()) : instantOf(given.trim());
    if (day !== undefined) return day;
    const expected = { text: type === 'date' ? 'feeds.word_date' : 'feeds.word_instant' } as const;
    return this.problem(place, 'feeds.bad_date', { value: shown(given), expected });
  }

  #boolean(raw: unknown, place: string): Checked {
    if (typeof raw === 'boolean') return raw;
    const given = this.#string(raw, place);
    if (given === null || given === REFUSED) return given;
    const word = given.trim().toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    return this.problem(place, 'feeds.bad_boolean', { value: shown(given) });
  }

  #number(type: 'integer' | 'amount', raw: unknown, place: string): Checked {
    const given = this.#string(raw, place);
    if (given === null || given === REFUSED) return given;
    const text = given.trim();
    const pattern = type === 'integer' ? /^\+?\d{1,9}$/ : /^[+-]?\d{1,10}(\.\d{1,6})?$/;
    if (pattern.test(text)) return type === 'integer' ? Number(text) : text;
    const expected = { text: type === 'integer' ? 'feeds.word_integer' : 'feeds.word_amount' } as const;
    return this.problem(place, 'feeds.bad_number', { value: shown(given), expected });
  }

  #parameters(raw: unknown, place: string): Checked {
    const list = typeof raw === 'string' ? jsonList(raw) : (raw ?? []);
    if (!Array.isArray(list)) return this.#shape('a list of parameters', raw, place);
    const parameters: RoleParameter[] = [];
    for (const [i, item] of list.entries()) {
      if (typeof item !== 'object' || item === null) return this.#shape('an object', item, `${place}[${i}]`);
      const parameter: Record<string, string> = {};
      for (const { name, codeTable } of PARAMETER_CODES) {
        const coded = codedOf((item as Record<string, unknown>)[name]);
        const code = this.#code(codeTable, coded.value, `${place}[${i}].${name}`, coded.label);
        if (code === REFUSED) return REFUSED;
        if (typeof code === 'string') parameter[name] = code;
      }
      if (parameter['type'] === undefined) return this.problem(`${place}[${i}].type`, 'feeds.required');
      parameters.push(parameter);
    }
    return parameters;
  }
}

function jsonList(text: string): unknown {
  if (text.trim() === '') return [];
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** `{ value, desc }`, or the bare value. */
export function codedOf(raw: unknown): { readonly value: unknown; readonly label: unknown } {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) {
    const { value, desc } = raw as { readonly value?: unknown; readonly desc?: unknown };
    return { value: value ?? null, label: desc };
  }
  return { value: raw, label: undefined };
}

function storable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** A value as messages quote it. */
export function shown(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, '\u{fffd}');
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain;
}
