import { AppError } from '../core/index.ts';
import { findChild, findFieldInText, type FilterField, type Scope, USER_SCOPE } from './field-registry.ts';
import { LIMITS, Meter } from './limits.ts';
import { excerpt, Problem } from './problem.ts';
import { countOf, readFilter } from './read-filter.ts';
import { errorAt, placeOf, shownToken, type Token, tokenize } from './tokens.ts';
import {
  type Comparison,
  type EmptinessOperator,
  type Filter,
  type Operator,
  ORDER_OPERATORS,
  type OrderOperator,
  type RelativeDate,
  SHIFT_UNITS,
  type ShiftUnit,
  type TextOperator,
  type Value,
} from './tree.ts';
import { readValue } from './values.ts';

/**
 * Reads the text form of a filter:
 *
 *     any       = all { "or" all }
 *     all       = one { "and" one }
 *     one       = "not" one | "(" any ")" | "everyone" | has | count | comparison
 *     has       = "has" [ "no" ] child [ "(" any ")" ]
 *     count     = "count" child [ "(" any ")" ] order number
 *     comparison = field ( "is" [ "not" ] "empty" | [ "not" ] test )
 *     test      = order value | "in" "(" value { "," value } ")" | ( "contains" | "starts" "with" | "ends" "with" ) value
 *     value     = text | number | date | "true" | "false" | ( "today" | "end" "of" "month" ) { ( "+" | "-" ) number unit }
 *
 * Throws `filters.empty`, or an error of `filters.text.*` with line and column.
 */
