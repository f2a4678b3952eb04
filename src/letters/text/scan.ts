/**
 * Parts a source into Markdown and Liquid. Every piece of Liquid is stood for by a mark of private-use
 * characters, which Markdown takes for a letter. Tags on a line of their own leave the text altogether and
 * are remembered by the line that they stood before. Snippets are put in here.
 */
import { TokenKind, Tokenizer, type TagToken, type TopLevelToken } from 'liquidjs';
import { snippetName } from './engine.ts';
import type { LetterPart } from './types.ts';

/** Opens a mark of an output, of a tag; closes either. The number of the piece stands between. */
export const OUTPUT_MARK = '\ue000';
export const TAG_MARK = '\ue002';
export const END_MARK = '\ue001';
export const MARKS = /([\ue000\ue002])(\d+)\ue001/g;
const TAG_LINE = /^[ \t]*(?:\ue002\d+\ue001[ \t]*)+$/;
const NOT_IN_SOURCE = /[\u0000-\u0008\u000b-\u001f\u007f\ue000-\ue002]/g;

export interface Place {
  readonly part: LetterPart;
  readonly line: number;
  readonly column: number;
}

export interface LiquidPiece {
  readonly kind: 'output' | 'tag';
  /** As written, delimiters included. */
  readonly raw: string;
  /** What is between the delimiters. */
  readonly content: string;
  /** Of a tag: `if`, `endfor`, …; of an output empty. */
  readonly name: string;
  readonly place: Place;
}

const OPENING: ReadonlySet<string> = new Set(['if', 'unless', 'for', 'case']);
const MIDDLE: ReadonlySet<string> = new Set(['else', 'elsif', 'when']);

export function isOpening(piece: LiquidPiece): boolean {
  return OPENING.has(piece.name);
}
export function isMiddle(piece: LiquidPiece): boolean {
  return MIDDLE.has(piece.name);
}
export function isClosing(piece: LiquidPiece): boolean {
  return piece.name.startsWith('end');
}

interface ScannedLine {
  readonly text: string;
  readonly place: Place;
}

export interface LineTag {
  /** Stands before this line of `lines`. */
  readonly line: number;
  readonly piece: LiquidPiece;
}

export interface Scanned {
  readonly lines: readonly ScannedLine[];
  readonly tags: readonly LineTag[];
  readonly pieces: readonly LiquidPiece[];
}

/** A mistake in the structure of a letter, with its place. */
export class LetterError extends Error {
  override readonly name = 'LetterError';
  readonly code: string;
  readonly place: Place;
  readonly detail: string;

  constructor(code: string, place: Place, detail = '') {
    super(`${place.part} ${place.line}:${place.column}: ${code}${detail === '' ? '' : `: ${detail}`}`);
    this.code = code;
    this.place = place;
    this.detail = detail;
  }
}

type Row = { readonly text: string; readonly place: Place; readonly tags?: readonly LiquidPiece[] };

/** The source must have passed Liquid's parser. Throws `LetterError` for a snippet that is not there, or that contains itself. */
export function scan(part: LetterPart, source: string, snippets: Readonly<Record<string, string>>): Scanned {
  const pieces: LiquidPiece[] = [];
  const rows = freeEdges(readRows({ part, source, snippets, pieces, within: [] }), pieces);
  const lines: ScannedLine[] = [];
  const tags: LineTag[] = [];
  rows.forEach((row, at) => {
    if (row.tags === undefined) {
      lines.push({ text: row.text, place: row.place });
      return;
    }
    for (const piece of row.tags) tags.push({ line: lines.length, piece });
    // An empty line would end the table that the tag stands in; everywhere else it keeps two blocks apart.
    const next = rows.slice(at + 1).find((later) => later.tags === undefined);
    if (!(isTableRow(lines.at(-1)?.text) && isTableRow(next?.text))) lines.push({ text: '', place: row.place });
  });
  return { lines, tags, pieces };
}

/** What Liquid is given: no control characters, one kind of line break. */
export function cleanSource(source: string): string {
  return source.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(NOT_IN_SOURCE, '');
}

/**
 * `{% endif %}Dear …` and `…, Dear{% if x %}`: a tag at the edge of a line whose other end is in another block of
 * text stands on a line of its own, as its writer meant it.
 */
function freeEdges(rows: readonly Row[], pieces: readonly LiquidPiece[]): Row[] {
  const made: Row[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const block: Row[] = [];
    for (let row = rows[at]; row !== undefined && row.tags === undefined && row.text.trim() !== ''; row = rows[at]) {
      block.push(row);
      at += 1;
    }
    const lonely = unmatched(block, pieces);
    for (const row of block) made.push(...(lonely.size === 0 ? [row] : freed(row, lonely, pieces)));
    const after = rows[at];
    if (after !== undefined) made.push(after);
  }
  return made;
}

/** Tags of a block of text that do not open and close within it. */
function unmatched(block: readonly Row[], pieces: readonly LiquidPiece[]): ReadonlySet<LiquidPiece> {
  const lonely = new Set<LiquidPiece>();
  const open: LiquidPiece[] = [];
  for (const mark of block.flatMap((row) => [...row.text.matchAll(MARKS)])) {
    const piece = mark[1] === TAG_MARK ? pieces[Number(mark[2])] : undefined;
    if (piece === undefined) continue;
    if (isOpening(piece)) open.push(piece);
    else if (isClosing(piece)) {
      if (open.pop() === undefined) lonely.add(piece);
    } else if (isMiddle(piece) && open.length === 0) lonely.add(piece);
  }
  return new Set([...lonely, ...open]);
}

const FIRST_TAG = /^\s*\ue002(\d+)\ue001/;
const LAST_TAG = /\ue002(\d+)\ue001\s*$/;

