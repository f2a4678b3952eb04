/**
 * The web page in a real Chromium on the server as it is started, with a million users:
 *
 *     npm run bench -- web [--users 1000000] [--rounds 9] [--data DIRECTORY] [--only pages,search,live]
 *
 * - pages: how long the page with the most code takes until it can be worked with, others beside it: from the start of the navigation, in a
 *   window with an empty cache, on a processor four times slower, until what it is for is drawn and a click on it was answered. Bound: 1.5 s.
 * - search: from a key to the rows of the text in the field, drawn, letter by letter; next to it the bare SQL of the same page of
 *   rows. Bound: 150 ms for 95 of 100 keys.
 * - live: the share of a core that the browser takes to show a run as it goes; next to it the same page when the run has ended.
 *   Bound: 5 %.
 *
 * Milliseconds are those of a clock: what else the machine does is in them, so its load is printed. `--data` keeps the library in a
 * directory and takes the one that is there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sql from 'sql-template-tag';
import { readConfig } from '../src/app/index.ts';
import { abortRun, isFinal, showRun, startRun } from '../src/runs/index.ts';
import { EXPIRY } from './support/plan.ts';
import { percentile } from './support/rounds.ts';
import { bareList } from './support/web/bare-list.ts';
import { type Desk, withDesk } from './support/web/desk.ts';
import { type Load, load, type Measured } from './support/web/loads.ts';
import { typeLetterByLetter } from './support/web/typing.ts';
import { watchPage } from './support/web/watching.ts';

const SLOWER = 4;
const WORDS = 12;
const SECONDS = 20;
const BOUNDS = { interactive_ms: 1_500, search_ms: 150, live_share: 0.05 };

const PAGES: readonly Measured[] = [
  {
    name: 'letter',
    path: '/letters/ACCOUNT_TYPE_CHANGED',
    drawn: ['.source .cm-line', 'iframe.letter-paper'],
    click: '.letter-preview input[value="text"]',
    answered: '.letter-text',
  },
  {
    name: 'new job',
    path: '/jobs/new',
    drawn: ['.nj-sets button'],
    click: '.nj-sets button',
    answered: '.nj-sets button[aria-pressed="true"]',
  },
  {
    name: 'users',
    path: '/users',
    drawn: ['table.data tr[data-index="9"]'],
    click: 'table.data tr[data-index="0"] input',
    answered: 'table.data tr.sel',
  },
];

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '9' },
    data: { type: 'string' },
    only: { type: 'string', default: 'pages,search,live' },
  },
});
const only = values.only.split(',');
const dataDir = values.data ?? (await mkdtemp(path.join(os.tmpdir(), 'muster-bench-')));
try {
  const config = readConfig({ dataDir, language: 'en' }, { MUSTER_TIMEZONE: 'UTC', MUSTER_WORKERS: '2' });
  await withDesk(config, Number(values.users), async (desk) => {
    if (only.includes('pages')) await pages(desk, Number(values.rounds));
    if (only.includes('search')) await search(desk);
    if (only.includes('live')) await live(desk);
  });
} finally {
  if (values.data === undefined) await rm(dataDir, { recursive: true, force: true });
}

async function pages(desk: Desk, rounds: number): Promise<void> {
  const loads = new Map<Measured, Load[]>(PAGES.map((page) => [page, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [page, taken] of loads) {
      const taking = await load(desk, page, SLOWER);
      if (round > 0) taken.push(taking); // the server is warm after the first
    }
  }
  const told = [...loads].map(([{ name }, taken]) => ({
    name,
    script: taken[0]?.script ?? 0,
    drawn: percentile(
      taken.map((each) => each.drawnMs),
      0.5,
    ),
    answered: taken.map((each) => each.answeredMs),
    work: percentile(
      taken.map((each) => each.workMs),
      0.5,
    ),
    text: `${((taken[0]?.script ?? 0) / 1_000).toFixed(0)} kB of scripts in ${taken[0]?.files} files, ${taken[0]?.elements} elements`,
  }));
  for (const { name, drawn, answered, work, text } of told)
    console.log(
      `page ${name}: ${text}; drawn ${drawn.toFixed(0)} ms, click answered p50 ${percentile(answered, 0.5).toFixed(0)} p95 ${percentile(answered, 0.95).toFixed(0)} ms; ` +
        `processor time of the page ${work.toFixed(0)} ms`,
    );
  const largest = told.reduce((most, each) => (each.script > most.script ? each : most));
  const p50 = percentile(largest.answered, 0.5);
  console.log(`interactive page=${largest.name} p50_ms=${p50.toFixed(0)} bound_ms=${BOUNDS.interactive_ms} load=${loadOf()}`);
}

/** Last names, first names and both: from a few hits to a good part of everybody. */
async function search(desk: Desk): Promise<void> {
  const { rows } = await desk.app.db.pool.query<{ first: string; last: string }>(sql`
    select u.first_name as first, u.last_name as last from users u where u.first_name ~ '^[[:alpha:]]{3,9}$' and u.last_name ~ '^[[:alpha:]]{3,9}$'
    order by hashint8(u.id) limit ${WORDS + 1}::integer`);
  const words = rows.map(({ first, last }, index) => ([last, first, `${first} ${last}`][index % 3] ?? last).toLowerCase());
  // The first word warms the server, and is not counted.
  const typed = await typeLetterByLetter(desk, words);
  const counted = typed.slice(words[0]?.length ?? 0);
  const bare: number[] = [];
  for (const { text } of counted) bare.push(await bareList(desk.app.db.pool, text));
  const slow = counted.filter(({ ms }) => ms > BOUNDS.search_ms).map(({ text, ms }) => `“${text}” ${ms.toFixed(0)}`);
  if (slow.length > 0) console.log(`above the bound: ${slow.join(', ')}`);
  const [p50, p95] = [0.5, 0.95].map((share) =>
    percentile(
      counted.map(({ ms }) => ms),
      share,
    ),
  );
  const [bare50, bare95] = [0.5, 0.95].map((share) => percentile(bare, share));
  console.log(
    `${counted.length} keys: to the rows p50 ${p50?.toFixed(0)} ms, bare SQL p50 ${bare50?.toFixed(0)} p95 ${bare95?.toFixed(0)} ms`,
  );
  console.log(
    `search p95_ms=${p95?.toFixed(0)} bound_ms=${BOUNDS.search_ms} ratio=${((p95 ?? Number.NaN) / (bare95 ?? Number.NaN)).toFixed(1)} load=${loadOf()}`,
  );
}

