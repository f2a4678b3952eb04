/** A letter as plain text: what HTML says by its looks is said by words, lines and signs. */
import type { Block, Inline } from './types.ts';

/** Columns; RFC 5322 asks for at most 78. Addresses are never broken. */
const WIDTH = 76;

/** Blocks with an empty line between them. */
export function plainText(blocks: readonly Block[], width = WIDTH): string {
  return blocks.map((block) => blockText(block, width)).join('\n\n');
}

function blockText(block: Block, width: number): string {
  switch (block.kind) {
    case 'paragraph':
      return wrap(inlineText(block.content), width);
    case 'heading': {
      const text = wrap(inlineText(block.content), width);
      const longest = Math.max(...text.split('\n').map((line) => line.length));
      return block.level > 2 ? text : `${text}\n${(block.level === 1 ? '=' : '-').repeat(longest)}`;
    }
    case 'list':
      return listText(block, width);
    case 'definitions':
      return definitionsText(block.rows, width);
    case 'table':
      return tableText(block, width);
    case 'quote':
      return indented(plainText(block.blocks, width - 2), '> ', '> ');
    case 'rule':
      return '-'.repeat(Math.min(width, 24));
  }
}

function listText(list: Extract<Block, { kind: 'list' }>, width: number): string {
  const last = list.start + list.items.length - 1;
  const spaced = list.items.some((item) => item.length > 1 && item.some((block, at) => at > 0 && block.kind !== 'list'));
  return list.items
    .map((item, at) => {
      const sign = list.ordered ? `${`${list.start + at}.`.padEnd(String(last).length + 2)}` : '- ';
      const parts = item.map((block) => blockText(block, width - sign.length));
      return indented(parts.join(spaced ? '\n\n' : '\n'), sign, ' '.repeat(sign.length));
    })
    .join(spaced ? '\n\n' : '\n');
}

function definitionsText(rows: Extract<Block, { kind: 'definitions' }>['rows'], width: number): string {
  const terms = rows.map((row) => `${inlineText(row.term)}:`);
  const room = Math.min(Math.max(...terms.map((term) => term.length)) + 2, 30);
  return rows
    .map((row, at) => {
      const term = terms[at] ?? '';
      const sign = term.length < room ? term.padEnd(room) : `${term} `;
      return indented(wrap(inlineText(row.content), width - 4 - room), `    ${sign}`, ' '.repeat(4 + room)).trimEnd();
    })
    .join('\n');
}

/** Columns side by side where they have room, else each row as a list of what it says. */
function tableText(table: Extract<Block, { kind: 'table' }>, width: number): string {
  const header = table.header.map(inlineText);
  const rows = table.rows.map((row) => row.map(inlineText));
  const columns = header.map((text, at) => Math.max(text.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const wide = columns.reduce((sum, column) => sum + column, 0) + 3 * (columns.length - 1);
  if (wide > width || columns.length === 0) {
    return rows
      .map((row) =>
        row.map((cell, at) => indented(wrap(`${header[at] ?? ''}: ${cell}`, width - 2), at === 0 ? '- ' : '  ', '  ')).join('\n'),
      )
      .join('\n');
  }
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, at) => (table.align[at] === 'right' ? (cells[at] ?? '').padStart(column) : (cells[at] ?? '').padEnd(column)))
      .join(' | ')
      .trimEnd();
  return [line(header), columns.map((column) => '-'.repeat(column)).join('-+-'), ...rows.map(line)].join('\n');
}

/** A link is written behind its text, unless the text says it already; bold words that stand alone need no signs. */
function inlineText(content: readonly Inline[]): string {
  let text = '';
  for (let at = 0; at < content.length; at += 1) {
    const part = content[at];
    if (part === undefined) continue;
    if (part.kind === 'break') text = `${text.trimEnd()}\n`;
    else if (part.kind === 'image') text += part.alt;
    else if (part.href === undefined) text += part.text;
    else {
      // One link may be several parts: bold within it.
      let words = part.text;
      for (let next = content[at + 1]; next?.kind === 'text' && next.href === part.href; next = content[at + 1]) {
        words += next.text;
        at += 1;
      }
      text += linkText(words, part.href);
    }
  }
  return text.replace(/[ \t]*\n[ \t]*/g, '\n').trim();
}

function linkText(words: string, href: string): string {
  const bare = (address: string): string => address.replace(/^(?:mailto:|tel:|https?:\/\/)/i, '').replace(/\/$/, '');
  const said = words.trim();
  if (said === '' || said === href || bare(said) === bare(href)) return said === '' || /^https?:/i.test(href) ? href : said;
  return `${words} <${href.replace(/^(?:mailto:|tel:)/i, '')}>`;
}

function indented(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, at) => (at === 0 ? first + line : line === '' ? rest.trimEnd() : rest + line))
    .join('\n');
}

/** Breaks lines between words; a word that is longer than a line stays whole. */
export function wrap(text: string, width: number): string {
  if (text.length <= width && !text.includes('\n')) return text;
  return text
    .split('\n')
    .map((line) => wrapLine(line, Math.max(width, 20)))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  if (line.length <= width) return line;
  const lines: string[] = [];
  let from = 0;
  while (line.length - from > width) {
    let at = line.lastIndexOf(' ', from + width);
    if (at <= from) at = line.indexOf(' ', from + width);
    if (at < 0) break;
    lines.push(line.slice(from, at));
    from = at + 1;
  }
  lines.push(line.slice(from));
  return lines.join('\n');
}
