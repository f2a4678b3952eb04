/** One file of a feed against the library: read whole, looked at, and written as one run when the guard does not ask. */
import type { PoolClient } from 'pg';
import {
  applySync,
  closeLook,
  LINES_PER_PART,
  lookAtFeed,
  type MergeResult,
  pageLook,
  type ReadProblem,
  type Staging,
  type SyncDifference,
  type SyncLook,
  type SyncOptions,
} from '../../changes/index.ts';
import { AppError, type Context, say, todayIn } from '../../core/index.ts';
import type { ChildTableName, ScalarName } from '../../users/index.ts';
import type { ReadRecord } from '../from-alma.ts';
import { authorityOf } from '../import-users.ts';
import { KnownRecords } from '../known-records.ts';
import { type FeedFile, inspectFile } from '../read-text.ts';
import { type StagedFile, stageFile, withStaging } from '../stage-file.ts';
import type { UnpackedFile } from '../sources/index.ts';
import type { Profile } from './profile.ts';
import { mappingOf } from './profile-operations.ts';

/** Problems that a run keeps of what the reader found; those of the merge are all kept. */
const KEPT_PROBLEMS = 10_000;

export interface Guarded {
  readonly needed: boolean;
  /** Users that the file changes or no longer names. */
  readonly touched: number;
  /** Users whom the feed named until now. */
  readonly of: number;
  readonly share: number;
}

export interface Looked {
  readonly staged: readonly StagedPart[];
  readonly look: SyncLook;
  readonly guard: Guarded;
  readonly options: SyncOptions;
}

export interface StagedPart {
  readonly name: string;
  readonly file: FeedFile;
  readonly staged: StagedFile;
}

/** Staging for one look at a file, and for writing what it found; of both nothing is left on the connection. */
export function withLook<T>(ctx: Context, work: (staging: Staging) => Promise<T>): Promise<T> {
  return withStaging(ctx, async (staging) => {
    await closeLook(staging);
    try {
      return await work(staging);
    } finally {
      // A connection that is gone has taken the tables with it.
      await closeLook(staging).catch(() => undefined);
    }
  });
}

/** Reads the parts of a file into staging and looks at what they would do. @throws what a broken file is refused for */
export async function lookAtFile(ctx: Context, profile: Profile, staging: Staging, parts: readonly UnpackedFile[]): Promise<Looked> {
  const mapping = await mappingOf(profile.csv_mapping, profile.code);
  const known = await KnownRecords.load(staging.client, profile.code, readingOf(profile));
  const staged: StagedPart[] = [];
  for (const [i, part] of parts.entries()) {
    const file = await inspectFile(part.path, {
      ...(profile.format === null ? {} : { format: profile.format }),
      ...(profile.encoding === null ? {} : { encoding: profile.encoding }),
    });
    const read = await stageFile(ctx, file, staging, {
      mapping: file.format === 'csv' ? mapping : undefined,
      problemLimit: KEPT_PROBLEMS,
      secrets: false,
      linesBefore: i * LINES_PER_PART,
      known,
      finish: (record) => settle(record, profile, todayIn(ctx.timeZone)),
    });
    staged.push({ name: part.name, file, staged: read });
  }
  const rejected = staged.reduce((sum, part) => sum + part.staged.rejected, 0);
  if (staging.count === 0 && rejected === 0 && known.met === 0)
    throw new AppError('feeds.file_no_records', { file: parts.map((p) => p.name).join(', ') });
  const options = { ...optionsOf(ctx, profile, staged, rejected), known };
  ctx.onProgress?.({ stage: say(ctx.language, 'feeds.stage_merge', {}), done: 0, total: staging.count });
  const look = await lookAtFeed(staging, options);
  return { staged, look, guard: guardOf(profile, look), options };
}

export function differencesOf(staging: Staging, limit: number): Promise<readonly SyncDifference[]> {
  return pageLook(staging, limit);
}

/** Writes what was looked at. `together`: in the transaction that writes. */
export async function writeFile(
  ctx: Context,
  staging: Staging,
  { look, options, staged }: Looked,
  heldRun: number | null,
  together: (tx: PoolClient, result: MergeResult & { readonly runId: number; readonly absent: number }) => Promise<void>,
): Promise<MergeResult & { readonly absent: number }> {
  const total = look.created + look.updated;
  return applySync(staging, {
    ...options,
    look,
    heldRun,
    problemsBefore: staged.flatMap((part) => part.staged.problems.map((p): ReadProblem => ({ ...p }))),
    together,
    onProgress: (done) => ctx.onProgress?.({ stage: say(ctx.language, 'feeds.stage_write', {}), done, total }),
  });
}

