/** Runs leave the last administrator alone (see users/administrators.ts): in the preview, at the start, and chunk by chunk. */
import type { PoolClient } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import {
  addToChanges,
  type Application,
  applyUsers,
  type Compiled,
  type Counts,
  noCounts,
  pageChanges,
  type UserDifference,
} from '../changes/index.ts';
import {
  type Administrator,
  ADMINISTRATOR_COLUMNS,
  type AdministratorRole,
  anyAdministrator,
  lastOf,
  lockAdministrators,
  rankOf,
  readAdministrators,
} from '../users/index.ts';

export const LAST_ADMINISTRATOR = 'runs.last_administrator';

/** Whether changes write anything that an administrator's standing hangs on. */
function mayUnseat(compiled: Compiled): boolean {
  return compiled.columns.some((column) => ADMINISTRATOR_COLUMNS.includes(column)) || compiled.tables.some((t) => t.table === 'user_roles');
}

/** An administrator was changed between the look and the lock: the chunk is tried again, as after a serialisation failure. */
class AdministratorMoved extends Error {
  readonly code = '40001';
}

/** Whether the changes would make one of the members less of an administrator than they are. */
async function unseatsAny(tx: PoolClient, compiled: Compiled, members: Sql, today: string): Promise<boolean> {
  const { all, libraries } = await readAdministrators(tx, members);
  const differences = await differencesOf(
    tx,
    compiled,
    all.map((user) => user.id),
  );
  return all.some((user) => rankOf(changed(user, differences.get(user.id)), libraries, today) < rankOf(user, libraries, today));
}

/**
 * Of the members (a query giving `user_id`), the administrators whom the changes have to leave alone.
 * Costs nothing when the changes cannot touch administrators, and little when no member is one.
 */
export async function sparedBy(tx: PoolClient, compiled: Compiled, members: Sql, today: string): Promise<readonly number[]> {
  if (!mayUnseat(compiled)) return [];
  const { all } = await readAdministrators(tx);
  if (all.length === 0) return [];
  const { rows } = await tx.query<{ user_id: number }>(sql`
    select m.user_id from (${members}) m where m.user_id = any (${all.map((user) => user.id)}::bigint[])`);
  if (rows.length === 0) return [];
  const differences = await differencesOf(
    tx,
    compiled,
    rows.map((row) => row.user_id),
  );
  const others = compiled.together === true ? await becoming(tx, compiled, members) : [];
  const last = await lastOf(tx, today, (user) => changed(user, differences.get(user.id)), others);
  return last.map((user) => user.id);
}

/** Of two users between whom a role goes over: the one who holds it only after that, as they become. */
async function becoming(tx: PoolClient, compiled: Compiled, members: Sql): Promise<Administrator[]> {
  const { rows } = await tx.query<Omit<Administrator, 'roles'>>(sql`
    select u.id, u.primary_id, u.status, u.expiry_date, u.account_type, u.credential_state from users u
    where u.id in (select m.user_id from (${members}) m) and not exists (select from user_roles r where r.user_id = u.id and r.type = '26')`);
  const differences = await differencesOf(
    tx,
    compiled,
    rows.map((row) => row.id),
  );
  return rows.map((row) => changed({ ...row, roles: [] }, differences.get(row.id)));
}

const PAGE = 1_000;

async function differencesOf(tx: PoolClient, compiled: Compiled, ids: readonly number[]): Promise<ReadonlyMap<number, UserDifference>> {
  const members = sql`select x.id as user_id from unnest(${ids}::bigint[]) as x (id)`;
  const found = new Map<number, UserDifference>();
  for (let after = 0; ; ) {
    const page = await pageChanges(tx, compiled, [], members, { limit: PAGE, after, outcome: null });
    for (const user of page) found.set(user.id, user);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return found;
    after = last.id;
  }
}

