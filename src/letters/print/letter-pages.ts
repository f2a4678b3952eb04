/** One letter onto its pages. */
import { say } from '../../core/index.ts';
import type { PrintedLetter, Stationery } from './blocks.ts';
import { type Element, flow, type Placed, paginate, type Row } from './flow.ts';
import { lines } from './lines.ts';
import { type At, byElement, type Pen } from './pen.ts';
import { SHEETS } from './sheet.ts';

/** What came of a letter. */
export interface Printed {
  readonly pages: number;
  /** Characters that no font has; they stand as replacement characters on the page. */
  readonly missing: readonly string[];
}

/** Room for six lines in the window (DIN 5008); an address of more is set smaller. */
const ADDRESS = { size: 10.5, leading: 12.6 };
const SMALL = { size: 7, leading: 9 };
const INFORMATION = { size: 9, leading: 11.5 };
/** Where the base line lies within the height of a line. */
const BASE = 0.78;

export function printLetter(pen: Pen, letter: PrintedLetter, stationery: Stationery): Printed {
  const sheet = SHEETS[stationery.layout];
  const missing = new Set<string>();
  const direction = rightToLeft(letter.language) ? 'rtl' : 'ltr';
  const body: Element = { tag: 'Sect', children: [] };
  const rows = flow(letter.subject, letter.blocks, body, { width: sheet.first.width, direction, missing });
  const pages = paginate(rows, sheet.first.height, sheet.next.height);

  const section = pen.letter(letter.language);
  const made = new Map<Element, PDFKit.PDFStructureElement>();
  for (const [index, page] of pages.entries()) {
    pen.addPage();
    pen.artifact('Layout', () => {
      for (const mark of sheet.marks) pen.rule(sheet.marksX, mark.y, mark.length);
    });
    if (index === 0) {
      head(pen, section, letter, stationery, missing);
      // In the order of reading: what every letter says alike comes first, then its own text.
      for (const child of body.children) build(pen, child, section, made);
    }
    const { x, y } = index === 0 ? sheet.first : sheet.next;
    for (const [of, placed] of byElement(settle(page, y))) {
      const structure = made.get(of);
      if (structure !== undefined)
        pen.write(
          structure,
          placed.map((one) => ({ ...one, x: x + one.x })),
        );
    }
    pen.artifact('Pagination', () => foot(pen, letter.language, stationery, index, pages.length, missing));
  }
  section.end();
  return { pages: pages.length, missing: [...missing] };
}

function build(pen: Pen, element: Element, parent: PDFKit.PDFStructureElement, made: Map<Element, PDFKit.PDFStructureElement>): void {
  const structure = pen.element(element.tag, element.tag === 'TH' ? { scope: 'Column' } : {});
  parent.add(structure);
  made.set(element, structure);
  for (const child of element.children) build(pen, child, structure, made);
}

/** Name or logo, return address, recipient, sender and date. */
function head(pen: Pen, section: PDFKit.PDFStructureElement, letter: PrintedLetter, stationery: Stationery, missing: Set<string>): void {
  const sheet = SHEETS[stationery.layout];
  const text = (lines: readonly At[]): void => {
    if (lines.length === 0) return;
    const paragraph = pen.element('P');
    section.add(paragraph);
    pen.write(paragraph, lines);
  };
  if (stationery.logo === null) text(block([stationery.name], sheet.head, { size: 15, leading: 19, bold: true }, missing));
  else {
    const { x, y, width, height } = sheet.head;
    const figure = pen.element('Figure', { alt: stationery.name, bbox: [x, y, x + width, y + height] });
    section.add(figure);
    const { logo } = stationery;
    figure.add(() => pen.doc.image(logo, x, y, { fit: [width, height] }));
  }
  if (sheet.returnLine !== null) text(fitted(stationery.returnLine, sheet.returnLine, missing));
  text(window(letter.address, sheet.address, missing));
  text(block([...stationery.sender, ...(stationery.sender.length > 0 ? [''] : []), letter.date], sheet.information, INFORMATION, missing));
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function block(
  texts: readonly string[],
  { x, y, width }: Place,
  type: { readonly size: number; readonly leading: number; readonly bold?: boolean },
  missing: Set<string>,
): At[] {
  return texts
    .flatMap((text) => lines([{ text }], { size: type.size, width, bold: type.bold === true, direction: 'auto', missing }))
    .map((line, index) => ({ line, x, y: y + type.leading * (index + BASE), size: type.size }))
    .filter(({ line }) => line.pieces.length > 0);
}

/** On one line, set smaller until it fits. */
function fitted(text: string, place: Place, missing: Set<string>): At[] {
  for (let size = SMALL.size; size > 4.5; size -= 0.25) {
    const set = block([text], place, { size, leading: SMALL.leading }, missing);
    if (set.length <= 1) return set;
  }
  return block([text], place, { size: 4.5, leading: SMALL.leading }, missing).slice(0, 1);
}

/** The address, all of it: a long one is set smaller rather than cut off, since the window shows no more. */
function window(address: readonly string[], place: Place, missing: Set<string>): At[] {
  for (let size = ADDRESS.size; ; size -= 0.5) {
    const leading = (ADDRESS.leading * size) / ADDRESS.size;
    const set = block(address, place, { size, leading }, missing);
    if (set.length * leading <= place.height || size <= 6) return set;
  }
}

function foot(pen: Pen, language: string, stationery: Stationery, index: number, count: number, missing: Set<string>): void {
  const sheet = SHEETS[stationery.layout];
  const all: At[] = [];
  if (count > 1) {
    const spoken = /^(de|en)(?:-|$)/.exec(language)?.[1];
    // Numbers are read in every language; words are there in two.
    const text =
      spoken === undefined
        ? `${index + 1} / ${count}`
        : say(spoken === 'de' ? 'de' : 'en', 'print.page', { page: index + 1, pages: count });
    for (const line of lines([{ text }], { size: 9, width: sheet.next.width, missing })) {
      all.push({ line, x: sheet.next.x + sheet.next.width - line.width, y: sheet.pageNumberY, size: 9 });
    }
  }
  if (index === 0) all.push(...block(stationery.footer, sheet.footer, { size: 7.5, leading: 9.5 }, missing));
  pen.plain(all);
}

/** Rows one below the other. */
function settle(page: readonly Row[], from: number): (Placed & { readonly y: number })[] {
  let y = from;
  const placed: (Placed & { readonly y: number })[] = [];
  for (const row of page) {
    for (const one of row.placed) placed.push({ ...one, y: y + row.height * BASE });
    y += row.height;
  }
  return placed;
}

/** Whether a language is written from right to left. */
export function rightToLeft(language: string): boolean {
  return /^(?:ar|he|iw|fa|ur|ps|yi|dv|ckb|sd|ug)(?:-|$)/i.test(language);
}
