/** What compiled changes would do: the same chain as the run's, as SELECT. */
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import type { Compiled } from './compile.ts';
import { addLetter, noLetters } from './letter-counts.ts';
import { afterCtes, countedLetters, type LetterOrder, lettersOfUser, lettersOnPage } from './letter-orders.ts';
import { addGroup, type Counts, type Group, groupColumns, noCounts, reasonSql, skippedSql } from './outcome.ts';

export interface PreviewCounts {
  readonly counts: Counts;
  /** Says of a set of members whether it is the same: number and two order-free sums over their ids. */
  readonly fingerprint: string;
}

/** Counts for all members in one pass; nothing is locked or written. */
export async function countChanges(
  db: Queryable,
  compiled: Compiled,
  letters: readonly LetterOrder[],
  members: Sql,
): Promise<PreviewCounts> {
  const { rows } = await db.query<Group & { letters: string[]; sum: string; mix: string }>(countStatement(compiled, letters, members));
  const counts = noCounts(compiled.steps);
  let sum = 0n;
  let mix = 0n;
  for (const letter of letters) counts.letters[letter.code] = noLetters();
  for (const row of rows) {
    addGroup(counts, compiled, row);
    sum += BigInt(row.sum);
    mix ^= BigInt.asUintN(64, BigInt(row.mix));
    letters.forEach((letter, i) => {
      const own = counts.letters[letter.code];
      const [, kind, language] = /^(\d+)(.*)$/s.exec(row.letters[i] ?? '') ?? [];
      if (own !== undefined) addLetter(own, Number(kind ?? 0), language ?? null, Number(row.users));
    });
  }
  const fingerprint = `${counts.members}-${BigInt.asUintN(64, sum).toString(16)}-${mix.toString(16)}`;
  return { counts, fingerprint };
}

/** Exported for the test that reads its plan. */
export function countStatement(compiled: Compiled, letters: readonly LetterOrder[], members: Sql): Sql {
  // Kind and language in one: a grouping by more keys is estimated to have more groups, and is then sorted.
  const kinds = join([...letters.map((_, i) => raw(`s.k_${i} || coalesce(s.t_${i}, '')`)), raw(`''`)], ', ');
  return sql`with ${compiled.ctes(members)}${afterCtes(compiled, letters)}
    select x.g, x.fail, x.changed, x.moved, x.conflict, x.steps, x.warnings, x.letters, count(*)::integer as users,
      sum(hashint8extended(x.id, 0))::text as sum, bit_xor(hashint8extended(x.id, 1))::text as mix
    from (select s.id, ${groupColumns(compiled)}, array[${kinds}]::text[] as letters
      from ${countedLetters(compiled, letters)}) x
    group by 1, 2, 3, 4, 5, 6, 7, 8`;
}

export type OutcomeFilter = 'changed' | 'unchanged' | 'skipped' | 'failed' | 'conflict';

/** One user of the preview's table. */
export interface UserDifference {
  readonly id: number;
  readonly primary_id: string;
  readonly name: string;
  readonly outcome: OutcomeFilter;
  readonly reason: string | null;
  /** Field → [before, after]; values as the journal writes them. */
  readonly fields: Record<string, [unknown, unknown]>;
  readonly rows: Record<string, unknown>[];
  /** Code of each letter the user would get. */
  readonly letters: string[];
}

export interface Page {
  readonly limit: number;
  /** Ids after this one; 0 for the first page. */
  readonly after: number;
  /** Only users with this outcome; null: those with something to tell (not unchanged); `any`: all members. */
  readonly outcome: OutcomeFilter | 'any' | null;
}

