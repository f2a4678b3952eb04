import { useTranslation } from 'react-i18next';
import type { AppProblem } from '../../api/index.ts';
import { Notice } from '../../components/index.ts';

interface ProblemProps {
  readonly problem: AppProblem;
  /** Shows the set as it is now; for when somebody else was quicker. */
  readonly onReload?: () => void;
}

export function Problem({ problem, onReload }: ProblemProps) {
  const { t } = useTranslation('sets');
  return (
    <Notice
      tone="fail"
      title={problem.message}
      live
      {...(problem.code === 'sets.changed' && onReload !== undefined
        ? {
            actions: (
              <button type="button" className="do-link" onClick={onReload}>
                {t('reload')}
              </button>
            ),
          }
        : {})}
    >
      <span className="mono small">{problem.code}</span>
    </Notice>
  );
}