/** A run over everybody, and the page of it when it has ended. */
async function live(desk: Desk): Promise<void> {
  const { ctx } = desk;
  const plan = {
    changes: [
      { change: 'purge_date', set: EXPIRY },
      { change: 'note', add: { text: 'Please come to the desk.' } },
    ],
  };
  const { id } = await startRun.run(ctx, startRun.input.parse({ set: 'everyone', plan, confirm: true }));
  const begun = await showRun.run(ctx, { id });
  const running = await watchPage(desk, `/jobs/${id}`, SECONDS);
  const then = await showRun.run(ctx, { id });
  if (isFinal(then.state)) throw new Error(`The run was over before ${SECONDS} s; it needs more users.`);
  await abortRun.run(ctx, { id });
  for (let now = then; !isFinal(now.state); now = await showRun.run(ctx, { id })) await new Promise((resolve) => setTimeout(resolve, 500));
  const ended = await watchPage(desk, `/jobs/${id}`, SECONDS);
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  console.log(
    `${then.progress.done - begun.progress.done} users were done meanwhile; drawing and network took ${percent(running.others)} beside`,
  );
  console.log(
    `live share=${percent(running.share)} bound=${percent(BOUNDS.live_share)} when it has ended=${percent(ended.share)} load=${loadOf()}`,
  );
}

function loadOf(): string {
  return `${os.loadavg()[0]?.toFixed(1)} on ${os.availableParallelism()} cores`;
}
