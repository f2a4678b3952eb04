import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import { HistoryLine, Notice, toastProblem } from '../../../components/index.ts';
import { HistoryEntry } from './history-card.tsx';
import type { Conflict, Edit } from './use-edit.ts';

/** Somebody else was quicker: shows what they changed, before anybody writes over it. */
export function ConflictNotice({ user, conflict, edit }: { readonly user: string; readonly conflict: Conflict; readonly edit: Edit }) {
  const { t } = useTranslation('users');
  const [busy, setBusy] = useState(false);
  const history = useApi('users.history', { user, limit: 20 });
  const since = (history.data?.entries ?? []).filter((entry) => Date.parse(entry.at) > Date.parse(conflict.since));
  const retry = async (): Promise<void> => {
    setBusy(true);
    try {
      await conflict.retry();
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Notice
      tone="conf"
      live
      title={t('conflict.title')}
      actions={
        <>
          <button type="button" disabled={busy} onClick={() => void retry()}>
            {t('conflict.retry')}
          </button>
          <button type="button" onClick={() => edit.dropConflict()}>
            {t('conflict.drop')}
          </button>
        </>
      }
    >
      <p>{t('conflict.text')}</p>
      <HistoryLine>
        {since.map((entry) => (
          <HistoryEntry key={`${entry.at} ${entry.run.id}`} entry={entry} />
        ))}
      </HistoryLine>
    </Notice>
  );
}
