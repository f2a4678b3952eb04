/**
 * Text to glyphs: each piece of one font, weight and direction is shaped on its own, so that Arabic
 * letters join and marks stand over their letters. Pieces are words and spaces, which keeps the cache
 * of shaped pieces small and useful.
 */
import bidiFactory from 'bidi-js';
import type { Inline } from './blocks.ts';
import { type Face, type FaceName, face, faceOf } from './fonts.ts';

const bidi = bidiFactory();

/** Lengths are thousandths of the size of the type. */
export interface Glyph {
  readonly id: number;
  readonly advance: number;
  /** The advance that the font itself gives it; the difference is kerning. */
  readonly natural: number;
  readonly x: number;
  readonly y: number;
  readonly codePoints: readonly number[];
}

export interface Shaped {
  /** In the order in which they stand on the line, from left to right. */
  readonly glyphs: readonly Glyph[];
  readonly width: number;
  /** Some glyph is not where the one before it ends. */
  readonly placed: boolean;
}

/** A word, a part of one, or spaces. */
export interface Piece extends Shaped {
  readonly face: Face;
  /** As it is read. */
  readonly text: string;
  /** As it is shown: brackets that run from right to left are mirrored, what no font has is replaced. */
  readonly seen: string;
  /** Odd: right to left. */
  readonly level: number;
  readonly space: boolean;
  /** A line may end after it. */
  readonly breakAfter: boolean;
  /** A line must end after it. */
  readonly lineEnd: boolean;
}

/** Any character of the right-to-left blocks, or a mark that turns the direction. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff]|[\ud802\ud803\ud83a\ud83b]/;
/** Scripts without spaces: a line may end after every character. */
const IDEOGRAPHIC = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]/u;
const NOT_AT_START =
  /[\u3001\u3002\u3005\u3009\u300b\u300d\u300f\u3011\u3015\u301c\u30fb\u30fc\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff5d]/u;
const NOT_AT_END = /[\u3008\u300a\u300c\u300e\u3010\u3014\uff08\uff5b]/u;
const HYPHEN = /[-\u2010\u2013]/;
const SPACE = /[ \t\u2000-\u2006\u2008-\u200a\u205f]/;
/** Characters that steer, and are not seen. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
const REPLACEMENT = '\ufffd';

/** Shaped pieces by font, direction and text; emptied when full, so that a million names do not stay. */
const CACHE = new Map<string, Shaped>();
const CACHE_SIZE = 20_000;

interface Character {
  readonly text: string;
  readonly seen: string;
  readonly bold: boolean;
  readonly level: number;
  readonly face: FaceName;
}

/**
 * The pieces of a paragraph in reading order. `missing` receives the characters that no font has; they
 * are printed as the replacement character.
 */
export function pieces(
  text: readonly Inline[],
  options: { readonly bold: boolean; readonly direction: 'ltr' | 'rtl' | 'auto'; readonly missing: Set<string> },
): Piece[] {
  const made: Piece[] = [];
  const characters = charactersOf(text, options);
  let from = 0;
  for (let at = 0; at < characters.length; at += 1) {
    const here = characters[at];
    if (here === undefined) break;
    const next = characters[at + 1];
    const end = here.text === '\n';
    const breaks = end || mayBreak(here, next);
    if (next !== undefined && !breaks && joins(here, next)) continue;
    const content = characters.slice(from, end ? at : at + 1);
    const seen = content.map((character) => character.seen).join('');
    made.push({
      ...shape(seen, face(here.face, here.bold), here.level % 2 === 1),
      face: face(here.face, here.bold),
      text: content.map((character) => character.text).join(''),
      seen,
      level: here.level,
      space: end || SPACE.test(here.text),
      breakAfter: breaks,
      lineEnd: end,
    });
    from = at + 1;
  }
  return made;
}

/** One character after another, each with its direction and the font that has it. */
function charactersOf(text: readonly Inline[], { bold, direction, missing }: Parameters<typeof pieces>[1]): Character[] {
  const whole = text.map((part) => part.text).join('');
  const turned = direction === 'rtl' || RIGHT_TO_LEFT.test(whole);
  const levels = turned ? bidi.getEmbeddingLevels(whole, direction).levels : undefined;
  const characters: Character[] = [];
  let neighbour: FaceName | null = null;
  let index = 0;
  for (const part of text) {
    for (const character of part.text) {
      const level = levels?.[index] ?? 0;
      index += character.length;
      if (character !== '\n' && UNSEEN.test(character) && !isJoiner(character)) continue;
      const seen = level % 2 === 1 ? (bidi.getMirroredCharacter(character) ?? character) : character;
      const codePoint = seen.codePointAt(0) ?? 0;
      const found: FaceName | null = seen === '\n' || isJoiner(seen) ? (neighbour ?? 'latin') : faceOf(codePoint, neighbour);
      if (found === null) missing.add(character);
      characters.push({
        text: character,
        seen: found === null ? REPLACEMENT : seen,
        bold: bold || part.bold === true,
        level,
        face: found ?? 'latin',
      });
      neighbour = found;
    }
  }
  return characters;
}

/** Zero-width joiner and non-joiner decide on the forms of Arabic letters. */
function isJoiner(character: string): boolean {
  return character === '\u200c' || character === '\u200d';
}

function joins(a: Character, b: Character): boolean {
  return a.face === b.face && a.bold === b.bold && a.level === b.level && b.text !== '\n' && SPACE.test(a.text) === SPACE.test(b.text);
}

function mayBreak(here: Character, next: Character | undefined): boolean {
  if (next === undefined) return true;
  if (SPACE.test(here.text)) return !SPACE.test(next.text);
  if (SPACE.test(next.text)) return false;
  if (here.text === '\u200b') return true;
  if (IDEOGRAPHIC.test(here.text) || IDEOGRAPHIC.test(next.text)) return !NOT_AT_START.test(next.text) && !NOT_AT_END.test(here.text);
  return HYPHEN.test(here.text) && /\p{L}/u.test(next.text);
}

/** Forgets every text: for what must not stay in memory. */
export function forgetShapes(): void {
  CACHE.clear();
}

export function shape(text: string, of: Face, rightToLeft: boolean): Shaped {
  const key = `${of.id}${rightToLeft ? '<' : '>'}${text}`;
  let found = CACHE.get(key);
  if (found === undefined) {
    found = layOut(text, of, rightToLeft);
    if (CACHE.size >= CACHE_SIZE) CACHE.clear();
    CACHE.set(key, found);
  }
  return found;
}

function layOut(text: string, of: Face, rightToLeft: boolean): Shaped {
  if (text === '') return { glyphs: [], width: 0, placed: false };
  const scale = 1_000 / of.font.unitsPerEm;
  const run = of.font.layout(text, undefined, undefined, undefined, rightToLeft ? 'rtl' : 'ltr');
  const glyphs = run.glyphs.map((glyph, index): Glyph => {
    const position = run.positions[index];
    return {
      id: glyph.id,
      advance: (position?.xAdvance ?? glyph.advanceWidth) * scale,
      natural: glyph.advanceWidth * scale,
      x: (position?.xOffset ?? 0) * scale,
      y: (position?.yOffset ?? 0) * scale,
      codePoints: glyph.codePoints,
    };
  });
  return {
    glyphs,
    width: glyphs.reduce((sum, glyph) => sum + glyph.advance, 0),
    placed: glyphs.some((glyph) => glyph.x !== 0 || glyph.y !== 0),
  };
}
