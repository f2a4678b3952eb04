/** What differs between two versions of a text: line by line, and within a line that was changed word by word. */
import { diffArrays, diffWordsWithSpace } from 'diff';
import { z } from 'zod';
import type { TextContent } from './versions.ts';

const pieceSchema = z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() });

const lineSchema = z.object({
  kind: z.enum(['same', 'removed', 'added', 'changed']),
  before: z.int().positive().nullable().describe('Number of the line in the earlier version'),
  after: z.int().positive().nullable().describe('Number of the line in the later version'),
  pieces: z.array(pieceSchema).describe('The line in pieces; a changed one has the words of both versions'),
});

export const partDifferenceSchema = z.object({
  part: z.enum(['subject', 'body', 'sms', 'frame.header', 'frame.footer', 'frame.logo', 'frame.colours']),
  same: z.boolean(),
  lines: z.array(lineSchema),
});

/** Texts so different that a comparison takes longer than this (ms) are shown one below the other. */
const LIMIT = { timeout: 1_000 };

type Piece = z.output<typeof pieceSchema>;
type Line = z.output<typeof lineSchema>;
export type PartDifference = z.output<typeof partDifferenceSchema>;

/** Parts that neither version has are left out. */
export function compareTexts(before: TextContent, after: TextContent): PartDifference[] {
  return partsOfText(before, after).flatMap(([part, old, now]) => {
    if (old === '' && now === '') return [];
    return [{ part, same: old === now, lines: compareLines(old, now) }];
  });
}

function partsOfText(before: TextContent, after: TextContent): (readonly [PartDifference['part'], string, string])[] {
  const logo = ({ frame }: TextContent): string =>
    frame?.logo ? [frame.logo.url, frame.logo.alt, ...(frame.logo.width === undefined ? [] : [`${frame.logo.width} px`])].join('\n') : '';
  const colours = ({ frame }: TextContent): string =>
    Object.entries(frame?.colours ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .sort()
      .join('\n');
  return [
    ['subject', before.subject ?? '', after.subject ?? ''],
    ['body', before.body, after.body],
    ['sms', before.sms ?? '', after.sms ?? ''],
    ['frame.header', before.frame?.header ?? '', after.frame?.header ?? ''],
    ['frame.footer', before.frame?.footer ?? '', after.frame?.footer ?? ''],
    ['frame.logo', logo(before), logo(after)],
    ['frame.colours', colours(before), colours(after)],
  ];
}

function compareLines(before: string, after: string): Line[] {
  const lines: Line[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  let old = 1;
  let now = 1;
  /** Lines that stand in each other's place are one changed line if they have something in common. */
  const settle = (): void => {
    const pairs = Math.min(removed.length, added.length);
    for (let at = 0; at < pairs; at++) {
      const pieces = compareWords(removed[at] ?? '', added[at] ?? '');
      if (pieces.some((piece) => piece.kind === 'same' && piece.text.trim() !== '')) {
        lines.push({ kind: 'changed', before: old++, after: now++, pieces });
      } else {
        lines.push({ kind: 'removed', before: old++, after: null, pieces: whole('removed', removed[at] ?? '') });
        lines.push({ kind: 'added', before: null, after: now++, pieces: whole('added', added[at] ?? '') });
      }
    }
    for (const text of removed.slice(pairs)) lines.push({ kind: 'removed', before: old++, after: null, pieces: whole('removed', text) });
    for (const text of added.slice(pairs)) lines.push({ kind: 'added', before: null, after: now++, pieces: whole('added', text) });
    removed = [];
    added = [];
  };
  const changes = diffArrays(linesOf(before), linesOf(after), LIMIT) ?? [
    { removed: true, added: false, value: linesOf(before) },
    { removed: false, added: true, value: linesOf(after) },
  ];
  for (const change of changes) {
    if (change.removed) removed.push(...change.value);
    else if (change.added) added.push(...change.value);
    else {
      settle();
      for (const text of change.value) lines.push({ kind: 'same', before: old++, after: now++, pieces: whole('same', text) });
    }
  }
  settle();
  return lines;
}

function compareWords(before: string, after: string): Piece[] {
  const changes = diffWordsWithSpace(before, after, LIMIT) ?? [];
  return changes.map((change) => ({
    kind: change.removed ? 'removed' : change.added ? 'added' : 'same',
    text: change.value,
  }));
}

function whole(kind: Piece['kind'], text: string): Piece[] {
  return text === '' ? [] : [{ kind, text }];
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}