function freed(row: Row, lonely: ReadonlySet<LiquidPiece>, pieces: readonly LiquidPiece[]): Row[] {
  const before: Row[] = [];
  const after: Row[] = [];
  let { text } = row;
  const take = (edge: RegExp, into: (row: Row) => void): void => {
    for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
      const piece = pieces[Number(found[1])];
      if (piece === undefined || !lonely.has(piece)) return;
      into({ text: found[0], place: row.place, tags: [piece] });
      text = found.index === 0 ? text.slice(found[0].length) : text.slice(0, found.index);
    }
  };
  take(FIRST_TAG, (tag) => before.push(tag));
  take(LAST_TAG, (tag) => after.unshift(tag));
  return [...before, ...(text.trim() === '' ? [] : [{ ...row, text }]), ...after];
}

function isTableRow(text: string | undefined): boolean {
  return text !== undefined && /^\s*\|/.test(text);
}

interface Reading {
  readonly part: LetterPart;
  readonly source: string;
  readonly snippets: Readonly<Record<string, string>>;
  readonly pieces: LiquidPiece[];
  /** Names of the snippets around this text. */
  readonly within: readonly string[];
}

function readRows(reading: Reading): Row[] {
  const rows: Row[] = [];
  let text = '';
  let place: Place = { part: reading.part, line: 1, column: 1 };
  /** Pieces on this line, and whether a comment has left nothing else of it. */
  let onLine: LiquidPiece[] = [];
  let dropped = false;

  const endLine = (next: Place): void => {
    const alone = TAG_LINE.test(text) || (dropped && text.trim() === '');
    const only = onLine[0];
    if (alone && onLine.length === 1 && only?.name === 'snippet') rows.push(...expand(only, reading, text));
    else if (alone) rows.push({ text, place, tags: onLine.filter((piece) => !isComment(piece)) });
    else rows.push({ text, place });
    text = '';
    onLine = [];
    dropped = false;
    place = next;
  };

  for (const token of piecesOf(reading.source, reading.part)) {
    if (typeof token === 'string') {
      let rest = token;
      for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
        text += rest.slice(0, at);
        rest = rest.slice(at + 1);
        endLine({ part: reading.part, line: place.line + 1, column: 1 });
      }
      text += rest;
      continue;
    }
    const breaks = token.raw.split('\n').length - 1;
    if (token.name === 'comment') {
      dropped = true;
    } else if (token.name === 'snippet' && text.trim() !== '') {
      text += inlineSnippet(token, reading);
    } else {
      text += `${token.kind === 'output' ? OUTPUT_MARK : TAG_MARK}${reading.pieces.length}${END_MARK}`;
      reading.pieces.push(token);
      onLine.push(token);
    }
    // A tag over several lines stands on one line of the text; what follows is counted on.
    if (breaks > 0) place = { ...place, line: place.line + breaks };
  }
  endLine(place);
  return rows;
}

function isComment(piece: LiquidPiece): boolean {
  return piece.name === '#' || piece.name === 'comment';
}

/** The lines of a snippet that stands on a line of its own, as deep as it stands. */
function expand(piece: LiquidPiece, reading: Reading, line: string): Row[] {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return readRows(snippetReading(piece, reading)).map((row) => ({ ...row, text: row.text === '' ? '' : indent + row.text }));
}

function inlineSnippet(piece: LiquidPiece, reading: Reading): string {
  const rows = readRows(snippetReading(piece, reading)).filter((row) => row.text.trim() !== '');
  if (rows.length !== 1) throw new LetterError('letters.check.snippet_not_inline', piece.place);
  return rows[0]?.text.trim() ?? '';
}

function snippetReading(piece: LiquidPiece, reading: Reading): Reading {
  const name = snippetName(piece.content.replace(/^\s*snippet/, '')) ?? '';
  const source = Object.hasOwn(reading.snippets, name) ? reading.snippets[name] : undefined;
  if (source === undefined) throw new LetterError('letters.check.snippet_unknown', piece.place, name);
  if (reading.within.includes(name)) throw new LetterError('letters.check.snippet_in_itself', piece.place, name);
  return { ...reading, part: `snippet:${name}`, source: cleanSource(source).replace(/\n+$/, ''), within: [...reading.within, name] };
}

/** Text and Liquid by turns, as Liquid's own parser divides them. What is commented out is one piece. */
function* piecesOf(source: string, part: LetterPart): Generator<string | LiquidPiece> {
  const tokens: TopLevelToken[] = new Tokenizer(source).readTopLevelTokens();
  const lineStarts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  let line = 0;
  let comment: { readonly begin: number; depth: number; readonly place: Place } | undefined;
  for (const token of tokens) {
    const { begin, end } = token;
    while ((lineStarts[line + 1] ?? Infinity) <= begin) line += 1;
    const place: Place = { part, line: line + 1, column: begin - (lineStarts[line] ?? 0) + 1 };
    const name = token.kind === TokenKind.Tag ? (token as TagToken).name : ''; // a token of this kind is one
    if (comment !== undefined) {
      if (name === 'comment') comment.depth += 1;
      if (name === 'endcomment') comment.depth -= 1;
      if (comment.depth > 0) continue;
      yield { kind: 'tag', raw: source.slice(comment.begin, end), content: '', name: 'comment', place: comment.place };
      comment = undefined;
    } else if (name === 'comment') {
      comment = { begin, depth: 1, place };
    } else if (token.kind === TokenKind.HTML) {
      yield source.slice(begin, end);
    } else {
      const raw = source.slice(begin, end);
      const content = raw.slice(2, -2).replace(/^-/, '').replace(/-$/, '');
      yield { kind: token.kind === TokenKind.Output ? 'output' : 'tag', raw, content, name, place };
    }
  }
}
