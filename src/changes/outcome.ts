/**
 * What became of the users of a chunk, or of a whole preview: the statements group members by
 * everything that can differ in their outcome, and the counts are added up from those few groups.
 */
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { type Compiled, STEP } from './compile.ts';
import { addLetters, type LetterCounts, noLetters } from './letter-counts.ts';

export type Outcome = 'changed' | 'unchanged' | 'skipped' | 'failed' | 'conflict';

/** For every change, too, the five add up to the members (a conflict is an undo's, which has no changes of its own). */
export interface ChangeCounts {
  changed: number;
  unchanged: number;
  /** Reason (a text code) → users. */
  skipped: Record<string, number>;
  failed: Record<string, number>;
  warnings: Record<string, number>;
}

/** `members = changed + unchanged + skipped + failed + conflict`, always. */
export interface Counts {
  members: number;
  changed: number;
  unchanged: number;
  skipped: number;
  failed: number;
  conflict: number;
  /** Users whose values moved between confirmation and this run. */
  moved: number;
  /** Reason → users, of the users' own outcomes. */
  reasons: Record<string, number>;
  changes: ChangeCounts[];
  /** Letter → state → messages. */
  letters: Record<string, LetterCounts>;
}

export function noCounts(steps: number): Counts {
  return {
    members: 0,
    changed: 0,
    unchanged: 0,
    skipped: 0,
    failed: 0,
    conflict: 0,
    moved: 0,
    reasons: {},
    changes: Array.from({ length: steps }, () => ({ changed: 0, unchanged: 0, skipped: {}, failed: {}, warnings: {} })),
    letters: {},
  };
}

/** Columns of `state s` that a group is made of. */
export function groupColumns(compiled: Compiled): Sql {
  return join(
    [
      sql`s.g`,
      sql`s.fail`,
      sql`s.changed`,
      sql`s.moved`,
      sql`${compiled.conflicts ? sql`s.conflict is not null` : sql`false`} as conflict`,
      sql`array[${join(
        range(compiled.steps)
          .map((k) => raw(`s.s_${k}`))
          .concat(compiled.steps === 0 ? [raw('0')] : []),
        ', ',
      )}]::smallint[] as steps`,
      sql`array[${join(compiled.warnings.map((_, j) => raw(`s.w_${j}`)).concat([raw('false')]), ', ')}] as warnings`,
    ],
    ', ',
  );
}

/** What `groupColumns` is made of, so that their arrays are built once a group and not once a user. */
export function groupKeys(compiled: Compiled): Sql {
  const keys = [sql`s.g`, sql`s.fail`, sql`s.changed`, sql`s.moved`, ...(compiled.conflicts ? [sql`s.conflict is not null`] : [])];
  const steps = range(compiled.steps).map((k) => raw(`s.s_${k}`));
  return join([...keys, ...steps, ...compiled.warnings.map((_, j) => raw(`s.w_${j}`))], ', ');
}

/** One group as the statements give it. */
export interface Group {
  readonly g: number;
  readonly fail: number;
  readonly changed: boolean;
  readonly moved: boolean;
  readonly conflict: boolean;
  readonly steps: readonly number[];
  readonly warnings: readonly boolean[];
  readonly users: number;
}

export function addGroup(counts: Counts, compiled: Compiled, group: Group): void {
  const users = Number(group.users);
  const outcome = outcomeOf(compiled, group);
  counts.members += users;
  counts[outcome.outcome] += users;
  if (outcome.reason !== null) counts.reasons[outcome.reason] = (counts.reasons[outcome.reason] ?? 0) + users;
  if (group.moved) counts.moved += users;
  if (group.g > 0) {
    addToChanges(counts, 'skipped', outcome.reason ?? '', users);
    return;
  }
  const failure = group.fail > 0 ? compiled.failures[group.fail - 1] : undefined;
  counts.changes.forEach((change, k) => {
    const step = group.steps[k] ?? 0;
    if (failure !== undefined) {
      if (failure.change === k) addTo(change.failed, { [failure.reason]: users });
      else addTo(change.skipped, { 'changes.other_failed': users });
      return;
    }
    if (step === STEP.changed) change.changed += users;
    else if (step === STEP.unchanged) change.unchanged += users;
    else {
      const reason = skipReason(compiled, k, step);
      change.skipped[reason] = (change.skipped[reason] ?? 0) + users;
    }
  });
  compiled.warnings.forEach((warning, j) => {
    const change = counts.changes[warning.change];
    if (group.warnings[j] && change !== undefined) change.warnings[warning.reason] = (change.warnings[warning.reason] ?? 0) + users;
  });
}

