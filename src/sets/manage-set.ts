import { AppError, type Context, id, operation, type Queryable } from '../core/index.ts';
import { checkFilterFor, filterSchema, formatFilter, parseFilter } from '../filters/index.ts';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type SetRow, type SetSource, setTag, takeSet } from './set-row.ts';
import { emptyAsNull, namesAreUnique, setDescription, setName, setReference } from './write-set.ts';

/** What a verb on a set answers: which one it was, under its name of now. */
const setNamedSchema = z.object({ id, name: z.string() });
export type SetNamed = z.output<typeof setNamedSchema>;

const auditSet = (input: { set: string | number }, output: SetNamed | undefined) => ({
  entity: 'set',
  id: output?.id ?? input.set,
});

const setMatch = z.string().min(1).max(80).describe('Tag of the set as the caller knows it (`setTag`): refuse when it has changed since');

/** The set is locked; throws `sets.changed`. */
function requireUnchanged(set: SetRow, match: string | undefined): void {
  if (match !== undefined && match !== setTag(set)) throw new AppError('sets.changed', { set: set.name });
}

export const updateSet = operation({
  name: 'set.update',
  summary: {
    en: 'Rename or describe a set, make it private or public, or change a logical set’s filter',
    de: 'Ein Set umbenennen, beschreiben, privat oder öffentlich machen oder den Filter eines logischen Sets ändern',
  },
  privilege: 'sets:write',
  input: z.strictObject({
    set: setReference,
    name: setName.optional(),
    /** '' takes the description away. */
    description: setDescription.optional(),
    private: z.boolean().optional(),
    where: z.string().min(1).optional(),
    filter: filterSchema.optional(),
    match: setMatch.optional(),
  }),
  output: setNamedSchema,
  audit: auditSet,
  run: (ctx: Context, input): Promise<SetNamed> =>
    ctx.db.transaction(async (tx) => {
      const set = await takeSet(tx, input.set, ctx.actor);
      requireUnchanged(set, input.match);
      if (input.where !== undefined && input.filter !== undefined) throw new AppError('sets.source_count', { given: 'where, filter' });
      const filter = input.where === undefined ? input.filter : parseFilter(input.where);
      if (filter !== undefined) checkFilterFor(ctx.actor, filter);
      if (filter !== undefined && set.kind !== 'logical') throw new AppError('sets.not_logical', { set: set.name });
      const name = input.name ?? set.name;
      const source: SetSource | null = filter === undefined ? set.source : { from: 'filter', what: formatFilter(filter) };
      await namesAreUnique(name, () =>
        tx.query(sql`
          update sets set
            name = ${name}::text,
            description = ${input.description === undefined ? set.description : emptyAsNull(input.description)}::text,
            private = ${input.private ?? set.private}::boolean,
            filter = ${jsonOf(filter ?? set.filter)}::jsonb,
            source = ${jsonOf(source)}::jsonb,
            modified_at = now()
          where id = ${set.id}::bigint`),
      );
      return { id: set.id, name };
    }),
});

export const deleteSet = operation({
  name: 'set.delete',
  summary: { en: 'Delete a set; its users stay', de: 'Ein Set löschen; die Benutzer bleiben' },
  privilege: 'sets:write',
  input: z.strictObject({ set: setReference, match: setMatch.optional() }),
  output: setNamedSchema,
  audit: auditSet,
  run: (ctx: Context, input): Promise<SetNamed> =>
    ctx.db.transaction(async (tx) => {
      const set = await takeSet(tx, input.set, ctx.actor);
      requireUnchanged(set, input.match);
      await refuseWhenNeeded(tx, set);
      await tx.query(sql`delete from sets s where s.id = ${set.id}::bigint`);
      return { id: set.id, name: set.name };
    }),
});

/**
 * A run works on the members it has frozen, so only one that has not come to that still needs the set;
 * a schedule needs it until its last time is over.
 */
async function refuseWhenNeeded(tx: Queryable, set: SetRow): Promise<void> {
  const schedules = await tx.query<{ name: string }>(sql`
    select s.name from schedules s
    where s.set_id = ${set.id}::bigint and (s.enabled or s.cron is not null or s.run_at > now())
    order by s.id limit 1`);
  const [schedule] = schedules.rows;
  if (schedule !== undefined) throw new AppError('sets.in_use', { set: set.name, schedule: schedule.name });
  const runs = await tx.query<{ id: number }>(sql`
    select r.id from runs r
    where r.set_id = ${set.id}::bigint and r.state in ('MANUAL_HANDLING_REQUIRED', 'QUEUED', 'INITIALIZING')
    order by r.id limit 1`);
  const [run] = runs.rows;
  if (run !== undefined) throw new AppError('sets.needed_by_run', { set: set.name, run: run.id });
}

function jsonOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
