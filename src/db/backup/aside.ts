/**
 * Foreign keys and triggers out of the way of a load, and back: rows come in the order of the tables' names,
 * and what triggers wrote is in the backup. The keys are checked when they come back.
 */
import type pg from 'pg';
import { SCHEMA } from '../connection.ts';
import { quoted } from './tables.ts';

interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

export async function constraintsAside(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<Constraint>({
    text: `select k.conrelid::regclass::text as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
      from pg_constraint k
      where k.connamespace = $1::regnamespace and k.contype = 'f' and k.conparentid = 0
      order by 1, 2`,
    values: [SCHEMA],
  });
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${quoted(name)}`);
  return async () => {
    for (const { table, name, definition } of rows) {
      await client.query(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
    }
  };
}

export async function triggersAside(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string }>({
    text: `select distinct t.tgrelid::regclass::text as table
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = $1::regnamespace and not t.tgisinternal and not c.relispartition
      order by 1`,
    values: [SCHEMA],
  });
  for (const { table } of rows) await client.query(`alter table ${table} disable trigger user`);
  return async () => {
    for (const { table } of rows) await client.query(`alter table ${table} enable trigger user`);
  };
}
