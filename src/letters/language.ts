/**
 * The languages to look for a letter in, best first: the wished one, then without its region, then
 * the library's, then English. Three-letter codes count as their short form (`deu` → `de`). Lower case.
 */
export function languageChain(wished: string | null, library: string): readonly string[] {
  const chain: string[] = [];
  for (const tag of [wished, library, 'en']) {
    for (let rest = canonicalTag(tag ?? ''); rest !== ''; rest = rest.replace(/-?[^-]*$/, '')) chain.push(rest);
  }
  return [...new Set(chain)];
}

/** The first of `available` (lower case) that the chain names; else the first at all; undefined when there is none. */
export function chooseLanguage(available: readonly string[], wished: string | null, library: string): string | undefined {
  return languageChain(wished, library).find((tag) => available.includes(tag)) ?? [...available].sort()[0];
}

/** Tags that were asked for: there are few, and each is asked for with every letter. */
const KNOWN = new Map<string, string>();
const MOST_KNOWN = 1_000;

/** A language tag in its canonical short form, lower case; empty when it is none. */
export function canonicalTag(tag: string): string {
  const known = KNOWN.get(tag);
  if (known !== undefined) return known;
  const canonical = canonicalise(tag);
  if (KNOWN.size < MOST_KNOWN) KNOWN.set(tag, canonical);
  return canonical;
}

function canonicalise(tag: string): string {
  try {
    return (Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? '').toLowerCase();
  } catch (error) {
    // Records hold whatever a feed sent; what is no language tag is no wish.
    if (error instanceof RangeError) return '';
    throw error;
  }
}
