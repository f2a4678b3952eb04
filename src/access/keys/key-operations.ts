/** API keys: made, listed, revoked. The key itself is answered once, when it is made. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Context, id, instant, operation, PRIVILEGES, type Queryable, todayIn } from '../../core/index.ts';
import { findUser } from '../../users/index.ts';
import { resolveActor, type UserActor } from '../actor.ts';
import { hasPrivilege } from '../roles.ts';
import { requireNotOutranked } from '../sign-in/desk.ts';
import { hashOf, newToken } from '../sign-in/tokens.ts';
import { type Narrowing, narrowed } from './resolve-key.ts';

const AREAS = [...new Set(PRIVILEGES.map((privilege) => privilege.slice(0, privilege.indexOf(':'))))] as [string, ...string[]]; // there are privileges

/** Characters of a key's random part that are shown of it. */
const SHOWN = 4;

const keyFields = {
  id,
  name: z.string(),
  shown: z.string().describe('How the key begins'),
  owner: z.string().describe('Primary id of the user whose rights it has'),
  read_only: z.boolean(),
  areas: z.array(z.string()).nullable().describe('The only areas it may work in; null: all'),
  exempt_from_guard: z.boolean().describe('Runs of this program do not wait for the guard'),
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  revoked_by: z.string().nullable(),
  last_used_at: instant.nullable().describe('To the minute'),
  last_used_address: z.string().nullable(),
  created_at: instant,
  created_by: z.string(),
};

const keySchema = z.object(keyFields);
export type KeyView = z.output<typeof keySchema>;

const VIEW = sql`select k.id, k.name, k.shown, u.primary_id as owner, k.read_only, k.areas, k.exempt_from_guard, k.expires_at,
    k.revoked_at, k.revoked_by, k.last_used_at, k.last_used_address, k.created_at, k.created_by
  from api_keys k join users u on u.id = k.owner_id`;

export const createKey = operation({
  name: 'key.create',
  summary: { en: 'Makes an API key for a program', de: 'Macht einen API-Schlüssel für ein Programm' },
  privilege: 'access:keys',
  input: z.strictObject({
    name: z.string().trim().min(1).max(100),
    owner: z.string().min(1).max(255).optional().describe('Primary id or any identifier; who makes the key, when left out'),
    read_only: z.boolean().default(false),
    areas: z.array(z.enum(AREAS)).min(1).optional(),
    exempt_from_guard: z.boolean().default(false),
    expires_on: z.iso.date().optional().describe('The last day on which it works'),
  }),
  output: z.object({ ...keyFields, key: z.string().describe('Shown once: it is kept nowhere') }),
  audit: (i, output) => ({
    entity: 'key',
    id: output?.id ?? null,
    detail: { name: i.name, ...(output === undefined ? {} : { owner: output.owner }), read_only: i.read_only, areas: i.areas ?? null },
  }),
  run: async (ctx, i) =>
    ctx.db.transaction(async (tx) => {
      const owner = await ownerOf(tx, ctx, i.owner);
      const narrowing: Narrowing = { readOnly: i.read_only, areas: i.areas ?? null };
      await requireWithinRights(tx, ctx, owner, narrowing, i.exempt_from_guard);
      const number = await tx.query<{ id: number }>(sql`select nextval(pg_get_serial_sequence('api_keys', 'id')) as id`);
      const keyId = number.rows[0]?.id;
      if (keyId === undefined) throw new Error('A sequence gives a number.');
      const random = newToken();
      const key = `mus_${keyId}_${random}`;
      await tx.query(sql`
        insert into api_keys (id, name, key_hash, shown, owner_id, read_only, areas, exempt_from_guard, expires_at, created_by)
        values (${keyId}::bigint, ${i.name}::text, ${hashOf(key)}::bytea, ${`mus_${keyId}_${random.slice(0, SHOWN)}`}::text, ${owner.userId}::bigint,
          ${i.read_only}::boolean, ${i.areas ?? null}::text[], ${i.exempt_from_guard}::boolean,
          (${i.expires_on ?? null}::date + 1)::timestamp at time zone ${ctx.timeZone}::text, ${ctx.actor.name}::text)`);
      const { rows } = await tx.query<KeyView>(sql`${VIEW} where k.id = ${keyId}::bigint`);
      const [view] = rows;
      if (view === undefined) throw new Error('A key that was made is there.');
      return { ...view, key };
    }),
});

async function ownerOf(tx: Queryable, ctx: Context, given: string | undefined): Promise<UserActor> {
  const name = given === undefined ? (ctx.actor.kind === 'user' ? ctx.actor.name : undefined) : (await findUser(tx, given)).primary_id;
  if (name === undefined) throw new AppError('access.key_needs_owner', {});
  const owner = await resolveActor(tx, name, todayIn(ctx.timeZone));
  if (owner.kind !== 'user') throw new AppError('access.key_needs_owner', {});
  return owner;
}

/**
 * Nobody makes a key that may do more than they themselves: neither by its privileges, nor by the roles
 * its owner may give. Throws `access.key_exceeds` and `access.outranked`.
 */
async function requireWithinRights(tx: Queryable, ctx: Context, owner: UserActor, narrowing: Narrowing, exempt: boolean): Promise<void> {
  const more = narrowed(owner.rights.privileges, narrowing).find((privilege) => !hasPrivilege(ctx.actor, privilege));
  if (more !== undefined) throw new AppError('access.key_exceeds', { privilege: more });
  // A program may not make itself a key that is trusted more than its own.
  const own = ctx.actor.kind === 'user' ? ctx.actor.key : undefined;
  if (exempt && own !== undefined && !own.exemptFromGuard) throw new AppError('access.key_exceeds', { privilege: 'exempt_from_guard' });
  await requireNotOutranked(tx, ctx, { id: owner.userId, primary_id: owner.name });
}

export const listKeys = operation({
  name: 'key.list',
  summary: { en: 'Lists the API keys', de: 'Listet die API-Schlüssel auf' },
  privilege: 'access:keys',
  input: z.strictObject({ owner: z.string().min(1).max(255).optional().describe('Only of this user') }),
  output: z.object({ keys: z.array(keySchema) }),
  audit: () => ({ entity: 'key', id: null }),
  run: async (ctx, i) => {
    const owner = i.owner === undefined ? null : (await findUser(ctx.db.pool, i.owner)).id;
    const { rows } = await ctx.db.pool.query<KeyView>(
      sql`${VIEW} where ${owner}::bigint is null or k.owner_id = ${owner}::bigint order by k.id`,
    );
    return { keys: rows };
  },
});

export const revokeKey = operation({
  name: 'key.revoke',
  summary: { en: 'Revokes an API key, at once and for good', de: 'Widerruft einen API-Schlüssel, sofort und endgültig' },
  privilege: 'access:keys',
  input: z.strictObject({ id }),
  output: keySchema,
  audit: (i) => ({ entity: 'key', id: i.id }),
  run: async (ctx, i) => {
    await ctx.db.pool.query(sql`update api_keys k set revoked_at = now(), revoked_by = ${ctx.actor.name}::text
      where k.id = ${i.id}::bigint and k.revoked_at is null`);
    const { rows } = await ctx.db.pool.query<KeyView>(sql`${VIEW} where k.id = ${i.id}::bigint`);
    const [key] = rows;
    if (key === undefined) throw new AppError('access.no_such_key', { id: i.id });
    return key;
  },
});
