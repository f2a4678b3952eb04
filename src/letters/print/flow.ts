/** Blocks of a letter to a column of lines, each belonging to an element of the structure that readers of screens follow. */
import type { Block, Inline } from './blocks.ts';
import { type Line, lines } from './lines.ts';

/** An element of the document's structure, by the names of PDF: P, H1, L, LI, Lbl, LBody, Table, TR, TH, TD. */
export interface Element {
  readonly tag: string;
  readonly children: Element[];
}

/** A line of text at its place: `x` from the left of the column, in points. */
export interface Placed {
  readonly of: Element;
  readonly line: Line;
  readonly x: number;
  readonly size: number;
}

/** What stands at one height, several lines side by side in a table. */
export interface Row {
  readonly height: number;
  readonly placed: readonly Placed[];
  /** The page does not end below it. */
  readonly keep: boolean;
  /** Space that vanishes at the head of a page. */
  readonly gap: boolean;
}

export interface FlowOptions {
  readonly width: number;
  readonly direction: 'ltr' | 'rtl';
  readonly missing: Set<string>;
}

const TEXT = { size: 10.5, leading: 14 };
const HEADINGS = { 1: { size: 12.5, leading: 16.5 }, 2: { size: 11.5, leading: 15.5 }, 3: { size: 10.5, leading: 14 } } as const;
const GAP = 7;
const INDENT = 18;
const CELL_GAP = 12;

/** The subject and the blocks; the elements are added to `parent`. */
export function flow(subject: string, blocks: readonly Block[], parent: Element, options: FlowOptions): Row[] {
  const rows: Row[] = [];
  const column: Column = { rows, options, left: 0, width: options.width };
  paragraph(column, [{ text: subject }], element(parent, 'H1'), { size: 11.5, leading: 15.5, bold: true, keep: true });
  gap(column, GAP * 2);
  addBlocks(column, blocks, parent);
  return rows;
}

interface Column {
  readonly rows: Row[];
  readonly options: FlowOptions;
  /** How far in from the side where lines begin. */
  readonly left: number;
  readonly width: number;
}

function element(parent: Element, tag: string): Element {
  const made: Element = { tag, children: [] };
  parent.children.push(made);
  return made;
}

function gap({ rows }: Column, height: number): void {
  const keep = rows.at(-1)?.keep ?? false;
  if (rows.length > 0) rows.push({ height, placed: [], keep, gap: true });
}

function addBlocks(column: Column, blocks: readonly Block[], parent: Element): void {
  for (const [index, block] of blocks.entries()) {
    if (index > 0) gap(column, block.kind === 'heading' ? GAP * 1.6 : GAP);
    addBlock(column, block, parent);
  }
}

function addBlock(column: Column, block: Block, parent: Element): void {
  switch (block.kind) {
    case 'paragraph':
      paragraph(column, block.text, element(parent, 'P'), TEXT);
      return;
    case 'heading':
      paragraph(column, block.text, element(parent, `H${block.level + 1}`), { ...HEADINGS[block.level], bold: true, keep: true });
      return;
    case 'list':
      list(column, block, element(parent, 'L'));
      return;
    case 'definitions':
      definitions(column, block, element(parent, 'L'));
      return;
    case 'quote':
      addBlocks({ ...column, left: column.left + INDENT, width: column.width - INDENT }, block.blocks, element(parent, 'BlockQuote'));
      return;
    case 'table':
      table(column, block, element(parent, 'Table'));
      return;
  }
}

interface Type {
  readonly size: number;
  readonly leading: number;
  readonly bold?: boolean;
  /** Stays on the page of what follows. */
  readonly keep?: boolean;
}

function set(column: Column, text: readonly Inline[], of: Element, type: Type, left: number, width: number): Placed[] {
  const { direction, missing } = column.options;
  return lines(text, { size: type.size, width, bold: type.bold === true, direction, missing }).map((line) => ({
    of,
    line,
    x: direction === 'rtl' ? column.options.width - left - line.width : left,
    size: type.size,
  }));
}

function paragraph(column: Column, text: readonly Inline[], of: Element, type: Type): void {
  const placed = set(column, text, of, type, column.left, column.width);
  for (const [index, line] of placed.entries()) {
    // Neither the first nor the last line of a paragraph stands alone on a page.
    const alone = placed.length > 1 && (index === 0 || index === placed.length - 2);
    column.rows.push({ height: type.leading, placed: [line], keep: type.keep === true || alone, gap: false });
  }
}

