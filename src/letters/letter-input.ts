import sql, { type Sql } from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import type { Brings, LetterRun, LetterUser } from './letter-data.ts';
import { recipientSql } from './recipient.ts';

/** A row of the outbox with everything that its letter is made of, as it is now. */
export interface LetterInput extends LetterUser {
  /** Of the outbox. */
  readonly id: number;
  readonly run_id: number;
  readonly user_id: number;
  readonly letter: string;
  readonly credentials: boolean;
  /** Null: a password where the letter carries credentials, else nothing. */
  readonly brings: Brings | null;
  /** As it was put into the outbox; else as it would be chosen now. */
  readonly address: string | null;
  readonly wished_language: string;
  readonly run: LetterRun;
}

/** A user on whom a letter is tried. */
export interface PreviewUser extends LetterUser {
  readonly id: number;
  /** The same, as `withDetails` asks for it. */
  readonly user_id: number;
  readonly address: string | null;
  readonly wished_language: string;
}

/** Columns of `LetterUser` over `users u` and `userLabels`. */
const userColumns: Sql = sql`
  u.primary_id, u.first_name, u.last_name, u.pref_first_name, u.pref_last_name, u.expiry_date, u.account_type,
  coalesce(g.label_en, u.user_group) as group_en, coalesce(g.label_de, u.user_group) as group_de,
  k.label_en as type_en, k.label_de as type_de,
  coalesce(tt.label_en, u.user_title) as title_en, coalesce(tt.label_de, u.user_title) as title_de,
  coalesce(st.label_en, u.status) as status_en, coalesce(st.label_de, u.status) as status_de,
  coalesce(ca.label_en, u.campus_code) as campus_en, coalesce(ca.label_de, u.campus_code) as campus_de,
  coalesce(la.label_en, u.preferred_language) as language_en, coalesce(la.label_de, u.preferred_language) as language_de,
  u.purge_date, u.loans, u.requests, u.fees, u.circulation_on`;

const userLabels: Sql = sql`
  left join codes g on g.table_name = 'UserGroups' and g.code = u.user_group
  left join codes k on k.table_name = 'AccountTypes' and k.code = u.account_type
  left join codes tt on tt.table_name = 'UserTitles' and tt.code = u.user_title
  left join codes st on st.table_name = 'UserStatus' and st.code = u.status
  left join codes ca on ca.table_name = 'Campuses' and ca.code = u.campus_code
  left join codes la on la.table_name = 'UserPreferredLanguage' and la.code = u.preferred_language`;

export async function readLetterInputs(db: Queryable, outboxIds: readonly number[]): Promise<LetterInput[]> {
  const ordinary = recipientSql('u', { credentials: false });
  const personal = recipientSql('u', { credentials: true });
  const { rows } = await db.query<Omit<LetterInput, 'run'> & { run_name: string; run_today: string }>(sql`
    select o.id, o.run_id, o.user_id, o.letter, coalesce(t.credentials, false) as credentials, o.brings,
      coalesce(o.address, case when t.credentials then ${personal.address} else ${ordinary.address} end) as address,
      coalesce(o.language, ${ordinary.language}) as wished_language,
      ${userColumns}, r.name as run_name, r.today as run_today
    from outbox o
    join users u on u.id = o.user_id
    join runs r on r.id = o.run_id
    left join notification_types t on t.code = o.letter
    ${userLabels}
    where o.id = any(${outboxIds}::bigint[])
    order by o.id`);
  return rows.map(({ run_name, run_today, ...row }) => ({ ...row, run: { name: run_name, today: run_today } }));
}

/** By primary id or any identifier; undefined when there is no such user. */
export async function readPreviewUser(db: Queryable, identifier: string, credentials: boolean): Promise<PreviewUser | undefined> {
  const recipient = recipientSql('u', { credentials });
  const { rows } = await db.query<PreviewUser>(sql`
    select u.id, u.id as user_id, ${recipient.address} as address, ${recipient.language} as wished_language, ${userColumns}
    from user_keys h
    join users u on u.id = h.user_id
    ${userLabels}
    where h.key = fold(${identifier}::text)`);
  return rows[0];
}
