import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, upload } from '../../api/index.ts';
import { FileField, Notice } from '../../components/index.ts';
import { useJob } from './job.ts';

/** A table with a row per user, from whose columns changes take their values. */
export function ValuesCard() {
  const { t } = useTranslation(['new-job', 'common']);
  const { draft, update } = useJob();
  const [open, setOpen] = useState(false);
  const [progress, setProgress] = useState<number | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setProblem(null);
    setProgress(0);
    try {
      const table = await upload('values.upload', { name: file.name.slice(0, 120) }, { file }, { onProgress: setProgress });
      update((before) => ({ ...before, values: { id: table.id, name: table.name, columns: table.columns } }));
      setTold(t('values.read', { count: table.rows, columns: table.columns.join(', '), missing: table.not_found_count }));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setProgress(null);
    }
  };
  if (draft.values === null && !open) {
    return (
      <button type="button" className="link-button nj-left" onClick={() => setOpen(true)}>
        {t('values.title')}
      </button>
    );
  }
  return (
    <div className="stackv tight">
      {draft.values === null ? (
        <FileField
          label={t('values.title')}
          accept=".csv,.tsv,.xlsx"
          hint={t('values.hint')}
          value={null}
          onChange={(file) => void take(file)}
          progress={progress}
          {...(problem === null ? {} : { error: problem.message })}
        />
      ) : (
        <div className="row between wrap">
          <span>
            {t('values.from')} <b>{draft.values.name}</b>: {draft.values.columns.join(', ')}
          </span>
          <Button size="xs" onClick={() => update((before) => ({ ...before, values: null }))}>
            {t('values.drop')}
          </Button>
        </div>
      )}
      {told !== null && draft.values !== null && <Notice tone="info" title={told} live />}
    </div>
  );
}
