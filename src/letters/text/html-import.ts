/**
 * Wording that a library has already, pasted from a word processor, a mail or a page, as Markdown. Looks are
 * dropped, structure is kept, and so are Liquid's fields and tags. What comes out is a source like any other:
 * it goes through `checkLetter`.
 */
import sanitizeHtml from 'sanitize-html';
import Turndown from 'turndown';
import { safeAddress } from './address.ts';
import { cleanSource } from './scan.ts';

const STRUCTURE = ['p', 'div', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'a', 'img'];
const MARKS = ['strong', 'b', 'em', 'i', 'code'];
const TABLES = ['table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'];

/** Stands for a piece of Liquid while HTML and Markdown are worked on. */
const PIECE = /\ue000(\d+)\ue001/g;
const LIQUID = /\{\{[\s\S]{0,1000}?\}\}|\{%[\s\S]{0,1000}?%\}/g;

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  '#34': '"',
  apos: "'",
  '#39': "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  '#160': ' ',
  amp: '&',
};

/** Never throws for whatever was pasted; what cannot be kept is left out. */
export function markdownFromHtml(html: string): string {
  const pieces: string[] = [];
  const marked = html.replace(/[\ue000-\ue002]/g, '').replace(LIQUID, (piece) => {
    pieces.push(plainPiece(piece));
    return `\ue000${pieces.length - 1}\ue001`;
  });
  const markdown = turndown().turndown(sanitized(marked));
  return tidy(markdown).replace(PIECE, (_mark, no: string) => pieces[Number(no)] ?? '');
}

/** A word processor may have put marks and entities between the braces. */
function plainPiece(piece: string): string {
  return cleanSource(piece)
    .replace(/<[^>]*>/g, '')
    .replace(/&([#\w]+);/g, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity)
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/\s+/g, ' ');
}

function sanitized(html: string): string {
  // Word wraps the sign before an item of a list into conditions, which other programs take for comments.
  const plain = html.replace(/<!\[(?:if|endif)[^>]*>/gi, '').replace(/<\/?o:p>/gi, '');
  return sanitizeHtml(plain, {
    allowedTags: [...STRUCTURE, ...MARKS, ...TABLES],
    allowedAttributes: { a: ['href'], img: ['src', 'alt'], p: ['class'], ol: ['start'] },
    allowedClasses: { p: ['MsoListParagraph*'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    nonTextTags: ['style', 'script', 'textarea', 'option', 'noscript', 'title', 'head', 'xml'],
    transformTags: { b: 'strong', i: 'em' },
    exclusiveFilter: (frame) =>
      (frame.tag === 'img' && !isPicture(frame.attribs)) ||
      (/^(?:h[1-6]|strong|em|a|li|p)$/.test(frame.tag) && frame.text.trim() === '' && frame.mediaChildren.length === 0),
  });
}

/** Pictures that count who reads have no words and no size. */
function isPicture({ src, alt }: Readonly<Record<string, string>>): boolean {
  return (alt ?? '').trim() !== '' && (PIECE_AT_START.test(src ?? '') || /^https:/i.test(safeAddress(src ?? '', true) ?? ''));
}
const PIECE_AT_START = /^\ue000/;

let made: Turndown | undefined;

function turndown(): Turndown {
  if (made !== undefined) return made;
  const service = new Turndown({
    headingStyle: 'atx',
    bulletListMarker: '-',
    emDelimiter: '*',
    strongDelimiter: '**',
    br: '\\',
    hr: '---',
  });
  service.addRule('link', {
    filter: 'a',
    replacement: (content, node) => linkMarkdown(content, (node as HTMLAnchor).getAttribute('href') ?? ''),
  });
  service.addRule('item of Word', {
    filter: (node) => node.nodeName === 'P' && /^MsoListParagraph/.test(node.getAttribute('class') ?? ''),
    replacement: (content) => itemMarkdown(content),
  });
  service.addRule('table', { filter: 'table', replacement: (_content, node) => tableMarkdown(service, node as unknown as Element) });
  made = service;
  return service;
}

/** What is needed of the document that Turndown reads; this project has no types of a browser. */
interface Element {
  readonly nodeName: string;
  readonly innerHTML: string;
  readonly textContent: string | null;
  readonly parentNode: Element | null;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): ArrayLike<Element>;
}
type HTMLAnchor = Pick<Element, 'getAttribute'>;

function linkMarkdown(content: string, href: string): string {
  const words = content.trim();
  const address = PIECE_AT_START.test(href) ? href : safeAddress(href.trim());
  if (address === undefined) return content;
  const written = address.replaceAll('(', '%28').replaceAll(')', '%29');
  const bare = (text: string): string => text.replace(/^mailto:/, '').replaceAll('\\', '');
  if (bare(words) === bare(address)) return /^https?:|^mailto:/.test(address) ? `<${bare(address)}>` : `[${words}](${written})`;
  return words === '' ? '' : `[${words}](${written})`;
}

function itemMarkdown(content: string): string {
  const text = content.trim();
  const numbered = /^(\d+)\\?[.)]\s+/.exec(text);
  if (numbered !== null) return `\n${numbered[1]}. ${text.slice(numbered[0].length).trim()}\n`;
  return `\n- ${text.replace(/^(?:\\?[-*+]|[·•▪o§–])\s+/, '').trim()}\n`;
}

/** Rows of equal length are a table; anything else was used for its looks, and its cells are paragraphs. */
function tableMarkdown(service: Turndown, table: Element): string {
  const rows = Array.from(table.querySelectorAll('tr')).filter((row) => tableOf(row) === table);
  const cells = rows.map((row) => Array.from(row.querySelectorAll('th, td')).filter((cell) => cell.parentNode === row));
  const width = cells[0]?.length ?? 0;
  const nested = table.querySelectorAll('table').length > 0;
  const inner = (cell: Element): string => service.turndown(cell.innerHTML).trim();
  const isTable =
    width > 1 && !nested && cells.every((row) => row.length === width) && cells.flat().every((cell) => !/\n\n/.test(inner(cell)));
  if (!isTable)
    return `\n\n${cells
      .flat()
      .map(inner)
      .filter((text) => text !== '')
      .join('\n\n')}\n\n`;
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  const text = cells.map((row) =>
    row.map((cell) =>
      inner(cell)
        .replace(/\\?\n/g, ' ')
        .replace(/(?<!\\)\|/g, '\\|'),
    ),
  );
  const headed = cells[0]?.every((cell) => cell.nodeName === 'TH') === true;
  const [header = [], ...body] = headed ? text : [Array.from({ length: width }, () => ''), ...text];
  return `\n\n${[line(header), line(header.map(() => '---')), ...body.map(line)].join('\n')}\n\n`;
}

function tableOf(row: Element): Element | null {
  let node = row.parentNode;
  while (node !== null && node.nodeName !== 'TABLE') node = node.parentNode;
  return node;
}

/** A tag alone in its paragraph goes on a line of its own; spaces that only held things apart are gone. */
function tidy(markdown: string): string {
  return (
    cleanKeepingMarks(markdown)
      .replaceAll('\u00a0', ' ')
      .replace(/^([ \t]*(?:-|\d+\.))[ \t]+/gm, '$1 ')
      .replace(/[ \t]+$/gm, '')
      .replace(/\\\n(?=\n)/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      // Items of one list, one after the other.
      .replace(/^(- .*|\d+\. .*)\n\n(?=(?:- |\d+\. ))/gm, '$1\n')
      .trim()
      .concat('\n')
  );
}

function cleanKeepingMarks(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200b\ufeff]/g, '');
}
