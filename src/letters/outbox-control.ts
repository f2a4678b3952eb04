/** What staff can do about messages: pause and resume, send again, give up, and decide on what is uncertain. */
import { z } from 'zod';
import { AppError, count, id, instant, operation, todayIn } from '../core/index.ts';
import { failureSentence } from './failure.ts';
import { cancelMessages, requeueMessages, RESOLUTIONS, resolveUncertain } from './outbox.ts';
import { ID, letterCode, listMessages, listUserMessages, showMessage } from './outbox-operations.ts';
import { countMessages, listMailbox } from './outbox-counts.ts';
import { pauseBatches, readPauses, resumeBatches } from './pauses.ts';

const batches = {
  run: ID.optional().describe('Messages of this run'),
  letter: letterCode.optional().describe('Messages of this notification type'),
  all: z.boolean().optional().describe('True: every message'),
};
const batchChoice = z.object(batches).strict();
const choice = z.object({ ids: z.array(ID).min(1).max(10_000).optional().describe('Numbers of messages'), ...batches }).strict();

type Choice = z.output<typeof choice>;

/** The choice must be one: a forgotten option does not mean everything. */
function requireChoice({ ids, run, letter, all }: Choice): void {
  const narrowed = ids !== undefined || run !== undefined || letter !== undefined;
  if (narrowed === (all === true)) throw new AppError('letters.which_messages', {});
}

function auditOf(input: Choice, output: unknown): { entity: string; id: number | null; detail: Record<string, unknown> } {
  return {
    entity: 'outbox',
    id: input.run ?? null,
    detail: { ids: input.ids ?? null, letter: input.letter ?? null, all: input.all ?? false, result: output ?? null },
  };
}

export const retryMessages = operation({
  name: 'outbox.retry',
  summary: {
    en: 'Sends messages that failed, were suppressed or had no address once more, as they would be chosen now',
    de: 'Sendet fehlgeschlagene und gesperrte Nachrichten und solche ohne Adresse noch einmal, so wie sie jetzt gewählt würden',
  },
  privilege: 'jobs:run',
  input: choice,
  output: z.object({
    queued: count,
    no_address: count,
    suppressed: count,
    left: count.describe('Stay as they are: the user has opted out, or has been written to otherwise'),
  }),
  audit: auditOf,
  run: async (ctx, input) => {
    requireChoice(input);
    return ctx.db.transaction(async (tx) => {
      const result = await requeueMessages(tx, input, todayIn(ctx.timeZone));
      if (result.queued > 0) await ctx.doorbell.ring(tx, 'outbox');
      return result;
    });
  },
});

export const cancelOutbox = operation({
  name: 'outbox.cancel',
  summary: {
    en: 'Gives up messages that are waiting, failed, suppressed or without an address',
    de: 'Verwirft Nachrichten, die warten, fehlgeschlagen, gesperrt oder ohne Adresse sind',
  },
  privilege: 'jobs:run',
  input: choice,
  output: z.object({ cancelled: count }),
  audit: auditOf,
  run: async (ctx, input) => {
    requireChoice(input);
    return { cancelled: await ctx.db.transaction((tx) => cancelMessages(tx, input)) };
  },
});

export const pauseOutbox = operation({
  name: 'outbox.pause',
  summary: {
    en: 'Holds back what has not gone out, of a run, of a letter, or of all',
    de: 'Hält zurück, was noch nicht hinausgegangen ist: eines Laufs, eines Briefs oder insgesamt',
  },
  privilege: 'jobs:run',
  input: batchChoice,
  output: z.object({ paused: count.describe('Runs whose messages are held now and were not before') }),
  audit: auditOf,
  run: async (ctx, input) => {
    requireChoice(input);
    return { paused: await ctx.db.transaction((tx) => pauseBatches(tx, input, ctx.actor.name)) };
  },
});

export const resumeOutbox = operation({
  name: 'outbox.resume',
  summary: {
    en: 'Lets messages go out that were held back by a person or by too many failures',
    de: 'Lässt Nachrichten hinausgehen, die eine Person oder zu viele Fehlschläge zurückgehalten haben',
  },
  privilege: 'jobs:run',
  input: batchChoice,
  output: z.object({ resumed: count.describe('Pauses that have ended'), released: count.describe('Messages that are due again') }),
  audit: auditOf,
  run: async (ctx, input) => {
    requireChoice(input);
    const result = await resumeBatches(ctx.db, input);
    if (result.resumed > 0) await ctx.doorbell.ring(ctx.db.pool, 'outbox');
    return result;
  },
});

export const listPauses = operation({
  name: 'outbox.pauses',
  summary: {
    en: 'Lists what is held back, and why',
    de: 'Listet auf, was zurückgehalten wird und warum',
  },
  privilege: 'jobs:read',
  input: z.strictObject({}),
  output: z.object({
    pauses: z.array(
      z.object({
        run_id: id,
        run_name: z.string(),
        letter: z.string().nullable().describe('Null: every letter of the run'),
        reason: z.enum(['person', 'failures']),
        detail: z.string().nullable().describe('After too many failures: the latest one, as a sentence'),
        paused_at: instant,
        paused_by: z.string().nullable(),
        messages: count.describe('Messages that wait'),
      }),
    ),
  }),
  audit: () => ({ entity: 'outbox', id: null }),
  run: async (ctx) => {
    const pauses = await readPauses(ctx.db.pool);
    return { pauses: pauses.map((pause) => ({ ...pause, detail: failureSentence(ctx.language, pause.detail) })) };
  },
});

export const resolveMessages = operation({
  name: 'outbox.resolve',
  summary: {
    en: 'Decides on messages of which nobody knows whether they went out: send once more, count as sent, or give up',
    de: 'Entscheidet über Nachrichten, von denen niemand weiß, ob sie hinausgegangen sind: noch einmal senden, als verschickt zählen oder verwerfen',
  },
  privilege: 'jobs:run',
  input: choice.extend({ as: z.enum(RESOLUTIONS) }),
  output: z.object({ resolved: count }),
  audit: auditOf,
  run: async (ctx, { as, ...input }) => {
    requireChoice(input);
    return ctx.db.transaction(async (tx) => {
      const resolved = await resolveUncertain(tx, input, as);
      if (resolved > 0 && as === 'resend') await ctx.doorbell.ring(tx, 'outbox');
      return { resolved };
    });
  },
});

/** Everything about messages, for the list of all operations. */
export const OUTBOX_OPERATIONS = [
  cancelOutbox,
  countMessages,
  listMailbox,
  listMessages,
  listPauses,
  listUserMessages,
  pauseOutbox,
  resolveMessages,
  resumeOutbox,
  retryMessages,
  showMessage,
];
