import sql from 'sql-template-tag';
import { z } from 'zod';
import { type Context, count, operation, readSetting, sayAny } from '../../core/index.ts';
import { removeDoomedFiles } from './doomed-files.ts';
import { dropJournal } from './drop-journal.ts';
import { removeMerged } from './remove-merged.ts';
import { KEPT_ELSEWHERE, RETENTION, RETENTION_KINDS, type RetentionKind, type RetentionName } from './retention-kinds.ts';

/** Rows removed by one statement, and in one night, of each kind: what is left goes the next one. */
const BATCH = 5_000;
const MOST_BATCHES = 400;

export const showRetention = operation({
  name: 'retention.show',
  summary: {
    en: 'Shows what is kept how long, how much there is, and the oldest',
    de: 'Zeigt, was wie lange aufbewahrt wird, wie viel da ist und das Älteste',
  },
  privilege: 'settings:read',
  input: z.strictObject({}),
  output: z.object({
    kinds: z.array(
      z.object({
        kind: z.string(),
        label: z.string(),
        days: z.number().nullable().describe('null: for ever; for sessions: until they are over'),
        settable: z.boolean().describe('Is part of the setting `retention`; others have a fixed time'),
        rows: count,
        due: count.describe('Older than that: goes the next night'),
        oldest: z.string().nullable(),
      }),
    ),
    last_applied_at: z.string().nullable(),
  }),
  audit: () => ({ entity: 'retention', id: null }),
  run: async (ctx) => {
    const kinds = [];
    const elsewhere = Object.entries(KEPT_ELSEWHERE).map(([name, { rows, days }]) => ({ name, kind: { rows }, days, settable: false }));
    const own = (await kindsOf(ctx)).map((each) => ({ ...each, settable: true }));
    for (const { name, kind, days, settable } of [...own, ...elsewhere]) {
      const { rows } = await ctx.db.pool.query<{ rows: number; due: number; oldest: string | null }>(sql`
        select count(*) as rows, count(*) filter (where k.at < ${cutoffOf(days)}::timestamptz) as due, min(k.at) as oldest from (${kind.rows}) k`);
      const found = rows[0] ?? { rows: 0, due: 0, oldest: null };
      kinds.push({ kind: name, label: sayAny(ctx.language, `retention.${name}`), days, settable, ...found });
    }
    const { rows } = await ctx.db.pool.query<{ at: string | null }>(
      `select case when h.last_at > '-infinity' then h.last_at end as at from housekeeping h where h.task = 'retention'`,
    );
    return { kinds, last_applied_at: rows[0]?.at ?? null };
  },
});

export const applyRetention = operation({
  name: 'retention.apply',
  summary: {
    en: 'Removes now what is over time, as otherwise happens every night',
    de: 'Entfernt jetzt, was über der Zeit ist, wie sonst jede Nacht',
  },
  privilege: 'settings:write',
  input: z.strictObject({}),
  output: z.object({ removed: z.array(z.object({ kind: z.string(), label: z.string(), rows: count })) }),
  audit: (_, output) => ({
    entity: 'retention',
    id: null,
    ...(output === undefined ? {} : { detail: Object.fromEntries(output.removed.map((each) => [each.kind, each.rows])) }),
  }),
  run: async (ctx) => ({
    removed: (await enforce(ctx)).map(({ kind, rows }) => ({ kind, label: sayAny(ctx.language, `retention.${kind}`), rows })),
  }),
});

/** Part of the hourly housekeeping: once a day, at night where the library is; any number of workers may ask. */
export async function applyRetentionNightly(ctx: Context): Promise<void> {
  const { rowCount } = await ctx.db.pool.query(sql`
    update housekeeping h set last_at = now()
    where h.task = 'retention' and (h.last_at < now() - interval '36 hours'
      or h.last_at < now() - interval '20 hours' and extract(hour from now() at time zone ${ctx.timeZone}::text) < 5)`);
  if (rowCount === 1) await enforce(ctx);
}

async function enforce(ctx: Context): Promise<{ kind: RetentionName; rows: number }[]> {
  const removed: { kind: RetentionName; rows: number }[] = [];
  for (const { name, kind, days } of await kindsOf(ctx)) {
    const cutoff = cutoffOf(days);
    if (cutoff === null) continue;
    const rows = kind.remove === null ? await dropJournal(ctx, cutoff) : await inBatches(ctx, kind.remove, cutoff);
    if (rows > 0) removed.push({ kind: name, rows });
  }
  await removeMerged(ctx);
  // Tables of values whose rows have all gone; a table that was empty from the start goes with them.
  await ctx.db.pool.query(`delete from value_tables t where t.created_at < now() - interval '1 day'
    and not exists (select from value_rows v where v.table_id = t.id) and not exists (select from runs r where r.plan ->> 'values' = t.id::text and r.finished_at is null)
    and not exists (select from templates p where p.plan ->> 'values' = t.id::text) and not exists (select from schedules p where p.plan ->> 'values' = t.id::text)`);
  await removeDoomedFiles(ctx);
  return removed;
}

async function inBatches(ctx: Context, remove: NonNullable<RetentionKind['remove']>, cutoff: string): Promise<number> {
  let removed = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const { rowCount } = await ctx.db.pool.query(remove(cutoff, BATCH));
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) break;
  }
  return removed;
}

async function kindsOf(ctx: Context): Promise<{ name: RetentionName; kind: RetentionKind; days: number | null }[]> {
  const settings = await readSetting(ctx.db.pool, RETENTION);
  const names = Object.keys(RETENTION_KINDS) as RetentionName[]; // the keys of that very object
  return names.map((name) => ({ name, kind: RETENTION_KINDS[name], days: settings[name] }));
}

/** ISO instant; null: nothing is over time. */
function cutoffOf(days: number | null): string | null {
  return days === null ? null : new Date(Date.now() - days * 86_400_000).toISOString();
}