function optionsOf(ctx: Context, profile: Profile, staged: readonly StagedPart[], rejected: number): Omit<SyncOptions, 'known'> {
  const [first, ...others] = staged;
  if (first === undefined) throw new AppError('feeds.file_no_records', { file: profile.name });
  const speaks = (part: StagedPart) => JSON.stringify([part.staged.slots ?? null, part.staged.matchIdentifier ?? null]);
  const other = others.find((part) => speaks(part) !== speaks(first));
  if (other !== undefined) throw new AppError('feeds.parts_differ', { file: other.name, first: first.name });
  const match = first.staged.matchIdentifier ?? profile.match_identifier ?? undefined;
  return {
    actor: ctx.actor.name,
    name: `${profile.name}: ${first.name}`.slice(0, 200),
    plan: { code: profile.code, file: first.name, format: first.file.format },
    today: todayIn(ctx.timeZone),
    feed: { code: profile.code },
    rejectedBefore: rejected,
    problemLimit: KEPT_PROBLEMS,
    ...(match === undefined ? {} : { matchIdentifier: match }),
    ...(first.staged.slots === undefined ? {} : { slots: first.staged.slots }),
    ...authorityOf(ctx.actor),
  };
}

/** Everything of the profile that decides what a record comes to. */
function readingOf({ format, encoding, csv_mapping, match_identifier, record_type, code_maps, defaults }: Profile): unknown {
  return { format, encoding, csv_mapping, match_identifier, record_type, code_maps, defaults };
}

function guardOf(profile: Profile, { updated, absent, feedUsers }: SyncLook): Guarded {
  const touched = updated + absent;
  return {
    needed: touched > 0 && touched >= profile.guard_at_least && touched * 100 > feedUsers * profile.guard_share,
    touched,
    of: feedUsers,
    share: profile.guard_share,
  };
}

/** What is the profile's to say of a record, whatever stands in it. */
export function settle(record: ReadRecord, profile: Profile, today: string): void {
  record.fields.account_type = 'EXTERNAL';
  record.fields.external_id = profile.code;
  delete record.password;
  delete record.pin;
  // Roles are never in a feed: they are the library's, and new users get theirs by the rules.
  delete record.lists.user_roles;
  // Neither are these, which come from the circulation and from the user's own use.
  for (const name of ['force_password_change', 'loans', 'requests', 'fees', 'last_patron_activity_date'] as const)
    delete record.fields[name];
  record.forNew.record_type = profile.record_type;
  delete record.fields.record_type;
  for (const [field, map] of Object.entries(profile.code_maps)) {
    const name = field as ScalarName; // the schema allows two of them
    for (const place of [record.fields, record.forNew]) {
      const given = place[name];
      if (typeof given === 'string' && Object.hasOwn(map, given)) place[name] = map[given] ?? given;
    }
  }
  for (const [field, given] of Object.entries(profile.defaults)) {
    const name = field as ScalarName; // the schema allows some of them
    // A field that has a value for new users is never emptied by a file.
    if (record.fields[name] === null) delete record.fields[name];
    if (record.fields[name] === undefined) record.forNew[name] ??= given.startsWith('today') ? dayFrom(today, given) : given;
  }
  keepToItsSegment(record);
}

/** The library's own rows are not a feed's to bring or to take; a list of nothing else says nothing. */
function keepToItsSegment(record: ReadRecord): void {
  for (const [table, rows] of Object.entries(record.lists)) {
    const own = rows.filter((row) => row.segment !== 'Internal');
    const name = table as ChildTableName; // a key of the lists
    if (own.length === rows.length) continue;
    if (own.length === 0) delete record.lists[name];
    else record.lists[name] = own;
  }
}

/** `today+30d` and `today+24m` as a day; a day that the month does not have becomes its last. */
function dayFrom(today: string, relative: string): string {
  const [, number = '0', unit = 'd'] = /^today\+(\d+)([dm])$/.exec(relative) ?? [];
  const [year = 1970, month = 1, day = 1] = today.split('-').map(Number);
  if (unit === 'd') return new Date(Date.UTC(year, month - 1, day + Number(number))).toISOString().slice(0, 10);
  const last = new Date(Date.UTC(year, month + Number(number), 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + Number(number), Math.min(day, last))).toISOString().slice(0, 10);
}
