import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';

/** Holds every letter back if any waits; staff let them go by the setting `letters.hold_all`. */
export async function holdAllLetters(tx: Queryable): Promise<void> {
  await tx.query(sql`
    insert into settings (name, value, modified_by)
    select 'letters.hold_all', 'true', 'muster'
    where exists (select from outbox o where o.state in ('queued', 'sending', 'uncertain'))
    on conflict (name) do update set value = excluded.value, modified_at = now(), modified_by = excluded.modified_by`);
}

/** Files below the data directory that carry a password: the mailbox's and printed ones. */
export async function filesWithPasswords(db: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ file: string }>(sql`
    select o.file from outbox o join notification_types t on t.code = o.letter where t.credentials and o.file is not null
    union
    select f.file from print_batches b cross join unnest(b.files) as f (file) where b.credentials`);
  return new Set(rows.map((row) => row.file));
}
