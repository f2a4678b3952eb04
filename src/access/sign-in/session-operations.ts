/** Who is signed in, and ending it. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, count, id, instant, operation } from '../../core/index.ts';
import { findUser } from '../../users/index.ts';
import { requireNotOutranked } from './desk.ts';
import { LIVE } from './sessions.ts';

const MOST = 500;

const sessionSchema = z.object({
  id,
  user: z.string().describe('Primary id'),
  method: z.enum(['password', 'link', 'oidc']),
  provider: z.string().nullable(),
  address: z.string().nullable(),
  agent: z.string().nullable().describe('What the browser calls itself'),
  created_at: instant,
  last_seen_at: instant.describe('To the minute'),
  expires_at: instant,
});
type SessionView = z.output<typeof sessionSchema>;

const VIEW = sql`select s.id, u.primary_id as "user", s.method, s.provider, s.address, s.agent, s.created_at, s.last_seen_at, s.expires_at
  from sessions s join users u on u.id = s.user_id`;

export const listSessions = operation({
  name: 'session.list',
  summary: { en: 'Lists who is signed in, the latest first', de: 'Listet auf, wer angemeldet ist, die neuesten zuerst' },
  privilege: 'access:sign-in',
  input: z.strictObject({
    user: z.string().min(1).max(255).optional().describe('Only of this user'),
    limit: z.number().int().min(1).max(MOST).default(100),
    before: id.optional().describe('Only sessions with a smaller number: the next page'),
  }),
  output: z.object({
    sessions: z.array(sessionSchema),
    next: id.nullable(),
  }),
  audit: (i) => ({ entity: 'session', id: null, ...(i.user === undefined ? {} : { detail: { user: i.user } }) }),
  run: async (ctx, i) => {
    const user = i.user === undefined ? null : (await findUser(ctx.db.pool, i.user)).id;
    const { rows } = await ctx.db.pool.query<SessionView>(sql`
      ${VIEW}
      where ${LIVE} and (${user}::bigint is null or s.user_id = ${user}::bigint) and (${i.before ?? null}::bigint is null or s.id < ${i.before ?? null}::bigint)
      order by s.id desc limit ${i.limit + 1}::integer`);
    const sessions = rows.slice(0, i.limit);
    return { sessions, next: rows.length > i.limit ? (sessions.at(-1)?.id ?? null) : null };
  },
});

export const endSessions = operation({
  name: 'session.end',
  summary: { en: 'Ends a session, or all of a user', de: 'Beendet eine Sitzung oder alle eines Benutzers' },
  privilege: 'access:sign-in',
  input: z.strictObject({
    id: id.optional(),
    user: z.string().min(1).max(255).optional().describe('Primary id or any identifier: all sessions of this user'),
  }),
  output: z.object({ ended: count }),
  audit: (i, output) => ({
    entity: i.id === undefined ? 'user' : 'session',
    id: i.id ?? i.user ?? null,
    ...(output === undefined ? {} : { detail: { ended: output.ended } }),
  }),
  run: async (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      if ((i.id === undefined) === (i.user === undefined)) throw new AppError('access.which_sessions', {});
      if (i.user !== undefined) {
        const user = await findUser(tx, i.user);
        await requireNotOutranked(tx, ctx, user);
        const { rowCount } = await tx.query(sql`delete from sessions s where s.user_id = ${user.id}::bigint`);
        return { ended: rowCount ?? 0 };
      }
      const { rows } = await tx.query<{ id: number; primary_id: string }>(sql`
        select u.id, u.primary_id from sessions s join users u on u.id = s.user_id where s.id = ${i.id ?? null}::bigint`);
      const user = rows[0];
      if (user === undefined) throw new AppError('access.no_such_session', { id: i.id ?? null });
      await requireNotOutranked(tx, ctx, user);
      const { rowCount } = await tx.query(sql`delete from sessions s where s.id = ${i.id ?? null}::bigint`);
      return { ended: rowCount ?? 0 };
    }),
});

/** Whose own sessions; at the machine itself nobody has any. */
function ownId(ctx: Context): number | null {
  return ctx.actor.kind === 'user' ? ctx.actor.userId : null;
}

export const listOwnSessions = operation({
  name: 'session.list_own',
  summary: { en: 'Lists where one is signed in', de: 'Listet auf, wo man selbst angemeldet ist' },
  privilege: 'own:read',
  input: z.strictObject({}),
  output: z.object({ sessions: z.array(sessionSchema) }),
  audit: () => ({ entity: 'session', id: null }),
  run: async (ctx) => {
    const { rows } = await ctx.db.pool.query<SessionView>(sql`
      ${VIEW} where ${LIVE} and s.user_id = ${ownId(ctx)}::bigint order by s.id desc limit ${MOST}::integer`);
    return { sessions: rows };
  },
});

export const endOwnSessions = operation({
  name: 'session.end_own',
  summary: { en: 'Ends one of one’s own sessions, or all', de: 'Beendet eine der eigenen Sitzungen oder alle' },
  privilege: 'own:read',
  input: z.strictObject({ id: id.optional().describe('All, when left out') }),
  output: z.object({ ended: count }),
  audit: (i) => ({ entity: 'session', id: i.id ?? null }),
  run: async (ctx, i) => {
    const { rowCount } = await ctx.db.pool.query(sql`
      delete from sessions s
      where s.user_id = ${ownId(ctx)}::bigint and (${i.id ?? null}::bigint is null or s.id = ${i.id ?? null}::bigint)`);
    if (i.id !== undefined && rowCount === 0) throw new AppError('access.no_such_session', { id: i.id });
    return { ended: rowCount ?? 0 };
  },
});
