/** From a plan to what the change engine applies: steps, guards, letters, in the author's name. */
import sql, { type Sql } from 'sql-template-tag';
import { grantableRoles, hasPrivilege, outranksSql } from '../access/index.ts';
import {
  type Application,
  type Compiled,
  compileChanges,
  type LetterOrder,
  type PreparedChanges,
  prepareChanges,
  type Touches,
  touchesSearch,
} from '../changes/index.ts';
import { type Actor, AppError, type Privilege, type Queryable } from '../core/index.ts';
import type { LetterRules } from '../letters/index.ts';
import { closedTo } from '../users/index.ts';
import { sparingGuards } from './administrators.ts';
import { orderLetters } from './letters.ts';
import type { Plan } from './plan.ts';

export interface PreparedPlan {
  readonly compiled: Compiled;
  readonly prepared: PreparedChanges;
  readonly letters: readonly LetterOrder[];
  /** What the letters were decided by; a run keeps it. */
  readonly rules: readonly LetterRules[];
  readonly searchable: boolean;
}

export interface PrepareOptions {
  readonly today: string;
  readonly actor: Actor;
  /** Users modified after this instant count as moved; null in a preview. */
  readonly movedSince: string | null;
  /** Administrators whom the plan leaves alone (see administrators.ts). */
  readonly spared?: readonly number[];
  /** The rules for letters that the run was confirmed with; those of now when absent. */
  readonly rules?: readonly LetterRules[];
}

/** Checks a plan against the library and compiles it; every fault comes out here, before a preview. */
export async function preparePlan(db: Queryable, plan: Plan, options: PrepareOptions): Promise<PreparedPlan> {
  const roles = await db.query<{ code: string }>(sql`select c.code from codes c where c.table_name = 'UserRoles'`);
  const prepared = await prepareChanges(db, plan.changes, {
    today: options.today,
    actor: options.actor.name,
    valueTable: plan.values ?? null,
    grantableRoles: grantableRoles(
      options.actor,
      roles.rows.map((r) => r.code),
    ),
  });
  const closed = closedTo(options.actor).filter((group) => prepared.groups.includes(group));
  if (closed.length > 0) throw new AppError('changes.field_closed', { groups: closed.join(', ') });
  const { letters, rules } = await orderLetters(db, plan, prepared, options);
  const compiled = compileChanges(prepared.steps, {
    hold: plan.protected !== 'yield',
    guards: [
      MERGED_GUARD,
      ...authorGuards(options.actor, prepared.touches),
      ...sparingGuards(options.spared ?? []),
      ...strictGuard(plan, options),
    ],
    valueTable: plan.values ?? null,
    movedSince: options.movedSince,
    lettersRead: letters.flatMap((letter) => letter.columns),
  });
  return { compiled, prepared, letters, rules, searchable: touchesSearch(prepared.touches) };
}

export function applicationOf(plan: PreparedPlan, runId: number, actor: string): Application {
  return { runId, actor, compiled: plan.compiled, letters: plan.letters, searchable: plan.searchable };
}

/** What starts by itself is checked here: nobody performed an operation in its author's name. */
export function checkRights(actor: Actor, prepared: PreparedChanges): void {
  const needed: readonly Privilege[] = ['jobs:run', ...prepared.privileges];
  const lacking = needed.find((privilege) => !hasPrivilege(actor, privilege));
  if (lacking !== undefined) throw new AppError('access.denied', { privilege: lacking, actor: actor.name });
}

/** Writes of these could shut their own author out. */
const CUTTING = ['status', 'account_type', 'expiry_date', 'credential_state', 'record_type'];

export interface UserGuard {
  readonly reason: string;
  /** Over alias `u`. */
  readonly when: Sql;
}

/** Who was merged into another record since the members were frozen: everything of theirs is there. */
export const MERGED_GUARD: UserGuard = { reason: 'runs.user_merged', when: sql`u.merged_into is not null` };

/**
 * Users that a plan, or an undo, of this author leaves alone: whoever holds a role that outranks the
 * author's own (a new password or address would make the author that person), and the author, where
 * the writes could shut them out.
 */
export function authorGuards(actor: Actor, touches: Touches): UserGuard[] {
  if (actor.kind !== 'user') return [];
  const guards: UserGuard[] = [];
  const outranks = outranksSql(actor, sql`u.id`);
  if (outranks !== null) guards.push({ reason: 'changes.not_permitted', when: outranks });
  if (touches.tables.includes('user_roles') || CUTTING.some((c) => c in touches.scalars)) {
    guards.push({ reason: 'runs.own_record', when: sql`u.id = ${actor.userId}::bigint` });
  }
  return guards;
}

function strictGuard(plan: Plan, options: PrepareOptions): UserGuard[] {
  if (plan.strict !== true || options.movedSince === null) return [];
  return [{ reason: 'changes.moved_strict', when: sql`u.modified_at > ${options.movedSince}::timestamptz` }];
}
