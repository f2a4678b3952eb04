/** A worker process of its own, for the growth benchmark: reads where the database is, works until nothing is left, tells its peak memory in KB. */
import { text } from 'node:stream/consumers';
import { createDatabase } from '../../src/db/index.ts';
import { workOnce } from '../../src/runs/index.ts';
import { benchContext } from './bench-context.ts';

const db = createDatabase(JSON.parse(await text(process.stdin)));
const ctx = benchContext(db, '');
await Promise.all(
  [0, 1].map(async () => {
    while (await workOnce(ctx));
  }),
);
process.stdout.write(String(process.resourceUsage().maxRSS));
await db.close();
