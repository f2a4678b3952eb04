import type { Sql } from 'sql-template-tag';

/**
 * The statement under a name, so that each connection plans it once: those that run for every handful of
 * messages take longer to be planned than to be run. One name for one text.
 */
export function prepared(name: string, { text, values }: Sql): { name: string; text: string; values: unknown[] } {
  return { name: `letters_${name}`, text, values };
}
