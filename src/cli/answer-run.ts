import type { RunReport } from '../runs/index.ts';
import type { Cli, Session } from './cli.ts';
import { showReport } from './run-text.ts';
import type { Screen } from './screen.ts';

/** States after which the command says by its exit status that something is not as asked for. */
const BAD: ReadonlySet<string> = new Set([
  'COMPLETED_FAILED',
  'FAILED',
  'SYSTEM_ABORTED',
  'USER_ABORTED',
  'PAUSED',
  'MANUAL_HANDLING_REQUIRED',
]);

/** Answers with a run: its report, what can be done next, and an exit status that says whether all is well. */
export async function answerRun(cli: Cli, work: (session: Session) => Promise<RunReport>): Promise<void> {
  await cli.answer(
    async (session) => {
      const result = await work(session);
      if (BAD.has(result.state)) cli.fail();
      return result;
    },
    (result) => {
      showReport(cli.screen, result);
      showNext(cli.screen, result);
    },
  );
}

/** The way back, and what else can be done now. */
function showNext(screen: Screen, run: RunReport): void {
  if (run.state === 'RUNNING') screen.say('cli.hint', { command: `muster jobs watch ${run.id}` });
  else if (run.state === 'PAUSED') screen.say('cli.hint', { command: `muster jobs resume ${run.id}` });
  else if (run.kind !== 'purge' && (run.counts['changed'] ?? 0) > 0) screen.say('cli.hint', { command: `muster jobs undo ${run.id}` });
}
