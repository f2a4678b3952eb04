import sql from 'sql-template-tag';
import type { Queryable } from '../../src/core/index.ts';

/** Publishes a letter as its next version, unchecked: so that tests can have letters that no operation would save. */
export async function publishLetter(
  db: Queryable,
  letter: { readonly type: string; readonly language: string; readonly body: string; readonly subject?: string; readonly sms?: string },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    with version as (
      insert into letter_versions (kind, code, language, number, subject, body, sms, created_by)
      select 'letter', ${letter.type}, ${letter.language}, coalesce(max(v.number), 0) + 1, ${letter.subject ?? 'Subject'}, ${letter.body},
        ${letter.sms ?? null}, 'test'
      from letter_versions v where v.kind = 'letter' and v.code = ${letter.type} and v.language = ${letter.language}
      returning id, code, language),
    noted as (insert into letter_publications (version, created_by) select v.id, 'test' from version v)
    insert into letter_heads (kind, code, language, latest, published) select 'letter', v.code, v.language, v.id, v.id from version v
    on conflict (kind, code, language) do update set latest = excluded.latest, published = excluded.published
    returning published as id`);
  return rows[0]?.id ?? 0;
}
