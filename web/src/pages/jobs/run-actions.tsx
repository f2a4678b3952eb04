import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, type InputBesideFiles, useApi, useApiMutation } from '../../api/index.ts';
import {
  ButtonLink,
  ChevronDownIcon,
  ColumnsIcon,
  CopyIcon,
  DownloadIcon,
  FailedIcon,
  MailIcon,
  PlayIcon,
  SkippedIcon,
  toastProblem,
  UndoIcon,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { showPart } from './job-address.ts';
import type { Report } from './job-page.tsx';
import { ledgerOf } from './letters-card.tsx';
import { MOVES } from './moves.ts';
import { RunControls } from './run-controls.tsx';

/** Everything one can do about a run, beside its title. */
export function RunActions({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const can = useCan();
  const { id, name, state, kind, progress, finished_at: finished } = report;
  const toUndo = (): void => {
    document.querySelector<HTMLElement>('#undo :is(input, button)')?.focus({ preventScroll: true });
    showPart('undo');
  };
  const canUndo = report.undoable && can('jobs:run') && (report.counts.changed > 0 || kind === 'edit');
  useShortcuts(canUndo ? [{ keys: 'U', label: t('undo.title'), run: toUndo }] : []);
  return (
    <>
      {kind !== 'feed' && <RunControls id={id} state={state} name={name} left={progress.total - progress.done} />}
      {can('jobs:run') && <LetterControls report={report} />}
      <Downloads report={report} />
      {kind === 'job' && finished !== null && can('jobs:run') && (
        <ButtonLink to="/jobs/new" search={{ run: id }} icon={CopyIcon}>
          {t('again')}
        </ButtonLink>
      )}
      {canUndo && (
        <button type="button" className="btn" onClick={toUndo}>
          <UndoIcon />
          {t('undo.title')}
        </button>
      )}
    </>
  );
}

/** Holds the run's letters back, or lets them go on. */
function LetterControls({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const { waiting, held, toPrint } = ledgerOf(report);
  const pauses = useApi('outbox.pauses', {}, { enabled: waiting > 0 });
  const pause = useApiMutation('outbox.pause', { invalidates: [...MOVES, 'outbox.pauses'] });
  const resume = useApiMutation('outbox.resume', { invalidates: [...MOVES, 'outbox.pauses'] });
  const paused = held > 0 && (pauses.data?.pauses ?? []).some(({ run_id: run }) => run === report.id);
  // What is printed goes out by hand.
  if (waiting - toPrint === 0 || report.finished_at === null) return null;
  return paused ? (
    <Button
      variant="default"
      leftSection={<PlayIcon />}
      loading={resume.isPending}
      onClick={() => resume.mutate({ run: report.id }, { onError: toastProblem })}
    >
      {t('letters.resume')}
    </Button>
  ) : (
    <Button
      variant="default"
      leftSection={<MailIcon />}
      loading={pause.isPending}
      onClick={() => pause.mutate({ run: report.id }, { onError: toastProblem })}
    >
      {t('letters.pause')}
    </Button>
  );
}

type Choice = InputBesideFiles<'job.report'>;

function Downloads({ report: { id, counts } }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const { number } = useFormat();
  const [busy, setBusy] = useState(false);
  const get = (input: Choice): void => {
    setBusy(true);
    download('job.report', input)
      .catch(toastProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button variant="default" leftSection={<DownloadIcon />} rightSection={<ChevronDownIcon />} loading={busy}>
          {t('download.title')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<ColumnsIcon />} onClick={() => get({ id })}>
          {t('download.all')}
        </Menu.Item>
        {counts.failed > 0 && (
          <Menu.Item leftSection={<FailedIcon />} onClick={() => get({ id, outcome: 'failed' })}>
            {t('download.failed', { count: counts.failed, number: number(counts.failed) })}
          </Menu.Item>
        )}
        {counts.skipped > 0 && (
          <Menu.Item leftSection={<SkippedIcon />} onClick={() => get({ id, outcome: 'skipped' })}>
            {t('download.skipped', { count: counts.skipped, number: number(counts.skipped) })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
