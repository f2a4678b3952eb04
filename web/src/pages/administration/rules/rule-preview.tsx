import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem, type Output, useApi } from '../../../api/index.ts';
import { Card, KeyFigure, OutcomeBar, OutcomeCounts } from '../../../components/index.ts';
import { ProblemNotice } from '../parts/form-dialog.tsx';

type Preview = Output<'job.preview'>;

/** What the rules would give, tried over a set: nothing is written. */
export function RulePreview() {
  const { t } = useTranslation('admin-access');
  const sets = useApi('set.list', {});
  const [set, setSet] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const run = async (): Promise<void> => {
    if (set === null) return;
    setBusy(true);
    setProblem(null);
    try {
      setPreview(await api('job.preview', { set: Number(set), plan: { changes: [{ change: 'recalculate_roles' }] } }));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const counts = preview?.changes[0];
  return (
    <Card title={t('try_title')} sub={t('try_sub')}>
      <div className="stackv">
        <div className="row wrap adm-end">
          <Select
            label={t('try_set')}
            placeholder={t('try_choose')}
            searchable
            data={(sets.data?.sets ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            value={set}
            onChange={(next) => {
              setSet(next);
              setPreview(null);
            }}
          />
          <Button disabled={set === null} loading={busy} onClick={() => void run()}>
            {t('try_do')}
          </Button>
        </div>
        {problem !== null && <ProblemNotice problem={problem} />}
        {preview !== null && (
          <div className="stackv tight" role="status">
            <KeyFigure label={t('try_members')} value={preview.members} />
            {counts !== undefined && (
              <>
                <OutcomeBar counts={counts} />
                <OutcomeCounts counts={counts} />
              </>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}
