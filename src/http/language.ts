import type { Language } from '../core/index.ts';

/** The language that `Accept-Language` asks for most, of those there are; else `fallback`. */
export function languageFrom(header: string | undefined, fallback: Language): Language {
  let best: Language | undefined;
  let bestWeight = 0;
  for (const part of (header ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
    const weight = quality === undefined ? 1 : Number(quality);
    const language = /^de(-|$)/.test(tag) ? 'de' : /^en(-|$)/.test(tag) ? 'en' : tag === '*' ? fallback : undefined;
    if (language !== undefined && weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  return best ?? fallback;
}
