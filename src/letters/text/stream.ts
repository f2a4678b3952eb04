/**
 * A letter as a stream: a Liquid template that renders to text with control characters for its structure, and
 * the way back into blocks. No value holds a control character (escape.ts), so none can change the structure.
 */
import { safeAddress } from './address.ts';
import { type Address, emit, type Letter, type Mark, type Sink } from './emit.ts';
import { addressText, staticAddress, tagText } from './liquid-text.ts';
import type { Node, NodeKind } from './markdown.ts';
import type { LiquidPiece } from './scan.ts';
import type { Align, Block, Inline } from './types.ts';

/** Followed by a letter that says what opens, and for some by a word up to `HEAD`. */
const OPEN = '\u0002';
const CLOSE = '\u0003';
const HEAD = '\u0004';
const BREAK = '\u0005';
/** Stands for `{` in static text, so that two of them never make Liquid. */
const BRACE = '\u0006';
const CODES = /[\u0002-\u0005]/g;

const LETTERS: Readonly<Partial<Record<NodeKind, string>>> = {
  paragraph: 'p',
  heading: 'h',
  list: 'l',
  item: 'i',
  table: 't',
  row: 'r',
  cell: 'c',
  definitions: 'd',
  definition: 'r',
  term: 'c',
  value: 'c',
  quote: 'q',
  rule: '-',
};

/** A Liquid template for `Engines.plain`. */
export function streamTemplate(letter: Letter): string {
  const parts: string[] = [];
  emit(letter, new StreamSink(parts));
  return parts.join('');
}

class StreamSink implements Sink {
  readonly #out: string[];
  constructor(out: string[]) {
    this.#out = out;
  }

  open(node: Node): void {
    const letter = LETTERS[node.kind];
    if (letter !== undefined) this.#out.push(`${OPEN}${letter}${headOf(node)}${HEAD}`);
  }
  close(node: Node): void {
    if (LETTERS[node.kind] !== undefined) this.#out.push(CLOSE);
  }
  text(text: string): void {
    this.#out.push(staticText(text));
  }
  code(text: string): void {
    this.#out.push(`${OPEN}k${HEAD}${staticText(text)}${CLOSE}`);
  }
  lineBreak(): void {
    this.#out.push(BREAK);
  }
  mark(mark: Mark, opens: boolean): void {
    this.#out.push(opens ? `${OPEN}${mark === 'strong' ? 'b' : 'e'}${HEAD}` : CLOSE);
  }
  output(piece: LiquidPiece): void {
    this.#out.push(piece.raw);
  }
  tag(piece: LiquidPiece): void {
    this.#out.push(tagText(piece));
  }
  openLink(address: Address): void {
    this.#out.push(`${OPEN}a${addressOf(address)}${HEAD}`);
  }
  closeLink(): void {
    this.#out.push(CLOSE);
  }
  image(address: Address, alt: readonly (string | LiquidPiece)[]): void {
    const words = alt.map((part) => (typeof part === 'string' ? staticText(part) : part.raw)).join('');
    this.#out.push(`${OPEN}m${addressOf(address)}${HEAD}${words}${CLOSE}`);
  }
}

function addressOf(address: Address): string {
  const known = staticAddress(address);
  return known === undefined ? addressText(address, '_address') : staticText(safeAddress(known) ?? '');
}

function headOf(node: Node): string {
  if (node.kind === 'heading') return String(node.level);
  if (node.kind === 'list') return node.ordered ? String(node.start) : '';
  if (node.kind === 'cell') return `${node.header ? 'h' : ''}${node.align?.charAt(0) ?? ''}`;
  return '';
}

/** Static text in a template: `{` has a stand-in. */
export function staticText(text: string): string {
  return text.replaceAll('{', BRACE);
}

export function unbrace(text: string): string {
  return text.includes(BRACE) ? text.replaceAll(BRACE, '{') : text;
}

interface Open {
  readonly letter: string;
  readonly head: string;
  readonly blocks: Block[];
  readonly inline: Inline[];
  readonly items: Block[][];
  readonly rows: Row[];
  readonly cells: Cell[];
}
interface Cell {
  readonly head: string;
  readonly content: readonly Inline[];
}
type Row = readonly Cell[];

function opened(letter: string, head: string): Open {
  return { letter, head, blocks: [], inline: [], items: [], rows: [], cells: [] };
}

