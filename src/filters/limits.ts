import { AppError } from '../core/index.ts';

/**
 * What a filter may measure. Far above what staff write, and low enough that neither our own
 * recursion nor PostgreSQL's parser and planner are ever strained. A tree within these limits is
 * always a text within them: escaping at most doubles the values' characters.
 */
export const LIMITS = {
  /** Characters of the text form. */
  text: 500_000,
  /** Levels of and, or, not, has and brackets. */
  depth: 100,
  conditions: 1_000,
  /** Values in all lists and comparisons together. */
  values: 10_000,
  /** Characters of all values together. */
  characters: 150_000,
  /** Characters of one value; no field holds more than 2,000. */
  value: 4_000,
} as const;

/** Counts while a filter is read; throws when it grows too large. */
export class Meter {
  #conditions = 0;
  #values = 0;
  #characters = 0;

  condition(): void {
    this.#conditions += 1;
    if (this.#conditions > LIMITS.conditions) throw tooLarge();
  }

  value(value: unknown): void {
    this.#values += 1;
    if (typeof value === 'string') this.#characters += value.length;
    if (this.#values > LIMITS.values || this.#characters > LIMITS.characters) throw tooLarge();
  }

  depth(level: number): void {
    if (level > LIMITS.depth) throw new AppError('filters.too_deep', { limit: LIMITS.depth });
  }
}

function tooLarge(): AppError {
  return new AppError('filters.too_large', {
    conditions: LIMITS.conditions,
    values: LIMITS.values,
    characters: LIMITS.characters,
  });
}
