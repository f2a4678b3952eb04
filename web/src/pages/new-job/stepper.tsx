import { useTranslation } from 'react-i18next';
import { Fragment } from 'react';
import { useApi } from '../../api/index.ts';
import { CheckIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useJob } from './job.ts';
import { STEPS, type Step } from './steps.ts';

/** Five steps, each with what was chosen; those that are done, and the next, can be gone to. */
export function Stepper() {
  const { t } = useTranslation('new-job');
  const { step, go, canGo } = useJob();
  const chosen = useChosen();
  const at = STEPS.indexOf(step);
  return (
    <nav aria-label={t('step.label')}>
      <ol className="card steps nj-steps">
        {STEPS.map((each, index) => {
          const done = index < at;
          const inner = (
            <>
              <span className="c">{done ? <CheckIcon small /> : index + 1}</span>
              <span className="nj-step-text">
                <b>{t(`step.${each}`)}</b>
                {chosen[each] !== '' && <span className="nj-step-sub">{chosen[each]}</span>}
              </span>
            </>
          );
          return (
            <Fragment key={each}>
              {index > 0 && <li className={index <= at ? 'ln done' : 'ln'} aria-hidden="true" />}
              <li className={`step${done ? ' done' : ''}${index === at ? ' on' : ''}`} aria-current={index === at ? 'step' : undefined}>
                <button type="button" disabled={index !== at && !canGo(each)} onClick={() => go(each)}>
                  {inner}
                </button>
              </li>
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}

function useChosen(): Readonly<Record<Step, string>> {
  const { t, i18n } = useTranslation('new-job');
  const can = useCan();
  const format = useFormat();
  const { draft, preview } = useJob();
  const types = useApi('notification_type.list', {}, { enabled: draft.notify !== null && can('letters:read'), staleTime: 60_000 });
  const type = types.data?.types.find((each) => each.code === draft.notify?.type);
  const label = type === undefined ? (draft.notify?.type ?? '') : i18n.language === 'de' ? type.label_de : type.label_en;
  return {
    set: draft.set?.name ?? '',
    changes: draft.changes.length === 0 ? '' : t('step.changes_count', { count: draft.changes.length }),
    letter: draft.notify === null ? '' : label,
    preview: preview === undefined ? '' : t('step.would_change', { count: preview.changed, number: format.number(preview.changed) }),
    confirm: '',
  };
}
