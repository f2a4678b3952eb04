/** Any two records are merged and parted again without a trace, and nothing of either is lost in between. */
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { describe, expect, it } from 'vitest';
import { parseInput } from '../../src/core/index.ts';
import { mergeUsers, previewMerge } from '../../src/runs/index.ts';
import { CHILD_TABLES } from '../../src/users/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { EVERYDAY } from '../support/effort.ts';
import { users } from '../support/plan-arbitraries.ts';
import { type RunsBench, runsBench } from '../support/runs.ts';

const test = useTestDatabase();
const bench = runsBench(test);

type Whole = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>>;

const pairs = users.filter((seed) => seed.length >= 2).map((seed) => seed.slice(0, 3));
const hanging = fc.record({
  sets: fc.array(fc.constantFrom('keep', 'give_up'), { minLength: 1, maxLength: 4 }),
  loans: fc.array(fc.record({ whose: fc.constantFrom('keep', 'give_up'), reference: fc.constantFrom('L1', 'L2', 'L3') }), { maxLength: 5 }),
  proxies: fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })), { maxLength: 3 }),
});

describe('any two records', () => {
  it('are merged with everything of both, and parted to the last field', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.boolean(), hanging, async (seed, swap, things) => {
        await bench.clear();
        const ids = await bench.users(...seed);
        const [keepAt, giveAt] = swap ? [1, 0] : [0, 1];
        const keep = seed[keepAt]?.primary_id ?? '';
        const giveUp = seed[giveAt]?.primary_id ?? '';
        await hang(bench, ids, { keep: ids[keepAt] ?? 0, giveUp: ids[giveAt] ?? 0 }, things);
        await bench.ctx.db.pool.query(sql`select refresh_user_search(${ids}::bigint[])`);
        const before = await whole(bench);
        const input = parseInput(mergeUsers.input, { keep, give_up: giveUp });
        const fed = seed[giveAt]?.['account_type'] === 'EXTERNAL' && seed[keepAt]?.['account_type'] !== 'EXTERNAL';
        if (fed) {
          await expect(mergeUsers.run(bench.ctx, input)).rejects.toMatchObject({ code: 'merge.feed_owns' });
          expect(await whole(bench)).toEqual(before);
          return;
        }
        const preview = await previewMerge.run(bench.ctx, parseInput(previewMerge.input, { keep, give_up: giveUp }));
        previewMerge.output.parse(preview);
        expect(await whole(bench)).toEqual(before);
        const run = await mergeUsers.run(bench.ctx, input);
        const after = await whole(bench);
        const [one, other, both] = [before.users[keep], before.users[giveUp], after.users[keep]] as [Whole, Whole, Whole];
        for (const { field, result } of preview.fields) expect([field, both[field]]).toEqual([field, result.value]);
        everythingOf(one, both);
        everythingOf(other, both);
        const shell = Object.entries(after.users).find(([, user]) => (user as Whole)['merged_into'] !== null)?.[1] as Whole;
        expect(shell).toMatchObject({ status: 'INACTIVE', first_name: null, keys: null, credential_id: null });
        for (const { table } of CHILD_TABLES) expect(shell[table]).toBeNull();

        const undo = await bench.undo(run.id);
        expect(undo.counts).toMatchObject({ members: 2, changed: 2, conflict: 0, failed: 0, skipped: 0 });
        expect(await whole(bench)).toEqual(before);
      }),
      { numRuns: EVERYDAY.plans },
    );
  });
});

/** Memberships, loans and proxies. */
async function hang(
  { ctx }: RunsBench,
  ids: readonly number[],
  pair: { readonly keep: number; readonly giveUp: number },
  things: {
    readonly sets: readonly string[];
    readonly loans: readonly { readonly whose: string; readonly reference: string }[];
    readonly proxies: readonly (readonly [number, number])[];
  },
): Promise<void> {
  const who = (whose: string) => (whose === 'keep' ? pair.keep : pair.giveUp);
  for (const [i, whose] of things.sets.entries()) {
    await ctx.db.pool.query(sql`
      with s as (select s.id from sets s where s.name = ${`s${i % 2}`}),
      made as (insert into sets (name, kind, owner) select ${`s${i % 2}`}, 'itemized', 'administrator' where not exists (select from s) returning id)
      insert into set_members (set_id, user_id) select x.id, ${who(whose)}::bigint from (select id from s union select id from made) x on conflict do nothing`);
  }
  for (const { whose, reference } of things.loans) {
    await ctx.db.pool.query(sql`
      insert into circulation (user_id, kind, reference, true_on) values (${who(whose)}::bigint, 'loan', ${reference}, '2026-11-01') on conflict do nothing`);
  }
  for (const [one, other] of things.proxies) {
    const [a, b] = [ids[one], ids[other]];
    if (a === undefined || b === undefined || a === b) continue;
    await ctx.db.pool.query(
      sql`insert into user_proxies (user_id, proxy_for_id) values (${a}::bigint, ${b}::bigint) on conflict do nothing`,
    );
  }
}

async function whole(at: RunsBench): Promise<{ users: Readonly<Record<string, unknown>>; others: unknown }> {
  const { rows } = await at.ctx.db.pool.query(`
    select (select jsonb_agg(m order by m.set_id, m.user_id) from set_members m) as sets,
      (select jsonb_agg(c order by c.id) from circulation c) as circulation,
      (select jsonb_agg(p order by p.id) from user_proxies p) as proxies,
      (select jsonb_agg(s order by s.user_id) from user_search s) as search`);
  return { users: await at.snapshot(), others: rows[0] };
}

/** Whatever a row says is said by a row of the merged record: types may be more, an empty note may be filled. */
function everythingOf(user: Whole, both: Whole): void {
  for (const { table, fields } of CHILD_TABLES) {
    if (table === 'user_letter_preferences') continue;
    const rows = (both[table] ?? []) as readonly Row[];
    for (const row of (user[table] ?? []) as readonly Row[]) {
      const found = rows.some((candidate) => fields.every(({ name }) => includes(name, candidate[name], row[name])));
      expect({ table, row, found }).toEqual({ table, row, found: true });
    }
  }
}

const ASIDE = new Set(['preferred', 'preferred_sms', 'created_by', 'created_at', 'expiry_date']);

function includes(name: string, whole: unknown, part: unknown): boolean {
  if (ASIDE.has(name)) return true;
  if (Array.isArray(whole) && Array.isArray(part) && name === 'types') return part.every((type) => whole.includes(type));
  // Of a role it is the same one, in whatever order they come.
  if (Array.isArray(whole) && Array.isArray(part) && name === 'parameters') return said(whole) === said(part);
  if ((name === 'note' || name === 'description') && part === null) return true;
  if (typeof whole === 'string' && typeof part === 'string') return whole.trim().toLowerCase() === part.trim().toLowerCase();
  return JSON.stringify(whole) === JSON.stringify(part);
}

function said(parts: readonly unknown[]): string {
  return parts
    .map((part) => JSON.stringify(part))
    .sort()
    .join();
}
