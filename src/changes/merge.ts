/**
 * The set-based merge of staged users into users, as one run of kind 'import': all good records go
 * in, in one transaction, with one journal row per user that was written. Records that cannot go in
 * are told with their reason; records whose users have these values already cost no write.
 */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { anyAdministrator, bestRank, CHILD_TABLES, type ChildTable } from '../users/index.ts';
import { rulesThatGive } from './apply-role-rules.ts';
import { applyMerge, learnCodes } from './merge-apply.ts';
import {
  type Authority,
  type FeedMerge,
  lockCandidates,
  matchedUnlocked,
  type MergeMode,
  type MergeProblem,
  matchRecords,
  readProblems,
  rejectRecords,
} from './merge-match.ts';
import {
  carriedMasks,
  nextOfExisting,
  nextOfNew,
  planChildren,
  planCodes,
  planCredentials,
  planFields,
  planTouched,
  type Slot,
  tablesOf,
} from './merge-plan.ts';
import type { Staging } from './merge-staging.ts';

export type { Authority, FeedMerge, MergeMode, MergeProblem, MergeProblemCode } from './merge-match.ts';
export type { Slot } from './merge-plan.ts';
export { type Segment, Staging, type StagedRecord, type StagedRow, type StagedValue } from './merge-staging.ts';

export interface MergeOptions {
  readonly actor: string;
  /** Name of the run, e.g. "Import students.csv". */
  readonly name: string;
  /** What the run keeps as its plan: the file's name, format, mapping, mode. */
  readonly plan: Readonly<Record<string, unknown>>;
  /** Today in the library's time zone. */
  readonly today: string;
  readonly mode: MergeMode;
  /** Works everything out and writes nothing. */
  readonly dryRun: boolean;
  readonly matchIdentifier?: string;
  readonly slots?: readonly Slot[];
  /** Left out for the local administrator, who may do everything. */
  readonly authority?: Authority;
  /** Records of the file that were refused before staging; they count in the run. */
  readonly rejectedBefore?: number;
  /** Most problems that are returned; `rejected` counts all. */
  readonly problemLimit?: number;
  readonly feed?: FeedMerge;
  readonly onProgress?: (done: number) => void;
}

/** What the second look at a feed's file knows from the first (see merge-sync.ts). */
export interface MergeTail {
  /** Records that are still staged, numbered from 1. */
  readonly records: number;
  /** Outcomes of those that are not. */
  readonly before: Pick<MergeResult, 'unchanged' | 'rejected'>;
  /** The run that was made when the file was held; null: it is made now. */
  readonly runId: number | null;
}

export interface MergeResult {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Not wanted in this mode: users who exist (add), users who do not (update). */
  readonly skipped: number;
  readonly rejected: number;
  readonly problems: readonly MergeProblem[];
  readonly codesAdded: number;
  /** Records whose password was left out, because the account's password does not live here. */
  readonly passwordsIgnored: number;
  /** Null for a dry run. */
  readonly runId: number | null;
  /** Roles that the role assignment rules gave to new users, or would give. */
  readonly rolesGiven: number;
  /** Roles that the rules would have given, and that are not the actor's to give. */
  readonly rolesLeftOut: number;
}

/** Imports take turns: two files with the same new user would otherwise stop each other half-way. */
const ADVISORY_LOCK = 5_318_008_418;
const ATTEMPTS = 4;
/** Users written from which on the planner's statistics are renewed at once. */
const LARGE = 10_000;

/** Merges what `staging` holds. At any error nothing is changed. */
export async function mergeStaged(staging: Staging, options: MergeOptions): Promise<MergeResult> {
  const tx = staging.client;
  const result = await inTurns(tx, !options.dryRun, (spared) => tried(tx, staging, options, spared));
  if (!options.dryRun) await renewStatistics(tx, result);
  return result;
}

export async function renewStatistics(tx: PoolClient, { created, updated }: Pick<MergeResult, 'created' | 'updated'>): Promise<void> {
  if (created + updated >= LARGE) await tx.query(`analyze users, user_keys, user_search, ${CHILD_TABLES.map((t) => t.table).join(', ')}`);
}

