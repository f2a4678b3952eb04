import fc from 'fast-check';
import sql from 'sql-template-tag';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from './database.ts';
import { plans, users } from './plan-arbitraries.ts';
import { type RunsBench, runsBench } from './runs.ts';

/** Declares the properties of runs and undos, tried with so many plans. */
export function declareUndoProperties(numRuns: number): void {
  const test = useTestDatabase();
  const bench = runsBench(test);

  describe('any plan on any users', () => {
    it('does what its preview counted, whatever the chunks, and is undone to the last field', async () => {
      await fc.assert(
        fc.asyncProperty(users, plans, fc.infiniteStream(fc.nat({ max: 999 })), async (seed, plan, cuts) => {
          await bench.clear();
          await bench.users(...seed);
          const set = await bench.set('everyone');
          const before = await bench.snapshot();

          const preview = await bench.preview(set, plan, { limit: 100 });
          expect(await bench.snapshot()).toEqual(before);
          const run = await bench.run(set, plan, { digest: preview.digest });
          const foreseen = {
            members: preview.members,
            changed: preview.changed,
            unchanged: preview.unchanged,
            skipped: preview.skipped,
            failed: preview.failed,
          };
          expect(run.counts).toEqual(foreseen);
          expect(run.changes).toEqual(preview.changes);
          expect(run.letters).toMatchObject({
            queued: preview.letters.queued,
            no_address: preview.letters.no_address,
            opted_out: preview.letters.opted_out,
          });
          expect(await diffs(bench, run.id)).toEqual(
            new Map(preview.users.filter((u) => u.outcome === 'changed').map((u) => [u.id, u.fields])),
          );
          const after = await bench.snapshot();
          expect(Object.keys(before).filter((id) => !same(before[id], after[id]))).toHaveLength(run.counts['changed'] ?? -1);

          const undo = await bench.undo(run.id);
          expect(undo.counts).toEqual({
            members: preview.changed,
            changed: preview.changed,
            unchanged: 0,
            skipped: 0,
            failed: 0,
            conflict: 0,
          });
          expect(await bench.snapshot()).toEqual(before);
          const redo = await bench.undo(undo.id);
          expect(redo.counts).toMatchObject({ changed: preview.changed, conflict: 0, failed: 0 });
          expect(await bench.snapshot()).toEqual(after);
          await bench.undo(redo.id);

          const again = await bench.start(set, plan);
          await cutAnew(bench, again.id, cuts);
          await bench.work();
          expect((await bench.show(again.id)).counts).toEqual(foreseen);
          expect(withoutIds(await bench.snapshot())).toEqual(withoutIds(after));
        }),
        { numRuns },
      );
    });
  });
}

/** What the journal says of each user's fields. */
async function diffs(bench: RunsBench, runId: number): Promise<Map<number, unknown>> {
  const { rows } = await bench.ctx.db.pool.query<{ user_id: number; fields: unknown }>(sql`
    select j.user_id, j.diff -> 'fields' as fields from journal j where j.run_id = ${runId}::bigint order by j.user_id`);
  return new Map(rows.map((row) => [row.user_id, row.fields]));
}

/** Other chunks, of other sizes, in another order. */
async function cutAnew(bench: RunsBench, runId: number, cuts: Iterable<number>): Promise<void> {
  const stream = cuts[Symbol.iterator]();
  const next = (): number => Number(stream.next().value);
  await bench.ctx.db.transaction(async (tx) => {
    const { rows } = await tx.query<{ user_id: number }>(
      sql`select m.user_id from run_members m where m.run_id = ${runId}::bigint order by 1`,
    );
    await tx.query(sql`delete from run_chunks where run_id = ${runId}::bigint`);
    const ids = rows.map((row) => row.user_id);
    let no = 0;
    const chunks: { no: number; order: number; ids: number[] }[] = [];
    while (ids.length > 0) chunks.push({ no: no++, order: next(), ids: ids.splice(0, 1 + (next() % 3)) });
    chunks.sort((a, b) => a.order - b.order);
    for (const [place, chunk] of chunks.entries()) {
      await tx.query(sql`insert into run_chunks (run_id, no, first_user, last_user, members, user_ids)
        values (${runId}::bigint, ${place}, ${chunk.ids[0]}, ${chunk.ids.at(-1)}, ${chunk.ids.length}, ${chunk.ids}::bigint[])`);
    }
  });
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Rows that a run adds have other ids and times each time. */
function withoutIds(snapshot: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(
    JSON.stringify(snapshot, (key, value: unknown) => (key === 'created_at' ? undefined : key === 'id' ? undefined : sorted(value))),
  );
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value) || value.some((row) => typeof row !== 'object')) return value;
  return [...value].sort((a, b) => (content(a) < content(b) ? -1 : 1));
}

function content(row: unknown): string {
  return JSON.stringify(row, (key, value: unknown) => (key === 'id' || key === 'created_at' ? undefined : value));
}