/** A page of users with their before and after, in id order. `members` must be cheap to order by id. */
export async function pageChanges(
  db: Queryable,
  compiled: Compiled,
  letters: readonly LetterOrder[],
  members: Sql,
  page: Page,
): Promise<UserDifference[]> {
  const entries = compiled.tables.flatMap((t) => t.previewEntries);
  const fields = compiled.columns.map(
    (c) => sql`${c}::text, case when s.n_${raw(c)} is distinct from s.o_${raw(c)}
    then jsonb_build_array(s.o_${raw(c)}, s.n_${raw(c)}) end`,
  );
  const outcome = outcomeSql(compiled);
  const wanted =
    page.outcome === null ? sql`x.outcome <> 'unchanged'` : page.outcome === 'any' ? sql`true` : sql`x.outcome = ${page.outcome}::text`;
  const ordered = sql`select m.user_id from (${members}) m where m.user_id > ${page.after}::bigint order by m.user_id`;
  const { rows } = await db.query<UserDifference>(sql`with ${compiled.ctes(ordered, 'page')}${afterCtes(compiled, letters)},
    page as (select x.* from (select s.*, ${outcome} as outcome from state s) x where ${wanted} order by x.id limit ${page.limit}::integer)
    select s.id, u.primary_id, concat_ws(' ', coalesce(u.pref_first_name, u.first_name), coalesce(u.pref_last_name, u.last_name)) as name,
      s.outcome, ${compiled.conflicts ? sql`case when s.conflict is not null then 'runs.changed_since' end` : sql`case when s.outcome in ('skipped', 'failed') then ${reasonSql(compiled)} end`} as reason,
      case when s.outcome in ('changed', 'conflict') then ${fields.length === 0 ? sql`'{}'::jsonb` : sql`jsonb_strip_nulls(jsonb_build_object(${join(fields, ', ')}))`} else '{}'::jsonb end as fields,
      coalesce(e.rows, '[]'::jsonb) as rows,
      ${lettersOfUser(letters)} as letters
    from ${lettersOnPage(compiled, letters)} join users u on u.id = s.id
    left join (select e.user_id, jsonb_agg(e.entry) as rows from (${entries.length === 0 ? sql`select null::bigint as user_id, null::jsonb as entry where false` : join([...entries], ' union all ')}) e
      where e.user_id in (select p.id from page p) group by e.user_id) e on e.user_id = s.id
    order by s.id`);
  return rows;
}

/** Over `state s`: the name of what becomes of the user. */
function outcomeSql(compiled: Compiled): Sql {
  return sql`case when s.g > 0 then 'skipped' when s.fail > 0 then 'failed'
    ${compiled.conflicts ? sql`when s.conflict is not null then 'conflict'` : empty}
    when s.changed then 'changed' when ${skippedSql(compiled)} then 'skipped' else 'unchanged' end`;
}

/** Which users of a preview: all that is given has to hold. */
export interface Chosen {
  readonly outcome?: OutcomeFilter | undefined;
  /** Why they are skipped or fail, as a text code. */
  readonly reason?: string | undefined;
  /** A warning that some change has for them, as a text code. */
  readonly warning?: string | undefined;
  /** What becomes of any of the letters for them. */
  readonly letter?: keyof typeof LETTER_TESTS | undefined;
}

/** Numbers as in letter-counts.ts. */
const LETTER_TESTS = {
  opted_out: sql`= 1`,
  no_address: sql`= 4`,
  suppressed: sql`= 5`,
  queued: sql`between 6 and 9`,
  only_institutional: sql`= 9`,
} as const;

/** A query of `user_id` of those members. */
export function chosenUsers(compiled: Compiled, letters: readonly LetterOrder[], members: Sql, chosen: Chosen): Sql {
  const { outcome, reason, warning, letter } = chosen;
  const warned = compiled.warnings.flatMap((each, j) => (each.reason === warning ? [raw(`s.w_${j}`)] : []));
  const written = letter === undefined ? [] : letters.map((_, i) => sql`${raw(`s.k_${i}`)} ${LETTER_TESTS[letter]}`);
  const any = (tests: readonly Sql[]): Sql => (tests.length === 0 ? sql`false` : sql`(${join([...tests], ' or ')})`);
  const tests = [
    ...(outcome === undefined ? [] : [sql`${outcomeSql(compiled)} = ${outcome}::text`]),
    ...(reason === undefined ? [] : [sql`(s.g > 0 or s.fail > 0 or ${skippedSql(compiled)}) and ${reasonSql(compiled)} = ${reason}::text`]),
    ...(warning === undefined ? [] : [sql`s.g = 0 and s.fail = 0 and ${any(warned)}`]),
    ...(letter === undefined ? [] : [any(written)]),
  ];
  return sql`with ${compiled.ctes(members)}${afterCtes(compiled, letters)}
    select s.id as user_id from ${countedLetters(compiled, letters)}${tests.length === 0 ? empty : sql` where ${join(tests, ' and ')}`}`;
}
