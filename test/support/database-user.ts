import { openDatabase, type OpenOptions } from '../../src/db/index.ts';

/**
 * A process of its own that uses the embedded database of a directory, for tests that kill it.
 *
 *     node database-user.ts DIRECTORY [OPTIONS AS JSON]
 *
 * Says `open PID-OF-THE-SERVER` when it has the database, and what became of it later; closes it and
 * ends when its input ends.
 */
const [directory, options] = process.argv.slice(2);
if (directory === undefined) throw new Error('Which directory?');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const db = await openDatabase(
  { dataDir: directory },
  { ...(JSON.parse(options ?? '{}') as OpenOptions), onRestart: (outcome) => say(typeof outcome === 'string' ? outcome : outcome.message) },
);
const { rows } = await db.pool.query<{ pid: string }>(`select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid`);
say(`open ${rows[0]?.pid}`);

process.stdin.on('end', () => {
  void db.close().then(() => {
    say('closed');
    process.exit(0);
  });
});
process.stdin.resume();
