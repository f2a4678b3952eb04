/** Codes and their labels, kept for a while: reading some thousand of them for every record would cost more than the record. */
import type { Queryable } from '../core/index.ts';
import type { CodeLabels } from '../users/index.ts';
import { type CodeBook, loadCodeBook } from './code-book.ts';
import { almaLabels } from './to-alma.ts';

interface Codes {
  readonly labels: CodeLabels;
  readonly book: CodeBook;
}

/** Milliseconds after which another process's new label is seen for sure. */
const AGE_MS = 30_000;
/** Milliseconds between two readings that a code without a label causes. */
const MISS_MS = 1_000;

const KEPT = new WeakMap<Queryable, { readonly at: number; readonly codes: Promise<Codes> }>();

/** The library's codes, not older than half a minute. */
export function cachedCodes(pool: Queryable, oldest = AGE_MS): Promise<Codes> {
  const kept = KEPT.get(pool);
  if (kept !== undefined && Date.now() - kept.at < oldest) return kept.codes;
  const codes = load(pool);
  KEPT.set(pool, { at: Date.now(), codes });
  codes.catch(() => KEPT.delete(pool));
  return codes;
}

/** After this process has written codes, so that the next answer has their labels. */
export function forgetCodes(pool: Queryable): void {
  KEPT.delete(pool);
}

async function load(pool: Queryable): Promise<Codes> {
  const [labels, book] = await Promise.all([almaLabels(pool), loadCodeBook(pool, () => undefined)]);
  return { labels, book };
}

/** Labels for these records; one without a label may be new, so the labels are read once more for it. */
export async function withLabels<T>(pool: Queryable, make: (labels: CodeLabels) => T): Promise<T> {
  const { labels } = await cachedCodes(pool);
  let missed = false;
  const watched: CodeLabels = {
    label: (table, code) => {
      const label = labels.label(table, code);
      missed ||= label === null;
      return label;
    },
  };
  const made = make(watched);
  if (!missed) return made;
  const fresh = await cachedCodes(pool, MISS_MS);
  return fresh.labels === labels ? made : make(fresh.labels);
}
