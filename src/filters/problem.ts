import { AppError, type TextCode, type TextParams } from '../core/index.ts';

type Prefix = 'filters.json.';
type WithPath = Exclude<TextCode & `${Prefix}${string}`, `${Prefix}${'not_a_filter' | 'unknown_key' | 'wrong_shape'}`>;

/** What can be wrong in a filter in either form. */
export type ProblemCode = WithPath extends `${Prefix}${infer Code}` ? Code : never;

export type ProblemParams<C extends ProblemCode> = Omit<TextParams<`${Prefix}${C}` & TextCode>, 'path'>;

/** A problem whose place is not known yet; whoever reads the text or the tree adds it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, unknown>>;

  private constructor(code: ProblemCode, params: Readonly<Record<string, unknown>>) {
    super(code);
    this.code = code;
    this.params = params;
  }

  static of<C extends ProblemCode>(code: C, params: ProblemParams<C>): Problem {
    return new Problem(code, params);
  }

  /** The error for a text; line and column count from 1. */
  inText(place: { readonly line: number; readonly column: number }): AppError {
    return placedError(`filters.text.${this.code}`, { ...this.params, ...place });
  }

  /** The error for a tree; `path` such as `and[0].value`. */
  inTree(path: string): AppError {
    return placedError(`filters.json.${this.code}`, { ...this.params, path });
  }
}

function placedError(code: TextCode, params: Readonly<Record<string, unknown>>): AppError {
  // `of` has checked the parameters against the code; both texts of a problem take the same ones and their place.
  return new AppError(code, params as TextParams<TextCode>);
}

/** `text` short enough for an error message. */
export function excerpt(text: string): string {
  const characters = Array.from(text.slice(0, 80));
  return text.length > characters.length && characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : text;
}
