import sql from 'sql-template-tag';
import { hashPassword, signIn } from '../../src/access/index.ts';
import { AppError, type Context, type Database, todayIn } from '../../src/core/index.ts';

/** The password of everybody, unless a test says otherwise. */
export const PASSWORD = 'a fairly long sentence';
export const today = todayIn('Europe/Berlin');

/** The code of the error that it ends with, else `done`. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

/** What tests of signing in need around them, on a real database. */
export interface SignInBench {
  /** As somebody who is nobody yet, from an address of their own unless one is given. */
  contextOf(from?: string): Context;
  /** Signs in; `done`, or the code of the refusal. */
  tries(identifier: string, password: string, from?: string): Promise<unknown>;
  /** An internal user with the password, unless columns and password say otherwise; answers the id. */
  person(id: string, columns?: Readonly<Record<string, string>>, roles?: readonly string[], password?: string | null): Promise<number>;
  setHash(userId: number, hash: string, temporary?: boolean): Promise<void>;
  clear(): Promise<void>;
}

export function signInBench(test: { readonly db: Database }): SignInBench {
  let address = 0;
  const bench: SignInBench = {
    contextOf: (from) => {
      address += 1;
      return {
        db: test.db,
        actor: { kind: 'system', name: 'sign-in' },
        source: 'http',
        origin: { address: from ?? `10.0.${Math.floor(address / 250)}.${address % 250}`, requestId: null },
        language: 'en',
        timeZone: 'Europe/Berlin',
        dataDir: '/nowhere',
        doorbell: { ring: async () => undefined },
      };
    },
    tries: (identifier, password, from) => codeOf(signIn(bench.contextOf(from), { identifier, password })),
    person: async (id, columns = {}, roles = [], password = PASSWORD) => {
      const names = ['primary_id', ...Object.keys(columns)];
      const { rows } = await test.db.pool.query<{ id: number }>(
        `insert into users (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
        [id, ...Object.values(columns)],
      );
      const userId = rows[0]?.id ?? 0;
      for (const role of roles) {
        await test.db.pool.query(sql`insert into user_roles (user_id, type, scope) values (${userId}, ${role}, 'INSTITUTION')`);
      }
      if (password !== null) await bench.setHash(userId, await hashPassword(password));
      return userId;
    },
    setHash: async (userId, hash, temporary = false) => {
      await test.db.pool.query(sql`
        with c as (insert into credentials (user_id, kind, hash, temporary, expires_at)
          values (${userId}::bigint, 'password', ${hash}::text, ${temporary}::boolean,
            case when ${temporary}::boolean then now() + interval '1 day' end) returning id)
        update users u set credential_state = 'password', credential_id = c.id from c where u.id = ${userId}::bigint`);
    },
    clear: async () => {
      await test.db.pool.query('delete from sign_in_throttle; delete from journal; delete from users; delete from runs; delete from audit');
    },
  };
  return bench;
}