/** The administrator as the changes leave them. */
function changed(user: Administrator, difference: UserDifference | undefined): Administrator {
  if (difference === undefined || (difference.outcome !== 'changed' && difference.outcome !== 'conflict')) return user;
  const after = (column: keyof Administrator) => difference.fields[column]?.[1];
  const fields = Object.fromEntries(
    ADMINISTRATOR_COLUMNS.flatMap((column) => (column in difference.fields ? [[column, after(column as keyof Administrator)]] : [])),
  );
  const roles = new Map(user.roles.map((role) => [role.id, role]));
  for (const row of difference.rows) {
    if (row['table'] !== 'user_roles') continue;
    const id = Number(row['id'] ?? 0);
    if (row['op'] === 'remove') roles.delete(id);
    // The journal leaves out what is empty.
    else
      roles.set(id, {
        expiry_date: null,
        ...(row['after'] as Omit<AdministratorRole, 'id' | 'expiry_date'> & Partial<AdministratorRole>),
        id,
      }); // as the journal writes a row of user_roles
  }
  return { ...user, ...fields, roles: [...roles.values()] };
}

/** As a guard of a plan or an undo. */
export function sparingGuards(spared: readonly number[]): { readonly reason: string; readonly when: Sql }[] {
  return spared.length === 0 ? [] : [{ reason: LAST_ADMINISTRATOR, when: sql`u.id = any (${spared}::bigint[])` }];
}

/** Keeps with a run whom it leaves alone, as soon as its members are frozen. */
export async function keepSpared(tx: PoolClient, runId: number, compiled: Compiled, members: Sql, today: string): Promise<void> {
  const spared = await sparedBy(tx, compiled, members, today);
  if (spared.length > 0) await tx.query(sql`update runs set spared = ${spared}::bigint[] where id = ${runId}::bigint`);
}

/** Before a user's row is locked: an administrator's is, by every writer, only under the lock of administrators. */
export async function lockForAdministrator(tx: PoolClient, userId: number): Promise<void> {
  if (await anyAdministrator(tx, sql`select ${userId}::bigint`)) await lockAdministrators(tx);
}

/**
 * Applies to the users `ids`, and leaves out an administrator who is the last one by now: another run,
 * or another chunk of this one, may have taken away the others since the start. Chunks that leave their
 * administrators as good as they were do not wait for each other.
 */
export async function applySparing(tx: PoolClient, application: Application, ids: readonly number[], today: string): Promise<Counts> {
  const { compiled } = application;
  const members = sql`select x.id as user_id from unnest(${ids}::bigint[]) as x (id)`;
  if (!mayUnseat(compiled) || !(await anyAdministrator(tx, members))) return applyUsers(tx, application, ids);
  if (!(await unseatsAny(tx, compiled, members, today))) {
    await lockAdministrators(tx, 'shared');
    await tx.query(sql`select u.id from users u where u.id in (${members})
      and exists (select from user_roles r where r.user_id = u.id and r.type = '26') order by u.id for no key update`);
    if (!(await unseatsAny(tx, compiled, members, today))) return applyUsers(tx, application, ids);
    throw new AdministratorMoved();
  }
  await lockAdministrators(tx);
  const spared = await sparedBy(tx, compiled, members, today);
  if (spared.length === 0) return applyUsers(tx, application, ids);
  return leaveOut(tx, application, ids, application.compiled.together === true ? ids : spared);
}

async function leaveOut(tx: PoolClient, application: Application, ids: readonly number[], spared: readonly number[]): Promise<Counts> {
  const { compiled, runId } = application;
  const rest = ids.filter((id) => !spared.includes(id));
  const counts = rest.length === 0 ? noCounts(compiled.steps) : await applyUsers(tx, application, rest);
  await tx.query(sql`
    insert into run_outcomes (run_id, user_id, outcome, reason)
    select ${runId}::bigint, x.id, 'skipped', ${LAST_ADMINISTRATOR}::text from unnest(${spared}::bigint[]) as x (id)`);
  counts.members += spared.length;
  counts.skipped += spared.length;
  counts.reasons[LAST_ADMINISTRATOR] = (counts.reasons[LAST_ADMINISTRATOR] ?? 0) + spared.length;
  addToChanges(counts, 'skipped', LAST_ADMINISTRATOR, spared.length);
  return counts;
}