/** The blocks of a rendered stream. Lists and tables of which nothing is left are not among them. */
export function blocksOf(stream: string): Block[] {
  const root = opened('', '');
  const stack: Open[] = [root];
  let from = 0;
  for (const code of stream.matchAll(CODES)) {
    const at = code.index;
    if (at < from) continue;
    const top = stack.at(-1) ?? root;
    if (at > from) addText(stack, top, stream.slice(from, at));
    from = at + 1;
    if (code[0] === BREAK) textHolder(stack).inline.push({ kind: 'break' });
    else if (code[0] === CLOSE) {
      if (stack.length > 1) stack.pop();
      closeInto(top, stack.at(-1) ?? root, stack);
    } else if (code[0] === OPEN) {
      const end = stream.indexOf(HEAD, at);
      stack.push(opened(stream[at + 1] ?? '', unbrace(stream.slice(at + 2, end))));
      from = end + 1;
    }
  }
  return root.blocks;
}

const MARK_LETTERS = 'beka';

/** Marks and links hold no text of their own: it goes to the block around them, marked. */
function textHolder(stack: readonly Open[]): Open {
  let at = stack.length - 1;
  while (at > 0 && MARK_LETTERS.includes(stack[at]?.letter ?? '-')) at -= 1;
  return stack[at] ?? opened('', '');
}

function addText(stack: readonly Open[], top: Open, raw: string): void {
  const text = unbrace(raw);
  if (top.letter === 'm') {
    top.inline.push({ kind: 'text', text });
    return;
  }
  const holder = textHolder(stack);
  // Between blocks there is only what whitespace tags leave.
  if (!'phci'.includes(holder.letter) || holder.letter === '') return;
  const is = (letter: string): boolean => stack.some((open) => open.letter === letter);
  const link = stack.findLast((open) => open.letter === 'a')?.head;
  holder.inline.push({
    kind: 'text',
    text,
    ...(is('b') ? { bold: true } : {}),
    ...(is('e') ? { italic: true } : {}),
    ...(is('k') ? { code: true } : {}),
    ...(link === undefined || link === '' ? {} : { href: link }),
  });
}

function closeInto(closed: Open, around: Open, stack: readonly Open[]): void {
  switch (closed.letter) {
    case 'p':
      if (!isEmpty(closed.inline)) around.blocks.push({ kind: 'paragraph', content: closed.inline });
      break;
    case 'h':
      around.blocks.push({ kind: 'heading', level: Number(closed.head), content: closed.inline });
      break;
    case 'i':
      around.items.push(closed.blocks);
      break;
    case 'l':
      if (closed.items.length > 0) {
        around.blocks.push({ kind: 'list', ordered: closed.head !== '', start: Number(closed.head || 1), items: closed.items });
      }
      break;
    case 'c':
      around.cells.push({ head: closed.head, content: closed.inline });
      break;
    case 'r':
      around.rows.push(closed.cells);
      break;
    case 't':
      around.blocks.push(tableOf(closed.rows));
      break;
    case 'd':
      if (closed.rows.length > 0) {
        const rows = closed.rows.map((row) => ({ term: row[0]?.content ?? [], content: row[1]?.content ?? [] }));
        around.blocks.push({ kind: 'definitions', rows });
      }
      break;
    case 'q':
      around.blocks.push({ kind: 'quote', blocks: closed.blocks });
      break;
    case '-':
      around.blocks.push({ kind: 'rule' });
      break;
    case 'm': {
      const alt = closed.inline.map((part) => (part.kind === 'text' ? part.text : '')).join('');
      textHolder(stack).inline.push({ kind: 'image', src: closed.head, alt });
      break;
    }
  }
}

const ALIGN: Readonly<Record<string, Align>> = { l: 'left', c: 'center', r: 'right' };

function tableOf(rows: readonly Row[]): Block {
  const [header, ...body] = rows;
  return {
    kind: 'table',
    align: (header ?? []).map((cell) => ALIGN[cell.head.replace('h', '')] ?? null),
    header: (header ?? []).map((cell) => cell.content),
    rows: body.map((row) => row.map((cell) => cell.content)),
  };
}

function isEmpty(content: readonly Inline[]): boolean {
  return content.every((part) => part.kind === 'text' && part.text.trim() === '');
}
