/** From a letter's tree to what can be printed: links written out, pictures by their words, nothing but text. */
import type { LetterData } from '../letter-data.ts';
import type { CompiledLetter, Block as LetterBlock, Inline as LetterInline } from '../text/types.ts';
import type { Block, Inline } from './blocks.ts';

export interface PrintContent {
  readonly subject: string;
  readonly blocks: readonly Block[];
  /** The text alternative, for what is kept of the letter. */
  readonly text: string;
}

/** Throws what filling in throws. */
export function printContent(letter: CompiledLetter, data: LetterData): PrintContent {
  const { subject, text, blocks } = letter.render(data, { blocks: true, text: true, html: false, sms: false });
  return { subject, text, blocks: printBlocks(blocks) };
}

export function printBlocks(blocks: readonly LetterBlock[]): Block[] {
  return blocks.flatMap(printBlock);
}

function printBlock(block: LetterBlock): Block[] {
  switch (block.kind) {
    case 'paragraph':
      return [{ kind: 'paragraph', text: inlines(block.content) }];
    case 'heading':
      return [{ kind: 'heading', level: block.level <= 1 ? 1 : block.level === 2 ? 2 : 3, text: inlines(block.content) }];
    case 'list':
      return [{ kind: 'list', ordered: block.ordered, start: block.start, items: block.items.map(printBlocks) }];
    case 'table':
      return [{ kind: 'table', header: block.header.map(inlines), rows: block.rows.map((row) => row.map(inlines)) }];
    case 'definitions':
      return [{ kind: 'definitions', rows: block.rows.map((row) => ({ term: inlines(row.term), value: inlines(row.content) })) }];
    case 'quote':
      return [{ kind: 'quote', blocks: printBlocks(block.blocks) }];
    case 'rule':
      return [];
  }
}

function inlines(content: readonly LetterInline[]): Inline[] {
  return content.flatMap((part, index): Inline[] => {
    if (part.kind === 'break') return [{ text: '\n' }];
    if (part.kind === 'image') return [{ text: part.alt }];
    const text: Inline = part.bold === true ? { text: part.text, bold: true } : { text: part.text };
    const next = content[index + 1];
    // A link in several weights is written out once, behind its last piece.
    const last = part.href !== undefined && !(next?.kind === 'text' && next.href === part.href);
    const address = last ? writtenOut(part.href ?? '', linkText(content, index)) : '';
    return address === '' ? [text] : [text, { text: ` (${address})` }];
  });
}

function linkText(content: readonly LetterInline[], end: number): string {
  const href = content[end]?.kind === 'text' ? content[end].href : undefined;
  let text = '';
  for (let index = end; index >= 0; index -= 1) {
    const part = content[index];
    if (part?.kind !== 'text' || part.href !== href) break;
    text = part.text + text;
  }
  return text;
}

/** The address that a reader of paper has to type in; empty where the text says it already. */
function writtenOut(href: string, text: string): string {
  const address = href.replace(/^(?:mailto|tel):/i, '');
  const bare = (value: string): string =>
    value
      .trim()
      .replace(/^https?:\/\//i, '')
      .replace(/\/$/, '')
      .toLowerCase();
  return address === '' || bare(address) === bare(text) ? '' : address;
}
