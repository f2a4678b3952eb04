/** What a load did, or would do, in the words of an answer. */
import { z } from 'zod';
import type { SyncDifference } from '../../changes/index.ts';
import { LINES_PER_PART, type MergeResult, type SyncLook } from '../../changes/index.ts';
import { type Context, count, id, sayAny } from '../../core/index.ts';
import { differenceFor } from '../../users/index.ts';
import { wordsOfProblem } from '../stage-file.ts';
import type { Looked, StagedPart } from './load-file.ts';

export const loadCounts = z.object({
  created: count,
  updated: count.describe('Users of the file who are changed'),
  unchanged: count,
  rejected: count.describe('Records that are not taken, each with its line and reason'),
  absent: count.describe('Users whom the feed no longer names; they are told from the others, and nothing else happens to them'),
  held: count.describe('Fields that the library holds, and of which the file says something else'),
  released: count.describe('Fields that are no longer held, because the file says what the library has'),
  codes_added: count,
  reasons: z.record(z.string(), count).describe('Rejected records by reason'),
  guard: z.object({
    needed: z.boolean().describe('A person has to confirm the file'),
    touched: count.describe('Users that it changes or no longer names'),
    of: count.describe('Users whom the feed named until now'),
    share: z.number().describe('In percent; more than this share waits'),
  }),
});
export type LoadCounts = z.output<typeof loadCounts>;

export const rejectionSchema = z.object({
  part: z.string().nullable().describe('Of an archive: the file in it'),
  line: count,
  field: z.string(),
  code: z.string(),
  message: z.string(),
  primary_id: z.string().nullable().describe('Whom the record meant, where that is known'),
});
export type Rejection = z.output<typeof rejectionSchema>;

export const differenceSchema = z.object({
  id,
  primary_id: z.string(),
  name: z.string(),
  fields: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).describe('Field → [before, after]'),
  rows: z.array(z.record(z.string(), z.unknown())).describe('As in the journal'),
});

export function countsOf(
  { look, guard, staged }: Looked,
  done: Pick<MergeResult, 'created' | 'updated' | 'unchanged' | 'rejected' | 'codesAdded'> & { readonly absent: number },
): LoadCounts {
  const read: Record<string, number> = {};
  for (const part of staged) {
    const lines = new Map(part.staged.problems.map((p) => [p.line, p.code]));
    for (const code of lines.values()) read[code] = (read[code] ?? 0) + 1;
  }
  return {
    created: done.created,
    updated: done.updated,
    unchanged: done.unchanged,
    rejected: done.rejected,
    absent: done.absent,
    held: look.held,
    released: look.released,
    codes_added: done.codesAdded,
    reasons: { ...read, ...look.reasons },
    guard,
  };
}

/** Rejections of a look that is not stored. */
export function rejectionsOf(ctx: Context, { look, staged }: Looked, limit: number): Rejection[] {
  const place = (line: number) => ({ part: partName(staged, line), line: line % LINES_PER_PART });
  const read = staged.flatMap((part) =>
    part.staged.problems.map((p) => ({
      at: p.line,
      ...place(p.line),
      field: p.field,
      code: p.code,
      message: wordsOfProblem(ctx, p.code, p.params),
      primary_id: null,
    })),
  );
  const found = look.problems.map((p) => ({
    at: p.line,
    ...place(p.line),
    field: staged[Math.floor(p.line / LINES_PER_PART)]?.staged.placeOf(p) ?? p.field,
    code: p.code,
    message: sayAny(ctx.language, p.code, { value: p.value, holder: p.holder, first_line: firstLine(p.firstLine) }),
    primary_id: p.code === 'feeds.user_not_external' ? p.value : null,
  }));
  return [...read, ...found]
    .sort((a, b) => a.at - b.at)
    .slice(0, limit)
    .map(({ at: _at, ...rejection }) => rejection);
}

function firstLine(line: number | null): number | null {
  return line === null ? null : line % LINES_PER_PART;
}

function partName(staged: readonly StagedPart[], line: number): string | null {
  return staged.length < 2 ? null : (staged[Math.floor(line / LINES_PER_PART)]?.name ?? null);
}

export function shownDifferences(ctx: Context, differences: readonly SyncDifference[]): z.output<typeof differenceSchema>[] {
  return differences.map((d) => {
    const { fields, rows } = differenceFor(ctx.actor, { fields: { ...d.fields }, rows: [...d.rows] });
    return { id: d.id, primary_id: d.primary_id, name: d.name, fields: toPairs(fields), rows: [...rows] };
  });
}

function toPairs(fields: Readonly<Record<string, readonly [unknown, unknown]>>): Record<string, [unknown, unknown]> {
  return Object.fromEntries(Object.entries(fields).map(([name, [before, after]]) => [name, [before, after]]));
}

export type { SyncLook };