export function parseFilter(text: string): Filter {
  if (text.length > LIMITS.text) throw new AppError('filters.too_long', { length: text.length, limit: LIMITS.text });
  if (text.trim() === '') throw new AppError('filters.empty', {});
  return readFilter(new Parser(text).parse());
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #meter = new Meter();
  #next = 0;
  #level = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  parse(): Filter {
    const filter = this.#any(USER_SCOPE);
    if (this.#peek().kind !== 'end') throw this.#expected('and / or');
    return filter;
  }

  #any(scope: Scope): Filter {
    const parts = [this.#all(scope)];
    while (this.#word('or')) parts.push(this.#all(scope));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { or: parts };
  }

  #all(scope: Scope): Filter {
    const parts = [this.#one(scope)];
    while (this.#word('and')) parts.push(this.#one(scope));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { and: parts };
  }

  #one(scope: Scope): Filter {
    this.#level += 1;
    this.#meter.depth(this.#level);
    const filter = this.#unnested(scope);
    this.#level -= 1;
    return filter;
  }

  #unnested(scope: Scope): Filter {
    if (this.#word('not')) return { not: this.#one(scope) };
    if (this.#sign('(')) return this.#closed(scope);
    const token = this.#peek();
    if (token.kind === 'end') throw errorAt(this.#text, token.at, 'filters.text.condition_missing', {});
    if (token.kind !== 'word') {
      throw errorAt(this.#text, token.at, 'filters.text.condition_expected', { found: shownToken(token) });
    }
    this.#meter.condition();
    this.#next += 1;
    switch (token.value.toLowerCase()) {
      case 'everyone':
        this.#usersOnly(scope, token);
        return { everyone: true };
      case 'has':
        this.#usersOnly(scope, token);
        return this.#has(scope);
      case 'count':
        this.#usersOnly(scope, token);
        return this.#count(scope);
      default:
        return this.#comparison(scope, token);
    }
  }

  /** What stands before a closing bracket; the opening one has been read. */
  #closed(scope: Scope): Filter {
    const filter = this.#any(scope);
    if (!this.#sign(')')) throw this.#expected('and / or / )');
    return filter;
  }

  #has(scope: Scope): Filter {
    const none = this.#word('no');
    const has = this.#rows(scope);
    return none ? { not: has } : has;
  }

  #rows(scope: Scope): Filter & { readonly has: string } {
    const token = this.#peek();
    if (token.kind !== 'word') throw this.#expected([...scope.children.keys()].join(' / '));
    this.#next += 1;
    const child = this.#located(token, () => findChild(scope, token.value.toLowerCase()));
    return this.#sign('(') ? { has: child.of, where: this.#closed(child) } : { has: child.of };
  }

  #count(scope: Scope): Filter {
    const rows = this.#rows(scope);
    const order = this.#order();
    if (order === undefined) throw this.#expected(ORDER_OPERATORS.join(' '));
    const { value, token } = this.#number();
    return { ...rows, count: this.#located(token, () => countOf(order, value)) };
  }

  #comparison(scope: Scope, name: Token): Filter {
    const field = this.#located(name, () => findFieldInText(scope, name.value));
    if (this.#word('is')) {
      const empty = !this.#word('not');
      if (!this.#word('empty')) throw this.#expected(empty ? 'empty / not empty' : 'empty');
      return { field: field.name, op: empty ? 'is_empty' : 'is_not_empty' };
    }
    const order = this.#order();
    if (order !== undefined) return this.#test(field, order);
    // Both "not x in (…)" and "x not in (…)" are said.
    const negated = this.#word('not');
    const operator = this.#wordOperator();
    if (operator === undefined) throw this.#operatorExpected(field);
    const test = this.#test(field, operator);
    return negated ? { not: test } : test;
  }

  /** The value or list after an operator that has just been read. */
  #test(field: FilterField, op: Exclude<Operator, EmptinessOperator>): Comparison {
    const token = this.#tokens[this.#next - 1] ?? this.#peek();
    if (!field.operators.includes(op)) {
      const operators = field.operators.map(inText).join(', ');
      throw Problem.of('operator_unsuitable', { operator: inText(op), field: field.name, operators }).inText(this.#place(token));
    }
    if (op !== 'in') return { field: field.name, op, value: this.#value(field) };
    if (!this.#sign('(')) throw this.#expected('(');
    const values: Value[] = [];
    if (this.#sign(')')) throw Problem.of('list_empty', { field: field.name }).inText(this.#place(token));
    do values.push(this.#value(field));
    while (this.#sign(','));
    if (!this.#sign(')')) throw this.#expected(', / )');
    return { field: field.name, op, value: values };
  }

  #value(field: FilterField): Value {
    const token = this.#peek();
    const raw = this.#rawValue(field);
    this.#meter.value(raw);
    return this.#located(token, () => readValue(field, raw));
  }

  /** `undefined` for whatever is no value of this field; `readValue` then says what is expected. */
  #rawValue(field: FilterField): unknown {
    const ofDates = field.type === 'date' || field.type === 'instant';
    const token = this.#peek();
    if (token.kind === 'sign' || (token.kind === 'literal' && NUMBER.test(token.value))) {
      const { value, decimals } = this.#number();
      return decimals > 2 ? undefined : value;
    }
    this.#next += 1;
    if (token.kind === 'text') return token.value;
    if (token.kind === 'literal') return ofDates ? token.value : undefined;
    switch (token.value.toLowerCase()) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'today':
        return ofDates ? this.#relativeDate('today') : undefined;
      case 'end':
        return ofDates && this.#word('of') && this.#word('month') ? this.#relativeDate('end_of_month') : undefined;
      default:
        return undefined;
    }
  }

  #relativeDate(from: 'today' | 'end_of_month'): RelativeDate {
    const shift: Partial<Record<ShiftUnit, number>> = {};
    for (;;) {
      const sign = this.#sign('+') ? 1 : this.#sign('-') ? -1 : 0;
      if (sign === 0) break;
      const amount = this.#peek();
      if (amount.kind !== 'literal' || !/^\d+$/.test(amount.value)) throw this.#expected('1 / 2 / 3 / …');
      this.#next += 1;
      const word = this.#peek().value.toLowerCase();
      const unit = SHIFT_UNITS.find((known) => this.#peek().kind === 'word' && (word === known || `${word}s` === known));
      if (unit === undefined) throw this.#expected('days / weeks / months / years');
      this.#next += 1;
      shift[unit] = (shift[unit] ?? 0) + sign * Number(amount.value);
    }
    return from === 'today' ? { today: shift } : { end_of_month: shift };
  }

  /** NaN when there is none. */
  #number(): { readonly value: number; readonly decimals: number; readonly token: Token } {
    const token = this.#peek();
    const sign = this.#sign('-') ? -1 : 1;
    const digits = this.#peek();
    this.#next += 1;
    const match = digits.kind === 'literal' ? NUMBER.exec(digits.value) : null;
    return { value: match === null ? Number.NaN : sign * Number(digits.value), decimals: match?.[1]?.length ?? 0, token };
  }

  #order(): OrderOperator | undefined {
    const token = this.#peek();
    if (token.kind !== 'sign') return undefined;
    const written = token.value === '<>' ? '!=' : token.value;
    const order = ORDER_OPERATORS.find((known) => known === written);
    if (order !== undefined) this.#next += 1;
    return order;
  }

  #wordOperator(): TextOperator | 'in' | undefined {
    if (this.#word('in')) return 'in';
    if (this.#word('contains')) return 'contains';
    if (this.#word('starts_with')) return 'starts_with';
    if (this.#word('ends_with')) return 'ends_with';
    const start = this.#next;
    if (this.#word('starts') && this.#word('with')) return 'starts_with';
    this.#next = start;
    if (this.#word('ends') && this.#word('with')) return 'ends_with';
    this.#next = start;
    return undefined;
  }

  #peek(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
    if (token === undefined) throw new RangeError('A token list ends with its end token.');
    return token;
  }

  /** Reads on over the keyword, if that is what comes next. */
  #word(keyword: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'word' && token.value.toLowerCase() === keyword;
    if (found) this.#next += 1;
    return found;
  }

  #sign(sign: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'sign' && token.value === sign;
    if (found) this.#next += 1;
    return found;
  }

  #usersOnly(scope: Scope, token: Token): void {
    if (scope !== USER_SCOPE) throw Problem.of('users_only', { word: excerpt(token.value) }).inText(this.#place(token));
  }

  #located<T>(token: Token, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw error instanceof Problem ? error.inText(this.#place(token)) : error;
    }
  }

  #place(token: Token): { readonly line: number; readonly column: number } {
    return placeOf(this.#text, token.at);
  }

  #operatorExpected(field: FilterField): AppError {
    const operators = field.operators.map(inText).join(', ');
    const token = this.#peek();
    if (token.kind === 'end') return errorAt(this.#text, token.at, 'filters.text.unfinished', { expected: operators });
    return errorAt(this.#text, token.at, 'filters.text.operator_expected', {
      field: field.name,
      operators,
      found: shownToken(token),
    });
  }

  #expected(expected: string): AppError {
    const token = this.#peek();
    if (token.kind === 'end') return errorAt(this.#text, token.at, 'filters.text.unfinished', { expected });
    return errorAt(this.#text, token.at, 'filters.text.expected', { expected, found: shownToken(token) });
  }
}

/** The whole number in front of the decimals, and these. */
const NUMBER = /^\d+(?:\.(\d+))?$/;

/** An operator as it is written in the text form: `is empty` for `is_empty`. */
function inText(operator: Operator): string {
  return operator.replaceAll('_', ' ');
}
