import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { type Actor, AppError, type Context, operation, PRIVILEGES } from '../core/index.ts';
import { ADMINISTRATOR, canGrant, grantableRoles, grantRuleOf, hasPrivilege, perform, privilegesOf, resolveActor } from './index.ts';

const test = useTestDatabase();
const TODAY = '2026-11-24';

interface RoleRow {
  readonly type: string;
  readonly scope?: string;
  readonly status?: string;
  readonly expiry?: string;
}

async function person(id: string, roles: readonly RoleRow[], columns: Readonly<Record<string, string>> = {}): Promise<void> {
  const names = ['primary_id', ...Object.keys(columns)];
  const values = [id, ...Object.values(columns)];
  const { rows } = await test.db.pool.query<{ id: number }>(
    `insert into users (${names.join(', ')}) values (${values.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    values,
  );
  for (const role of roles) {
    await test.db.pool.query('insert into user_roles (user_id, type, scope, status, expiry_date) values ($1, $2, $3, $4, $5)', [
      rows[0]?.id,
      role.type,
      role.scope ?? 'INSTITUTION',
      role.status ?? 'ACTIVE',
      role.expiry ?? null,
    ]);
  }
}

function userWith(...types: string[]): Promise<Actor> {
  return userActor(test.db.pool, types);
}

function contextOf(actor: Actor): Context {
  return {
    db: test.db,
    actor,
    source: 'test',
    language: 'en',
    timeZone: 'Europe/Berlin',
    dataDir: '/nowhere',
    doorbell: { ring: async () => undefined },
  };
}

describe('who acts', () => {
  it('finds a user by any identifier and counts only roles that are active today', async () => {
    await person('Maria', [
      { type: '21' },
      { type: '26', status: 'INACTIVE' },
      { type: '50', expiry: '2026-11-23' },
      { type: '57', expiry: '2026-11-24' },
    ]);
    const actor = await resolveActor(test.db.pool, 'mARIA', TODAY);
    expect(actor).toMatchObject({ kind: 'user', name: 'Maria' });
    expect(actor.kind === 'user' && actor.roles.map((role) => role.type)).toEqual(['21', '57']);
  });

  it('refuses the unknown, the inactive, the expired, and whoever is called administrator', async () => {
    await person('asleep', [{ type: '26' }], { status: 'INACTIVE' });
    await person('expired', [{ type: '26' }], { expiry_date: '2026-11-23' });
    await person('last-day', [{ type: '26' }], { expiry_date: '2026-11-24' });
    await person('Administrator', [{ type: '21' }]);
    const code = (id: string): Promise<unknown> =>
      resolveActor(test.db.pool, id, TODAY).then(
        (actor) => actor.name,
        (error: unknown) => error instanceof AppError && error.code,
      );
    expect(await code('nobody')).toBe('access.unknown_actor');
    expect(await code('asleep')).toBe('access.inactive_actor');
    expect(await code('expired')).toBe('access.inactive_actor');
    expect(await code('last-day')).toBe('last-day');
    expect(await code('administrator')).toBe('access.reserved_name');
  });

  it('knows a role for one library by its scope: such a manager runs no jobs', async () => {
    await person('law-manager', [{ type: '21', scope: 'LAW' }]);
    await person('other-scope', [{ type: '21', scope: '49XYZ_INST' }]);
    const law = await resolveActor(test.db.pool, 'law-manager', TODAY);
    const other = await resolveActor(test.db.pool, 'other-scope', TODAY);
    expect(hasPrivilege(law, 'users:write')).toBe(true);
    expect(hasPrivilege(law, 'jobs:run')).toBe(false);
    expect(grantRuleOf(law)).toEqual({ all: false, roles: [] });
    expect(hasPrivilege(other, 'jobs:run')).toBe(true);
  });
});

describe('what roles may do', () => {
  it('gives patrons their own record, unknown roles nothing, and the administrators everything', async () => {
    expect(privilegesOf(await userWith('200', '9999'))).toEqual(['own:read']);
    expect(privilegesOf(await userWith('9999'))).toEqual([]);
    expect(privilegesOf(await userWith('26'))).toEqual(PRIVILEGES);
    expect(privilegesOf(ADMINISTRATOR)).toEqual(PRIVILEGES);
    expect(privilegesOf(await userWith('57'))).toEqual(['own:read', 'letters:read', 'letters:write', 'settings:read']);
    expect(privilegesOf(await userWith('32'))).toEqual(['own:read', 'users:read']);
    expect(privilegesOf(await userWith('21'))).not.toContain('settings:write');
  });

  it('lets nobody grant what outranks them', async () => {
    const known = ['21', '26', '50', '200'];
    expect(grantableRoles(await userWith('21'), known)).toEqual(['21', '200']);
    expect(grantableRoles(await userWith('21', '50'), known)).toEqual(['21', '50', '200']);
    expect(grantableRoles(await userWith('26'), known)).toBe('all');
    expect(grantableRoles(ADMINISTRATOR, known)).toBe('all');
    expect(grantableRoles(await userWith('57'), known)).toEqual([]);
    expect(canGrant(await userWith('57'), '200')).toBe(false);
  });
});

describe('perform', () => {
  const secret = operation({
    name: 'letter.test',
    summary: { en: 'Test', de: 'Probe' },
    privilege: 'letters:write',
    input: z.object({ id: z.number(), password: z.string() }),
    output: z.object({ id: z.number() }),
    audit: (input) => ({ entity: 'letter', id: input.id }),
    run: async (_, input) => {
      if (input.id === 0) throw new Error(`cannot use ${input.password}`);
      return { id: input.id };
    },
  });

  async function audited(actor: Actor, input: unknown): Promise<unknown> {
    await test.db.pool.query('truncate audit');
    const result = await perform(contextOf(actor), secret, input).catch((error: unknown) => error);
    const { rows } = await test.db.pool.query('select actor, source, operation, entity, entity_id, outcome, detail from audit');
    expect(rows).toHaveLength(1);
    return [result, rows[0]];
  }

  it('runs, and writes down who did what', async () => {
    expect(await audited(await userWith('57'), { id: 7, password: 'hunter22' })).toEqual([
      { id: 7 },
      { actor: 'somebody', source: 'test', operation: 'letter.test', entity: 'letter', entity_id: '7', outcome: 'done', detail: null },
    ]);
  });

  it('writes down refused and failed attempts too, and never an input', async () => {
    const input = { id: 0, password: 'hunter22' };
    const [refusal, refused] = (await audited(await userWith('21'), input)) as [AppError, object];
    expect(refusal.code).toBe('access.denied');
    expect(refused).toMatchObject({ outcome: 'refused', entity: 'letter', entity_id: null });
    const [, failed] = (await audited(await userWith('57'), input)) as [Error, object];
    expect(failed).toMatchObject({ outcome: 'failed', entity_id: '0', detail: { code: 'internal.error' } });
    const [, invalid] = (await audited(await userWith('57'), { id: 'x', password: 'hunter22' })) as [Error, object];
    expect(invalid).toMatchObject({ outcome: 'failed', detail: { code: 'input.invalid' } });
    expect(JSON.stringify([refused, failed, invalid])).not.toContain('hunter22');
  });
});
