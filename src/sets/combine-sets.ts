import { AppError, type Context, operation, todayIn } from '../core/index.ts';
import { checkFilterFor, type Filter, readFilter } from '../filters/index.ts';
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { itemized, logical, type SetCreated, setCreatedSchema } from './create-set.ts';
import { findSet, memberIdsSql, type SetRow } from './set-row.ts';
import { setDescription, setName, setReference } from './write-set.ts';

type Operator = 'and' | 'or' | 'not' | 'xor';

const SQL_OPERATORS = { and: 'intersect', or: 'union', not: 'except' } as const;

export const combineSets = operation({
  name: 'set.combine',
  summary: {
    en: 'Make a new set out of others: in all of them (and), in any (or), in the first but none of the rest (not), in exactly one (xor)',
    de: 'Aus Sets ein neues bilden: in allen (and), in mindestens einem (or), im ersten und in keinem der übrigen (not), in genau einem (xor)',
  },
  privilege: 'sets:write',
  input: z.strictObject({
    name: setName,
    description: setDescription.optional(),
    private: z.boolean().default(true),
    operator: z.enum(['and', 'or', 'not', 'xor']),
    /** Names or numbers; for `not` the first is the one that users are taken out of. */
    sets: z.array(setReference).min(2).max(50),
    /** A logical set out of the filters of logical ones: worked out anew at each use. */
    logical: z.boolean().default(false),
  }),
  output: setCreatedSchema,
  audit: (input, output) => ({
    entity: 'set',
    id: output?.id ?? null,
    detail: { name: input.name, operator: input.operator, sets: input.sets },
  }),
  run: (ctx: Context, input): Promise<SetCreated> =>
    ctx.db.transaction(async (tx) => {
      const sets: SetRow[] = [];
      for (const reference of input.sets) sets.push(await findSet(tx, reference, ctx.actor));
      const what = sets.map((set) => set.name).join(` ${input.operator.toUpperCase()} `);
      if (input.logical) {
        const filter = readFilter(combineFilters(input.operator, sets.map(filterOf)));
        checkFilterFor(ctx.actor, filter);
        return logical(ctx, tx, input, { from: 'combine', what }, filter);
      }
      const today = todayIn(ctx.timeZone);
      const parts = sets.map((set) => memberIdsSql(set, today));
      return itemized(ctx, tx, input, { from: 'combine', what }, combineMembers(input.operator, parts));
    }),
});

function combineMembers(operator: Operator, parts: readonly Sql[]): Sql {
  if (operator === 'xor') {
    return sql`select p.user_id from (${join([...parts], ' union all ')}) p group by p.user_id having count(*) = 1`;
  }
  // These operators give each row once; of several, they work from left to right.
  return join([...parts], `) ${SQL_OPERATORS[operator]} (`, '(', ')');
}

function filterOf(set: SetRow): Filter {
  if (set.filter === null) throw new AppError('sets.combine_itemized', { set: set.name });
  return set.filter;
}

function combineFilters(operator: Operator, filters: readonly Filter[]): Filter {
  const [first, ...rest] = filters;
  if (first === undefined) throw new Error('At least two sets are combined.');
  const butNone = (one: Filter, others: readonly Filter[]): Filter => ({ and: [one, ...others.map((not) => ({ not }))] });
  switch (operator) {
    case 'and':
      return { and: filters };
    case 'or':
      return { or: filters };
    case 'not':
      return butNone(first, rest);
    case 'xor':
      return {
        or: filters.map((one) =>
          butNone(
            one,
            filters.filter((other) => other !== one),
          ),
        ),
      };
  }
}
