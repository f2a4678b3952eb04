import { Button, Checkbox, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem, type Output, useApi } from '../../../api/index.ts';
import { Card, Guard, KeyFigure, Notice, NumberText } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { ProblemNotice } from '../parts/form-dialog.tsx';

type Preview = Output<'purge.preview'>;

/** Erasing everybody whose purge date has passed: first who would go and who stays and why, then the number, typed. */
export function PurgeCard() {
  const { t } = useTranslation('admin-system');
  const can = useCan();
  const navigate = useNavigate();
  const sets = useApi('set.list', {}, { enabled: can('sets:read') });
  const [set, setSet] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const [keep, setKeep] = useState(true);
  const which = set === null ? {} : { set: Number(set) };
  const look = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const next = await api('purge.preview', which);
      setPreview(next);
      setKeep(next.statistics === 'keep');
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const run = async (): Promise<void> => {
    if (preview === null) return;
    const { id } = await api('purge.run', {
      ...which,
      confirm: preview.erasable,
      digest: preview.digest,
      statistics: keep ? 'keep' : 'remove',
    });
    await navigate({ to: '/jobs/$id', params: { id: String(id) } });
  };
  return (
    <Card title={t('purge_title')} sub={t('purge_sub')}>
      <div className="stackv">
        <div className="row wrap adm-end">
          <Select
            label={t('purge_whom')}
            placeholder={t('purge_everybody')}
            clearable
            searchable
            data={(sets.data?.sets ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            value={set}
            onChange={(next) => {
              setSet(next);
              setPreview(null);
            }}
          />
          <Button loading={busy} onClick={() => void look()}>
            {t('purge_look')}
          </Button>
        </div>
        {problem !== null && <ProblemNotice problem={problem} />}
        {preview !== null && (
          <div className="stackv" role="status">
            <div className="stats">
              <KeyFigure label={t('purge_due')} value={preview.members} />
              <KeyFigure label={t('purge_go')} value={preview.erasable} />
              <KeyFigure label={t('purge_stay')} value={preview.members - preview.erasable} />
            </div>
            {preview.reasons.length > 0 && (
              <dl className="dl adm-totals">
                {preview.reasons.map((reason) => (
                  <div key={reason.reason} className="row between">
                    <dt>{reason.text}</dt>
                    <dd>
                      <NumberText value={reason.users} />
                    </dd>
                  </div>
                ))}
              </dl>
            )}
            {preview.erasable === 0 ? (
              <Notice tone="info" title={t('purge_nobody')} />
            ) : (
              <>
                <Checkbox
                  label={t('purge_statistics')}
                  description={t('purge_statistics_text')}
                  checked={keep}
                  onChange={(event) => setKeep(event.currentTarget.checked)}
                />
                <Notice tone="fail" title={t('purge_final')}>
                  {t('purge_final_text')}
                </Notice>
                <Guard count={preview.erasable} typed danger label={t('purge_do', { count: preview.erasable })} onConfirm={run} />
              </>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}
