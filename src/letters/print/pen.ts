/**
 * Writes shaped text into a PDF. pdfkit sets whole strings and shapes them itself, from left to right only;
 * here the glyphs are known already, so they are written as they are. `Insides` is what is used of pdfkit
 * beyond its documented methods, in this file only.
 */
import PDFDocument from 'pdfkit';
import type { Element, Placed } from './flow.ts';
import type { Face } from './fonts.ts';
import type { Line } from './lines.ts';
import type { Piece } from './shape.ts';

interface EmbeddedFont {
  readonly id: string;
  readonly subset: { includeGlyph(glyph: number): number };
  /** By number in the subset, in thousandths. */
  readonly widths: number[];
  readonly unicode: (readonly number[])[];
  ref(): unknown;
}

interface Insides {
  readonly _font: EmbeddedFont;
  readonly page: { readonly height: number; readonly fonts: Record<string, unknown> };
}

export interface PdfOptions {
  readonly title: string;
  readonly language: string;
  readonly width: number;
  readonly height: number;
}

/** Of an element; pdfkit takes them all, its types know the first only. */
interface ElementOptions {
  readonly alt?: string;
  readonly scope?: 'Column';
  /** Left, top, right, bottom. */
  readonly bbox?: readonly [number, number, number, number];
}

export interface At {
  readonly line: Line;
  readonly x: number;
  /** Of the base line, from the top. */
  readonly y: number;
  readonly size: number;
}

export class Pen {
  readonly doc: PDFKit.PDFDocument;
  readonly #fonts = new Map<string, EmbeddedFont>();
  readonly #shown = new WeakMap<Line, { readonly font: EmbeddedFont; readonly shown: string } | null>();
  readonly #root: PDFKit.PDFStructureElement;

