/** Walks a letter's blocks and tells a sink what is there; what HTML and the stream have in common. */
import type { Token } from 'markdown-it';
import type { Node } from './markdown.ts';
import type { Placed } from './place-tags.ts';
import { isClosing, isMiddle, isOpening, LetterError, type LiquidPiece, MARKS, type Place, type Scanned, TAG_MARK } from './scan.ts';

export type Mark = 'strong' | 'em';

/** Takes a letter down as a Liquid template. */
export interface Sink {
  open(node: Node, within: Node): void;
  close(node: Node, within: Node): void;
  text(text: string): void;
  code(text: string): void;
  /** A line break that the writer wants. */
  lineBreak(): void;
  mark(mark: Mark, opens: boolean): void;
  /** A field that is printed. */
  output(piece: LiquidPiece): void;
  tag(piece: LiquidPiece): void;
  openLink(address: Address): void;
  closeLink(): void;
  image(address: Address, alt: readonly (string | LiquidPiece)[]): void;
}

/** An address: text and fields by turns. */
export type Address = readonly (string | LiquidPiece)[];

export interface Letter {
  readonly root: Node;
  readonly placed: Placed;
  readonly scanned: Scanned;
}

/** Throws `LetterError` for tags that do not lie within one text. */
export function emit(letter: Letter, sink: Sink): void {
  emitChildren(letter, letter.root, sink);
}

function emitChildren(letter: Letter, node: Node, sink: Sink): void {
  const slots = letter.placed.get(node);
  node.children.forEach((child, at) => {
    for (const piece of slots?.[at] ?? []) sink.tag(piece);
    emitNode(letter, child, node, sink);
  });
  for (const piece of slots?.[node.children.length] ?? []) sink.tag(piece);
}

function emitNode(letter: Letter, node: Node, within: Node, sink: Sink): void {
  const guard = node.kind === 'list' || node.kind === 'definitions' ? loopedList(letter, node) : undefined;
  if (guard !== undefined) sink.tag(guard.open);
  const text = textOf(node);
  const whole = text === undefined ? undefined : wholeTag(letter, text.inline);
  if (whole !== undefined) sink.tag(whole.open);
  sink.open(node, within);
  if (node.children.length > 0 || node.inline.length === 0) {
    if (whole === undefined || text === node) emitChildren(letter, node, sink);
    else emitItem(letter, node, text, whole.inline, sink);
  }
  if (node.inline.length > 0) emitInline(letter, whole?.inline ?? node.inline, sink, placeOf(letter, node));
  sink.close(node, within);
  if (whole !== undefined) sink.tag(whole.close);
  if (guard !== undefined) sink.tag(guard.close);
}

/** An item whose only text stands under a condition goes with it. */
function emitItem(letter: Letter, item: Node, text: Node | undefined, inline: readonly Token[], sink: Sink): void {
  if (text === undefined) return;
  sink.open(text, item);
  emitInline(letter, inline, sink, placeOf(letter, text));
  sink.close(text, item);
}

/** The block whose text is all there is of this one. */
function textOf(node: Node): Node | undefined {
  if (node.kind === 'paragraph' || node.kind === 'heading') return node;
  const only = node.children.length === 1 ? node.children[0] : undefined;
  return node.kind === 'item' && only?.kind === 'paragraph' ? only : undefined;
}

/** Text that is one `{% if … %}…{% endif %}` and nothing else: without the tags, which go around the block. */
function wholeTag(
  letter: Letter,
  inline: readonly Token[],
): { open: LiquidPiece; close: LiquidPiece; inline: readonly Token[] } | undefined {
  const first = inline[0];
  const last = inline.at(-1);
  if (first?.type !== 'text' || last?.type !== 'text' || !first.content.startsWith(TAG_MARK)) return undefined;
  const found = inline
    .flatMap((token) => (token.type === 'text' ? [...token.content.matchAll(MARKS)] : []))
    .filter((mark) => mark[1] === TAG_MARK);
  const tags = found.map((mark) => letter.scanned.pieces[Number(mark[2])]);
  const open = tags[0];
  const close = tags.at(-1);
  const closing = found.at(-1)?.[0] ?? '';
  if (open === undefined || close === undefined || !isOpening(open) || open.name === 'case' || !last.content.endsWith(closing))
    return undefined;
  let depth = 0;
  for (const [at, tag] of tags.entries()) {
    if (tag === undefined || (isMiddle(tag) && depth === 1)) return undefined;
    depth += isOpening(tag) ? 1 : isClosing(tag) ? -1 : 0;
    if (depth === 0 && at < tags.length - 1) return undefined;
  }
  const opening = found[0]?.[0] ?? '';
  return {
    open,
    close,
    inline: inline.map((token, at) => {
      const start = at === 0 ? opening.length : 0;
      const end = at === inline.length - 1 ? closing.length : 0;
      return start + end === 0
        ? token
        : Object.assign(Object.create(token) as Token, { content: token.content.slice(start, token.content.length - end) });
    }),
  };
}

