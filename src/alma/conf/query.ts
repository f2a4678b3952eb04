/**
 * The query of a logical set as Alma writes it, `USER where USER ((user_group EQUAL "11") AND USER
 * (expiry_date AFTER "2027-01-01"))`, as a filter of ours. AND and OR bind alike, from left to
 * right, unless parentheses say otherwise; NOT after a term means "and not".
 */
import { type Filter, parseFilter, readFilter, type Value } from '../../filters/index.ts';
import { AppError } from '../../core/index.ts';
import { AlmaError } from '../wire/index.ts';
import { anywhere, type Meaning, meaningOf, operatorOf, QUERY_FIELDS, QUERY_OPERATORS, type QueryOperator } from './query-fields.ts';

const LONGEST = 20_000;
const DEEPEST = 30;

/**
 * Reads a query; our own text form, in which `GET` shows a logical set, is understood as well. Throws
 * `AlmaError` 402266, which names what was not understood and what is.
 */
export function readQuery(query: string): Filter {
  if (query.length > LONGEST) throw wrong(`it is longer than ${LONGEST} characters`);
  try {
    return /^\s*\w+\s+where\b/i.test(query) ? readFilter(new Reader(tokensOf(query)).query()) : parseFilter(query);
  } catch (error) {
    if (error instanceof AppError) throw wrong(error.message);
    throw error;
  }
}

interface Token {
  readonly kind: 'word' | 'text' | '(' | ')';
  readonly value: string;
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([()])|([^\s()"]+))/y;

function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(query);
    if (match === null) throw wrong(`a quotation mark is not closed: ${query.slice(from, from + 40)}`);
    const [, quoted, parenthesis, word] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replace(/\\(.)/g, '$1') });
    else if (parenthesis === '(' || parenthesis === ')') tokens.push({ kind: parenthesis, value: parenthesis });
    else tokens.push({ kind: 'word', value: word ?? '' });
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Filter {
    const entity = this.#take('word', 'USER').value;
    if (entity.toUpperCase() !== 'USER') throw wrong(`it asks for ${entity}; only USER is known`);
    if (!this.#skip('WHERE')) throw wrong('USER must be followed by where');
    const filter = this.#expression(0);
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw wrong(`${rest.value} stands after its end`);
    return filter;
  }

  #expression(depth: number): Filter {
    if (depth > DEEPEST) throw wrong('its parentheses lie too deep');
    let filter = this.#term(depth);
    for (;;) {
      if (this.#skip('AND')) filter = both(filter, this.#term(depth));
      else if (this.#skip('OR')) filter = either(filter, this.#term(depth));
      else if (this.#skip('NOT')) filter = both(filter, { not: this.#term(depth) });
      else return filter;
    }
  }

  #term(depth: number): Filter {
    if (this.#skip('NOT')) return { not: this.#term(depth + 1) };
    // The entity may be repeated before each parenthesis.
    if (this.#peek('USER') && this.#tokens[this.#at + 1]?.kind === '(') this.#at += 1;
    if (this.#tokens[this.#at]?.kind !== '(') return this.#condition();
    this.#at += 1;
    const filter = this.#expression(depth + 1);
    this.#take(')', 'a closing parenthesis');
    return filter;
  }

  #condition(): Filter {
    const name = this.#take('word', 'a field').value;
    const meaning = meaningOf(name);
    if (meaning === undefined) throw wrong(`the field ${name} is not known; known are ${QUERY_FIELDS.join(', ')}`);
    const word = this.#take('word', 'an operator').value;
    const operator = operatorOf(word);
    if (operator === undefined) throw wrong(`the operator ${word} is not known; known are ${QUERY_OPERATORS.join(', ')}`);
    const values = operator.op === 'is_empty' ? [] : this.#values();
    return conditionOf(name, meaning, operator, values);
  }

  /** One value, or several: `((A) or (B))`, `(A or B)`. */
  #values(): string[] {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw wrong('a value is missing at its end');
    if (token.kind === 'text' || token.kind === 'word') {
      this.#at += 1;
      return [token.value];
    }
    this.#take('(', 'a value');
    const values = [...this.#values()];
    while (this.#skip('OR') || this.#skip(',')) values.push(...this.#values());
    this.#take(')', 'a closing parenthesis');
    return values;
  }

  #peek(word: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' && token.value.toUpperCase() === word;
  }

  #skip(word: string): boolean {
    if (!this.#peek(word)) return false;
    this.#at += 1;
    return true;
  }

  #take(kind: Token['kind'], what: string): Token {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) throw wrong(`${what} is expected ${token === undefined ? 'at its end' : `before ${token.value}`}`);
    this.#at += 1;
    return token;
  }
}

function both(a: Filter, b: Filter): Filter {
  return { and: ['and' in a ? [...a.and] : [a], [b]].flat() };
}

function either(a: Filter, b: Filter): Filter {
  return { or: ['or' in a ? [...a.or] : [a], [b]].flat() };
}

function conditionOf(name: string, meaning: Meaning, operator: QueryOperator, values: readonly string[]): Filter {
  const tests = operator.op === 'is_empty' ? [emptyTest(name, meaning)] : values.map((value) => testOf(name, meaning, operator, value));
  const [only] = tests;
  const filter: Filter = tests.length === 1 && only !== undefined ? only : { or: tests };
  return operator.not ? { not: filter } : filter;
}

function emptyTest(name: string, meaning: Meaning): Filter {
  if (meaning.kind === 'all') throw wrong(`${name} cannot be empty`);
  if (meaning.kind === 'row') return { not: { has: meaning.has } };
  return { field: meaning.field, op: 'is_empty' };
}

function testOf(name: string, meaning: Meaning, operator: QueryOperator, value: string): Filter {
  const { op } = operator;
  if (value === '') throw wrong(`${name} is compared with nothing`);
  if (op === 'is_empty') return emptyTest(name, meaning);
  if (meaning.kind === 'date') return { field: meaning.field, op: ordered(name, op), value: dateOf(name, value) };
  if (meaning.kind === 'number') return { field: meaning.field, op: ordered(name, op), value: numberOf(name, value) };
  if (op === '<' || op === '<=' || op === '>' || op === '>=') throw wrong(`${name} has no order`);
  if (meaning.kind === 'all') return anywhere(op, value);
  // A code contains itself alone: "contains" is how the form asks for one of several.
  const how = isCode(meaning) ? '=' : op;
  if (meaning.kind === 'row') return { has: meaning.has, where: { field: meaning.field, op: how, value } };
  return { field: meaning.field, op: how, value };
}

function isCode(meaning: Meaning): boolean {
  return meaning.kind === 'code' || (meaning.kind === 'row' && meaning.type === 'code');
}

function ordered(name: string, op: QueryOperator['op']): '=' | '<' | '<=' | '>' | '>=' {
  if (op === 'contains' || op === 'starts_with' || op === 'is_empty') throw wrong(`${name} cannot contain anything`);
  return op;
}

function dateOf(name: string, value: string): Value {
  if (/^today$/i.test(value)) return { today: {} };
  const parts = /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})Z?$/.exec(value);
  if (parts === null) throw wrong(`${name} needs a date of the form 2027-06-30, not ${value}`);
  return `${parts[1]}-${parts[2]}-${parts[3]}`;
}

function numberOf(name: string, value: string): number {
  if (!/^-?\d{1,9}(\.\d{1,2})?$/.test(value)) throw wrong(`${name} needs a number, not ${value}`);
  return Number(value);
}

function wrong(what: string): AlmaError {
  return new AlmaError('402266', `The query of the set is not valid: ${what}.`);
}
