import { perform, revokeLetterLink, systemActor } from '../access/index.ts';
import { revokeCredential } from '../changes/index.ts';
import type { Actor, Context, Language } from '../core/index.ts';
import { type FollowUpPorts, followUpReports, takeReport, takeReportFiles } from '../letters/index.ts';
import { chooseLetter } from './choose-letter.ts';
import type { Config } from './config.ts';

const PORTS: FollowUpPorts = {
  choose: chooseLetter,
  takeBack: async (tx, of) => {
    await revokeCredential(tx, of);
    await revokeLetterLink(tx, of);
  },
};

/** One look at what has come back of letters: files of the mail server, and what follows from reports. */
export function createReportTask(
  config: Config,
  contextOf: (actor: Actor, source: string, language: Language) => Context,
): () => Promise<boolean> {
  const ctx = contextOf(systemActor('bounces'), 'worker', config.language);
  const { directory } = config.letters.bounces;
  const take = (message: Buffer) => perform(ctx, takeReport, { message: message.toString('base64'), encoding: 'base64' });
  return async () => {
    const files = directory !== undefined && (await takeReportFiles(directory, take));
    const followed = await followUpReports(ctx, PORTS);
    return files || followed;
  };
}
