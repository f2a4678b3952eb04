import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { contextOf } from '../../../test/support/sets.ts';
import { AppError } from '../../core/index.ts';
import { perform } from '../perform.ts';
import { exportAudit, searchAudit } from './index.ts';

const test = useTestDatabase();
const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-audit-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(async () => {
  await test.db.pool.query(`delete from audit; insert into audit (at, actor, source, operation, entity, entity_id, outcome, detail, address) values
    ('2026-03-01T22:59:59Z', 'maria', 'cli', 'users.show', 'user', 'Jdoe', 'done', null, null),
    ('2026-03-01T23:00:00Z', 'maria', 'http', 'users.export', 'set', '7', 'done', '{"users": 12}', '192.0.2.7'),
    ('2026-03-02T10:00:00Z', 'paul', 'http', 'users.search', 'users', null, 'done', '{"text": "=doe", "total": 1}', null),
    ('2026-03-02T10:00:00Z', 'paul', 'http', 'set.delete', 'set', '7', 'refused', null, null)`);
});

const found = async (input: object) => {
  const { entries } = await perform(contextOf(test.db), searchAudit, input);
  return entries.filter((entry) => entry.operation !== 'audit.search').map((entry) => entry.operation);
};

describe('the audit', () => {
  it('is searched by who, what, about whom, how it ended, when and by text; newest first', async () => {
    expect(await found({})).toEqual(['set.delete', 'users.search', 'users.export', 'users.show']);
    expect(await found({ actor: 'paul' })).toEqual(['set.delete', 'users.search']);
    expect(await found({ operation: 'users.*' })).toEqual(['users.search', 'users.export', 'users.show']);
    expect(await found({ entity: 'user', id: 'JDOE' })).toEqual(['users.show']);
    expect(await found({ outcome: 'refused' })).toEqual(['set.delete']);
    // Days are the library's: 23:00 UTC is the next day in Berlin.
    expect(await found({ to: '2026-03-01' })).toEqual(['users.show']);
    expect(await found({ from: '2026-03-02', to: '2026-03-02' })).toEqual(['set.delete', 'users.search', 'users.export']);
    expect(await found({ text: '=DOE', to: '2026-03-02' })).toEqual(['users.search']);
  });

  it('is paged by key, so that nothing is shown twice or left out', async () => {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await searchAudit.run(contextOf(test.db), { limit: 1, before, to: '2026-03-02' });
      seen.push(...page.entries.map((entry) => entry.operation));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(['set.delete', 'users.search', 'users.export', 'users.show']);
    const bad = await perform(contextOf(test.db), searchAudit, { before: 'x' }).catch((error: unknown) => error);
    expect(bad).toMatchObject({ code: 'audit.bad_cursor' });
  });

  it('is exported as CSV that no spreadsheet calculates, and keeps who took it', async () => {
    const file = path.join(directory, 'audit.csv');
    await test.db.pool.query(`update audit set entity_id = '=1+1' where operation = 'users.show'`);
    expect(await perform(contextOf(test.db), exportAudit, { file })).toEqual({ entries: 4, file });
    const rows = parse(readFileSync(file), { columns: true, bom: true }) as Record<string, string>[];
    expect(rows.map((row) => row['operation'])).toEqual(['users.show', 'users.export', 'users.search', 'set.delete']);
    expect(rows[0]?.['entity_id']).toBe(`'=1+1`);
    expect(rows[1]).toMatchObject({ detail: '{"users":12}', address: '192.0.2.7', actor: 'maria' });
    const { entries } = await perform(contextOf(test.db), searchAudit, { operation: 'audit.export' });
    expect(entries).toMatchObject([{ actor: 'administrator', detail: { entries: 4 } }]);
    const nowhere = perform(contextOf(test.db), exportAudit, { file: path.join(directory, 'no/where.csv') });
    expect(await nowhere.catch((error: unknown) => error instanceof AppError && error.code)).toBe('audit.file_unwritable');
  });

  it('is closed to whoever has no right to it', async () => {
    const ctx = contextOf(test.db, await userActor(test.db.pool, ['21']));
    await expect(perform(ctx, searchAudit, {})).rejects.toMatchObject({ code: 'access.denied' });
    await expect(perform(ctx, exportAudit, { file: 'x' })).rejects.toMatchObject({ code: 'access.denied' });
  });
});
