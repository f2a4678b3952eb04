/** Pieces of text to lines of a width, each line in the order in which it stands on the paper. */
import type { Inline } from './blocks.ts';
import { forgetShapes, type Piece, pieces, shape } from './shape.ts';

export interface Line {
  /** From left to right. */
  readonly pieces: readonly Piece[];
  /** Points. */
  readonly width: number;
  /** As it is read. */
  readonly text: string;
  /** Something in it runs from right to left, so that the order of its glyphs is not that of reading. */
  readonly turned: boolean;
}

export interface LineOptions {
  /** Points. */
  readonly size: number;
  /** Points. */
  readonly width: number;
  readonly bold?: boolean;
  readonly direction?: 'ltr' | 'rtl' | 'auto';
  /** Receives the characters that no font has. */
  readonly missing: Set<string>;
}

/**
 * Most of what a letter says stands in every letter of its batch, so paragraphs are kept as they were set.
 * Emptied when full.
 */
const SET = new Map<string, { readonly made: readonly Line[]; readonly missing: ReadonlySet<string> }>();
const SET_SIZE = 2_000;

/** Forgets every text that was set: after letters with passwords. */
export function forgetLines(): void {
  SET.clear();
  forgetShapes();
}

/** Breaks where words end; a word longer than a line is broken within. There is always a line. */
export function lines(text: readonly Inline[], options: LineOptions): readonly Line[] {
  const parts = text.map((part) => (part.bold === true ? `\u0001${part.text}` : `\u0002${part.text}`));
  const key = [options.size, options.width, options.bold === true, options.direction ?? 'ltr', ...parts].join('\u0003');
  let found = SET.get(key);
  if (found === undefined) {
    const missing = new Set<string>();
    found = { made: breakLines(text, { ...options, missing }), missing };
    if (SET.size >= SET_SIZE) SET.clear();
    SET.set(key, found);
  }
  for (const character of found.missing) options.missing.add(character);
  return found.made;
}

function breakLines(text: readonly Inline[], options: LineOptions): Line[] {
  const { size, width } = options;
  const limit = (width * 1_000) / size;
  const whole = pieces(text, { bold: options.bold ?? false, direction: options.direction ?? 'ltr', missing: options.missing });
  const made: Line[] = [];
  let line: Piece[] = [];
  let used = 0;
  const end = (): void => {
    made.push(finish(line, size));
    line = [];
    used = 0;
  };
  for (const word of words(whole)) {
    const content = word.filter((piece) => !piece.space);
    const wide = content.reduce((sum, piece) => sum + piece.width, 0);
    // A word that no line can take begins where the line has got to.
    if (used + wide > limit && wide <= limit && line.some((piece) => !piece.space)) end();
    for (const piece of wide > limit ? word.flatMap((long) => cut(long, limit)) : word) {
      if (piece.lineEnd) end();
      else if (used + piece.width > limit && wide > limit && line.length > 0) {
        end();
        line.push(piece);
        used = piece.width;
      } else if (!piece.space || line.length > 0) {
        line.push(piece);
        used += piece.width;
      }
    }
  }
  if (line.length > 0 || made.length === 0) end();
  return made;
}

/** Pieces that stay together on a line, with the space behind them. */
function words(of: readonly Piece[]): Piece[][] {
  const made: Piece[][] = [];
  let word: Piece[] = [];
  for (const [index, piece] of of.entries()) {
    word.push(piece);
    const next = of[index + 1];
    // The space that follows a word goes with it, and vanishes at the end of the line.
    if (piece.breakAfter || next?.lineEnd === true) {
      made.push(word);
      word = [];
    }
  }
  if (word.length > 0) made.push(word);
  return made;
}

/** Where the address of a web page is best broken. */
const PART = /[^/?&=_.@-]*[/?&=_.@-]*/gu;

/** A piece in parts that fit: behind the signs of an address, else between characters with their marks. */
function cut(piece: Piece, limit: number): Piece[] {
  if (piece.space) return [piece];
  const of = (text: string): Piece => ({ ...piece, ...shape(text, piece.face, piece.level % 2 === 1), text, seen: text });
  return (piece.seen.match(PART) ?? [])
    .filter((part) => part !== '')
    .flatMap((part) => {
      const whole = of(part);
      if (whole.width <= limit) return [whole];
      const parts: Piece[] = [];
      let fitting = '';
      for (const character of part.match(/\P{M}\p{M}*/gu) ?? [part]) {
        if (fitting !== '' && of(fitting + character).width > limit) {
          parts.push(of(fitting));
          fitting = '';
        }
        fitting += character;
      }
      return [...parts, of(fitting)];
    });
}

function finish(line: readonly Piece[], size: number): Line {
  const last = line.findLastIndex((piece) => !piece.space);
  const kept = line.slice(0, last + 1);
  const turned = kept.some((piece) => piece.level > 0);
  return {
    pieces: turned ? reorder(kept) : kept,
    width: (kept.reduce((sum, piece) => sum + piece.width, 0) * size) / 1_000,
    text: kept.map((piece) => piece.text).join(''),
    turned,
  };
}

/** Rule L2 of the bidirectional algorithm (UAX #9), over pieces, each of which is in its order already. */
function reorder(line: readonly Piece[]): Piece[] {
  const order = [...line];
  const highest = Math.max(...order.map((piece) => piece.level));
  for (let level = highest; level >= 1; level -= 1) {
    for (let from = 0; from < order.length; from += 1) {
      if ((order[from]?.level ?? 0) < level) continue;
      let to = from;
      while (to < order.length && (order[to]?.level ?? 0) >= level) to += 1;
      order.splice(from, to - from, ...order.slice(from, to).reverse());
      from = to;
    }
  }
  return order;
}
