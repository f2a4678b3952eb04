/** What staff hand out at the desk: a one-time link, or a temporary password on a slip. Each is answered once and kept nowhere. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, instant, operation, type Queryable, readSetting, todayIn } from '../../core/index.ts';
import { findUser } from '../../users/index.ts';
import { newPassword } from '../passwords.ts';
import { outranksSql } from '../roles.ts';
import { linkUrl, makeLink } from './links.ts';
import { applyPassword, lockUser, preparedHash } from './set-password.ts';
import { LINK_DAYS } from './settings.ts';
import { freeAccount } from './throttle.ts';

const input = z.strictObject({ user: z.string().min(1).max(255).describe('Primary id or any identifier') });

export const issueLink = operation({
  name: 'access.issue_link',
  summary: {
    en: 'Makes a one-time link by which a user sets a password',
    de: 'Macht einen Einmal-Link, über den ein Benutzer ein Passwort festlegt',
  },
  privilege: 'access:sign-in',
  input,
  output: z.object({
    user: z.string().describe('Primary id'),
    url: z.string().describe('Shown once: it is kept nowhere'),
    expires_at: instant,
  }),
  audit: (i) => ({ entity: 'user', id: i.user }),
  run: async (ctx, i) => {
    const hours = (await readSetting(ctx.db.pool, LINK_DAYS)) * 24;
    return ctx.db.transaction(async (tx) => {
      const user = await findUser(tx, i.user);
      await lockUser(tx, user.id);
      await requireServed(tx, ctx, user);
      const made = await makeLink(tx, { userId: user.id, purpose: 'desk', runId: null, madeBy: ctx.actor.name, hours });
      if (made === null) throw new AppError('access.not_internal', { user: user.primary_id });
      await freeAccount(tx, user.id);
      return { user: user.primary_id, url: linkUrl(ctx.publicUrl, made.token), expires_at: made.expiresAt };
    });
  },
});

export const issuePassword = operation({
  name: 'access.issue_password',
  summary: {
    en: 'Sets a temporary password, for a slip that a user is handed',
    de: 'Setzt ein vorläufiges Passwort, für einen Zettel, den ein Benutzer bekommt',
  },
  privilege: 'access:sign-in',
  input,
  output: z.object({
    user: z.string().describe('Primary id'),
    password: z.string().describe('Shown once: it is kept nowhere. It has to be changed at the first sign-in'),
    expires_at: instant,
  }),
  audit: (i) => ({ entity: 'user', id: i.user }),
  run: async (ctx, i) => {
    const password = newPassword();
    const hash = await preparedHash(password);
    return ctx.db.transaction(async (tx) => {
      const user = await findUser(tx, i.user);
      await lockUser(tx, user.id);
      await requireServed(tx, ctx, user);
      const credential = await applyPassword(tx, {
        userId: user.id,
        user: user.primary_id,
        hash,
        temporary: true,
        actor: ctx.actor.name,
        name: 'sign_in.run_slip',
        today: todayIn(ctx.timeZone),
      });
      const { rows } = await tx.query<{ expires_at: string }>(
        sql`select c.expires_at from credentials c where c.id = ${credential}::bigint`,
      );
      return { user: user.primary_id, password, expires_at: rows[0]?.expires_at ?? '' };
    });
  },
});

/**
 * Whoever gets somebody's password can act as them, so nobody issues one to who outranks them; and one's
 * own is changed with the present one, lest a screen left alone be enough.
 */
async function requireServed(tx: Queryable, ctx: Context, user: { readonly id: number; readonly primary_id: string }): Promise<void> {
  const { actor } = ctx;
  if (actor.kind === 'user' && actor.userId === user.id) throw new AppError('access.own_credentials', {});
  await requireNotOutranked(tx, ctx, user);
  const { rows } = await tx.query<{ internal: boolean; active: boolean }>(sql`
    select u.account_type = 'INTERNAL' as internal,
      u.status = 'ACTIVE' and (u.expiry_date is null or u.expiry_date >= ${todayIn(ctx.timeZone)}::date) as active
    from users u where u.id = ${user.id}::bigint`);
  if (rows[0]?.internal !== true) throw new AppError('access.not_internal', { user: user.primary_id });
  if (!rows[0].active) throw new AppError('access.user_ended', { user: user.primary_id });
}

/** Throws `access.outranked` when the user holds a role that the actor may not grant. */
export async function requireNotOutranked(
  tx: Queryable,
  ctx: Context,
  user: { readonly id: number; readonly primary_id: string },
): Promise<void> {
  const outranks = outranksSql(ctx.actor, sql`${user.id}::bigint`);
  if (outranks === null) return;
  const { rows } = await tx.query<{ outranks: boolean }>(sql`select ${outranks} as outranks`);
  if (rows[0]?.outranks === true) throw new AppError('access.outranked', { user: user.primary_id });
}
