import { AppError, type TextCode, type TextParams } from '../core/index.ts';
import { excerpt } from './problem.ts';

export interface Token {
  /** `literal`: a number or a date, not yet looked at; `end`: there is no more text. */
  readonly kind: 'word' | 'text' | 'literal' | 'sign' | 'end';
  /** As written; of a text, what stands between its quotes with escapes undone. */
  readonly value: string;
  /** Offset in the source. */
  readonly at: number;
  readonly source: string;
}

const SPACE = /\s+/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
/** Takes in whatever is glued to a number, so that `31.01.2032` is one thing that can be named. */
const LITERAL = /[0-9](?:[\w.]|-(?=[0-9]))*/y;
const SIGN = /!=|<>|<=|>=|[=<>(),+-]/y;
const CURLY_QUOTES = '“”„‟‘’‚‛«»‹›';
const ESCAPED: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\\': '\\', n: '\n', r: '\r', t: '\t' };

/** Cuts the text into tokens; the last is `end`. Strings keep any Unicode. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  for (;;) {
    at += match(SPACE)?.length ?? 0;
    const character = source.charAt(at);
    if (character === '') break;
    if (character === '"' || character === "'") {
      const { value, end } = readQuoted(source, at, character);
      tokens.push({ kind: 'text', value, at, source: source.slice(at, end) });
      at = end;
      continue;
    }
    const word = match(WORD);
    const literal = word === undefined ? match(LITERAL) : undefined;
    const value = word ?? literal ?? match(SIGN);
    if (value === undefined) throw strangeCharacter(source, at);
    tokens.push({ kind: word !== undefined ? 'word' : literal !== undefined ? 'literal' : 'sign', value, at, source: value });
    at += value.length;
  }
  tokens.push({ kind: 'end', value: '', at, source: '' });
  return tokens;
}

/** A quote inside is written doubled, as in SQL, or after a backslash. */
function readQuoted(source: string, start: number, quote: string): { readonly value: string; readonly end: number } {
  const pieces: string[] = [];
  let at = start + 1;
  for (;;) {
    let stop = at;
    while (stop < source.length && source[stop] !== quote && source[stop] !== '\\') stop += 1;
    pieces.push(source.slice(at, stop));
    const next = source.charAt(stop + 1);
    const unfinished = stop >= source.length || (source[stop] === '\\' && next === '');
    if (unfinished) throw errorAt(source, start, 'filters.text.quote_missing', {});
    if (source[stop] === '\\') {
      const character = ESCAPED[next];
      if (character === undefined) {
        throw errorAt(source, stop, 'filters.text.bad_escape', { escape: characterAt(source, stop) + characterAt(source, stop + 1) });
      }
      pieces.push(character);
    } else if (next === quote) {
      pieces.push(quote);
    } else {
      return { value: pieces.join(''), end: stop + 1 };
    }
    at = stop + 2;
  }
}

function strangeCharacter(source: string, at: number): AppError {
  const found = characterAt(source, at);
  return CURLY_QUOTES.includes(found)
    ? errorAt(source, at, 'filters.text.curly_quote', { found })
    : errorAt(source, at, 'filters.text.bad_character', { found });
}

/** The character that begins at the offset; those that cannot be shown by their number. */
function characterAt(source: string, at: number): string {
  const code = source.codePointAt(at);
  if (code === undefined) return '';
  const showable = code > 0x20 && code !== 0x7f && !(code >= 0xd800 && code <= 0xdfff);
  return showable ? String.fromCodePoint(code) : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Line and column (in characters) of an offset, both from 1. */
export function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const lines = source.slice(0, at).split(/\r\n|\r|\n/);
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
}

type PlacedCode = TextCode & `filters.text.${string}`;

export function errorAt<C extends PlacedCode>(
  source: string,
  at: number,
  code: C,
  params: Omit<TextParams<C>, 'line' | 'column'>,
): AppError {
  // The code's parameters less line and column, plus line and column: its parameters again.
  return new AppError<TextCode>(code, { ...params, ...placeOf(source, at) } as TextParams<TextCode>);
}

/** A token as an error names it. */
export function shownToken(token: Token): string {
  return excerpt(token.source);
}
