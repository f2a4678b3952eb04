/**
 * One round trip for what many requests need at the same moment. A *part* is a small question that is
 * asked again and again: who holds a key, what stands in a record, that an entry of the audit be kept.
 * Whatever of all parts is waiting goes to the database in one statement; `InGroups` sees to it that
 * this statement begins after the question was asked, so that no answer is older than its question.
 *
 *     const wholeUser = part<string, WholeUser | undefined>({ name: 'user', select: '(select json_agg(…) from …)', … });
 *     await askTogether(pool, wholeUser, 'anna')
 *
 * Parts neither see nor wait for each other's effects: a question that follows from an answer is asked
 * after it, in a later group.
 */
import type { Queryable } from './context.ts';
import { InGroups } from './in-groups.ts';

export interface Part<I, O> {
  /** Short; the prepared statement is called after its parts. */
  readonly name: string;
  /** Expressions for `with`, if something is to be written. Here and in `select` `$items` is the parameter, as text. */
  readonly with?: string;
  /** An expression that gives one JSON value: all answers. */
  readonly select: string;
  encode(items: readonly I[]): unknown;
  /** One answer for each item, in their order. */
  decode(answers: unknown, items: readonly I[]): readonly O[];
}

interface Question {
  readonly part: Part<unknown, unknown>;
  readonly item: unknown;
}

/** More in one statement would hold up those who wait behind it. */
const MOST = 32;

const TOGETHER = new WeakMap<Queryable, InGroups<Question, unknown>>();

/** Rejects with the database's error if this question alone has one. */
export function askTogether<I, O>(pool: Queryable, part: Part<I, O>, item: I): Promise<O> {
  const together = TOGETHER.get(pool) ?? new InGroups((questions: readonly Question[]) => askAll(pool, questions), MOST);
  TOGETHER.set(pool, together);
  return together.ask({ part: part as Part<unknown, unknown>, item }) as Promise<O>; // a part's answers are for its own items
}

async function askAll(pool: Queryable, questions: readonly Question[]): Promise<readonly unknown[]> {
  const parts = [...new Set(questions.map((question) => question.part))].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const items = parts.map((part) => questions.filter((question) => question.part === part).map((question) => question.item));
  const { rows } = await pool.query<Record<string, unknown>>({
    ...statementOf(parts),
    values: parts.map((part, i) => JSON.stringify(part.encode(items[i] ?? []))),
  });
  const answers = new Map(parts.map((part, i) => [part, part.decode(rows[0]?.[`p${i}`], items[i] ?? []).values()]));
  return questions.map((question) => answers.get(question.part)?.next().value);
}

const STATEMENTS = new Map<string, { readonly name: string; readonly text: string }>();

/** Planned once per connection for every combination of parts that comes up. */
function statementOf(parts: readonly Part<unknown, unknown>[]): { readonly name: string; readonly text: string } {
  const name = `muster ${parts.map((part) => part.name).join(', ')}`;
  const known = STATEMENTS.get(name);
  if (known !== undefined) return known;
  const withItems = (text: string, i: number): string => text.replaceAll('$items', `$${i + 1}::text`);
  const expressions = parts.flatMap((part, i) => (part.with === undefined ? [] : [withItems(part.with, i)]));
  const statement = {
    name,
    text: `${expressions.length === 0 ? '' : `with ${expressions.join(', ')} `}select ${parts
      .map((part, i) => `(${withItems(part.select, i)}) as p${i}`)
      .join(', ')}`,
  };
  STATEMENTS.set(name, statement);
  return statement;
}
