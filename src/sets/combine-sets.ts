import { type Context, operation, todayIn } from '../core/index.ts';
import { join } from 'sql-template-tag';
import { z } from 'zod';
import { itemized, type SetCreated, setCreatedSchema } from './create-set.ts';
import { findSet, memberIdsSql, type SetRow } from './set-row.ts';
import { setDescription, setName, setReference } from './write-set.ts';

const SQL_OPERATORS = { and: 'intersect', or: 'union', not: 'except' } as const;

export const combineSets = operation({
  name: 'set.combine',
  summary: {
    en: 'Make a new set out of others: in all of them (and), in any (or), in the first but none of the rest (not)',
    de: 'Aus Sets ein neues bilden: in allen (and), in mindestens einem (or), im ersten und in keinem der übrigen (not)',
  },
  privilege: 'sets:write',
  input: z.strictObject({
    name: setName,
    description: setDescription.optional(),
    private: z.boolean().default(true),
    operator: z.enum(['and', 'or', 'not']),
    /** Names or numbers; for `not` the first is the one that users are taken out of. */
    sets: z.array(setReference).min(2).max(50),
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
      const today = todayIn(ctx.timeZone);
      const parts = sets.map((set) => memberIdsSql(set, today));
      // These operators give each row once; of several, they work from left to right.
      const users = join(parts, `) ${SQL_OPERATORS[input.operator]} (`, '(', ')');
      const what = sets.map((set) => set.name).join(` ${input.operator.toUpperCase()} `);
      return itemized(ctx, tx, input, { from: 'combine', what }, users);
    }),
});
