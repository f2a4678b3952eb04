import { type Language, say, sayAny, type TextCode, type TextParams } from './texts/index.ts';

/**
 * An error a person can act on: a code with typed parameters. The words live in the catalogue
 * (`core/texts`), in English and German; `message` is the English text, for logs.
 */
export class AppError<C extends TextCode = TextCode> extends Error {
  override readonly name = 'AppError';
  readonly code: C;
  readonly params: TextParams<C>;

  constructor(code: C, params: TextParams<C>, options?: ErrorOptions) {
    super(say('en', code, params), options);
    this.code = code;
    this.params = params;
  }

  /** The sentence for a person. */
  in(language: Language): string {
    return sayAny(language, this.code, this.params);
  }
}