/** One transaction, begun again when somebody else wrote at the same time; `spared`: administrators that an earlier attempt would have taken away. */
export async function inTurns<T>(tx: PoolClient, keeps: boolean, work: (spared: readonly number[]) => Promise<T>): Promise<T> {
  const spared: number[] = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tx.query('begin');
      const result = await work(spared);
      const end = await tx.query(keeps ? 'commit' : 'rollback');
      if (keeps && end.command !== 'COMMIT') throw new Error('The import was rolled back: an error inside it had been ignored.');
      return result;
    } catch (error) {
      await tx.query('rollback');
      // Each time one more is left alone, so this ends.
      if (error instanceof LastAdministrator) spared.push(error.userId);
      if (attempt - spared.length >= ATTEMPTS || !isCollision(error)) throw error;
    }
  }
}

/**
 * What role rules give can only be told of users who are there: a dry run with rules writes everything,
 * and the transaction is rolled back. Without rules it is worked out without writing.
 */
async function tried(tx: PoolClient, staging: Staging, options: MergeOptions, spared: readonly number[]): Promise<MergeResult> {
  const writes = !options.dryRun || (await rulesThatGive(tx)).length > 0;
  const result = await mergeRecords(tx, staging, { ...options, dryRun: !writes }, spared);
  return options.dryRun ? { ...result, runId: null } : result;
}

/** Somebody else wrote at the same time; what was staged is still there, so the merge simply starts again. */
class MovedMeanwhile extends Error {}

/** The file would take away the last administrator: it goes in without that record. */
class LastAdministrator extends Error {
  readonly userId: number;

  constructor(userId: number) {
    super('The merge would take away the last administrator.');
    this.userId = userId;
  }
}

function isCollision(error: unknown): boolean {
  if (error instanceof MovedMeanwhile || error instanceof LastAdministrator) return true;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === '40001' || code === '40P01' || code === '23505';
}

