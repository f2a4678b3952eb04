/**
 * Holds for every operation there is, whoever adds it: only a privilege that counts today, here and
 * for the whole institution where it must, opens it. Through the door that everybody comes through,
 * with users, roles and rights as they stand in the database.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { perform, resolveActor } from '../../src/access/index.ts';
import { OPERATIONS } from '../../src/app/operations.ts';
import { type Actor, type AnyOperation, AppError, PRIVILEGES, type Privilege } from '../../src/core/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { contextOf } from '../support/sets.ts';

const test = useTestDatabase();
const TODAY = '2026-11-24';
const ROOT = path.resolve(import.meta.dirname, '../..');

/** What a role for one library must not open; see `INSTITUTION_WIDE` in src/access/roles.ts. */
const INSTITUTION_WIDE: readonly Privilege[] = [
  'users:import',
  'users:delete',
  'jobs:run',
  'jobs:approve',
  'letters:write',
  'access:write',
  'access:keys',
  'settings:write',
];

/** No operation takes this for an input: one that lets it through to the parser has opened, and does nothing. */
const NO_INPUT = 'not an input';

const all = [...OPERATIONS.values()];
let checked = 0;

beforeAll(async () => {
  await test.db.pool.query(`insert into codes (table_name, code, label_en, label_de) values ('Libraries', 'ONE_LIBRARY', 'One', 'Eine')
    on conflict do nothing`);
  for (const privilege of PRIVILEGES) {
    const others = PRIVILEGES.filter((other) => other !== privilege);
    await test.db.pool.query('insert into access_roles (role, privileges) values ($1, $2), ($3, $4)', [
      `only ${privilege}`,
      [privilege],
      `all but ${privilege}`,
      others,
    ]);
    await person(`without ${privilege}`, { type: `all but ${privilege}` });
    await person(`with ${privilege}`, { type: `only ${privilege}` });
    await person(`expired ${privilege}`, { type: `only ${privilege}`, expiry: '2026-11-23' });
    await person(`last day ${privilege}`, { type: `only ${privilege}`, expiry: TODAY });
    await person(`inactive ${privilege}`, { type: `only ${privilege}`, status: 'INACTIVE' });
    await person(`one library ${privilege}`, { type: `only ${privilege}`, scope: 'ONE_LIBRARY' });
  }
});

async function person(
  id: string,
  role: { readonly type: string; readonly scope?: string; readonly status?: string; readonly expiry?: string },
): Promise<void> {
  await test.db.pool.query(
    `with made as (insert into users (primary_id) values ($1) returning id)
     insert into user_roles (user_id, type, scope, status, expiry_date) select id, $2, $3, $4, $5::date from made`,
    [id, role.type, role.scope ?? 'INSTITUTION', role.status ?? 'ACTIVE', role.expiry ?? null],
  );
}

/** What comes of the call, as an error code, and how many lines of the audit say so. */
async function attempt(operation: AnyOperation, who: string): Promise<{ code: string; outcome: unknown; entries: number }> {
  const actor: Actor = await resolveActor(test.db.pool, who, TODAY);
  await test.db.pool.query('delete from audit');
  const error = await perform(contextOf(test.db, actor), operation, NO_INPUT).catch((thrown: unknown) => thrown);
  const { rows } = await test.db.pool.query<{ actor: string; operation: string; outcome: string }>(
    'select actor, operation, outcome from audit',
  );
  expect(rows).toMatchObject([{ actor: who, operation: operation.name }]);
  return { code: error instanceof AppError ? error.code : String(error), outcome: rows[0]?.outcome, entries: rows.length };
}

const REFUSED = { code: 'access.denied', outcome: 'refused', entries: 1 };
const OPENED = { code: 'input.invalid', outcome: 'failed', entries: 1 };

describe.each(all.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
  const { privilege } = operation;

  it(`is refused to whoever lacks ${privilege}, and the attempt is written down`, async () => {
    expect(await attempt(operation, `without ${privilege}`)).toEqual(REFUSED);
  });

  it('is refused to a role that has expired, is inactive, or counts for too little', async () => {
    expect(await attempt(operation, `expired ${privilege}`)).toEqual(REFUSED);
    expect(await attempt(operation, `inactive ${privilege}`)).toEqual(REFUSED);
    expect(await attempt(operation, `one library ${privilege}`)).toEqual(INSTITUTION_WIDE.includes(privilege) ? REFUSED : OPENED);
  });

  it(`opens to ${privilege}, until the end of the role’s last day`, async () => {
    expect(await attempt(operation, `with ${privilege}`)).toEqual(OPENED);
    expect(await attempt(operation, `last day ${privilege}`)).toEqual(OPENED);
    checked += 1;
  });
});

/** What the source declares: names after `operation({`, wherever it stands. */
function declared(): readonly string[] {
  return globSync('src/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(/= operation(?:<[^(]*>)?\(\{\s*name: '([^']+)'/g)].map(
        (found) => found[1] ?? '',
      ),
    );
}

describe('the registry', () => {
  it('has every operation that the source declares, each under a name of its own', () => {
    const names = declared();
    expect(names.length).toBeGreaterThan(45);
    expect(new Set(names).size).toBe(names.length);
    expect([...OPERATIONS.keys()].sort()).toEqual([...names].sort());
  });

  it('is the source’s only way to make operations: none has another form, which this would not see', () => {
    const calls = globSync('src/**/*.ts', { cwd: ROOT })
      .filter((file) => !file.endsWith('.test.ts') && file !== path.join('src', 'core', 'operation.ts'))
      .flatMap((file) => readFileSync(path.join(ROOT, file), 'utf8').match(/(?<![\w.])operation(?:<[^(]*>)?\(\{/g) ?? []);
    expect(calls).toHaveLength(declared().length);
  });
});

it('checked them all', () => {
  process.stdout.write(`${checked} operations are refused without their privilege, and open with it.\n`);
  expect(checked).toBe(OPERATIONS.size);
});
