import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ArrowRightIcon } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { useJob } from './job.ts';
import { STEPS, type Step } from './steps.ts';

/** The step that a link in the address names. */
export function nextOf(step: Step): Step | undefined {
  return STEPS[STEPS.indexOf(step) + 1];
}

/** Back and on: under what one has just looked at, on a phone always at the foot, with the number. */
export function StepFoot({ children }: { readonly children?: ReactNode }) {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  const { step, go, preview, counting, canGo } = useJob();
  const before = STEPS[STEPS.indexOf(step) - 1];
  const next = nextOf(step);
  return (
    <div className="nj-foot">
      <div className="only-sm nj-foot-count" aria-live="polite">
        {preview !== undefined && (
          <span aria-busy={counting}>
            <b>{t('foot.of', { changed: format.number(preview.changed), members: format.number(preview.members) })}</b>{' '}
            <span className="small muted">{t('foot.would_change')}</span>
          </span>
        )}
      </div>
      {children}
      {before !== undefined && <Button onClick={() => go(before)}>{t('foot.back')}</Button>}
      {next !== undefined && (
        <Button
          variant="filled"
          className="nj-next"
          rightSection={<ArrowRightIcon small />}
          disabled={!canGo(next)}
          onClick={() => go(next)}
        >
          {t('foot.next', { step: t(`step.${next}`) })}
        </Button>
      )}
    </div>
  );
}
