import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Input, Output } from '../../api/index.ts';
import { ChevronDownIcon, GuardedConfirm } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useHoldAll } from './hold-all.tsx';
import { type OutboxActions, type Resolution, useOutboxActions } from './outbox-actions.ts';
import type { MessageState } from './routes.ts';

type Batch = Input<'outbox.pause'>;

interface BatchActionsProps {
  readonly batch: Batch;
  readonly counts: Output<'outbox.counts'>;
}

interface Step {
  readonly key: 'retry' | 'cancel' | 'pause' | 'resend' | 'sent' | 'give_up';
  readonly count: number;
  readonly run: (actions: OutboxActions) => Promise<void>;
  readonly danger?: boolean;
}

/** Above this many the number has to be typed. */
const MANY = 1_000;

/** What can be done with everything of a run, a letter, or the whole outbox: each with its number, confirmed. */
export function BatchActions({ batch, counts }: BatchActionsProps) {
  const { t } = useTranslation('outbox');
  const { number } = useFormat();
  const can = useCan();
  const actions = useOutboxActions();
  const holdAll = useHoldAll();
  const [asked, setAsked] = useState<Step | null>(null);
  const of = (...states: readonly MessageState[]): number =>
    counts.states.filter(({ state }) => states.includes(state)).reduce((sum, { messages }) => sum + messages, 0);
  const undelivered = of('failed', 'suppressed', 'no_address');
  const waiting = of('queued', 'held');
  const uncertain = of('uncertain');
  const resolved = (as: Resolution) => (all: OutboxActions) => all.resolve(batch, as);
  const steps: readonly Step[] = [
    { key: 'retry', count: undelivered, run: (all) => all.retry(batch) },
    { key: 'resend', count: uncertain, run: resolved('resend') },
    { key: 'sent', count: uncertain, run: resolved('sent') },
    { key: 'give_up', count: uncertain, run: resolved('cancel'), danger: true },
    { key: 'pause', count: of('queued', 'sending'), run: (all) => all.pause(batch) },
    { key: 'cancel', count: waiting + undelivered, run: (all) => all.cancel(batch), danger: true },
  ];
  const possible = steps.filter(({ count }) => count > 0);
  const holds = can('settings:write') && !counts.hold_all && batch.all === true;
  if (possible.length === 0 && !holds) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button rightSection={<ChevronDownIcon />}>{t('batch.menu', { count: counts.total })}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {possible.map((step) => (
            <Menu.Item key={step.key} className={step.danger ? 'fail-text' : ''} onClick={() => setAsked(step)}>
              {t(`batch.${step.key}`, { count: step.count, number: number(step.count) })}
            </Menu.Item>
          ))}
          {holds && <Menu.Item onClick={() => holdAll(true)}>{t('hold.hold')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {asked !== null && (
        <GuardedConfirm
          opened
          onClose={() => setAsked(null)}
          title={t(`batch.${asked.key}`, { count: asked.count, number: number(asked.count) })}
          count={asked.count}
          typed={asked.count > MANY}
          label={t(`batch.${asked.key}`, { count: asked.count, number: number(asked.count) })}
          danger={asked.danger ?? false}
          onConfirm={() => asked.run(actions)}
        >
          <p className="t2">{t(`explain.${asked.key}`)}</p>
        </GuardedConfirm>
      )}
    </>
  );
}
