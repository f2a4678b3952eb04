/** Whole records with their child rows, read a batch at a time: one query per table, whatever the number of users. */
import sql, { join, raw } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import { CHILD_TABLES, type ChildTable, type ChildTableName, SCALARS, type ScalarName } from './record.ts';

export type RecordRow = Readonly<Record<string, unknown>>;

export interface UserRecord {
  readonly id: number;
  /** Column → value; dates as `YYYY-MM-DD`, instants as ISO text, amounts as text. */
  readonly fields: Readonly<Record<ScalarName, unknown>>;
  /** Table → rows in the order of their ids. */
  readonly rows: Readonly<Record<ChildTableName, readonly RecordRow[]>>;
  /** Columns and tables that were left out, because they are closed to whoever looks (see field-groups.ts). */
  readonly closed?: readonly string[];
  readonly proxyFor: readonly { readonly primary_id: string; readonly full_name: string }[];
}

/** The records of these users, in the order of `ids`; users that do not exist are left out. */
export async function readRecords(db: Queryable, ids: readonly number[]): Promise<UserRecord[]> {
  const columns = join(
    SCALARS.map((f) => raw(`u.${f.name}`)),
    ', ',
  );
  const users = await db.query<{ id: number } & Record<ScalarName, unknown>>(sql`
    select u.id, ${columns} from users u where u.id = any (${ids}::bigint[])`);
  const rows = new Map<number, Record<ChildTableName, RecordRow[]>>();
  for (const { id } of users.rows) rows.set(id, emptyRows());
  for (const table of CHILD_TABLES as readonly ChildTable[]) {
    const own = join(
      [...(table.segmented ? ['segment'] : []), ...table.fields.map((f) => f.name)].map((c) => raw(`r.${c}`)),
      ', ',
    );
    const found = await db.query<{ id: number; user_id: number } & RecordRow>(sql`
      select r.id, r.user_id, ${own} from ${raw(table.table)} r where r.user_id = any (${ids}::bigint[]) order by r.id`);
    for (const { user_id, ...row } of found.rows) rows.get(user_id)?.[table.table].push(row);
  }
  const proxies = await db.query<{ user_id: number; primary_id: string; full_name: string }>(sql`
    select p.user_id, u.primary_id, concat_ws(' ', u.first_name, u.last_name) as full_name
    from user_proxies p join users u on u.id = p.proxy_for_id where p.user_id = any (${ids}::bigint[]) order by p.id`);
  const byId = new Map(
    users.rows.map(({ id, ...fields }): [number, UserRecord] => [
      id,
      {
        id,
        fields: fields as Record<ScalarName, unknown>, // selected by the same list
        rows: rows.get(id) ?? emptyRows(),
        proxyFor: proxies.rows.filter((p) => p.user_id === id).map(({ primary_id, full_name }) => ({ primary_id, full_name })),
      },
    ]),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function emptyRows(): Record<ChildTableName, RecordRow[]> {
  return Object.fromEntries(CHILD_TABLES.map((t) => [t.table, []])) as unknown as Record<ChildTableName, RecordRow[]>; // one key per table
}
