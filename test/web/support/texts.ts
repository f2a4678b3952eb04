/** Looks for texts where they should be, and where they should not. */
import { readFileSync } from 'node:fs';

/** Key, with dots, → text. */
export function textsOf(file: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') found.set(key, value);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, key === '' ? name : `${key}.${name}`);
    }
  };
  walk(JSON.parse(readFileSync(file, 'utf8')), '');
  return found;
}

/** `{{count, number}} of {{total}}` → `count total` */
export function placeholdersOf(text: string): string {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name))].toSorted().join(' ');
}

/** What is read out or shown and is no name of ours: two letters in a row are a word. */
const WORD = /\p{L}{2}/u;
/** Written alike in every language: the product, keys, codes. */
const SAME = /^(?:Muster|Esc|Ctrl|API|CSV|JSON|XLSX?|HTML|SMS|WCAG|DSGVO|GDPR)$/;
const SHOWN_PROPS = /\s(?:title|label|placeholder|alt|aria-label|aria-description|description|text|sub|hint)=(?:"([^"]+)"|\{'([^']+)'\})/g;
/** Text between tags: after `>` of a tag, up to `<` or `{`. */
const BETWEEN = /(?:<\/?[A-Za-z][^<>{}]*(?:\{[^{}]*\}[^<>{}]*)*>|\}>|["'\w]>)\s*([^<>{}=;()|&`]+?)\s*(?=<\/?[A-Za-z]|(?<!\$)\{)/g;

/** Words in JSX that come from no file of texts; each with its place. */
export function literalsIn(file: string, source: string): string[] {
  const code = source.replace(/\{?\/\*[\s\S]*?\*\/\}?/g, '').replace(/^\s*\/\/.*$/gm, '');
  const props = [...code.matchAll(SHOWN_PROPS)].map((match) => match[1] ?? match[2] ?? '');
  const between = [...code.matchAll(BETWEEN)]
    .map((match) => match[1] ?? '')
    // `<A />, after: <B />` is the next member of an object, not a text.
    .filter((text) => !/^(?:as|extends|const|return|readonly)\b/.test(text) && !/^,\s*\w+:$/.test(text));
  return [...props, ...between].filter((text) => WORD.test(text) && !SAME.test(text.trim())).map((text) => `${file}: ${text.trim()}`);
}
