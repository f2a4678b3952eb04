import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Input, invalidate, type OperationName } from '../../api/index.ts';
import { toast } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';

export const OF_THE_OUTBOX: readonly OperationName[] = [
  'outbox.list',
  'outbox.counts',
  'outbox.show',
  'outbox.pauses',
  'print.list',
  'suppression.list',
];

/** Some by their numbers, or a batch: of a run, of a letter, or all. */
export type MessageChoice = Input<'outbox.retry'>;
export type Resolution = Input<'outbox.resolve'>['as'];

export interface OutboxActions {
  retry(choice: MessageChoice): Promise<void>;
  cancel(choice: MessageChoice): Promise<void>;
  resolve(choice: MessageChoice, as: Resolution): Promise<void>;
  pause(batch: Input<'outbox.pause'>): Promise<void>;
  resume(batch: Input<'outbox.resume'>): Promise<void>;
}

/** What can be done about messages. Each says with numbers what it came to; errors are the caller's to show. */
export function useOutboxActions(): OutboxActions {
  const { t } = useTranslation('outbox');
  const { number } = useFormat();
  const client = useQueryClient();
  const done = async (text: string, undo?: () => void): Promise<void> => {
    await invalidate(client, ...OF_THE_OUTBOX);
    toast(text, undo);
  };
  const resume = async (batch: Input<'outbox.resume'>): Promise<void> => {
    const { released } = await api('outbox.resume', batch);
    await done(t('done.resumed', { count: released, number: number(released) }), () => void pause(batch));
  };
  const pause = async (batch: Input<'outbox.pause'>): Promise<void> => {
    const { paused } = await api('outbox.pause', batch);
    await done(t('done.paused', { count: paused, number: number(paused) }), () => void resume(batch));
  };
  return {
    pause,
    resume,
    retry: async (choice) => {
      const { queued, no_address, suppressed, left } = await api('outbox.retry', choice);
      const rest = no_address + suppressed + left;
      await done(
        [
          t('done.queued', { count: queued, number: number(queued) }),
          ...(rest > 0 ? [t('done.left', { count: rest, number: number(rest) })] : []),
        ].join(' '),
      );
    },
    cancel: async (choice) => {
      const { cancelled } = await api('outbox.cancel', choice);
      await done(t('done.cancelled', { count: cancelled, number: number(cancelled) }));
    },
    resolve: async (choice, as) => {
      const { resolved } = await api('outbox.resolve', { ...choice, as });
      await done(t('done.resolved', { count: resolved, number: number(resolved) }));
    },
  };
}
