/**
 * Puts the tags that stood on lines of their own between the blocks, so that what they choose or repeat is
 * whole blocks: paragraphs, items of a list, rows of a table. A tag and its end, and what is between them
 * (`else`, `when`), always lie between children of the same block; else the letter is refused.
 */
import type { Node } from './markdown.ts';
import { isClosing, isMiddle, isOpening, LetterError, type LineTag, type LiquidPiece } from './scan.ts';

/** What stands before the n-th child of a block; behind the last child it is n = number of children. */
export type Placed = ReadonlyMap<Node, readonly (readonly LiquidPiece[])[]>;

/** Tags that belong together, or one that stands alone. */
interface Group {
  readonly tags: { readonly piece: LiquidPiece; readonly at: number; readonly order: number }[];
  readonly groups: Group[];
}

/** How many leaves, counted through the whole letter, lie before a block and up to its end. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export function placeTags(root: Node, tags: readonly LineTag[]): Placed {
  const leafLines: number[] = [];
  const spans = new Map<Node, Span>();
  measure(root, leafLines, spans);
  const placed = new Map<Node, { piece: LiquidPiece; order: number }[][]>();
  const positioned = tags.map(({ line, piece }, order) => ({ piece, order, at: leafLines.filter((leaf) => leaf < line).length }));
  for (const group of groupsOf(positioned)) place(group, root, spans, placed);
  return new Map(
    [...placed].map(([node, slots]) => [node, slots.map((slot) => slot.sort((a, b) => a.order - b.order).map((tag) => tag.piece))]),
  );
}

function measure(node: Node, leafLines: number[], spans: Map<Node, Span>): void {
  const from = leafLines.length;
  if (node.children.length === 0 || node.kind === 'row' || node.kind === 'definition') leafLines.push(node.line);
  else for (const child of node.children) measure(child, leafLines, spans);
  spans.set(node, { from, to: leafLines.length });
}

function groupsOf(tags: readonly Group['tags'][number][]): Group[] {
  const top: Group[] = [];
  const open: Group[] = [];
  for (const tag of tags) {
    const around = open.at(-1);
    if (isMiddle(tag.piece) || isClosing(tag.piece)) {
      // Its beginning stands in the middle of a text.
      if (around === undefined) throw new LetterError('letters.check.tag_crosses', tag.piece.place, tag.piece.name);
      around.tags.push(tag);
      if (isClosing(tag.piece)) open.pop();
      continue;
    }
    const group: Group = { tags: [tag], groups: [] };
    (around?.groups ?? top).push(group);
    if (isOpening(tag.piece)) open.push(group);
  }
  const left = open[0]?.tags[0];
  if (left !== undefined) throw new LetterError('letters.check.tag_crosses', left.piece.place, left.piece.name);
  return top;
}

function place(
  group: Group,
  within: Node,
  spans: ReadonlyMap<Node, Span>,
  placed: Map<Node, { piece: LiquidPiece; order: number }[][]>,
): void {
  const first = group.tags[0];
  const last = group.tags.at(-1);
  if (first === undefined || last === undefined) return;
  const container = containerOf(group, within, spans);
  if (container === undefined) throw new LetterError('letters.check.tag_crosses', first.piece.place, first.piece.name);
  const slots = placed.get(container) ?? Array.from({ length: container.children.length + 1 }, () => []);
  placed.set(container, slots);
  for (const tag of group.tags) {
    const slot = container.children.findIndex((child) => spanOf(child, spans).from >= tag.at);
    slots[slot < 0 ? container.children.length : slot]?.push(tag);
  }
  for (const inner of group.groups) place(inner, container, spans, placed);
}

/** The outermost block between whose children all tags of the group lie; a loop over whole items of one list goes into it. */
function containerOf(group: Group, within: Node, spans: ReadonlyMap<Node, Span>): Node | undefined {
  const from = group.tags[0]?.at ?? 0;
  const to = group.tags.at(-1)?.at ?? from;
  const loops = group.tags[0]?.piece.name === 'for';
  let node = within;
  for (;;) {
    const cut = node.children.find((child) => {
      const span = spanOf(child, spans);
      return group.tags.some((tag) => span.from < tag.at && tag.at < span.to);
    });
    if (cut === undefined) {
      const only = node.children.find((child) => spanOf(child, spans).from === from && spanOf(child, spans).to === to);
      return loops && (only?.kind === 'list' || only?.kind === 'definitions') && from < to ? only : node;
    }
    const span = spanOf(cut, spans);
    if (cut.kind === 'row' || cut.kind === 'definition' || from < span.from || to > span.to) return undefined;
    node = cut;
  }
}

function spanOf(node: Node, spans: ReadonlyMap<Node, Span>): Span {
  return spans.get(node) ?? { from: 0, to: 0 };
}
