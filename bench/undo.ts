/**
 * Undo of the main job against the main job.
 *
 *     npm run bench -- undo [--users 1000000] [--rounds 3]
 */
import { showRun, undoRun } from '../src/runs/index.ts';
import { runPlan, workAll } from './support/plan.ts';
import { median, options, secondsOf } from './support/rounds.ts';
import { withServer } from './support/server.ts';

const { users, rounds: count } = options({ users: 1_000_000, rounds: 3 });

await withServer(async (server) => {
  const library = await server.library(users);
  const run: number[] = [];
  const undo: number[] = [];
  for (let round = 1; round <= count; round += 1) {
    const copy = await server.copy(library);
    let id = 0;
    run.push(
      await secondsOf(async () => {
        id = await runPlan(copy);
      }),
    );
    undo.push(
      await secondsOf(async () => {
        const started = await undoRun.run(copy.ctx, undoRun.input.parse({ id, confirm: true }));
        await workAll(copy);
        const report = await showRun.run(copy.ctx, { id: started.id });
        if (report.counts['changed'] !== users || report.counts['conflict'] !== 0)
          throw new Error(`undone: ${JSON.stringify(report.counts)}`);
      }),
    );
    await copy.drop();
    console.log(`round ${round}: run ${run.at(-1)?.toFixed(2)} s, undo ${undo.at(-1)?.toFixed(2)} s`);
  }
  console.log(`undo ratio=${(median(undo) / median(run)).toFixed(2)}`);
});
