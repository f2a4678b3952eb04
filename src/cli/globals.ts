import type { Language } from '../core/index.ts';

/** What every command understands, before or after its name. */
export interface Globals {
  readonly json: boolean;
  readonly data: string | undefined;
  readonly as: string | undefined;
  readonly lang: string | undefined;
  /** Address of a server that does the work. */
  readonly server: string | undefined;
  readonly key: string | undefined;
}

/**
 * Reads the global options ahead of the real parser: the words of a help page and of a wrong usage
 * need the language, and their form needs `--json`, when nothing has been parsed yet.
 */
export function scanGlobals(argv: readonly string[]): Globals {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  return {
    json: words.includes('--json'),
    data: valueOf(words, '--data'),
    as: valueOf(words, '--as'),
    lang: valueOf(words, '--lang'),
    server: valueOf(words, '--server'),
    key: valueOf(words, '--key'),
  };
}

function valueOf(words: readonly string[], name: string): string | undefined {
  const index = words.findLastIndex((word) => word === name || word.startsWith(`${name}=`));
  if (index === -1) return undefined;
  const word = words[index];
  return word === name ? words[index + 1] : word?.slice(name.length + 1);
}

export function isLanguage(text: string | undefined): text is Language {
  return text === 'en' || text === 'de';
}