/** A list that is nothing but one loop stands only where there is something to repeat. */
function loopedList(letter: Letter, list: Node): { open: LiquidPiece; close: LiquidPiece } | undefined {
  const slots = letter.placed.get(list);
  const open = slots?.[0]?.[0];
  const close = slots?.at(-1)?.at(-1);
  if (open?.name !== 'for' || close?.name !== 'endfor') return undefined;
  const inner = (slots ?? []).flat();
  const loops = inner.filter((piece) => piece.name === 'for').length;
  const over = /^\s*for\s+\S+\s+in\s+([A-Za-z_][\w.]*)/.exec(open.content)?.[1];
  if (over === undefined || loops !== 1 || inner.some((piece) => piece.name === 'else')) return undefined;
  return {
    open: { ...open, name: 'if', raw: `{% if ${over} != empty %}`, content: ` if ${over} != empty ` },
    close: { ...close, name: 'endif', raw: '{% endif %}', content: ' endif ' },
  };
}

function placeOf(letter: Letter, node: Node): Place {
  return letter.scanned.lines[node.line]?.place ?? { part: 'body', line: 1, column: 1 };
}

function emitInline(letter: Letter, tokens: readonly Token[], sink: Sink, place: Place): void {
  /** What is open: marks and tags, which must close in turn. */
  const open: string[] = [];
  const close = (name: string, at: Place): void => {
    const last = open.pop();
    if (last !== name) throw new LetterError('letters.check.tag_crosses', at, open.includes(name) ? last : 'if');
  };
  for (const token of tokens) {
    switch (token.type) {
      case 'text':
        emitText(letter, token.content, sink, open);
        break;
      case 'code_inline':
        for (const part of partsOf(letter, token.content)) {
          if (typeof part === 'string') sink.code(part);
          else if (part.kind === 'output') sink.output(part);
        }
        break;
      case 'softbreak':
        sink.text(' ');
        break;
      case 'hardbreak':
        sink.lineBreak();
        break;
      case 'strong_open':
      case 'em_open': {
        const mark = token.type === 'strong_open' ? 'strong' : 'em';
        open.push(mark);
        sink.mark(mark, true);
        break;
      }
      case 'strong_close':
      case 'em_close': {
        const mark = token.type === 'strong_close' ? 'strong' : 'em';
        close(mark, place);
        sink.mark(mark, false);
        break;
      }
      case 'link_open':
        open.push('link');
        sink.openLink(addressOf(letter, String(token.attrGet('href') ?? ''), place));
        break;
      case 'link_close':
        close('link', place);
        sink.closeLink();
        break;
      case 'image': {
        const alt = (token.children ?? []).map((child) => child.content).join('');
        sink.image(addressOf(letter, String(token.attrGet('src') ?? ''), place), partsOf(letter, alt));
        break;
      }
    }
  }
  if (open.length > 0) throw new LetterError('letters.check.tag_crosses', place, open.at(-1));
}

function emitText(letter: Letter, content: string, sink: Sink, open: string[]): void {
  for (const part of partsOf(letter, content)) {
    if (typeof part === 'string') sink.text(part);
    else if (part.kind === 'output') sink.output(part);
    else {
      const crosses = (): never => {
        throw new LetterError('letters.check.tag_crosses', part.place, part.name);
      };
      if (isOpening(part)) open.push(part.name);
      else if (isClosing(part) && open.pop() !== part.name.slice(3)) crosses();
      else if (isMiddle(part) && !['if', 'unless', 'case', 'for'].includes(open.at(-1) ?? '')) crosses();
      sink.tag(part);
    }
  }
}

function addressOf(letter: Letter, address: string, place: Place): Address {
  const parts = partsOf(letter, address);
  if (parts.some((part) => typeof part !== 'string' && part.kind === 'tag')) throw new LetterError('letters.check.tag_in_address', place);
  return parts;
}

/** Text and Liquid by turns; what is between marks is text. */
export function partsOf(letter: Letter, content: string): (string | LiquidPiece)[] {
  const parts: (string | LiquidPiece)[] = [];
  let from = 0;
  for (const mark of content.matchAll(MARKS)) {
    if (mark.index > from) parts.push(content.slice(from, mark.index));
    const piece = letter.scanned.pieces[Number(mark[2])];
    if (piece !== undefined) parts.push(piece);
    from = mark.index + mark[0].length;
  }
  if (from < content.length) parts.push(content.slice(from));
  return parts;
}
