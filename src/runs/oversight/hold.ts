import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { type Actor, declareSetting, type Queryable, readSetting } from '../../core/index.ts';
import { fingerprintOf, frozenMembersSql } from '../freeze.ts';
import { moveRun } from '../states.ts';

/** `state_reason` of a run that waits for a second person. */
export const WAITS_FOR_APPROVAL = 'runs.waits_for_approval';

export const APPROVAL = declareSetting({
  name: 'approval',
  label: {
    en: 'A run of more users than this waits until a second person has approved it; empty: never',
    de: 'Ein Lauf über mehr Benutzer als diese wartet, bis eine zweite Person ihn freigegeben hat; leer: nie',
  },
  schema: z.strictObject({ above: z.number().int().min(0).nullable() }),
  default: { above: null },
  privilege: 'access:write',
});

/** Whether a run of this actor over so many users has to wait for a second person. */
export async function asksForApproval(db: Queryable, actor: Actor, members: number): Promise<boolean> {
  const { above } = await readSetting(db, APPROVAL);
  return above !== null && members > above && !(actor.kind === 'user' && actor.key?.exemptFromGuard === true);
}

/**
 * Has a run with frozen members wait for a second person where the library wants that; true when it
 * does. A program whose key the library exempts from the guard is exempt from this, too.
 */
export async function holdForApproval(tx: PoolClient, actor: Actor, id: number, members: number): Promise<boolean> {
  if (!(await asksForApproval(tx, actor, members))) return false;
  const fingerprint = await fingerprintOf(tx, frozenMembersSql(id));
  await tx.query(sql`insert into run_approvals (run_id, fingerprint) values (${id}::bigint, ${fingerprint})
    on conflict (run_id) do update set fingerprint = excluded.fingerprint, asked_at = now()`);
  await tx.query(sql`update runs set members = ${members}::bigint where id = ${id}::bigint`);
  await moveRun(tx, id, { to: 'MANUAL_HANDLING_REQUIRED', reason: WAITS_FOR_APPROVAL });
  return true;
}
