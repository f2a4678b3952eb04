/** Markdown as letters have it, and its tokens as a tree. */
import MarkdownIt, { type Token } from 'markdown-it';

import { END_MARK, OUTPUT_MARK } from './scan.ts';

/** No HTML; no code blocks, which an indented line would become; no headings by underlining, no link lists at the end. */
const markdown = new MarkdownIt('default', { html: false, linkify: true, breaks: false, typographer: false }).disable([
  'code',
  'fence',
  'lheading',
  'reference',
  'strikethrough',
]);
// Addresses are checked where they are written (address.ts, check.ts); here they stay as they are.
markdown.normalizeLink = (url) => url;
markdown.normalizeLinkText = (url) => url;
markdown.validateLink = () => true;
// Without a scheme every file name with a dot would be a link.
markdown.linkify.set({ fuzzyLink: false, fuzzyIP: false, fuzzyEmail: true });

// `<{{ link }}>`: the address is its own text.
markdown.inline.ruler.before('autolink', 'field_link', (state, silent) => {
  const found = new RegExp(`^<(${OUTPUT_MARK}\\d+${END_MARK})>`).exec(state.src.slice(state.pos, state.posMax));
  if (found === null) return false;
  if (!silent) {
    state.push('link_open', 'a', 1).attrs = [['href', found[1] ?? '']];
    state.push('text', '', 0).content = found[1] ?? '';
    state.push('link_close', 'a', -1);
  }
  state.pos += found[0].length;
  return true;
});

/** `definitions`: a table of two columns whose heading is empty: what something is, and its value. */
export type NodeKind =
  | 'root'
  | 'paragraph'
  | 'heading'
  | 'list'
  | 'item'
  | 'table'
  | 'row'
  | 'cell'
  | 'definitions'
  | 'definition'
  | 'term'
  | 'value'
  | 'quote'
  | 'rule';

/** A block of a letter. Blocks hold blocks, or running text. */
export interface Node {
  readonly kind: NodeKind;
  /** Line of the scanned text on which it begins. */
  readonly line: number;
  readonly children: Node[];
  readonly inline: readonly Token[];
  readonly level: number;
  readonly ordered: boolean;
  readonly start: number;
  readonly align: 'left' | 'center' | 'right' | null;
  readonly header: boolean;
}

const KINDS: Readonly<Record<string, NodeKind>> = {
  paragraph: 'paragraph',
  heading: 'heading',
  bullet_list: 'list',
  ordered_list: 'list',
  list_item: 'item',
  table: 'table',
  tr: 'row',
  th: 'cell',
  td: 'cell',
  blockquote: 'quote',
  hr: 'rule',
};

export function parseMarkdown(text: string): Node {
  const root = nodeOf('root', 0);
  const open: { readonly node: Node; readonly type: string }[] = [{ node: root, type: '' }];
  for (const token of markdown.parse(text, {})) {
    const type = token.type.replace(/_(?:open|close)$/, '');
    const parent = open.at(-1)?.node ?? root;
    if (token.type === 'inline') {
      (parent.inline as Token[]).push(...(token.children ?? []));
      continue;
    }
    if (token.nesting < 0) {
      const closed = open.at(-1)?.type === type ? open.pop()?.node : undefined;
      const around = open.at(-1)?.node.children;
      if (closed?.kind === 'table') around?.splice(-1, 1, withoutHeading(closed));
      continue;
    }
    // `thead` and `tbody` are told by the cells.
    const kind = KINDS[type];
    if (kind === undefined) continue;
    const node = nodeOf(kind, lineOf(token, kind, parent), token, type);
    parent.children.push(node);
    if (token.nesting > 0) open.push({ node, type });
  }
  return root;
}

/** Rows of a table carry no line of their own: the heading, the line under it, then one after the other. */
function lineOf(token: Token, kind: NodeKind, parent: Node): number {
  if (kind !== 'row') return token.map?.[0] ?? parent.line;
  return parent.line + (parent.children.length === 0 ? 0 : parent.children.length + 1);
}

function nodeOf(kind: NodeKind, line: number, token?: Token, type = ''): Node {
  const align = /text-align:(left|center|right)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
  return {
    kind,
    line,
    children: [],
    inline: [],
    level: kind === 'heading' ? Number(token?.tag.slice(1)) : 0,
    ordered: type === 'ordered_list',
    start: Number(token?.attrGet('start') ?? 1),
    align: align === 'left' || align === 'center' || align === 'right' ? align : null,
    header: type === 'th',
  };
}

/** `| | |` over two columns: its rows are definitions. */
function withoutHeading(table: Node): Node {
  const [heading, ...rows] = table.children;
  if (heading?.children.length !== 2 || heading.children.some((cell) => cell.inline.length > 0)) return table;
  return {
    ...table,
    kind: 'definitions',
    children: rows.map((row) => ({
      ...row,
      kind: 'definition',
      children: row.children.map((cell, at) => ({ ...cell, kind: at === 0 ? 'term' : 'value' })),
    })),
  };
}