function list(column: Column, { ordered, start, items }: Extract<Block, { kind: 'list' }>, of: Element): void {
  for (const [index, item] of items.entries()) {
    if (index > 0) gap(column, GAP / 2);
    const entry = element(of, 'LI');
    const label = set(column, [{ text: ordered ? `${start + index}.` : '•' }], element(entry, 'Lbl'), TEXT, column.left, INDENT * 2);
    const body = element(entry, 'LBody');
    const from = column.rows.length;
    addBlocks({ ...column, left: column.left + INDENT, width: column.width - INDENT }, item, body);
    const first = column.rows[from];
    if (first === undefined) column.rows.push({ height: TEXT.leading, placed: label, keep: false, gap: false });
    else column.rows[from] = { ...first, placed: [...label, ...first.placed] };
  }
}

/** Terms and values in two columns, the terms as wide as they need, up to two fifths. */
function definitions(column: Column, { rows }: Extract<Block, { kind: 'definitions' }>, of: Element): void {
  const width = Math.min(column.width * 0.4, Math.max(...rows.map((row) => widthOf(column, row.term))) + 1);
  for (const row of rows) {
    const entry = element(of, 'LI');
    const term = set(column, row.term, element(entry, 'Lbl'), TEXT, column.left, width);
    const left = width + CELL_GAP;
    const value = set(column, row.value, element(entry, 'LBody'), { ...TEXT, bold: true }, column.left + left, column.width - left);
    besides(column, [term, value]);
  }
}

function table(column: Column, { header, rows }: Extract<Block, { kind: 'table' }>, of: Element): void {
  const count = Math.max(header.length, ...rows.map((row) => row.length), 1);
  const wanted = Array.from({ length: count }, (_, index) =>
    Math.max(20, ...[header, ...rows].map((row) => widthOf(column, row[index] ?? []) + 1)),
  );
  const widths = shares(wanted, column.width - CELL_GAP * (count - 1));
  for (const [index, row] of [header, ...rows].entries()) {
    if (index === 0 && header.length === 0) continue;
    const line = element(of, 'TR');
    let left = column.left;
    const cells = widths.map((width, cell) => {
      const placed = set(column, row[cell] ?? [], element(line, index === 0 ? 'TH' : 'TD'), { ...TEXT, bold: index === 0 }, left, width);
      left += width + CELL_GAP;
      return placed;
    });
    besides(column, cells);
    gap(column, 3);
  }
}

/** The widths that columns get: what they want where there is room; else the wide ones share what the narrow ones leave. */
function shares(wanted: readonly number[], width: number): number[] {
  let left = width;
  let open = wanted.length;
  const granted = new Map<number, number>();
  for (const [index, wish] of [...wanted.entries()].sort((a, b) => a[1] - b[1])) {
    const got = Math.min(wish, left / open);
    granted.set(index, got);
    left -= got;
    open -= 1;
  }
  return wanted.map((_, index) => granted.get(index) ?? 0);
}

function besides(column: Column, cells: readonly (readonly Placed[])[]): void {
  const height = Math.max(...cells.map((cell) => cell.length));
  for (let index = 0; index < height; index += 1) {
    const placed = cells.flatMap((cell) => cell[index] ?? []);
    column.rows.push({ height: TEXT.leading, placed, keep: index < height - 1 && height < 8, gap: false });
  }
}

function widthOf(column: Column, text: readonly Inline[]): number {
  const { direction, missing } = column.options;
  return Math.max(0, ...lines(text, { size: TEXT.size, width: 10_000, bold: true, direction, missing }).map((line) => line.width));
}

/** The rows of each page. What is kept together moves to the next page together, unless it fills one alone. */
export function paginate(rows: readonly Row[], first: number, next: number): Row[][] {
  const pages: Row[][] = [[]];
  let room = first;
  let at = 0;
  while (at < rows.length) {
    let to = at;
    while (rows[to]?.keep === true && to < rows.length - 1) to += 1;
    const group = rows.slice(at, to + 1);
    const height = group.reduce((sum, row) => sum + row.height, 0);
    const page = pages.at(-1) ?? [];
    const turn = height > room && page.length > 0;
    if (turn) {
      pages.push([]);
      room = next;
    }
    for (const row of group) {
      const current = pages.at(-1) ?? [];
      if (row.gap && current.length === 0 && pages.length > 1) continue;
      if (row.height > room && current.length > 0) {
        pages.push([row]);
        room = next - row.height;
      } else {
        current.push(row);
        room -= row.height;
      }
    }
    at = to + 1;
  }
  return pages;
}