/** Counts users at every change alike: all of it was left alone for one reason. */
export function addToChanges(counts: Counts, outcome: 'skipped' | 'failed', reason: string, users: number): void {
  for (const change of counts.changes) addTo(change[outcome], { [reason]: users });
}

function outcomeOf(compiled: Compiled, group: Group): { outcome: Outcome; reason: string | null } {
  if (group.g > 0) return { outcome: 'skipped', reason: compiled.guards[group.g - 1] ?? null };
  if (group.fail > 0) return { outcome: 'failed', reason: compiled.failures[group.fail - 1]?.reason ?? null };
  if (group.conflict) return { outcome: 'conflict', reason: 'runs.changed_since' };
  if (group.changed) return { outcome: 'changed', reason: null };
  const first = group.steps[0];
  if (compiled.steps > 0 && first !== undefined && group.steps.every((s) => s >= STEP.condition)) {
    return { outcome: 'skipped', reason: skipReason(compiled, 0, first) };
  }
  return { outcome: 'unchanged', reason: null };
}

function skipReason(compiled: Compiled, change: number, step: number): string {
  if (step === STEP.condition) return 'changes.condition_not_met';
  return compiled.skips[change]?.[step - STEP.skipped] ?? 'changes.condition_not_met';
}

/** Over `state s`: the user is skipped as a whole. */
export function skippedSql(compiled: Pick<Compiled, 'steps'>): Sql {
  if (compiled.steps === 0) return sql`s.g > 0`;
  const all = join(
    range(compiled.steps).map((k) => sql`${raw(`s.s_${k}`)} >= ${raw(String(STEP.condition))}`),
    ' and ',
  );
  return sql`(s.g > 0 or (s.fail = 0 and not s.changed and ${all}))`;
}

/** Over `state s`: the text code of why the user was skipped or failed. */
export function reasonSql(compiled: Compiled): Sql {
  const codes = (list: readonly string[]) => sql`array[${join(list.length > 0 ? [...list] : [''], ', ')}]::text[]`;
  const first = compiled.skips[0] ?? [];
  return sql`case
    when s.g > 0 then (${codes(compiled.guards)})[s.g]
    when s.fail > 0 then (${codes(compiled.failures.map((f) => f.reason))})[s.fail]
    ${
      compiled.steps === 0
        ? sql`else ''`
        : sql`when s.s_0 = ${raw(String(STEP.condition))} then 'changes.condition_not_met'
    else (${codes(first)})[s.s_0 - ${raw(String(STEP.skipped - 1))}]`
    } end`;
}

export function addCounts(into: Counts, more: Counts): void {
  for (const key of ['members', 'changed', 'unchanged', 'skipped', 'failed', 'conflict', 'moved'] as const) into[key] += more[key];
  addTo(into.reasons, more.reasons);
  more.changes.forEach((change, k) => {
    const own = into.changes[k];
    if (own === undefined) return;
    own.changed += change.changed;
    own.unchanged += change.unchanged;
    addTo(own.skipped, change.skipped);
    addTo(own.failed, change.failed);
    addTo(own.warnings, change.warnings);
  });
  for (const [letter, counts] of Object.entries(more.letters)) {
    const own = into.letters[letter] ?? noLetters();
    into.letters[letter] = own;
    addLetters(own, counts);
  }
}

function addTo(into: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(more)) into[key] = (into[key] ?? 0) + value;
}

export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
