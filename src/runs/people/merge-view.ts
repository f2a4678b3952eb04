/** The preview of a merge, in the words of who asks. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type Context, count, sayAny } from '../../core/index.ts';
import {
  CHILD_TABLES,
  type ChildTable,
  codeLabels,
  type CodeLabels,
  type Field,
  type RecordRow,
  SCALARS,
  scalar,
} from '../../users/index.ts';
import { withMerged } from '../../users/index.ts';
import type { Prepared } from './merge.ts';

const sideSchema = z.object({
  primary_id: z.string(),
  tag: z.string().describe('Which state this is: `match` of the merge'),
  full_name: z.string(),
});
const stateSchema = z.object({ values: z.record(z.string(), z.unknown()), labels: z.record(z.string(), z.string()) });
const labelled = z.object({ value: z.unknown(), label: z.string().nullable().describe('What a code means; null for other fields') });

export const mergePreviewSchema = z.object({
  keep: sideSchema,
  give_up: sideSchema,
  fields: z
    .array(
      z.object({
        field: z.string(),
        label: z.string(),
        keep: labelled,
        give_up: labelled,
        result: labelled,
        from: z.enum(['keep', 'give_up', 'both']).describe('Whose value the result is; `both`: added up, or the later of the two'),
        choosable: z.boolean(),
      }),
    )
    .describe('Every field that is not empty in both'),
  rows: z
    .array(
      z.object({
        name: z.string().describe('Kind of row, e.g. `email`'),
        label: z.string(),
        of: z.enum(['keep', 'give_up']),
        outcome: z
          .enum(['stays', 'added', 'joined', 'same', 'kept_wins'])
          .describe(
            'stays: of the kept record; joined: goes into a row of it that says the same; same: it has it; kept_wins: it says otherwise',
          ),
        state: stateSchema.describe('The row as it is now'),
        after: stateSchema.nullable().describe('The row as it becomes; null: as it is, or none'),
      }),
    )
    .describe('Rows of both records'),
  holdings: z.object({
    sets: count,
    circulation: count.describe('Loans, requests and fees, one by one'),
    proxies: count,
    letters: count.describe('Letters that wait and go over'),
    letters_cancelled: count,
    messages: count.describe('Letters of the record that is given up'),
    history: count.describe('Entries of its history'),
  }),
  warnings: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type MergePreview = z.output<typeof mergePreviewSchema>;

const CODE_TABLES = [
  ...new Set(
    [...SCALARS, ...CHILD_TABLES.flatMap((table): readonly Field[] => table.fields)].flatMap((field: Field) => field.codeTable ?? []),
  ),
];

export async function viewOf(tx: PoolClient, ctx: Context, both: Prepared): Promise<MergePreview> {
  const { keep, giveUp, plan, tags } = both;
  const words = await codeLabels(tx, CODE_TABLES, ctx.language);
  const labelOf = (field: Field | undefined, value: unknown): string | null => {
    const table = field?.codeTable;
    if (table === undefined || value === null || value === undefined) return null;
    return [value]
      .flat()
      .map((code) => words.label(table, String(code)) ?? String(code))
      .join(', ');
  };
  const holdings = await holdingsOf(tx, keep.id, giveUp.id);
  const sideOf = (user: Prepared['keep'], tag: string) => ({
    primary_id: String(user.fields.primary_id),
    tag,
    full_name: [user.fields.first_name, user.fields.last_name].filter((part) => typeof part === 'string').join(' '),
  });
  const tables: readonly ChildTable[] = CHILD_TABLES;
  return {
    keep: sideOf(keep, tags.keep),
    give_up: sideOf(giveUp, tags.give_up),
    fields: plan.fields.map(({ field, keep: kept, giveUp: other, result, from, choosable }) => {
      const known = scalar(field);
      const show = (value: unknown) => ({ value, label: labelOf(known, value) });
      return {
        field,
        label: known?.label[ctx.language] ?? field,
        keep: show(kept),
        give_up: show(other),
        result: show(result),
        from,
        choosable,
      };
    }),
    rows: tables.flatMap((table) => {
      const base = { name: table.name, label: table.label[ctx.language] };
      const joined = new Map(
        plan.rows.flatMap(({ joins, after, table: own }) => (own === table && joins !== null ? [[joins.id, after] as const] : [])),
      );
      return [
        ...keep.rows[table.table].map((row) => {
          const after = joined.get(Number(row['id'])) ?? null;
          return {
            ...base,
            of: 'keep' as const,
            outcome: 'stays' as const,
            state: stateOf(table, row, words),
            after: after && stateOf(table, after, words),
          };
        }),
        ...plan.rows.flatMap(({ table: own, before, outcome, after }) =>
          own === table
            ? [
                {
                  ...base,
                  of: 'give_up' as const,
                  outcome,
                  state:
                    before === null
                      ? { values: { value: giveUp.fields.primary_id }, labels: { type: sayAny(ctx.language, 'merge.former_id') } }
                      : stateOf(table, before, words),
                  after: outcome === 'added' && after !== null ? stateOf(table, after, words) : null,
                },
              ]
            : [],
        ),
      ];
    }),
    holdings,
    warnings: warningsOf(both, holdings).map(({ code, params }) => ({ code, text: sayAny(ctx.language, code, params) })),
  };
}

function stateOf(table: ChildTable, row: RecordRow, words: CodeLabels): z.output<typeof stateSchema> {
  const values = Object.fromEntries(
    ['segment', ...table.fields.map((f) => f.name)].flatMap((c) => (row[c] === null || row[c] === undefined ? [] : [[c, row[c]]])),
  );
  const labels = Object.fromEntries(
    table.fields.flatMap((field: Field) => {
      const value = values[field.name];
      if (field.codeTable === undefined || value === undefined) return [];
      const { codeTable } = field;
      return [
        [
          field.name,
          [value]
            .flat()
            .map((code) => words.label(codeTable, String(code)) ?? String(code))
            .join(', '),
        ],
      ];
    }),
  );
  return { values, labels };
}

async function holdingsOf(tx: PoolClient, keep: number, giveUp: number): Promise<MergePreview['holdings']> {
  const cancelled = sql`(o.brings is not null or exists (
    select from outbox k where k.user_id = ${keep}::bigint and k.run_id = o.run_id and k.letter = o.letter))`;
  const { rows } = await tx.query<MergePreview['holdings']>(sql`
    select
      (select count(*) from set_members m where m.user_id = ${giveUp}::bigint)::integer as sets,
      (select count(*) from circulation c where c.user_id = ${giveUp}::bigint)::integer as circulation,
      (select count(*) from user_proxies p where ${giveUp}::bigint in (p.user_id, p.proxy_for_id))::integer as proxies,
      (select count(*) from outbox o where o.user_id = ${giveUp}::bigint and o.state = 'queued' and not ${cancelled})::integer as letters,
      (select count(*) from outbox o where o.user_id = ${giveUp}::bigint and o.state = 'queued' and ${cancelled})::integer as letters_cancelled,
      (select count(*) from outbox o where o.user_id in (${withMerged(giveUp)}))::integer as messages,
      (select count(*) from journal j where j.user_id in (${withMerged(giveUp)}))::integer as history`);
  const found = rows[0];
  if (found === undefined) throw new Error('A select of counts gives one row.');
  return found;
}

function warningsOf({ keep, giveUp }: Prepared, holdings: MergePreview['holdings']): { code: string; params: Record<string, unknown> }[] {
  const names = { keep: keep.fields.primary_id, give_up: giveUp.fields.primary_id };
  const feed = keep.fields.external_id;
  const other = giveUp.fields.external_id;
  const fed = keep.fields.account_type === 'EXTERNAL' && giveUp.fields.account_type === 'EXTERNAL';
  return [
    ...(fed && feed !== other ? [{ code: 'merge.warn.other_feed', params: { ...names, feed, other } }] : []),
    ...(fed && feed === other ? [{ code: 'merge.warn.same_feed', params: { ...names, feed } }] : []),
    ...(giveUp.fields.credential_state === 'none' ? [] : [{ code: 'merge.warn.sign_in', params: names }]),
    ...(holdings.letters_cancelled > 0
      ? [{ code: 'merge.warn.letters_cancelled', params: { ...names, letters: holdings.letters_cancelled } }]
      : []),
  ];
}
