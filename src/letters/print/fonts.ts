/** The fonts of printed letters, and which of them has a character. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as fontkit from 'fontkit';

export type FaceName = 'latin' | 'arabic' | 'hebrew' | 'han' | 'hangul';

/** In the order in which they are asked for a character: Latin, Greek and Cyrillic come first. */
const FACES: Readonly<Record<FaceName, { readonly package: string; readonly file: string }>> = {
  latin: { package: '@embedpdf/fonts-latin', file: 'NotoSans-#.ttf' },
  arabic: { package: '@embedpdf/fonts-arabic', file: 'NotoNaskhArabic-#.ttf' },
  hebrew: { package: '@embedpdf/fonts-hebrew', file: 'NotoSansHebrew-#.ttf' },
  han: { package: '@embedpdf/fonts-sc', file: 'NotoSansHans-#.otf' },
  hangul: { package: '@embedpdf/fonts-kr', file: 'NotoSansKR-#.otf' },
};
const FACE_NAMES = Object.keys(FACES) as readonly FaceName[]; // the keys of that very object

/** A font file, opened when it is first needed and kept for the life of the process. */
export interface Face {
  /** `latin`, `latin-bold`: what the document calls it. */
  readonly id: string;
  readonly font: fontkit.Font;
  readonly bytes: Buffer;
}

const opened = new Map<string, Face>();
const covered = new Map<number, FaceName | null>();
const require = createRequire(import.meta.url);

export function face(name: FaceName, bold: boolean): Face {
  const id = bold ? `${name}-bold` : name;
  let found = opened.get(id);
  if (found === undefined) {
    const { package: from, file } = FACES[name];
    // The packages export their JavaScript only; the fonts lie beside it.
    const root = path.dirname(path.dirname(require.resolve(from)));
    const bytes = readFileSync(path.join(root, 'fonts', file.replace('#', bold ? 'Bold' : 'Regular')));
    const font = fontkit.create(bytes);
    if (!('layout' in font)) throw new TypeError(`${file} is a collection of fonts`);
    found = { id, font, bytes };
    opened.set(id, found);
  }
  return found;
}

/** The font that has a character, the one of its neighbour if that has it too; null when none has. */
export function faceOf(codePoint: number, neighbour: FaceName | null): FaceName | null {
  if (neighbour !== null && face(neighbour, false).font.hasGlyphForCodePoint(codePoint) && keepsTo(codePoint)) return neighbour;
  let name = covered.get(codePoint);
  if (name === undefined) {
    name = FACE_NAMES.find((candidate) => face(candidate, false).font.hasGlyphForCodePoint(codePoint)) ?? null;
    covered.set(codePoint, name);
  }
  return name;
}

/** Marks, spaces and signs stay in the font of the text they stand in; letters go to the first font that has them. */
function keepsTo(codePoint: number): boolean {
  return !/^[\p{L}\p{N}]$/u.test(String.fromCodePoint(codePoint));
}
