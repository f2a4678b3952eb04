/**
 * A feed's nightly file of all users, of which one in a hundred differs, against the least that SQL
 * written by hand needs: COPY into a staging table and one UPDATE that compares. Both work on a fresh
 * copy of one library of external users, with its keys and fsync on, by turns; the last line gives the
 * ratio of the medians. What the hand-written side leaves out: checking values and codes, users whom
 * the file no longer names, held fields, history, and the way back.
 *
 *     npm run bench -- sync [--users 1000000] [--rounds 3]
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { createFeed, loadFeed } from '../src/feeds/index.ts';
import { cpuMeter } from './support/cpu.ts';
import { median, options, rounds, secondsOf } from './support/rounds.ts';
import { type Copy, type Server, withServer } from './support/server.ts';

const { users, rounds: count } = options({ users: 1_000_000, rounds: 3 });
const COLUMNS = ['primary_id', 'first_name', 'last_name', 'user_group', 'campus_code', 'expiry_date', 'birth_date', 'gender'] as const;
const MAPPING = {
  name: 'nightly',
  trim: false,
  fields: Object.fromEntries(COLUMNS.map((name) => [name, { column: name, empty: 'clear' }])),
};
const differ = Math.floor(users / 100);

const directory = await mkdtemp(path.join(os.tmpdir(), 'muster-bench-sync-'));
try {
  await withServer(async (server) => {
    const library = await server.library(users);
    const files = await writeFiles(server, library);
    const memory: number[] = [];
    const taken = await rounds(count, {
      sync: () => onFeed(server, library, files.before, (copy) => sync(copy, files.tonight, memory)),
      'bare SQL': () => onFeed(server, library, files.before, (copy) => bareSql(copy, files.tonight)),
    });
    console.log(`memory of the process while it loaded: at most ${Math.max(...memory).toFixed(0)} MB`);
    console.log(`sync ratio=${(median(taken.sync) / median(taken['bare SQL'])).toFixed(2)}`);
  });
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Last night's file and tonight's, in which the names of one in a hundred are others. */
async function writeFiles(server: Server, library: string): Promise<{ before: string; tonight: string }> {
  const copy = await server.copy(library);
  const files = { before: path.join(directory, 'before.csv'), tonight: path.join(directory, 'tonight.csv') };
  try {
    const client = await copy.db.pool.connect();
    const write = (file: string, lastName: string) =>
      pipeline(
        client.query(
          copyTo(
            `copy (select ${COLUMNS.map((c) => (c === 'last_name' ? `${lastName} as last_name` : `u.${c}`)).join(', ')} from users u order by u.id) to stdout (format csv, header)`,
          ),
        ),
        createWriteStream(file),
      );
    await write(files.before, 'u.last_name');
    await write(files.tonight, `case when u.id % 100 = 0 then u.last_name || ' II' else u.last_name end`);
    client.release();
  } finally {
    await copy.drop();
  }
  return files;
}

/** Seconds of one side on a copy in which every user is the feed's, and last night's file has been loaded. */
async function onFeed(server: Server, library: string, lastNight: string, side: (copy: Copy) => Promise<void>): Promise<number> {
  const copy = await server.copy(library);
  try {
    await copy.db.pool.query(`update users set account_type = 'EXTERNAL', external_id = 'SIS'`);
    await createFeed.run(copy.ctx, createFeed.input.parse({ code: 'SIS', name: 'Students', csv_mapping: MAPPING }));
    const loaded = await loadFeed.run(copy.ctx, { code: 'SIS', file: lastNight });
    if (loaded.counts?.unchanged !== users) throw new Error(`last night: ${JSON.stringify(loaded)}`);
    await copy.db.pool.query('vacuum (analyze)');
    await copy.db.pool.query('checkpoint');
    const meter = await cpuMeter(copy.db.pool);
    const before = await meter();
    const seconds = await secondsOf(() => side(copy));
    const after = await meter();
    console.log(
      `  processor time: ${((after.node - before.node) / 1000).toFixed(2)} s here, ${((after.database - before.database) / 1000).toFixed(2)} s in PostgreSQL`,
    );
    return seconds;
  } finally {
    await copy.drop();
  }
}

async function sync(copy: Copy, file: string, memory: number[]): Promise<void> {
  const look = setInterval(() => memory.push(process.memoryUsage().rss / 1_000_000), 200);
  try {
    const loaded = await loadFeed.run(copy.ctx, { code: 'SIS', file });
    if (loaded.counts?.updated !== differ || loaded.counts.unchanged !== users - differ)
      throw new Error(`loaded: ${JSON.stringify(loaded)}`);
  } finally {
    clearInterval(look);
  }
}

async function bareSql(copy: Copy, file: string): Promise<void> {
  await copy.db.transaction(async (tx) => {
    await tx.query(`create temp table staging on commit drop as select ${COLUMNS.join(', ')} from users where false`);
    await pipeline(createReadStream(file), tx.query(copyFrom(`copy staging (${COLUMNS.join(', ')}) from stdin (format csv, header)`)));
    const given = COLUMNS.filter((c) => c !== 'primary_id');
    const { rowCount } = await tx.query(`
      update users u set ${given.map((c) => `${c} = s.${c}`).join(', ')}, version = u.version + 1, modified_at = now()
      from staging s
      where fold(u.primary_id) = fold(s.primary_id)
        and (${given.map((c) => `u.${c}`).join(', ')}) is distinct from (${given.map((c) => `s.${c}`).join(', ')})`);
    if (rowCount !== differ) throw new Error(`bare SQL updated ${rowCount}`);
  });
}