/** The merge inside an open transaction. Its temporary tables stand until the end of that. */
export async function mergeRecords(
  tx: PoolClient,
  staging: Staging,
  options: MergeOptions,
  spared: readonly number[],
  tail?: MergeTail,
): Promise<MergeResult> {
  // Hash joins over a whole file; the transaction's own setting.
  await tx.query(`set local work_mem = '64MB'`);
  if (!options.dryRun) {
    await tx.query(sql`select pg_advisory_xact_lock(${ADVISORY_LOCK}::bigint)`);
    await lockCandidates(tx, options);
  }
  await matchRecords(tx, options);
  if (!options.dryRun && (await matchedUnlocked(tx))) throw new MovedMeanwhile();
  await rejectRecords(tx, options, spared);

  const masks = await carriedMasks(tx);
  const rules = await rulesThatGive(tx);
  const listed = tablesOf(masks.lists);
  const tables = rules.length === 0 || options.dryRun ? listed : CHILD_TABLES.filter((t) => listed.includes(t) || t.table === 'user_roles');
  await planCodes(tx, staging.tablesWithNewCodes, masks.fields, tables);
  await planCredentials(tx, options);
  const existing = nextOfExisting(masks.fields, options);
  await planFields(tx, existing);
  for (const table of tables) await planChildren(tx, table, options);
  await planTouched(tx, tables, options);

  const counts = await count(tx);
  const result = {
    ...counts,
    unchanged: counts.unchanged + (tail?.before.unchanged ?? 0),
    rejected: counts.rejected + (tail?.before.rejected ?? options.rejectedBefore ?? 0),
    problems: await readProblems(tx, options.problemLimit ?? 1_000),
  };
  if (options.dryRun) return { ...result, runId: null, rolesGiven: 0, rolesLeftOut: 0 };
  const administrators = await administratorsTouched(tx, options.today);
  const runId = await recordRun(tx, options, result, masks.fields, tables, tail?.runId ?? null);
  await learnCodes(tx);
  const ruled = await applyMerge(tx, {
    runId,
    actor: options.actor,
    existing,
    created: nextOfNew(masks.fields, options),
    tables,
    records: tail?.records ?? staging.count,
    rules,
    today: options.today,
    notGranted: options.authority?.roleNotGranted ?? (() => sql`false`),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  if (administrators !== null) await checkAdministrators(tx, administrators, options.today);
  return { ...result, runId, rolesGiven: ruled.given, rolesLeftOut: ruled.leftOut };
}

type BestAdministrators = Awaited<ReturnType<typeof bestRank>>;

/** Who there is, when the merge writes one of them. */
async function administratorsTouched(tx: PoolClient, today: string): Promise<BestAdministrators | null> {
  if (!(await anyAdministrator(tx, sql`select t.user_id from merge_touched t where not t.is_new`))) return null;
  const best = await bestRank(tx, today);
  return best.rank === 0 ? null : best;
}

async function checkAdministrators(tx: PoolClient, before: BestAdministrators, today: string): Promise<void> {
  const now = await bestRank(tx, today);
  const last = before.users.at(-1);
  if (now.rank < before.rank && last !== undefined) throw new LastAdministrator(last.id);
}

type Counts = Omit<MergeResult, 'problems' | 'runId' | 'rolesGiven' | 'rolesLeftOut'>;

async function count(tx: PoolClient): Promise<Counts> {
  const { rows } = await tx.query<Counts>(`
    select r.created, t.updated, r.existing - t.updated as unchanged, r.skipped, r.rejected, r."passwordsIgnored",
      (select count(*) from merge_codes) as "codesAdded"
    from (select
        count(*) filter (where state = 'live' and is_new) as created,
        count(*) filter (where state = 'live' and not is_new) as existing,
        count(*) filter (where state = 'skipped') as skipped,
        count(*) filter (where state = 'rejected') as rejected,
        count(*) filter (where state = 'live' and password_hash is not null and new_credential is null) as "passwordsIgnored"
      from merge_records) r,
      (select count(*) as updated from merge_touched where not is_new) t`);
  const row = rows[0];
  if (row === undefined) throw new Error('The merge could not be counted.');
  return row;
}

async function recordRun(
  tx: PoolClient,
  options: MergeOptions,
  result: Omit<MergeResult, 'runId' | 'rolesGiven' | 'rolesLeftOut'>,
  mask: number,
  tables: readonly ChildTable[],
  held: number | null,
): Promise<number> {
  const changed = result.created + result.updated;
  const counts = {
    members: changed + result.unchanged + result.skipped + result.rejected,
    changed,
    unchanged: result.unchanged,
    skipped: result.skipped,
    failed: result.rejected,
    created: result.created,
  };
  const scalars = Object.fromEntries(nextOfExisting(mask, options).map((v) => [v.name, [0]]));
  const touches = { scalars, tables: tables.map((t) => t.table) };
  const state = result.rejected > 0 ? 'COMPLETED_WARNING' : 'COMPLETED_SUCCESS';
  if (held !== null) {
    await tx.query(sql`
      update runs set state = ${state}::text, state_reason = null, today = ${options.today}::date, touches = ${JSON.stringify(touches)}::jsonb,
        members = ${counts.members}::bigint, counts = ${JSON.stringify(counts)}::jsonb, started_at = now(), finished_at = clock_timestamp()
      where id = ${held}::bigint`);
    return held;
  }
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into runs (kind, name, state, plan, today, touches, members, counts, created_by, started_at, finished_at)
    values (${options.feed === undefined ? 'import' : 'feed'}::text, ${options.name}::text, ${state}::text,
      ${JSON.stringify({ [options.feed === undefined ? 'import' : 'feed']: options.plan })}::jsonb, ${options.today}::date, ${JSON.stringify(touches)}::jsonb,
      ${counts.members}::bigint, ${JSON.stringify(counts)}::jsonb, ${options.actor}::text, now(), clock_timestamp())
    returning id`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The run was not recorded.');
  return id;
}
