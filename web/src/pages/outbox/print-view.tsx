import { Button, Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Input, invalidate, type Output, useApi } from '../../api/index.ts';
import { Answer, Card, EmptyState, KeyFigure, PrintIcon, toast, toastProblem } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { PrintBatch } from './print-batch.tsx';

type Layout = Input<'print.make'>['layout'];

/** Letters on paper: how many wait, and the batches that were made of them. */
export function PrintView() {
  const { t } = useTranslation('outbox');
  const [making, setMaking] = useState(false);
  const prints = useApi('print.list', { limit: 100 }, { refetchInterval: making ? 1_500 : 20_000 });
  const busy = prints.data?.batches.some(({ state }) => state === 'making') ?? false;
  if (busy !== making) setMaking(busy);
  return (
    <Answer of={prints}>
      {({ waiting, batches }) => (
        <>
          <Waiting waiting={waiting} />
          {batches.length === 0 ? (
            <Card>
              <EmptyState icon={PrintIcon} title={t('print.empty')} text={t('print.empty_text')} />
            </Card>
          ) : (
            batches.map((batch) => <PrintBatch key={batch.id} batch={batch} />)
          )}
        </>
      )}
    </Answer>
  );
}

function Waiting({ waiting }: { readonly waiting: Output<'print.list'>['waiting'] }) {
  const { t } = useTranslation('outbox');
  const can = useCan();
  const client = useQueryClient();
  const { number } = useFormat();
  const [layout, setLayout] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const all = waiting.ordinary + waiting.credentials;
  const make = async (): Promise<void> => {
    setBusy(true);
    try {
      const { batches } = await api('print.make', layout === null ? {} : { layout: layout as NonNullable<Layout> });
      await invalidate(client, 'print.list', 'outbox.list', 'outbox.counts');
      toast(t('print.begun', { count: batches.length }));
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t('print.waiting')}>
      <div className="row wrap between">
        <div className="stats">
          <KeyFigure label={t('print.ordinary')} value={waiting.ordinary} />
          <KeyFigure label={t('print.credentials')} value={waiting.credentials} />
        </div>
        {can('jobs:run') && (
          <div className="row wrap print-make">
            <Select
              aria-label={t('print.layout')}
              placeholder={t('print.library_layout')}
              clearable
              clearButtonProps={{ 'aria-label': t('print.library_layout') }}
              data={(['din5008', 'us10'] as const).map((value) => ({ value, label: t(`layout.${value}`) }))}
              value={layout}
              onChange={setLayout}
            />
            <Button variant="filled" disabled={all === 0} loading={busy} leftSection={<PrintIcon />} onClick={() => void make()}>
              {t('print.make', { count: all, number: number(all) })}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
