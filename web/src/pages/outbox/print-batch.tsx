import { Button, Checkbox } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, download, invalidate, type Output, useApi } from '../../api/index.ts';
import { Answer, DateText, DownloadIcon, GuardedConfirm, Notice, toast, toastProblem, TrashIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';

type Batch = Output<'print.list'>['batches'][number];

/** One print batch: as it is made, its files, what was left out. */
export function PrintBatch({ batch }: { readonly batch: Batch }) {
  const { t } = useTranslation('outbox');
  const { number } = useFormat();
  const can = useCan();
  const client = useQueryClient();
  const [loading, setLoading] = useState<number | null>(null);
  const [deleting, setDeleting] = useState(false);
  const [requeue, setRequeue] = useState(false);
  const [remarks, setRemarks] = useState(false);
  const fresh = (): Promise<void> => invalidate(client, 'print.list', 'print.show', 'outbox.list', 'outbox.counts');
  const take = async (part: number): Promise<void> => {
    setLoading(part);
    try {
      const { fileName } = await download('print.download', { id: batch.id, part });
      await fresh();
      toast(batch.credentials ? t('print.taken_once', { file: fileName }) : t('print.taken', { file: fileName }));
    } catch (error) {
      toastProblem(error);
    } finally {
      setLoading(null);
    }
  };
  const there = batch.parts.filter((part) => part.there);
  return (
    <section className="card print-batch" aria-label={t('print.batch', { id: batch.id })}>
      <div className="ch">
        <h2>{t('print.batch', { id: batch.id })}</h2>
        <span className={`badge ${batch.state === 'failed' ? 'failed' : batch.state === 'ready' ? 'ok' : ''} plain`}>
          {t(`print_state.${batch.state}`)}
        </span>
        {batch.credentials && <span className="badge plain outline">{t('print.with_passwords')}</span>}
        <span className="sub">
          <DateText value={batch.created_at} as="lately" /> {batch.created_by}
        </span>
      </div>
      <div className="cb stackv tight">
        {batch.state === 'making' ? (
          <div className="stackv tight">
            <progress className="print-progress" aria-label={t('print.making')} max={Math.max(1, batch.messages)} value={batch.done} />
            <span className="muted small">{t('print.progress', { done: number(batch.done), all: number(batch.messages) })}</span>
          </div>
        ) : (
          <p>
            {t('print.printed', { count: batch.printed, number: number(batch.printed) })}
            {' · '}
            {t('print.pages', { count: batch.pages, number: number(batch.pages) })}
            {' · '}
            {t(`layout.${batch.layout}`)}
            {batch.downloaded_at !== null && (
              <span className="muted">
                {' · '}
                {t('print.downloaded')} <DateText value={batch.downloaded_at} as="lately" />
              </span>
            )}
            {batch.expires_at !== null && there.length > 0 && (
              <span className="muted">
                {' · '}
                {t('print.expires')} <DateText value={batch.expires_at} as="instant" />
              </span>
            )}
          </p>
        )}
        {batch.error !== null && <Notice tone="fail" title={batch.error} />}
        {batch.left_out > 0 && (
          <Notice
            tone="warn"
            title={t('print.left_out', { count: batch.left_out, number: number(batch.left_out) })}
            actions={
              <button type="button" aria-expanded={remarks} onClick={() => setRemarks(!remarks)}>
                {t('print.show_remarks')}
              </button>
            }
          />
        )}
        {remarks && <Remarks batch={batch.id} />}
        {batch.credentials && there.length > 0 && <p className="muted small">{t('print.once')}</p>}
        {can('jobs:run') && batch.state !== 'making' && there.length > 0 && (
          <div className="row wrap">
            {there.map(({ part, letters }) => (
              <Button key={part} variant="filled" leftSection={<DownloadIcon />} loading={loading === part} onClick={() => void take(part)}>
                {batch.parts.length === 1
                  ? t('print.download', { count: letters, number: number(letters) })
                  : t('print.download_part', { part, count: letters, number: number(letters) })}
              </Button>
            ))}
            <Button className="danger" leftSection={<TrashIcon />} onClick={() => setDeleting(true)}>
              {t('print.delete')}
            </Button>
          </div>
        )}
      </div>
      <GuardedConfirm
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t('print.delete_title', { id: batch.id })}
        count={batch.printed}
        typed={false}
        danger
        label={t('print.delete_files', { count: there.length })}
        onConfirm={async () => {
          const { requeued } = await api('print.delete', { id: batch.id, requeue });
          await fresh();
          toast(t('print.deleted', { id: batch.id, count: requeued }));
        }}
      >
        <p className="t2">{t('print.delete_text')}</p>
        <Checkbox
          label={t('print.requeue', { count: batch.printed, number: number(batch.printed) })}
          checked={requeue}
          onChange={(event) => setRequeue(event.currentTarget.checked)}
        />
      </GuardedConfirm>
    </section>
  );
}

function Remarks({ batch }: { readonly batch: number }) {
  const { t } = useTranslation('outbox');
  const shown = useApi('print.show', { id: batch, limit: 500 });
  return (
    <Answer of={shown}>
      {({ remarks }) => (
        <ul className="print-remarks" aria-label={t('print.remarks')}>
          {remarks.map(({ message, user, remark }) => (
            <li key={message}>
              <bdi className="name">{user}</bdi> <span className="t2">{remark}</span>
            </li>
          ))}
        </ul>
      )}
    </Answer>
  );
}
