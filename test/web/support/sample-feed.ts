/** A feed with a few nights behind it, for pictures: users, an internal one, changes, a halved file that waits. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { perform } from '../../../src/access/index.ts';
import type { App } from '../../../src/app/index.ts';
import { createFeed, loadFeed } from '../../../src/feeds/index.ts';

export interface SampleFeed {
  readonly feed: { readonly held: number; readonly loaded: number; readonly run: number };
}

const FIRST = ['Ada', 'Jonas', 'Mira', 'Emre', 'Lea', 'Noah', 'Zoë', 'Paul', 'Aylin', 'Tom'];
const LAST = ['Example', 'Beispiel', 'Holm', 'Demir', 'Müller', 'Keller', 'Nowak', 'Lange'];
const STUDENTS = 240;

export const STUDENT_COLUMNS = {
  fields: {
    primary_id: 'id',
    first_name: 'first',
    last_name: 'last',
    user_group: 'status',
    expiry_date: { column: 'until', date: 'DD.MM.YYYY' },
  },
  rows: [{ row: 'email', with: { types: ['school'] }, from: { address: 'mail' } }],
};

/** `count` students; `night` moves some of what they have on. */
export function studentFile(count: number, night: number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const until = (night > 0 && i % 40 === 3) || (night > 2 && i % 60 === 8) ? '30.09.2029' : '30.09.2028';
    const last = night > 1 && i === 11 ? 'Holm-Keller' : LAST[i % LAST.length];
    const group = night > 1 && i % 90 === 20 ? 'G' : 'U';
    return `k${String(1001 + i)},${FIRST[i % FIRST.length]},${last},${group},${night > 1 && i === 5 ? 'soon' : until},k${1001 + i}@${night > 2 && i % 70 === 14 ? 'alumni' : 'students'}.example`;
  });
  return `id,first,last,status,until,mail\n${lines.join('\n')}\n`;
}

export async function addSampleFeed(app: App): Promise<SampleFeed> {
  const ctx = await app.contextFor(undefined, 'screenshots', 'en');
  const directory = await mkdtemp(path.join(os.tmpdir(), 'muster-sample-feed-'));
  try {
    await perform(ctx, createFeed, {
      code: 'CAMPUS',
      name: 'Student information system',
      description: 'Enrolled students, every night',
      csv_mapping: STUDENT_COLUMNS,
      code_maps: { user_group: { U: 'UNDERGRAD', G: 'GRAD' } },
      defaults: { campus_code: 'Main', purge_date: 'today+36m' },
      source: { kind: 'directory', path: 'campus', pattern: 'students-*.csv' },
      cron: '0 3 * * *',
    });
    const load = async (name: string, content: string) => {
      const file = path.join(directory, name);
      await writeFile(file, content);
      return perform(ctx, loadFeed, { code: 'CAMPUS', file });
    };
    await load('students-2026-11-24.csv', studentFile(STUDENTS, 0));
    await app.db.pool.query(
      `update users set account_type = 'INTERNAL', external_id = null where primary_id in ('k1031', 'k1032', 'k1033')`,
    );
    await app.db.pool.query(`update users set user_group = 'STAFF', held_fields = '{user_group}' where primary_id = 'k1045'`);
    await load('students-2026-11-25.csv', studentFile(STUDENTS - 4, 1));
    const loaded = await load('students-2026-11-26.csv', studentFile(STUDENTS - 4, 2));
    await load('students-2026-11-27.csv', 'id,first,last,status,until,mail\n"k1001,Ada');
    const held = await load('students-2026-11-28.csv', studentFile(STUDENTS / 2, 2));
    return { feed: { held: held.id, loaded: loaded.id, run: loaded.run_id ?? 0 } };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
