import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { GuardedConfirm, PauseIcon, PlayIcon, StopIcon, toastProblem } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { MOVES } from './moves.ts';

interface RunControlsProps {
  readonly id: number;
  readonly state: string;
  readonly name: string;
  /** Members that have not been worked on. */
  readonly left: number;
  readonly small?: boolean;
}

/** Pause, resume, abort: always between two chunks, so nobody is left half changed. */
export function RunControls({ id, state, name, left, small = false }: RunControlsProps) {
  const { t } = useTranslation('jobs');
  const { number } = useFormat();
  const can = useCan();
  const [asked, setAsked] = useState(false);
  const pause = useApiMutation('job.pause', { invalidates: MOVES });
  const resume = useApiMutation('job.resume', { invalidates: MOVES });
  const abort = useApiMutation('job.abort', { invalidates: MOVES });
  if (!can('jobs:run')) return null;
  const size = small ? 'xs' : 'sm';
  return (
    <>
      {state === 'RUNNING' && (
        <Button
          size={size}
          variant="default"
          leftSection={<PauseIcon />}
          loading={pause.isPending}
          onClick={() => pause.mutate({ id }, { onError: toastProblem })}
        >
          {t('control.pause')}
        </Button>
      )}
      {(state === 'PAUSED' || state === 'FAILED') && (
        <Button
          size={size}
          variant="default"
          leftSection={<PlayIcon />}
          loading={resume.isPending}
          onClick={() => resume.mutate({ id }, { onError: toastProblem })}
        >
          {t('control.resume')}
        </Button>
      )}
      {(state === 'RUNNING' || state === 'PAUSED') && (
        <Button size={size} variant="default" className="danger" leftSection={<StopIcon />} onClick={() => setAsked(true)}>
          {t('control.abort')}
        </Button>
      )}
      <GuardedConfirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t('control.abort_title', { name })}
        count={left}
        typed={false}
        danger
        label={t('control.abort_job')}
        onConfirm={() => abort.mutateAsync({ id })}
      >
        <p className="t2">{t('control.abort_text', { count: left, number: number(left) })}</p>
      </GuardedConfirm>
    </>
  );
}
