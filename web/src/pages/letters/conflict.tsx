import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppProblem } from '../../api/index.ts';
import { Notice } from '../../components/index.ts';
import { Comparison } from './comparison.tsx';
import type { TextKey } from './text-key.ts';
import type { DraftState } from './use-draft.ts';

interface ConflictProps {
  readonly of: TextKey;
  readonly problem: AppProblem;
  readonly draft: DraftState;
  /** Saves what is here as the version after this one. */
  readonly onSave: (basedOn: number) => void;
  readonly onClose: () => void;
}

/** Somebody else has saved in the meantime: says who both are, shows what the other changed, and loses nothing. */
export function Conflict({ of: key, problem, draft, onSave, onClose }: ConflictProps) {
  const { t } = useTranslation('letters');
  const [looking, setLooking] = useState(false);
  const theirs = Number(problem.params['version']);
  const base = Number(problem.params['base']);
  return (
    <div className="letter-conflict">
      <Notice
        tone="conf"
        live
        title={t('conflict.title', {
          other: String(problem.params['other']),
          version: theirs,
          author: String(problem.params['author']),
          base,
        })}
        actions={
          <>
            {base > 0 && (
              <button type="button" onClick={() => setLooking(!looking)} aria-expanded={looking}>
                {t('conflict.look')}
              </button>
            )}
            <button type="button" onClick={() => onSave(theirs)}>
              {t('conflict.mine', { version: theirs + 1 })}
            </button>
            <button
              type="button"
              onClick={() => {
                draft.discard();
                onClose();
              }}
            >
              {t('conflict.theirs')}
            </button>
          </>
        }
      >
        {t('conflict.text')}
      </Notice>
      {looking && <Comparison of={key} from={base} to={theirs} />}
    </div>
  );
}
