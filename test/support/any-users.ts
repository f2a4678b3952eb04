import fc from 'fast-check';
import type { PoolClient } from 'pg';
import { CHILD_TABLES, type ChildTable, type Field, SCALARS } from '../../src/users/index.ts';
import { anyAmount, anyCode, anyDate, anyInteger, anyText } from './filter-arbitraries.ts';
import type { Row, UserRecord } from './filter-oracle.ts';

/** Instants on both sides of midnight, in UTC and elsewhere. */
const anyInstant = fc.constantFrom(
  '2026-11-23T23:59:59.999Z',
  '2026-11-24T00:00:00Z',
  '2026-11-24T12:00:00Z',
  '2026-11-24T00:30:00+02:00',
  '2026-11-24T23:30:00-05:00',
  '2027-01-31T23:59:59Z',
  '1999-12-31T12:00:00Z',
);

/** Values that the tables' own check constraints ask for. */
const BOUND: Readonly<Record<string, readonly (string | null)[]>> = {
  'users.record_type': ['PUBLIC', 'STAFF', 'CONTACT'],
  'users.account_type': ['INTERNAL', 'INTEXTAUTH'],
  'users.status': ['ACTIVE', 'INACTIVE'],
  'users.credential_state': ['none', 'password', 'pending'],
  'users.preferred_channel': [null, 'email', 'sms', 'print'],
  'user_identifiers.status': ['ACTIVE', 'INACTIVE'],
  'user_blocks.status': ['ACTIVE', 'INACTIVE'],
  'user_roles.status': ['ACTIVE', 'INACTIVE', 'NEW'],
};

/** Filled by the database where a writer says nothing, so no writer has to. */
const NEVER_NULL = new Set(['users.created_at', 'users.modified_at']);

function anyFieldValue(table: string, field: Field): fc.Arbitrary<unknown> {
  const bound = BOUND[`${table}.${field.name}`];
  if (bound !== undefined) return fc.constantFrom(...bound);
  const value = freeValue(field);
  return field.required === true || NEVER_NULL.has(`${table}.${field.name}`) ? value : fc.option(value, { freq: 3 });
}

function freeValue(field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'text':
      return anyText;
    case 'code':
      return anyCode;
    case 'codes':
      return fc.array(anyCode, { maxLength: 3 });
    case 'date':
      return anyDate;
    case 'instant':
      return anyInstant;
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return anyInteger;
    case 'amount':
      return anyAmount;
    case 'json':
      return fc.array(fc.record({ type: anyCode, scope: anyCode, value: anyText }), { maxLength: 2 });
  }
}

function anyRow(table: string, fields: readonly Field[]): fc.Arbitrary<Row> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, anyFieldValue(table, field)])));
}

function anyChildRows(child: ChildTable): fc.Arbitrary<Row[]> {
  const row = fc
    .tuple(anyRow(child.table, child.fields), fc.constantFrom('Internal', 'External'))
    .map(([values, segment]): Row => (child.segmented ? { ...values, segment } : values));
  // Libraries and letter preferences occur once per user and code.
  return child.identity.length === 1 && child.identity[0] === 'code'
    ? fc.uniqueArray(row, { maxLength: 3, selector: (one) => one['code'] })
    : fc.array(row, { maxLength: 3 });
}

const children: readonly ChildTable[] = CHILD_TABLES;

const anyUser: fc.Arbitrary<UserRecord> = fc.record({
  scalars: fc
    .tuple(
      anyRow(
        'users',
        (SCALARS as readonly Field[]).filter((field) => field.name !== 'external_id'),
      ),
      fc.array(anyCode, { maxLength: 3 }),
    )
    .map(([row, held]) => ({ ...row, held })),
  children: fc.record(Object.fromEntries(children.map((child) => [child.name, anyChildRows(child)]))),
});

/**
 * Users with anything in any field. Primary ids and identifiers get a number behind, since one value
 * leads to one person; every fourth user is external, as only these have an external id.
 */
export const anyUsers: fc.Arbitrary<UserRecord[]> = fc.array(fc.tuple(anyUser, anyText), { minLength: 1, maxLength: 12 }).map((users) =>
  users.map(([user, externalId], index) => ({
    scalars: {
      ...user.scalars,
      id: index + 1,
      primary_id: `${String(user.scalars['primary_id'])}·${index}`,
      ...(index % 4 === 3 ? { account_type: 'EXTERNAL', external_id: externalId } : { external_id: null }),
    },
    children: {
      ...user.children,
      identifier: (user.children['identifier'] ?? []).map((row, no) => ({ ...row, value: `${String(row['value'])}·${index}.${no}` })),
    },
  })),
);

/** Writes the users into the empty tables of `db`, as they are. */
export async function insertUsers(db: PoolClient, users: readonly UserRecord[]): Promise<void> {
  await insertRows(
    db,
    'users',
    ['id', ...(SCALARS as readonly Field[]).map((field) => field.name), 'held_fields'],
    users.map(({ scalars: { held, ...columns } }) => ({ ...columns, held_fields: held })),
  );
  for (const child of children) {
    const columns = ['user_id', ...(child.segmented ? ['segment'] : []), ...child.fields.map((field) => field.name)];
    const rows = users.flatMap((user) => (user.children[child.name] ?? []).map((row) => ({ ...row, user_id: user.scalars['id'] })));
    await insertRows(db, child.table, columns, rows);
  }
}

async function insertRows(db: PoolClient, table: string, columns: readonly string[], rows: readonly Row[]): Promise<void> {
  const list = columns.join(', ');
  await db.query(`insert into ${table} (${list}) select ${list} from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
    JSON.stringify(rows),
  ]);
}
