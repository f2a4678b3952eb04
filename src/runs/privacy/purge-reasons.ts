/** Why a user is not purged: one expression, for the preview and for the run that does it. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { outranksSql, ROLE } from '../../access/index.ts';
import { type Actor, declareSetting } from '../../core/index.ts';
import { openSql, openStates } from './may-erase.ts';
import { STATISTICS } from './purge-statistics.ts';

/** The plan of a purge, as its run keeps it. */
export const purgePlanSchema = z.strictObject({
  purge: z.strictObject({ fees_up_to: z.number().min(0), statistics: z.enum(STATISTICS) }),
});
export type PurgePlan = z.output<typeof purgePlanSchema>;

export const PURGE_FEES = declareSetting({
  name: 'purge.fees_up_to',
  label: {
    en: 'Purging users: open fees up to this amount are no reason to keep somebody',
    de: 'Benutzer bereinigen: Offene Gebühren bis zu diesem Betrag halten niemanden',
  },
  schema: z.number().min(0),
  default: 0,
  privilege: 'settings:write',
});

/** Over alias `u`: the reason as the code of a text, or null when the user is to be erased. */
export function keptSql(actor: Actor, today: string, feesUpTo: number): Sql {
  const self = actor.kind === 'user' ? actor.userId : 0;
  return sql`case
    when u.merged_into is not null then 'runs.user_merged'
    when u.id = ${self}::bigint then 'runs.own_record'
    when ${outranksSql(actor, sql`u.id`) ?? sql`false`} then 'privacy.purge.outranks'
    when exists (select from user_roles staff where staff.user_id = u.id and staff.type <> ${ROLE.patron} and staff.status <> 'INACTIVE')
      then 'privacy.purge.staff'
    when u.purge_date is null then 'privacy.purge.no_date'
    when u.purge_date >= ${today}::date then 'privacy.purge.later'
    when u.expiry_date >= ${today}::date then 'privacy.purge.not_expired'
    when ${openSql.loans} > 0 then 'privacy.purge.open_loans'
    when ${openSql.requests} > 0 then 'privacy.purge.open_requests'
    when ${openSql.fees} > ${feesUpTo}::numeric then 'privacy.purge.fees'
    when u.primary_id in (select mine.created_by from runs mine where mine.state in (${openStates})) then 'privacy.purge.open_runs'
  end`;
}
