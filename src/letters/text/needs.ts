import { cleanSource } from './scan.ts';
import { sourceEngine } from './engine.ts';
import type { FrameSource, LetterNeed, LetterSource } from './types.ts';

const GROUPS: readonly { readonly need: LetterNeed; readonly uses: (path: readonly string[]) => boolean }[] = [
  { need: 'changes', uses: ([root]) => root === 'changes' || root === 'change' },
  { need: 'contact', uses: ([root]) => root === 'contact' },
  { need: 'identifiers', uses: ([root, name]) => root === 'user' && (name === 'identifiers' || name === 'barcode') },
  { need: 'circulation', uses: ([root]) => root === 'circulation' },
];

/** What a letter, its frame and the snippets that it might use ask for beside the record. */
export function needsOf(source: LetterSource, frame: FrameSource): ReadonlySet<LetterNeed> {
  const parts = [source.subject, source.body, source.sms ?? '', frame.header, frame.footer, ...usedSnippets(source, frame)];
  const needs = new Set<LetterNeed>();
  for (const part of parts) {
    const engine = sourceEngine();
    const { globals } = engine.analyzeSync(engine.parse(cleanSource(part)));
    for (const variable of Object.values(globals).flat()) {
      const path = variable.segments.map(String);
      for (const group of GROUPS) if (group.uses(path)) needs.add(group.need);
    }
  }
  return needs;
}

function usedSnippets(source: LetterSource, frame: FrameSource): string[] {
  const snippets = source.snippets ?? {};
  const seen = new Set<string>();
  const look = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/\{%-?\s*snippet\s+["']([^"']+)["']/g)) {
      if (seen.has(name) || !Object.hasOwn(snippets, name)) continue;
      seen.add(name);
      look(snippets[name] ?? '');
    }
  };
  for (const text of [source.body, frame.header, frame.footer]) look(text);
  return [...seen].map((name) => snippets[name] ?? '');
}
