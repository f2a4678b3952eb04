/** One-time links that go out in letters: made when the letter is sent, like the passwords. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { type Queryable, readSetting } from '../../core/index.ts';
import { endLinksOfRun, linkUrl, makeLink } from './links.ts';
import { FORGOTTEN_HOURS, LINK_DAYS } from './settings.ts';
import { newToken } from './tokens.ts';

/** A link for a letter that is about to be written; it works when it is committed. */
export function newLetterLink(publicUrl: string | undefined): { readonly token: string; readonly url: string } {
  const token = newToken();
  return { token, url: linkUrl(publicUrl, token) };
}

export interface LetterLink {
  readonly token: string;
  readonly runId: number;
  readonly userId: number;
  /** link: in place of a new password, for a credential that is pending; forgotten: asked for by the user. */
  readonly brings: 'link' | 'forgotten';
}

/**
 * Puts the link that a letter carries in force; an earlier one of the same user ends. 'stale': the reset was undone
 * or a password has been set since, or the user is no longer internal.
 */
export async function commitLetterLink(tx: PoolClient, link: LetterLink): Promise<'committed' | 'stale'> {
  const { rows } = await tx.query<{ state: string; made_by: string }>(sql`
    select u.credential_state as state, r.created_by as made_by
    from users u cross join runs r
    where u.id = ${link.userId}::bigint and r.id = ${link.runId}::bigint and u.account_type = 'INTERNAL'
    for no key update of u`);
  const user = rows[0];
  if (user === undefined || (link.brings === 'link' && user.state !== 'pending')) return 'stale';
  const hours = link.brings === 'link' ? (await readSetting(tx, LINK_DAYS)) * 24 : await readSetting(tx, FORGOTTEN_HOURS);
  const made = await makeLink(tx, {
    userId: link.userId,
    runId: link.runId,
    purpose: link.brings === 'link' ? 'run' : 'forgotten',
    madeBy: user.made_by,
    hours,
    token: link.token,
  });
  return made === null ? 'stale' : 'committed';
}

/** A link whose letter did not arrive ends. */
export async function revokeLetterLink(tx: Queryable, of: { readonly runId: number; readonly userId: number }): Promise<void> {
  await endLinksOfRun(tx, of.runId, [of.userId]);
}
