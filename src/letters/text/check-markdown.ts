/** What a text says to those who cannot see it, and where its links lead. */
import type { Token } from 'markdown-it';
import { linkFindings } from './check-links.ts';
import { type Letter, partsOf } from './emit.ts';
import type { Node } from './markdown.ts';
import { problem } from './problem.ts';
import { END_MARK, MARKS, OUTPUT_MARK, type Place } from './scan.ts';
import { safeAddress } from './address.ts';
import type { LetterProblem } from './types.ts';

export interface HeadingState {
  /** Level of the last heading; 0: none yet. */
  level: number;
}

export function checkMarkdown(letter: Letter, headings: HeadingState): LetterProblem[] {
  return nodesOf(letter.root).flatMap((node) => [
    ...(node.kind === 'heading' ? checkHeading(letter, node, headings) : []),
    ...(node.inline.length > 0 ? checkInline(letter, node) : []),
  ]);
}

function nodesOf(node: Node): Node[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

function checkHeading(letter: Letter, heading: Node, state: HeadingState): LetterProblem[] {
  const place = placeAt(letter, heading.line, '#');
  const { level: before } = state;
  const { level } = heading;
  state.level = level;
  if (!heading.inline.some((token) => token.type === 'image' || token.content.trim() !== '')) {
    return [problem('error', 'letters.check.heading_empty', place)];
  }
  if (before === 0) return level === 1 ? [] : [problem('warning', 'letters.check.heading_first', place, { level })];
  return level > before + 1 ? [problem('warning', 'letters.check.heading_skipped', place, { level, before })] : [];
}

function checkInline(letter: Letter, node: Node): LetterProblem[] {
  const problems: LetterProblem[] = [];
  let line = node.line;
  let link: { readonly address: string; readonly line: number; words: string; image: boolean } | undefined;
  for (const token of node.inline) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
    if (token.type === 'image') problems.push(...checkImage(letter, token, line));
    if (token.type === 'link_open') link = { address: String(token.attrGet('href') ?? ''), line, words: '', image: false };
    else if (token.type === 'link_close' && link !== undefined) {
      problems.push(...checkLink(letter, link));
      link = undefined;
    } else if (link !== undefined) {
      link.words += token.type === 'softbreak' ? ' ' : token.content;
    }
  }
  return problems;
}

function checkLink(letter: Letter, link: { readonly address: string; readonly line: number; readonly words: string }): LetterProblem[] {
  const place = placeAt(letter, link.line, `](${link.address})`, `](${link.address}`, link.address);
  const { words, address } = link;
  const field = new RegExp(`^${OUTPUT_MARK}(\\d+)${END_MARK}$`);
  const shown = field.exec(words)?.[1];
  const led = field.exec(address)?.[1];
  if (shown !== undefined && led !== undefined) {
    const name = (at: string): string => (letter.scanned.pieces[Number(at)]?.content ?? '').trim();
    // A field that shows an address must lead to the same.
    const links = ['link', 'library.web', 'unsubscribe_link'];
    if (name(shown) !== name(led) && links.includes(name(shown))) {
      return [problem('error', 'letters.check.link_mismatch', place, { shown: name(shown), host: name(led) })];
    }
  }
  const open = (text: string): string | undefined => (text.search(MARKS) >= 0 ? undefined : text);
  return linkFindings(open(words), knownAddress(address)).map((finding) => problem(finding.severity, finding.code, place, finding.params));
}

/** An address with fields only behind its host is known well enough. */
function knownAddress(address: string): string | undefined {
  const at = address.search(MARKS);
  if (at < 0) return address;
  const start = address.slice(0, at);
  if (/^https?:\/\/[^/?#]+[/?#]/i.test(start)) return start;
  if (at === 0 || /^(?:https?:\/\/|mailto:|tel:)/i.test(start)) return undefined;
  return start;
}

function checkImage(letter: Letter, token: Token, line: number): LetterProblem[] {
  const source = String(token.attrGet('src') ?? '');
  const place = placeAt(letter, line, '![');
  const alt = (token.children ?? []).map((child) => child.content).join('');
  const problems: LetterProblem[] = [];
  if (alt.trim() === '') problems.push(problem('error', 'letters.check.image_alt', place));
  const parts = partsOf(letter, source);
  if (parts.every((part) => typeof part === 'string') && !/^https:\/\//i.test(safeAddress(source, true) ?? '')) {
    problems.push(problem('error', 'letters.check.image_address', place));
  }
  return problems;
}

/** Where on a line of the source one of the texts stands, else where the line begins. */
function placeAt(letter: Letter, line: number, ...texts: readonly string[]): Place {
  const scanned = letter.scanned.lines[line];
  if (scanned === undefined) return { part: 'body', line: 1, column: 1 };
  const at = texts.map((text) => scanned.text.indexOf(text)).find((found) => found >= 0) ?? 0;
  const before = scanned.text.slice(0, at).replace(MARKS, (mark, _kind, no: string) => letter.scanned.pieces[Number(no)]?.raw ?? mark);
  return { ...scanned.place, column: before.length + 1 };
}