  constructor(options: PdfOptions) {
    const settings = {
      size: [options.width, options.height],
      margin: 0,
      autoFirstPage: false,
      tagged: true,
      subset: 'PDF/UA',
      pdfVersion: '1.7',
      displayTitle: true,
      lang: options.language,
      info: { Title: options.title, Creator: 'Muster', Producer: 'Muster' },
      // Shaped text is kept by `shape`, with a bound.
      fontLayoutCache: false,
    } as const;
    // The types lack `fontLayoutCache`, and want a plain array for the size.
    this.doc = new PDFDocument(settings as unknown as PDFKit.PDFDocumentOptions);
    this.#root = this.doc.struct('Document');
    this.doc.addStructure(this.#root);
  }

  addPage(): void {
    this.doc.addPage();
  }

  /** The part of the structure that a letter is; ended by `end`. */
  letter(language: string): PDFKit.PDFStructureElement {
    const section = this.doc.struct('Sect', { lang: language });
    this.#root.add(section);
    return section;
  }

  element(tag: string, options: ElementOptions = {}): PDFKit.PDFStructureElement {
    return this.doc.struct(tag, options);
  }

  /** Text that belongs to an element of the structure. */
  write(element: PDFKit.PDFStructureElement, lines: readonly At[]): void {
    element.add(() => this.#text(lines));
  }

  /** What is no content: marks, page numbers, the foot of the page. */
  artifact(type: 'Pagination' | 'Layout', draw: () => void): void {
    this.doc.markContent('Artifact', { type });
    draw();
    this.doc.endMarkedContent();
  }

  plain(lines: readonly At[]): void {
    this.#text(lines);
  }

  rule(x: number, y: number, length: number): void {
    this.doc
      .save()
      .lineWidth(0.4)
      .moveTo(x, y)
      .lineTo(x + length, y)
      .stroke('#555555')
      .restore();
  }

  end(): void {
    this.#root.end();
    this.doc.end();
  }

  #text(lines: readonly At[]): void {
    const { height } = this.#insides.page;
    // pdfkit's page begins at the top; text is written with the page as PDF has it.
    const out: string[] = ['q', `1 0 0 -1 0 ${number(height)} cm`];
    for (const { line, x, y, size } of lines) {
      if (line.pieces.length === 0) continue;
      if (line.turned) out.push(`/Span <</ActualText <feff${utf16(line.text)}>>> BDC`);
      out.push('BT', this.#same(line, x, height - y, size) ?? this.#line(line.pieces, x, height - y, size).join('\n'), 'ET');
      if (line.turned) out.push('EMC');
    }
    out.push('Q');
    this.doc.addContent(out.join('\n'));
  }

  /** A line of one font, as it was written before; lines that every letter has are the same object. */
  #same(line: Line, x: number, y: number, size: number): string | undefined {
    let known = this.#shown.get(line);
    if (known === undefined) {
      const face = line.pieces[0]?.face;
      const plain = face !== undefined && line.pieces.every((piece) => piece.face === face && !piece.placed);
      known = plain ? { font: this.#use(face), shown: this.#line(line.pieces, 0, 0, 1).at(-1) ?? '' } : null;
      this.#shown.set(line, known);
    }
    if (known === null) return undefined;
    this.#insides.page.fonts[known.font.id] ??= known.font.ref();
    return `/${known.font.id} ${number(size)} Tf 1 0 0 1 ${number(x)} ${number(y)} Tm ${known.shown}`;
  }

  #line(pieces: readonly Piece[], from: number, y: number, size: number): string[] {
    const out: string[] = [];
    let x = from;
    let current: Face | undefined;
    /** What is being shown; hexadecimal glyphs and, between them, kerning. */
    let shown = '';
    let hex = '';
    const flush = (): void => {
      if (hex !== '') shown += `<${hex}>`;
      if (shown !== '') out.push(`[${shown}] TJ`);
      shown = '';
      hex = '';
    };
    for (const piece of pieces) {
      const font = this.#use(piece.face);
      if (piece.face !== current || piece.placed) {
        flush();
        if (piece.face !== current) out.push(`/${font.id} ${number(size)} Tf`);
        out.push(`1 0 0 1 ${number(x)} ${number(y)} Tm`);
        current = piece.face;
      }
      let inner = x;
      for (const glyph of piece.glyphs) {
        const code = codeOf(font, glyph.id, glyph.natural, glyph.codePoints);
        if (piece.placed)
          out.push(`1 0 0 1 ${number(inner + (glyph.x * size) / 1_000)} ${number(y + (glyph.y * size) / 1_000)} Tm <${code}> Tj`);
        else {
          hex += code;
          const kern = glyph.natural - glyph.advance;
          if (kern !== 0) {
            shown += `<${hex}>${number(kern)}`;
            hex = '';
          }
        }
        inner += (glyph.advance * size) / 1_000;
      }
      x = inner;
      if (piece.placed) current = undefined;
    }
    flush();
    return out;
  }

  #use(face: Face): EmbeddedFont {
    let font = this.#fonts.get(face.id);
    if (font === undefined) {
      this.doc.registerFont(face.id, face.bytes);
      this.doc.font(face.id);
      font = this.#insides._font;
      this.#fonts.set(face.id, font);
    }
    this.#insides.page.fonts[font.id] ??= font.ref();
    return font;
  }

  get #insides(): Insides {
    return this.doc as unknown as Insides; // declared above; pdfkit's types have its documented methods only
  }
}

/** The glyph's number in the font as it will be embedded, as TJ takes it. */
function codeOf(font: EmbeddedFont, glyph: number, width: number, codePoints: readonly number[]): string {
  const code = font.subset.includeGlyph(glyph);
  font.widths[code] ??= width;
  font.unicode[code] ??= codePoints;
  return code.toString(16).padStart(4, '0');
}

function number(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

function utf16(text: string): string {
  let out = '';
  for (let index = 0; index < text.length; index += 1) out += text.charCodeAt(index).toString(16).padStart(4, '0');
  return out;
}

/** The lines of a page by the element they belong to, in the order of their first line. */
export function byElement(placed: readonly (Placed & { readonly y: number })[]): Map<Element, (Placed & { readonly y: number })[]> {
  const groups = new Map<Element, (Placed & { readonly y: number })[]>();
  for (const one of placed) {
    const group = groups.get(one.of);
    if (group === undefined) groups.set(one.of, [one]);
    else group.push(one);
  }
  return groups;
}
