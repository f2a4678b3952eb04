import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Context } from '../../src/core/index.ts';
import { type DatabaseHandle, openDatabase } from '../../src/db/index.ts';
import { createFeed, listFeedFiles, loadFeed } from '../../src/feeds/index.ts';
import { findProfile } from '../../src/feeds/sync/profile.ts';
import { receiveFile } from '../../src/feeds/sync/files.ts';
import type { LoaderFault, LoaderOrder } from './feed-loader.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** Before anything is written, in the middle of what is written, and at the last moment; of the loader and of its database. */
const FAULTS: readonly LoaderFault[] = [
  { before: 'create temp table sync_seen', nth: 1, kills: 'loader' },
  { before: 'insert into journal', nth: 1, kills: 'loader' },
  { before: 'insert into run_rejections', nth: 1, kills: 'database' },
  { before: `set state = 'loaded'`, nth: 1, kills: 'loader' },
];

const USERS = 3_000;

function file(night: number): string {
  const lines = Array.from(
    { length: USERS },
    (_, i) => `u${i},${i % 3 === 0 ? `Night ${night}` : 'Same'},${i % 500 === 7 ? 'not a date' : '2027-09-30'}`,
  );
  return `id,name,until\n${lines.join('\n')}\n`;
}

describe('a load whose process or database is killed', () => {
  let dataDir = '';
  let db: DatabaseHandle;
  const ctx = (): Context => ({
    db,
    dataDir,
    actor: { kind: 'administrator', name: 'administrator' },
    source: 'test',
    language: 'en',
    timeZone: 'UTC',
    doorbell: { ring: () => Promise.resolve() },
  });

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster-feed-faults-'));
    db = await openDatabase({ dataDir });
    const csv_mapping = { name: 'n', fields: { primary_id: 'id', last_name: 'name', expiry_date: 'until' } };
    await createFeed.run(ctx(), createFeed.input.parse({ code: 'SIS', name: 'Students', csv_mapping, guard_share: 100 }));
    await writeFile(path.join(dataDir, 'first.csv'), file(0));
    expect(await loadFeed.run(ctx(), { code: 'SIS', file: path.join(dataDir, 'first.csv') })).toMatchObject({ state: 'loaded' });
  });
  afterAll(async () => {
    await db.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const tend = async (fault: LoaderFault | null): Promise<{ code: number | null; signal: string | null }> => {
    const order: LoaderOrder = { dataDir, fault };
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'feed-loader.ts'), JSON.stringify(order)], { stdio: 'ignore' });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return { code, signal };
  };
  const state = async () => {
    const { rows } = await db.pool.query<Record<string, unknown>>(`select
      (select count(*)::integer from journal) as journal, (select count(*)::integer from runs) as runs,
      (select count(*)::integer from run_rejections) as rejections,
      (select md5(string_agg(u.primary_id || u.last_name || u.version, ',' order by u.id)) from users u) as users`);
    return rows[0];
  };

  it.each(FAULTS)('$kills, before “$before”: nothing is half written, and the next one loads it once', async (fault) => {
    const night = FAULTS.indexOf(fault) + 1;
    const name = path.join(dataDir, `night-${night}.csv`);
    await writeFile(name, file(night));
    await receiveFile(ctx(), await findProfile(db.pool, 'SIS'), {
      name: path.basename(name),
      path: name,
      origin: { kind: 'upload', name },
    });
    const before = await state();

    const fell = await tend(fault);
    if (fault.kills === 'database') {
      await db.close();
      db = await openDatabase({ dataDir });
    }
    const left = await state();
    // Where only PostgreSQL's first process could be killed, the others end what they are at: then it is there, whole.
    const whole = fault.kills === 'database' && process.platform !== 'linux' && left?.['runs'] !== before?.['runs'];
    if (!whole) {
      expect(fell.signal === 'SIGKILL' || fell.code !== 0).toBe(true);
      expect(left).toEqual(before);
    }

    expect(await tend(null)).toEqual({ code: 0, signal: null });
    const { files } = await listFeedFiles.run(ctx(), listFeedFiles.input.parse({ limit: 1 }));
    // A third of the users have another name; of each five hundred one has no date, and is told.
    const rejected = Array.from({ length: USERS }, (_, i) => i).filter((i) => i % 500 === 7).length;
    const renamed = Array.from({ length: USERS }, (_, i) => i).filter((i) => i % 3 === 0 && i % 500 !== 7).length;
    expect(files[0]).toMatchObject({
      state: 'loaded',
      counts: { created: 0, updated: renamed, unchanged: USERS - renamed - rejected, rejected, absent: 0 },
    });
    const after = await state();
    expect(after).toMatchObject({
      journal: Number(before?.['journal']) + renamed,
      runs: Number(before?.['runs']) + 1,
      rejections: Number(before?.['rejections']) + rejected,
    });
    if (whole) expect(left).toEqual(after);
  });
});
