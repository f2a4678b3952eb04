import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, invalidate, type Output, upload } from '../../../api/index.ts';
import { Card, FileField, Notice } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';
import { ProblemNotice } from '../parts/form-dialog.tsx';
import { LoadReport } from './load-report.tsx';
import { MOVED } from './moved.ts';

const SHOWN = 50;

/** A file of the feed: first what it would do, then loading it. */
export function UploadCard({ code }: { readonly code: string }) {
  const { t } = useTranslation('admin-feeds');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState<Output<'feed.preview'> | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [busy, setBusy] = useState<'look' | 'load' | null>(null);
  const send = async (what: 'look' | 'load', work: (given: File) => Promise<void>): Promise<void> => {
    if (file === null || busy !== null) return;
    setBusy(what);
    setProblem(null);
    try {
      await work(file);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(null);
      setProgress(null);
    }
  };
  const look = (): Promise<void> =>
    send('look', async (given) => {
      setPreview(await upload('feed.preview', { code, limit: SHOWN }, { file: given }, { onProgress: setProgress }));
    });
  const load = (): Promise<void> =>
    send('load', async (given) => {
      const { id } = await upload('feed.load', { code }, { file: given }, { onProgress: setProgress });
      await invalidate(client, ...MOVED);
      await navigate({ to: '/administration/feed-files/$id', params: { id: String(id) } });
    });
  return (
    <>
      <Card title={t('upload_title')}>
        <div className="stackv">
          <FileField
            label={t('upload_label')}
            accept=".xml,.json,.csv,.txt,.tsv,.zip,.gz"
            hint={t('upload_hint')}
            value={file}
            onChange={(next) => {
              setFile(next);
              // What was found out holds for this file and no other.
              setPreview(null);
              setProblem(null);
            }}
            progress={progress}
          />
          {problem !== null && <ProblemNotice problem={problem} />}
          <div className="row wrap">
            <Button
              variant={preview === null ? 'filled' : 'default'}
              disabled={file === null}
              loading={busy === 'look'}
              onClick={() => void look()}
            >
              {t('look')}
            </Button>
            <span className="muted small">{t('look_hint')}</span>
          </div>
        </div>
      </Card>
      {preview !== null && (
        <LoadReport counts={preview} users={preview.users} rejections={preview.rejections} run={null} done={false}>
          <Load preview={preview} busy={busy === 'load'} onLoad={() => void load()} />
        </LoadReport>
      )}
    </>
  );
}

interface LoadProps {
  readonly preview: Output<'feed.preview'>;
  readonly busy: boolean;
  readonly onLoad: () => void;
}

function Load({ preview: { created, updated, absent, guard, released }, busy, onLoad }: LoadProps) {
  const { t } = useTranslation('admin-feeds');
  const { number } = useFormat();
  const nothing = created + updated + absent + released === 0;
  return (
    <Card title={t('load_title')}>
      <div className="stackv">
        {guard.needed && (
          <Notice
            tone="warn"
            title={t('guard_title', { touched: number(guard.touched), of: number(guard.of), share: number(guard.share) })}
            live
          >
            {t('guard_text')}
          </Notice>
        )}
        <p className="sentence">
          {nothing ? t('load_nothing') : t('load_sentence', { created: number(created), updated: number(updated), absent: number(absent) })}
        </p>
        <div className="row wrap">
          <Button variant="filled" loading={busy} onClick={onLoad}>
            {t(guard.needed ? 'load_hold' : 'load')}
          </Button>
          <span className="muted small">{t('load_undo')}</span>
        </div>
      </div>
    </Card>
  );
}
