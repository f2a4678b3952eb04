/** Two records of one person: what merging them would come to, and the merge. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { isChoosable, type MergeChoices, type MergeUsersPlan, planMerge, writeMerge } from '../../changes/index.ts';
import { AppError, type Context, id, operation, sayAny, todayIn } from '../../core/index.ts';
import { identifierInUse } from '../../feeds/index.ts';
import {
  anyAdministrator,
  findUser,
  type FoundUser,
  lockAdministrators,
  readWhole,
  SCALARS,
  userTag,
  type WholeUser,
} from '../../users/index.ts';
import { endAccess, moveHoldings } from './holdings.ts';
import { checkActor, checkAdministrators, checkPair } from './may-merge.ts';
import { mergePreviewSchema, viewOf } from './merge-view.ts';

const side = z.enum(['keep', 'give_up']);
const pair = {
  keep: z.string().trim().min(1).max(255).describe('Primary id or any identifier of the record that stays'),
  give_up: z.string().trim().min(1).max(255).describe('Primary id or any identifier of the record that goes into it'),
  choices: z
    .record(z.string(), side)
    .default({})
    .describe('Field → whose value counts, where the rule is not wanted: the kept record’s value, and what it lacks from the other'),
};
const match = z
  .strictObject({ keep: z.string().min(1).max(80), give_up: z.string().min(1).max(80) })
  .optional()
  .describe('Tags of the two as the caller knows them: refuse when one has changed since');

export const previewMerge = operation({
  name: 'user.preview_merge',
  summary: {
    en: 'Shows what merging two records of one person would come to',
    de: 'Zeigt, was das Zusammenführen zweier Datensätze einer Person ergäbe',
  },
  privilege: 'users:write',
  input: z.strictObject(pair),
  output: mergePreviewSchema,
  audit: (i) => ({ entity: 'user', id: i.keep, detail: { user: i.give_up } }),
  run: (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const both = await prepare(tx, ctx, i);
      return viewOf(tx, ctx, both);
    }),
});

export const mergeUsers = operation({
  name: 'user.merge',
  summary: {
    en: 'Merges two records of one person into one; its undo parts them again',
    de: 'Führt zwei Datensätze einer Person zusammen; das Rückgängigmachen trennt sie wieder',
  },
  privilege: 'users:write',
  input: z.strictObject({ ...pair, match }),
  output: z.object({
    id: id.describe('The run, for its report and its undo'),
    keep: z.string().describe('Primary id of the record that stays'),
    give_up: z.string().describe('Primary id that was given up; it leads to the other now'),
  }),
  audit: (i, output) => ({ entity: 'user', id: i.keep, detail: { user: i.give_up, ...(output === undefined ? {} : { run: output.id }) } }),
  run: (ctx, i) =>
    ctx.db
      .transaction(async (tx) => {
        const today = todayIn(ctx.timeZone);
        const { keep, giveUp, plan } = await prepare(tx, ctx, i);
        await checkAdministrators(tx, keep, giveUp, plan, today);
        const names = { keep: String(keep.fields.primary_id), give_up: String(giveUp.fields.primary_id) };
        const holdings = await moveHoldings(tx, {
          keep: { id: keep.id, primaryId: names.keep },
          giveUp: { id: giveUp.id, primaryId: names.give_up },
        });
        await endAccess(tx, giveUp.id);
        const run = await writeMerge(tx, keep, giveUp, plan, {
          actor: ctx.actor.name,
          today,
          name: sayAny(ctx.language, 'merge.run_name', names),
          plan: { merge: { ...names, choices: i.choices } },
          holdings: { ...holdings },
        });
        return { id: run, ...names };
      })
      .catch((error: unknown) => {
        // Only one that others have as well, of a type whose values may repeat, can be in the way of the primary id.
        throw identifierInUse(error);
      }),
});

interface Given {
  readonly keep: string;
  readonly give_up: string;
  readonly choices: MergeChoices;
  readonly match?: { readonly keep: string; readonly give_up: string } | undefined;
}

export interface Prepared {
  readonly keep: WholeUser;
  readonly giveUp: WholeUser;
  readonly tags: { readonly keep: string; readonly give_up: string };
  readonly plan: MergeUsersPlan;
}

/** Locks both users, in the order of their numbers, and works out the merge of what they are then. */
async function prepare(tx: PoolClient, ctx: Context, i: Given): Promise<Prepared> {
  const found = { keep: await findUser(tx, i.keep), giveUp: await findUser(tx, i.give_up) };
  if (found.keep.id === found.giveUp.id) throw new AppError('merge.same_record', { keep: i.keep, give_up: i.give_up });
  const ids = [found.keep.id, found.giveUp.id];
  if (await anyAdministrator(tx, sql`select x.id from unnest(${ids}::bigint[]) as x (id)`)) await lockAdministrators(tx);
  const { rows } = await tx.query<{ id: number; version: number }>(sql`
    select u.id, u.version from users u where u.id = any (${ids}::bigint[]) and u.merged_into is null order by u.id for no key update`);
  const tagOf = ({ id: user }: FoundUser, name: string): string => {
    const row = rows.find((each) => each.id === user);
    if (row === undefined) throw new AppError('users.not_found', { id: name });
    return userTag(row);
  };
  const tags = { keep: tagOf(found.keep, i.keep), give_up: tagOf(found.giveUp, i.give_up) };
  if (i.match !== undefined && i.match.keep !== tags.keep) throw new AppError('users.changed', { user: found.keep.primary_id });
  if (i.match !== undefined && i.match.give_up !== tags.give_up) throw new AppError('users.changed', { user: found.giveUp.primary_id });
  const keep = await readWhole(tx, { id: found.keep.id });
  const giveUp = await readWhole(tx, { id: found.giveUp.id });
  if (keep === undefined || giveUp === undefined) throw new AppError('users.not_found', { id: i.keep });
  checkActor(ctx.actor, keep, giveUp);
  await checkPair(tx, keep, giveUp);
  checkChoices(i.choices, keep, giveUp);
  const plan = planMerge(keep, giveUp, {
    choices: i.choices,
    today: todayIn(ctx.timeZone),
    shellId: await freeShellId(tx, giveUp.id),
    doubled: await doubledCirculation(tx, keep.id, giveUp.id),
  });
  return { keep, giveUp, tags, plan };
}

