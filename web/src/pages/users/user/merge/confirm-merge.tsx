import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem } from '../../../../api/index.ts';
import { Notice } from '../../../../components/index.ts';

export interface Pair {
  readonly keep: string;
  readonly giveUp: string;
  readonly choices: Readonly<Record<string, 'keep' | 'give_up'>>;
  /** Which states were looked at. */
  readonly tags: { readonly keep: string; readonly give_up: string };
}

interface ConfirmMergeProps {
  readonly pair: Pair;
  readonly onClose: () => void;
  readonly onDone: (run: number) => void;
}

/** Says in words what happens and what ends; whoever changed one of the two meanwhile is told of. */
export function ConfirmMerge({ pair, onClose, onDone }: ConfirmMergeProps) {
  const { t } = useTranslation(['merge', 'common']);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const { keep, giveUp, choices, tags } = pair;
  const merge = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      onDone((await api('user.merge', { keep, give_up: giveUp, choices: { ...choices }, match: { ...tags } })).id);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('confirm_title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <div className="stackv">
        <p>{t('confirm_text', { keep, giveUp })}</p>
        <p className="t2">{t('confirm_undo', { keep })}</p>
        {problem !== null && (
          <Notice tone="fail" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        <div className="row wrap">
          <Button variant="filled" loading={busy} onClick={() => void merge()} data-autofocus>
            {t('confirm')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
