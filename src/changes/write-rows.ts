/** Child rows of one user, written by their difference. */
import type { PoolClient } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { type ChildTable, type RecordRow, SQL_TYPES } from '../users/index.ts';
import type { RowChange } from './replace-difference.ts';

/** Removes, then edits, then adds, so that a value can move from one row to another; gives the journal's entries. */
export async function writeRows(
  tx: PoolClient,
  table: ChildTable,
  userId: number,
  changes: readonly RowChange[],
): Promise<{ readonly entries: object[]; readonly added: readonly RecordRow[] }> {
  const name = raw(table.table);
  const columns = [...(table.segmented ? ['segment'] : []), ...table.fields.map((f) => f.name)];
  const types = columns.map((c) => {
    const field = table.fields.find((f) => f.name === c);
    return `${c} ${field === undefined ? 'text' : SQL_TYPES[field.type]}`;
  });
  const list = (alias: string) => raw(columns.map((c) => `${alias}.${c}`).join(', '));
  const removed = changes.filter((change) => change.op === 'remove');
  const edited = changes.filter((change) => change.op === 'edit');
  const added = changes.filter((change) => change.op === 'add').map(({ after }) => after);
  if (removed.length > 0) await tx.query(sql`delete from ${name} r where r.id = any (${removed.map((r) => r.id)}::bigint[])`);
  if (edited.length > 0) {
    await tx.query(sql`update ${name} r set ${raw(columns.map((c) => `${c} = x.${c}`).join(', '))}
      from jsonb_to_recordset(${JSON.stringify(edited.map(({ id, after }) => ({ ...after, id })))}::jsonb) as x (id bigint, ${raw(types.join(', '))})
      where r.id = x.id`);
  }
  const ids =
    added.length === 0
      ? []
      : (
          await tx.query<{ id: number }>(sql`
            insert into ${name} (user_id, ${raw(columns.join(', '))})
            select ${userId}::bigint, ${list('x')}
            from rows from (jsonb_to_recordset(${JSON.stringify(added)}::jsonb) as (${raw(types.join(', '))})) with ordinality
              as x (${raw([...columns, 'place'].join(', '))}) order by x.place
            returning id`)
        ).rows;
  const entry = (op: RowChange['op'], id: number, before?: RecordRow, after?: RecordRow) => ({
    table: table.table,
    op,
    id,
    change: 0,
    changes: [0],
    ...(before === undefined ? {} : { before: { ...withoutEmpty(before), id } }),
    ...(after === undefined ? {} : { after: { ...withoutEmpty(after), id } }),
  });
  const withIds = added.map((row, i) => ({ ...row, id: ids[i]?.id ?? 0 }));
  return {
    entries: [
      ...removed.map((r) => entry('remove', r.id, r.before)),
      ...edited.map((r) => entry('edit', r.id, r.before, r.after)),
      ...withIds.map((row) => entry('add', row.id, undefined, row)),
    ],
    added: withIds,
  };
}

function withoutEmpty(row: RecordRow): RecordRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));
}