function checkChoices(choices: MergeChoices, keep: WholeUser, giveUp: WholeUser): void {
  const known = SCALARS.map(({ name }) => name).filter(isChoosable);
  for (const [field, whose] of Object.entries(choices)) {
    const name = known.find((each) => each === field);
    if (name === undefined) throw new AppError('merge.not_choosable', { field: field.slice(0, 60), known: known.join(', ') });
    if (whose === 'give_up' && giveUp.fields[name] === null && keep.fields[name] !== null) {
      throw new AppError('merge.nothing_to_take', { give_up: String(giveUp.fields.primary_id), field });
    }
  }
}

/** A primary id that nobody has, for the record that is given up. */
async function freeShellId(tx: PoolClient, userId: number): Promise<string> {
  const { rows } = await tx.query<{ name: string }>(sql`
    select n.name from (select 'merged-' || ${userId}::bigint || case when i = 1 then '' else '-' || i end as name, i from generate_series(1, 1000) i) n
    where not exists (select from users u where fold(u.primary_id) = n.name) order by n.i limit 1`);
  return rows[0]?.name ?? `merged-${userId}`;
}

/** Where the rows say so: the counts are of the same things then. */
async function doubledCirculation(tx: PoolClient, keep: number, giveUp: number) {
  const { rows } = await tx.query<{ loans: number; requests: number; fees: number }>(sql`
    select count(*) filter (where g.kind = 'loan')::integer as loans, count(*) filter (where g.kind = 'request')::integer as requests,
      coalesce(sum(g.amount) filter (where g.kind = 'fee'), 0)::float8 as fees
    from circulation g join circulation k on k.user_id = ${keep}::bigint and k.kind = g.kind and k.reference = g.reference
    where g.user_id = ${giveUp}::bigint`);
  return rows[0] ?? { loans: 0, requests: 0, fees: 0 };
}
