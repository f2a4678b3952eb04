/** Letters that go with changes: who is asked for what in the preview's statement and in a chunk's. */
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { ChildTableName } from '../users/index.ts';
import type { Compiled } from './compile.ts';
import type { UserColumn } from './kind.ts';

/** A user as the changes leave them, over `state s`. */
export interface UserAfter {
  readonly id: Sql;
  /** One of the columns that the letter reads. */
  readonly column: (name: UserColumn) => Sql;
  /** `from … where …` giving the user's rows of one of the tables that the letter reads, under that alias; more conditions may follow. */
  readonly rows: (table: ChildTableName, alias: string) => Sql;
}

/** A letter that goes out with the changes. */
export interface LetterOrder {
  /** Notification type; also the outbox's `letter`. */
  readonly code: string;
  /** What new credentials it carries; the sender makes them. */
  readonly brings: 'password' | 'link' | null;
  /** Over `state s`: who gets it. Users that failed or were skipped by a guard never do. */
  readonly recipients: Sql;
  readonly columns: readonly UserColumn[];
  readonly tables: readonly ChildTableName[];
  /** What becomes of the letter for a user (a number as in letter-counts.ts) and its language; for counting. */
  readonly counted: (user: UserAfter) => { readonly kind: Sql; readonly language: Sql };
  /** The same as a query of one row: kind, channel, address, language, state (null: no message), reason, version, once_for. */
  readonly decided: (user: UserAfter) => Sql;
  /** Of several users with one address only the first gets a mail; this is where it would go. Null: each gets one. */
  readonly sharedAddress: ((user: UserAfter) => Sql) | null;
}

const E_MAIL = sql`(6, 9)`;
const SAME_ADDRESS = sql`10`;

const n = (i: number): Sql => raw(String(i));

function chosen(letter: LetterOrder): Sql {
  return sql`(s.g = 0 and s.fail = 0 and (${letter.recipients}))`;
}

/** Tables that both the plan writes and the letters read. */
function movedTables(
  compiled: Compiled,
  letters: readonly LetterOrder[],
): readonly { readonly table: ChildTableName; readonly after: Sql }[] {
  return compiled.tables.flatMap(({ table, after }) =>
    after !== null && letters.some((letter) => letter.tables.includes(table)) ? [{ table, after }] : [],
  );
}

/** Common table expressions after `state`, each with a comma in front: the rows of tables that the plan moves under the letters. */
export function afterCtes(compiled: Compiled, letters: readonly LetterOrder[]): Sql {
  return join([empty, ...movedTables(compiled, letters).map((t) => sql`, after_${raw(t.table)} as (${t.after})`)], '');
}

/** `state` (or a page of it) as `s`, with what the letters read. */
function stateWithRows(compiled: Compiled, letters: readonly LetterOrder[], from = 'state'): Sql {
  const joins = movedTables(compiled, letters).map(({ table }) => sql`left join after_${raw(table)} on after_${raw(table)}.user_id = s.id`);
  return sql`${raw(from)} s ${join([empty, ...joins], ' ')}`;
}

function userAfter(compiled: Compiled, letters: readonly LetterOrder[]): UserAfter {
  const moved = movedTables(compiled, letters).map((t) => t.table);
  return {
    id: sql`s.id`,
    column: (name) => raw(`s.l_${name}`),
    rows: (table, alias) =>
      moved.includes(table)
        ? sql`from unnest(after_${raw(table)}.rows) ${raw(alias)} where true`
        : sql`from ${raw(table)} ${raw(alias)} where ${raw(alias)}.user_id = s.id`,
  };
}

