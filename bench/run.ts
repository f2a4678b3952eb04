/**
 * The main job against bare SQL that does only its business writes.
 *
 *     npm run bench -- run [--users 1000000] [--rounds 3]
 */
import { bareOneSession, bareTwoSessions, expectChanged, PLAN, runPlan } from './support/plan.ts';
import { median, options, rounds, secondsOf } from './support/rounds.ts';
import { onCopy, withServer } from './support/server.ts';

const { users, rounds: count } = options({ users: 1_000_000, rounds: 3 });

await withServer(async (server) => {
  const library = await server.library(users);
  const taken = await rounds(count, {
    run: () => onCopy(server, library, async (copy) => expectChanged(copy, await runPlan(copy), users)),
    one_session: () => onCopy(server, library, bareOneSession),
    two_sessions: () => onCopy(server, library, bareTwoSessions),
  });
  // Once more over the rows that a first run has just left dead.
  const copy = await server.copy(library);
  const first = await secondsOf(() => runPlan(copy));
  const second = await secondsOf(() =>
    runPlan(copy, 2, {
      changes: [{ change: 'expiry_date', shift: { months: 1 } }, { change: 'user_group', set: 'CITY' }, ...PLAN.changes.slice(2)],
    }),
  );
  await copy.drop();
  console.log(`two runs in a row: ${first.toFixed(2)} s, then ${second.toFixed(2)} s`);
  const run = median(taken.run);
  console.log(`run ratio=${(run / median(taken.two_sessions)).toFixed(2)} one_session=${(run / median(taken.one_session)).toFixed(2)}`);
});
