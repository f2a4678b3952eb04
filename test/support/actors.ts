import type { Actor, ActorRole, Queryable } from '../../src/core/index.ts';
import { rightsOf } from '../../src/access/index.ts';

/** A user who acts with these roles, with the rights that the database gives them. */
export async function userActor(
  db: Queryable,
  roles: readonly (string | ActorRole)[],
  who: { readonly name?: string; readonly userId?: number } = {},
): Promise<Actor> {
  const held = roles.map((role) => (typeof role === 'string' ? { type: role, scope: 'INSTITUTION' } : role));
  return { kind: 'user', name: who.name ?? 'somebody', userId: who.userId ?? 1, roles: held, rights: await rightsOf(db, held) };
}