/** `state` as `s`, with k_i (kind) and t_i (language) of letter i; for the preview. */
export function countedLetters(compiled: Compiled, letters: readonly LetterOrder[], from = 'state'): Sql {
  if (letters.length === 0) return sql`${raw(from)} s`;
  const user = userAfter(compiled, letters);
  const columns = letters.flatMap((letter, i) => {
    const { kind, language } = letter.counted(user);
    const own = [
      sql`case when ${chosen(letter)} then ${kind} else 0 end as k_${n(i)}`,
      sql`case when ${chosen(letter)} then ${language} end as t_${n(i)}`,
    ];
    const address = letter.sharedAddress?.(user);
    return address === undefined ? own : [...own, sql`case when ${chosen(letter)} then fold(${address}) end as a_${n(i)}`];
  });
  const asked = sql`(select s.*, ${join(columns, ', ')} from ${stateWithRows(compiled, letters, from)}) s`;
  if (letters.every((letter) => letter.sharedAddress === null)) return asked;
  const settled = letters.map((letter, i) =>
    letter.sharedAddress === null
      ? sql`y.k_${n(i)}, y.t_${n(i)}`
      : sql`case when y.k_${n(i)} in ${E_MAIL}
          and row_number() over (partition by y.k_${n(i)} in ${E_MAIL}, y.a_${n(i)} order by y.id) > 1 then ${SAME_ADDRESS} else y.k_${n(i)} end as k_${n(i)}, y.t_${n(i)}`,
  );
  const others = sql`y.id, y.g, y.fail, y.changed, y.moved${join(
    [
      empty,
      ...(compiled.conflicts ? [sql`y.conflict`] : []),
      ...Array.from({ length: compiled.steps }, (_, k) => raw(`y.s_${k}`)),
      ...compiled.warnings.map((_, j) => raw(`y.w_${j}`)),
    ],
    ', ',
  )}`;
  return sql`(select ${others}, ${join(settled, ', ')} from (select s.* from ${asked} offset 0) y) s`;
}

/** The same for `page`, a part of `state`: it does not know who else has an address. */
export function lettersOnPage(compiled: Compiled, letters: readonly LetterOrder[]): Sql {
  return countedLetters(
    compiled,
    letters.map((letter) => ({ ...letter, sharedAddress: null })),
    'page',
  );
}

/** Codes of the letters that a user of `state s` would be sent, as an array without nulls. */
export function lettersOfUser(letters: readonly LetterOrder[]): Sql {
  const codes = letters.map((letter, i) => sql`case when s.k_${n(i)} between 6 and 9 then ${letter.code}::text end`);
  return sql`array_remove(array[${join([...codes, sql`null::text`], ', ')}], null)`;
}

/**
 * Common table expressions, each with a comma behind: letter_i decides for everybody who was chosen, mail_i
 * puts the messages into the outbox. Mails of types that an address gets one of wait for the end of the run
 * (see `releaseOnePerAddress`), and messages of a paused batch until it goes on.
 */
export function letterWrites(compiled: Compiled, letters: readonly LetterOrder[], runId: number): Sql {
  const user = userAfter(compiled, letters);
  const ctes = letters.map((letter, i) => {
    const waits = letter.sharedAddress === null ? empty : sql` or (d.channel = 'email' and d.state = 'queued')`;
    return sql`letter_${n(i)} as (
      select s.id, d.* from ${stateWithRows(compiled, letters)} cross join lateral (${letter.decided(user)}) d where ${chosen(letter)}),
    mail_${n(i)} as (
      insert into outbox (run_id, user_id, letter, brings, channel, state, address, language, letter_version, once_for, last_error, next_at)
      select ${runId}::bigint, d.id, ${letter.code}::text, ${letter.brings}::text, d.channel, d.state, d.address, d.language, d.version, d.once_for, d.reason,
        case when exists (select from outbox_pauses p where p.run_id = ${runId}::bigint and p.letter in ('', ${letter.code}::text))${waits}
          then 'infinity'::timestamptz else now() end
      from letter_${n(i)} d where d.state is not null
      on conflict (run_id, user_id, letter) do nothing),
    `;
  });
  return join([empty, ...ctes], '');
}

/** Letter → [kind, language, users], as jsonb. */
export function letterResults(letters: readonly LetterOrder[]): Sql {
  if (letters.length === 0) return sql`'{}'::jsonb`;
  const parts = letters.map(
    (letter, i) => sql`${letter.code}::text, (select coalesce(jsonb_agg(jsonb_build_array(x.kind, x.language, x.users)), '[]')
      from (select d.kind, d.language, count(*) as users from letter_${n(i)} d group by 1, 2) x)`,
  );
  return sql`jsonb_build_object(${join(parts, ', ')})`;
}
