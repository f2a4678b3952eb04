import type { Logger } from 'pino';
import { commitLetterLink, hashPassword, newLetterLink, newPassword, revokeLetterLink, systemActor, tidySignIn } from '../access/index.ts';
import { commitCredentials, revokeCredential } from '../changes/index.ts';
import type { Actor, Channels, Context, Language } from '../core/index.ts';
import { expireDeliveries, sendWebhooks, tendFeeds } from '../feeds/index.ts';
import {
  expireAlerts,
  expireContents,
  expireMailbox,
  expirePrints,
  makePrints,
  type SenderPorts,
  sendDue,
  tellAlerts,
  tidyPace,
} from '../letters/index.ts';
import type { Tasks } from '../queue/index.ts';
import { applyRetentionNightly, removeDoomedFiles, sendRunMails, startDueSchedules, workOnce } from '../runs/index.ts';
import type { Config } from './config.ts';
import { createTellOperator } from './tell-operator.ts';
import { createReportTask } from './take-reports.ts';

export interface Engine {
  readonly tasks: Tasks;
  /** Closes the connections to the mail server. */
  close(): Promise<void>;
}

/** The domain's work as the queue takes it: what each bite is, and which of the other rooms' functions it needs. */
export function createEngine(
  config: Config,
  contextOf: (actor: Actor, source: string, language: Language) => Context,
  channels: Channels,
  log: Logger,
): Engine {
  const ctx = contextOf(systemActor('worker'), 'worker', config.language);
  const channel = channels.email;
  const ports: SenderPorts = {
    channels,
    newPassword,
    hashPassword,
    commitCredentials,
    revokeCredential,
    newLink: () => newLetterLink(ctx.publicUrl),
    commitLink: commitLetterLink,
    revokeLink: revokeLetterLink,
  };
  const tell = createTellOperator(config.letters.alertUrl, log);
  // More in hand than there are connections, so that each always has the next one.
  const concurrency = config.letters.smtp.connections * 3;
  return {
    tasks: {
      workOnce: () => workOnce(ctx),
      sendDue: async (signal) => {
        await tellAlerts(ctx.db.pool, tell);
        const { postponed: _notDue, ...done } = await sendDue(ctx, ports, { signal, concurrency, holdAll: config.letters.hold });
        await sendRunMails(ctx, channel, signal);
        // Last, so that a file that cannot be written keeps no mail waiting.
        const printed = await makePrints(ctx, ports, { signal });
        // A channel that cannot be reached puts everything back: the next poll is soon enough.
        return printed || Object.values(done).some((messages) => messages > 0);
      },
      tellWebhooks: (stopping) => sendWebhooks(ctx, stopping),
      tendFeeds: (stopping) => tendFeeds(ctx, stopping, (feed, err) => log.error({ feed, err }, 'the feed could not be fetched or loaded')),
      takeReports: createReportTask(config, contextOf),
      startDueSchedules: async () => {
        await startDueSchedules(ctx);
        return false;
      },
      keepHouse: async () => {
        await ctx.db.pool.query('select ensure_journal_partitions(current_date)');
        // Letters with passwords do not lie about for ever.
        await expireMailbox(ctx);
        await expirePrints(ctx);
        await expireContents(ctx);
        await expireAlerts(ctx.db.pool);
        await tidyPace(ctx.db.pool);
        await expireDeliveries(ctx);
        await tidySignIn(ctx);
        await removeDoomedFiles(ctx);
        await applyRetentionNightly(ctx);
        return false;
      },
    },
    close: async () => {
      await channels.email.close();
      await channels.sms?.close();
    },
  };
}
