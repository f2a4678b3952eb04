/** A letter as HTML for mail programs: styles on each element, nothing that runs, nothing that is fetched but images. */
import { safeAddress } from './address.ts';
import { type Address, type Letter, emit, type Mark, type Sink } from './emit.ts';
import { escapeHtml } from '../../core/index.ts';
import { addressText, staticAddress, tagText } from './liquid-text.ts';
import type { Node } from './markdown.ts';
import type { LiquidPiece } from './scan.ts';
import type { FrameColours } from './types.ts';

export interface Look {
  readonly colours: FrameColours;
  /** The frame's parts are smaller and quieter than the letter. */
  readonly quiet: boolean;
  /** Sides are named left and right: not every mail program knows start and end. */
  readonly direction: 'ltr' | 'rtl';
}

/** A Liquid template for `Engines.html`. */
export function htmlTemplate(letter: Letter, look: Look): string {
  const parts: string[] = [];
  emit(letter, new HtmlSink(parts, look));
  return parts.join('');
}

/** Static text in a template: neither HTML nor Liquid. */
export function staticHtml(text: string): string {
  return escapeHtml(text).replaceAll('{', '&#123;');
}

const HEADING_SIZES = ['24px', '20px', '18px', '16px', '16px', '16px'];

class HtmlSink implements Sink {
  readonly #out: string[];
  readonly #look: Look;
  /** Of links without an address only the text is left. */
  readonly #links: boolean[] = [];

  constructor(out: string[], look: Look) {
    this.#out = out;
    this.#look = look;
  }

  open(node: Node, within: Node): void {
    this.#out.push(this.#opening(node, within));
  }

  #opening(node: Node, within: Node): string {
    const { colours, quiet } = this.#look;
    const gap = quiet ? '8px' : '16px';
    const [start, end] = sidesOf(this.#look);
    switch (node.kind) {
      case 'paragraph':
        return isBare(node, within) ? '' : `<p style="margin:0 0 ${gap}">`;
      case 'heading': {
        const size = HEADING_SIZES[node.level - 1] ?? '16px';
        return `<h${node.level} style="margin:0 0 12px;font-size:${size};line-height:1.3;color:${colours.accent}">`;
      }
      case 'list': {
        const from = node.ordered && node.start !== 1 ? ` start="${node.start}"` : '';
        return `<${listTag(node)}${from} style="margin:0 0 ${within.kind === 'item' ? '4px' : gap};padding-${start}:24px">`;
      }
      case 'item':
        return '<li style="margin:0 0 4px">';
      case 'table':
        return `<table style="margin:0 0 ${gap};border-collapse:collapse;width:100%"><thead>`;
      case 'definitions':
        return `<table style="margin:0 0 ${gap};border-collapse:collapse">`;
      case 'row':
      case 'definition':
        return '<tr>';
      case 'cell':
        return dataCell(node, this.#look);
      case 'term':
        return `<th scope="row" style="padding:4px 0;padding-${end}:16px;text-align:${start};vertical-align:top;font-weight:normal;overflow-wrap:break-word;color:${colours.muted}">`;
      case 'value':
        return '<td style="padding:4px 0;vertical-align:top">';
      case 'quote':
        return `<blockquote style="margin:0 0 ${gap};padding-${start}:16px;border-${start}:3px solid ${colours.accent}">`;
      case 'rule':
        return `<hr style="margin:0 0 ${gap};border:0;border-top:1px solid #c8c8c8">`;
      case 'root':
        return '';
    }
  }

  close(node: Node, within: Node): void {
    this.#out.push(closing(node, within));
  }

  text(text: string): void {
    this.#out.push(staticHtml(text));
  }
  code(text: string): void {
    this.#out.push(staticHtml(text));
  }
  lineBreak(): void {
    this.#out.push('<br>');
  }
  mark(mark: Mark, opens: boolean): void {
    this.#out.push(`<${opens ? '' : '/'}${mark}>`);
  }
  output(piece: LiquidPiece): void {
    this.#out.push(piece.raw);
  }
  tag(piece: LiquidPiece): void {
    this.#out.push(tagText(piece));
  }

  openLink(address: Address): void {
    const known = staticAddress(address);
    const safe = known === undefined ? undefined : safeAddress(known);
    this.#links.push(known === undefined || safe !== undefined);
    if (known !== undefined && safe === undefined) return;
    const href = safe === undefined ? addressText(address, '_href') : ` href="${staticHtml(safe)}"`;
    this.#out.push(`<a${href} style="color:${this.#look.colours.link};text-decoration:underline">`);
  }
  closeLink(): void {
    if (this.#links.pop() === true) this.#out.push('</a>');
  }

  image(address: Address, alt: readonly (string | LiquidPiece)[]): void {
    const known = staticAddress(address);
    const safe = known === undefined ? undefined : safeAddress(known, true);
    if (known !== undefined && safe === undefined) return;
    const src = safe === undefined ? addressText(address, '_src') : ` src="${staticHtml(safe)}"`;
    const words = alt.map((part) => (typeof part === 'string' ? staticHtml(part) : part.raw)).join('');
    this.#out.push(`<img${src} alt="${words}" style="max-width:100%;height:auto;border:0">`);
  }
}

function listTag(node: Node): string {
  return node.ordered ? 'ol' : 'ul';
}

/** An item of one text, perhaps with lists under it, is written without paragraphs. */
function isBare(node: Node, within: Node): boolean {
  return within.kind === 'item' && within.children[0] === node && within.children.slice(1).every((child) => child.kind === 'list');
}

function closing(node: Node, within: Node): string {
  switch (node.kind) {
    case 'paragraph':
      return isBare(node, within) ? '' : '</p>\n';
    case 'heading':
      return `</h${node.level}>\n`;
    case 'list':
      return `</${listTag(node)}>\n`;
    case 'item':
      return '</li>\n';
    case 'table':
      return '</tbody></table>\n';
    case 'definitions':
      return '</table>\n';
    case 'row':
      return within.children[0] === node ? '</tr></thead><tbody>\n' : '</tr>\n';
    case 'definition':
      return '</tr>\n';
    case 'cell':
      return node.header ? '</th>' : '</td>';
    case 'term':
      return '</th>';
    case 'value':
      return '</td>';
    case 'quote':
      return '</blockquote>\n';
    case 'rule':
      return '\n';
    case 'root':
      return '';
  }
}

function sidesOf(look: Look): readonly [start: string, end: string] {
  return look.direction === 'rtl' ? ['right', 'left'] : ['left', 'right'];
}

function dataCell(cell: Node, look: Look): string {
  const { colours } = look;
  const [start] = sidesOf(look);
  const align = cell.align ?? start;
  return cell.header
    ? `<th scope="col" style="padding:6px 8px;text-align:${align};vertical-align:bottom;overflow-wrap:break-word;border-bottom:2px solid ${colours.accent}">`
    : `<td style="padding:6px 8px;text-align:${align};vertical-align:top;hyphens:auto;border-bottom:1px solid #c8c8c8">`;
}
