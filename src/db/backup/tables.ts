/** What of the database is in a backup: read from its catalogue, so that a table that is added later is in it too. */
import type { Queryable } from '../../core/index.ts';
import { SCHEMA } from '../connection.ts';

/**
 * Not kept: what ends with the server that it belongs to. Whoever was signed in signs in again. The
 * migrations stand in the manifest.
 */
const LEFT_OUT = ['sessions', 'sign_in_throttle', 'oidc_attempts', 'idempotency_keys', 'muster_migrations'];

export interface KeptTable {
  readonly name: string;
  /** Without those that the database works out itself. */
  readonly columns: readonly string[];
}

export interface Sequence {
  readonly name: string;
  /** As text: it may be larger than a number can be. Null: never used. */
  readonly last: string | null;
}

/** Tables in the order of their names; of one in parts the whole. */
export async function keptTables(db: Queryable): Promise<KeptTable[]> {
  const { rows } = await db.query<KeptTable>({
    text: `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all ($2::text[])
      group by c.relname
      order by c.relname`,
    values: [SCHEMA, LEFT_OUT],
  });
  return rows;
}

export async function sequences(db: Queryable): Promise<Sequence[]> {
  const { rows } = await db.query<Sequence>({
    text: 'select s.sequencename as name, s.last_value::text as last from pg_sequences s where s.schemaname = $1 order by 1',
    values: [SCHEMA],
  });
  return rows;
}

/** A name of ours in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function qualified(table: string): string {
  return `${SCHEMA}.${quoted(table)}`;
}

export function columnList(table: KeptTable): string {
  return table.columns.map(quoted).join(', ');
}
