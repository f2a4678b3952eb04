/** A whole preview as a CSV file: every difference of every member, to be looked through or handed on before anything is written. */
import { z } from 'zod';
import { pageChanges } from '../changes/index.ts';
import { count, type Language, operation, sayAny, todayIn } from '../core/index.ts';
import { differenceFor } from '../users/index.ts';
import { writeCsv } from './csv-file.ts';
import { parsePlan } from './plan.ts';
import { preparePreview, type userDifferenceSchema } from './preview.ts';
import { PREVIEW_OUTCOMES } from './preview-users.ts';

const PAGE = 2_000;

const COLUMNS = ['primary_id', 'name', 'outcome', 'reason', 'explanation', 'field', 'before', 'after', 'letters'] as const;

export const exportPreview = operation({
  name: 'job.export_preview',
  summary: {
    en: 'Writes a preview into a CSV file: a line for each difference of each user',
    de: 'Schreibt eine Vorschau in eine CSV-Datei: eine Zeile für jeden Unterschied jedes Benutzers',
  },
  privilege: 'jobs:run',
  input: z.strictObject({
    set: z.union([z.string(), z.number()]),
    plan: z.unknown(),
    outcome: z.enum(PREVIEW_OUTCOMES).optional().describe('Absent: all members'),
    file: z.string().min(1),
  }),
  output: z.object({ file: z.string(), users: count }),
  audit: (i, output) => ({ entity: 'set', id: String(i.set), detail: { exported: output?.users ?? null } }),
  run: async (ctx, { set, plan, outcome, file }) =>
    // One transaction, so that all pages are of one moment's plan; its users may move between them, as they may until the run.
    ctx.db.transaction(async (tx) => {
      const { prepared, members } = await preparePreview(tx, ctx, parsePlan(plan), set, todayIn(ctx.timeZone));
      let users = 0;
      async function* lines(): AsyncGenerator<readonly string[], void, undefined> {
        for (let after: number | undefined = 0; after !== undefined; ) {
          const page = { limit: PAGE, after, outcome: outcome ?? ('any' as const) };
          const found = await pageChanges(tx, prepared.compiled, prepared.letters, members, page);
          for (const user of found)
            for (const line of linesOf(differenceFor(ctx.actor, user), ctx.language)) yield COLUMNS.map((name) => line[name]);
          users += found.length;
          after = found.length < PAGE ? undefined : found.at(-1)?.id;
        }
      }
      await writeCsv(file, COLUMNS, lines());
      return { file, users };
    }),
});

type Line = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** What does not change has one line all the same, with the reason. */
function linesOf(user: z.output<typeof userDifferenceSchema>, language: Language): Line[] {
  const whose = {
    primary_id: user.primary_id,
    name: user.name,
    outcome: user.outcome,
    reason: user.reason ?? '',
    explanation: user.reason === null ? '' : sayAny(language, user.reason),
    letters: user.letters.join(' '),
  };
  const lines = [
    ...Object.entries(user.fields).map(([field, [before, after]]) => ({ ...whose, field, before: textOf(before), after: textOf(after) })),
    ...user.rows.map((row) => ({
      ...whose,
      field: String(row['table']).replace(/^user_/, ''),
      before: textOf(row['before']),
      after: textOf(row['after']),
    })),
  ];
  return lines.length === 0 ? [{ ...whose, field: '', before: '', after: '' }] : lines;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
