import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { contextOf } from '../../test/support/sets.ts';
import { perform } from '../access/index.ts';
import { AppError } from '../core/index.ts';
import { addCode, showCodeTable, switchCode, updateCode } from './index.ts';

const test = useTestDatabase();
const ctx = () => contextOf(test.db);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
const shown = async (code: string) =>
  (await perform(ctx(), showCodeTable, { table: 'UserGroups' })).codes.find((each) => each.code === code);

describe('a code of the library', () => {
  it('is added at the end, reworded, made the default, retired and brought back, each time audited', async () => {
    const words = { label_en: 'Summer school', label_de: 'Sommerschule' };
    await perform(ctx(), addCode, { table: 'UserGroups', code: 'SUMMER', ...words });
    expect((await perform(ctx(), showCodeTable, { table: 'UserGroups' })).codes.at(-1)).toMatchObject({ code: 'SUMMER', ...words });
    expect(await codeOf(perform(ctx(), addCode, { table: 'UserGroups', code: 'SUMMER', ...words }))).toBe('users.code_exists');
    await perform(ctx(), updateCode, { table: 'UserGroups', code: 'SUMMER', label_de: 'Sommeruniversität', is_default: true });
    expect(await shown('SUMMER')).toMatchObject({ label_en: 'Summer school', label_de: 'Sommeruniversität', is_default: true });
    const defaults = (await perform(ctx(), showCodeTable, { table: 'UserGroups' })).codes.filter((code) => code.is_default);
    expect(defaults.map((code) => code.code)).toEqual(['SUMMER']);
    expect(await codeOf(perform(ctx(), switchCode, { table: 'UserGroups', code: 'SUMMER', enabled: false }))).toBe('users.code_is_default');
    await perform(ctx(), updateCode, { table: 'UserGroups', code: 'SUMMER', is_default: false });
    await perform(ctx(), switchCode, { table: 'UserGroups', code: 'SUMMER', enabled: false });
    expect(await shown('SUMMER')).toMatchObject({ enabled: false });
    expect(await codeOf(perform(ctx(), updateCode, { table: 'UserGroups', code: 'SUMMER', is_default: true }))).toBe('users.code_retired');
    await perform(ctx(), switchCode, { table: 'UserGroups', code: 'SUMMER', enabled: true });
    const { rows } = await test.db.pool.query<{ operation: string }>(
      `select a.operation from audit a where a.entity = 'code' and a.entity_id = 'UserGroups/SUMMER' and a.outcome = 'done' order by a.id`,
    );
    expect(rows.map((row) => row.operation)).toEqual(['code.add', 'code.update', 'code.update', 'code.switch', 'code.switch']);
  });

  it('of a closed table is neither added nor retired, but reworded', async () => {
    const table = 'UserStatus';
    expect(await codeOf(perform(ctx(), addCode, { table, code: 'ASLEEP', label_en: 'a', label_de: 'b' }))).toBe('users.code_table_closed');
    expect(await codeOf(perform(ctx(), switchCode, { table, code: 'INACTIVE', enabled: false }))).toBe('users.code_table_closed');
    await perform(ctx(), updateCode, { table, code: 'INACTIVE', label_en: 'Dormant' });
    const { codes } = await perform(ctx(), showCodeTable, { table });
    expect(codes.find((code) => code.code === 'INACTIVE')).toMatchObject({ label_en: 'Dormant', enabled: true });
    expect(await codeOf(perform(ctx(), updateCode, { table: 'Nowhere', code: 'X' }))).toBe('users.code_table_not_found');
    expect(await codeOf(perform(ctx(), updateCode, { table, code: 'X' }))).toBe('users.code_not_found');
  });
});
