/** What the page behind a letter's link shows and does. The link is what allows it: there is no session. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, declareSetting, type Queryable, readSetting } from '../core/index.ts';
import { readLetterKey } from './letter-key.ts';
import { readUnsubscribeToken } from './unsubscribe-link.ts';

const UNSUBSCRIBE_DAYS = declareSetting({
  name: 'letters.unsubscribe_days',
  label: {
    en: 'Days that the link in a letter works by which a user ends such letters',
    de: 'Tage, die der Link in einem Brief gilt, mit dem ein Benutzer solche Briefe abbestellt',
  },
  // Shorter than a month some laws do not allow.
  schema: z.number().int().min(30).max(3_650),
  default: 730,
  privilege: 'settings:write',
});

/** Writes a user's choice through a change, as everything about users is written; the owner of changes gives it. */
export type ChooseLetter = (
  ctx: Context,
  choice: { readonly user: string; readonly type: string; readonly wanted: boolean },
) => Promise<void>;

export interface Subscribed {
  /** Primary id. */
  readonly user: string;
  readonly type: string;
  readonly label: { readonly en: string; readonly de: string };
  /** The user gets letters of the type. */
  readonly wanted: boolean;
  /** Letters of the type are always sent: they cannot be ended. */
  readonly essential: boolean;
  /** Name of the library, if it has said one. */
  readonly library: string | null;
}

/** What a link is about. Throws `letters.unsubscribe_ended` for one that is forged or too old, or whose user or type is gone. */
export async function readSubscription(db: Queryable, token: string): Promise<Subscribed> {
  const named = readUnsubscribeToken(await readLetterKey(db), token, await readSetting(db, UNSUBSCRIBE_DAYS));
  const found = named === undefined ? undefined : await find(db, named.userId, named.type);
  if (found === undefined) throw new AppError('letters.unsubscribe_ended', {});
  return found;
}

/**
 * Ends letters of the link's type for its user, or takes that back; what is so already is left. Throws as
 * `readSubscription`, and `letters.unsubscribe_essential` for a type that is always sent.
 */
export async function setSubscription(ctx: Context, choose: ChooseLetter, token: string, wanted: boolean): Promise<Subscribed> {
  const now = await readSubscription(ctx.db.pool, token);
  if (now.essential) throw new AppError('letters.unsubscribe_essential', {});
  if (now.wanted === wanted) return now;
  await choose(ctx, { user: now.user, type: now.type, wanted });
  return { ...now, wanted };
}

async function find(db: Queryable, userId: number, type: string): Promise<Subscribed | undefined> {
  const { rows } = await db.query<Omit<Subscribed, 'label'> & { label_en: string; label_de: string }>(sql`
    select u.primary_id as user, t.code as type, t.label_en, t.label_de, t.essential or t.credentials as essential,
      not exists (select from user_letter_preferences p where p.user_id = u.id and p.code = t.code and not p.value) as wanted,
      (select n.value #>> '{}' from settings n where n.name = 'library.name') as library
    from users u cross join notification_types t
    where u.id = ${userId}::bigint and t.code = ${type}::text`);
  const row = rows[0];
  if (row === undefined) return undefined;
  const { label_en: en, label_de: de, ...rest } = row;
  return { ...rest, label: { en, de } };
}
