/** Query parameters as Alma takes them: names exactly, yes and no in any letters, the first of several. */
import { AlmaError } from './errors.ts';

export class AlmaQuery {
  readonly #given: Readonly<Record<string, unknown>>;

  constructor(query: unknown) {
    this.#given = typeof query === 'object' && query !== null ? (query as Readonly<Record<string, unknown>>) : {};
  }

  /** The text of a parameter; undefined when it is absent or empty. */
  text(name: string): string | undefined {
    const given = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
    const first: unknown = Array.isArray(given) ? given[0] : given;
    return typeof first === 'string' && first.trim() !== '' ? first.trim() : undefined;
  }

  flag(name: string, otherwise = false): boolean {
    const word = this.text(name)?.toLowerCase();
    return word === undefined ? otherwise : word === 'true';
  }

  /** Words of a list with commas between them. */
  list(name: string): readonly string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  }

  /** A whole number within its range. @throws AlmaError 402119 */
  number(name: string, { min, max, otherwise }: { readonly min: number; readonly max: number; readonly otherwise: number }): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new AlmaError('402119', `General error: the parameter ${name} is not valid.`);
    return value;
  }
}
