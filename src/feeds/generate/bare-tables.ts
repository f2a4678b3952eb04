import sql, { raw, type Sql } from 'sql-template-tag';
import type { Queryable } from '../../core/index.ts';

/**
 * Loading millions of rows into empty tables is several times faster when keys, indexes and triggers
 * are put on afterwards (users: 7.0 µs a row with the primary key in place, 3.5 µs without; roles:
 * 3.0 µs with a sequence that logs every number, 1.4 µs with one that takes a thousand at a time).
 * Everything happens inside the caller's transaction: if anything fails, the tables are as they were.
 *
 * Invariant: what `strip` takes off is read from the catalogue, and `dress` puts back the same
 * definitions over all rows; so a duplicate or a dangling row fails as it would have failed before,
 * and a later migration need not know of this.
 */
export interface BareTables {
  /** Statements that put everything back, in order. */
  readonly dressing: readonly Sql[];
}

/** Numbers that a stripped table's sequence takes at a time. */
const SEQUENCE_CACHE = 1_000;

/** Every table that has a foreign key to one of `tables`: it loses that key for a while, so it has to be locked too. */
export async function referencing(tx: Queryable, tables: readonly string[]): Promise<string[]> {
  const found = await tx.query<{ name: string }>(sql`
    select distinct c.conrelid::regclass::text as name
    from pg_constraint c
    where c.contype = 'f' and c.confrelid = any(${tables}::regclass[]) and c.conrelid <> all(${tables}::regclass[])
    order by 1`);
  return found.rows.map((row) => row.name);
}

/** Takes keys, foreign keys (to these tables as well), indexes and our triggers off. The tables must be empty and locked. */
export async function strip(tx: Queryable, tables: readonly string[]): Promise<BareTables> {
  const constraints = await tx.query<{ table: string; name: string; definition: string; foreign: boolean }>(sql`
    select c.conrelid::regclass::text as table, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition,
           c.contype = 'f' as foreign
    from pg_constraint c
    where (c.conrelid = any(${tables}::regclass[]) and c.contype in ('p', 'u', 'f'))
       or (c.confrelid = any(${tables}::regclass[]) and c.contype = 'f')
    order by c.contype = 'f' desc, c.conrelid, c.conname`);
  const indexes = await tx.query<{ name: string; definition: string }>(sql`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i
    where i.indrelid = any(${tables}::regclass[])
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
    order by i.indrelid, i.indexrelid`);
  const sequences = await tx.query<{ name: string; cache: number }>(sql`
    select s.seqrelid::regclass::text as name, s.seqcache as cache
    from pg_depend d
    join pg_sequence s on s.seqrelid = d.objid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = any(${tables}::regclass[])
    order by s.seqrelid`);

  // Foreign keys come first in the list, so that nothing depends on a key when it goes.
  for (const { table, name } of constraints.rows) await tx.query(sql`alter table ${raw(table)} drop constraint ${raw(name)}`);
  for (const { name } of indexes.rows) await tx.query(sql`drop index ${raw(name)}`);
  for (const { name } of sequences.rows) await tx.query(sql`alter sequence ${raw(name)} cache ${raw(String(SEQUENCE_CACHE))}`);
  for (const table of tables) await tx.query(sql`alter table ${raw(table)} disable trigger user`);

  const add = (constraint: (typeof constraints.rows)[number]): Sql =>
    sql`alter table ${raw(constraint.table)} add constraint ${raw(constraint.name)} ${raw(constraint.definition)}`;
  return {
    dressing: [
      ...constraints.rows.filter((constraint) => !constraint.foreign).map(add),
      ...indexes.rows.map((index) => raw(index.definition)),
      ...constraints.rows.filter((constraint) => constraint.foreign).map(add),
      ...sequences.rows.map(({ name, cache }) => sql`alter sequence ${raw(name)} cache ${raw(String(cache))}`),
      ...tables.map((table) => sql`alter table ${raw(table)} enable trigger user`),
    ],
  };
}

/** Puts everything back; `onStep` hears how many of how many statements are done. */
export async function dress(tx: Queryable, bare: BareTables, onStep: (done: number, total: number) => void): Promise<void> {
  for (const [i, statement] of bare.dressing.entries()) {
    await tx.query(statement);
    onStep(i + 1, bare.dressing.length);
  }
}
