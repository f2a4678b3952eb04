import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem } from '../api/index.ts';
import { useFormat } from '../lib/format.ts';
import { Notice } from './notice.tsx';

interface GuardProps {
  /** How many it is about; typed where `typed` is set. */
  readonly count: number;
  /** The number has to be typed: for what is large, or cannot be undone. */
  readonly typed: boolean;
  /** Verb, object and number: "Change 12,236 users". */
  readonly label: string;
  /** What is to be typed: "More than 10,000 users: type the number of users to be changed". */
  readonly ask?: string;
  readonly danger?: boolean;
  readonly onConfirm: () => Promise<unknown>;
  readonly children?: ReactNode;
}

/** The last step before much happens. The button repeats the number; it works once, and says what went wrong in its place. */
export function Guard({ count, typed, label, ask, danger = false, onConfirm, children }: GuardProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  // As the number is written in any of the languages: 12236, 12,236, 12.236.
  const fits = !typed || text.replace(/[\s.,’']/g, '') === String(count);
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!fits || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void confirm(event)} className="guard">
      {problem !== null && (
        <Notice tone="fail" title={problem.message} live>
          <span className="mono small">{problem.code}</span>
        </Notice>
      )}
      <div className="guard-line">
        {typed && (
          <TextInput
            label={ask ?? t('guard.type', { number: number(count) })}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            inputMode="numeric"
            autoComplete="off"
            placeholder={number(count)}
            {...(text !== '' && !fits ? { error: t('guard.differs', { number: number(count) }) } : {})}
          />
        )}
        <Button
          type="submit"
          variant={danger ? 'default' : 'filled'}
          className={danger ? 'long danger' : 'long'}
          disabled={!fits}
          loading={busy}
        >
          {label}
        </Button>
        {children}
      </div>
    </form>
  );
}

interface GuardedConfirmProps extends Omit<GuardProps, 'children'> {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What happens, in words with numbers; what can and cannot be undone. */
  readonly children?: ReactNode;
}

/** The same as a dialog. */
export function GuardedConfirm({ opened, onClose, title, children, onConfirm, ...guard }: GuardedConfirmProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="stackv">
        {children}
        <Guard
          {...guard}
          onConfirm={async () => {
            await onConfirm();
            onClose();
          }}
        >
          <Button variant="subtle" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Guard>
      </div>
    </Modal>
  );
}
