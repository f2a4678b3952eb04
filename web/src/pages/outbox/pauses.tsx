import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Notice, PauseIcon, toastProblem } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useOutboxActions } from './outbox-actions.ts';
import { useOutboxSearch } from './use-outbox-search.ts';

/** Batches that are held back, by whom or why, each with its way on. */
export function Pauses() {
  const { t } = useTranslation('outbox');
  const { number, lately } = useFormat();
  const can = useCan();
  const [, go] = useOutboxSearch();
  const actions = useOutboxActions();
  const pauses = useApi('outbox.pauses', {}, { refetchInterval: 15_000 });
  return (pauses.data?.pauses ?? []).map(({ run_id, run_name, letter, reason, detail, paused_at, paused_by, messages }) => {
    const batch = { run: run_id, ...(letter === null ? {} : { letter }) };
    return (
      <Notice
        key={`${run_id} ${letter}`}
        tone={reason === 'failures' ? 'fail' : 'warn'}
        icon={PauseIcon}
        title={t('pause.title', { count: messages, number: number(messages), run: run_name })}
        actions={
          <>
            {can('jobs:run') && (
              <button type="button" onClick={() => void actions.resume(batch).catch(toastProblem)}>
                {t('pause.resume')}
              </button>
            )}
            <button type="button" onClick={() => go({ ...batch, state: undefined, channel: undefined })}>
              {t('pause.show')}
            </button>
          </>
        }
      >
        {reason === 'person'
          ? t('pause.person', { name: paused_by ?? '', at: lately(paused_at) })
          : t('pause.failures', { detail: detail ?? '', at: lately(paused_at) })}
      </Notice>
    );
  });
}
