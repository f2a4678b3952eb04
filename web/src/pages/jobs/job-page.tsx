import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invalidate, type Output, useApi } from '../../api/index.ts';
import { Answer, EmptyState, JobIcon, LoadingPage, Notice, Page, TextLink, useRun, WarnIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { ChangesCard } from './changes-card.tsx';
import { Decide } from './decide.tsx';
import { DetailsCard } from './details-card.tsx';
import { FeedCard, FeedWaits } from './feed-card.tsx';
import { HeadBadges, HeadSentence } from './head.tsx';
import './jobs.css';
import { isSending, LettersCard } from './letters-card.tsx';
import { OutcomeCard } from './outcome-card.tsx';
import { Phases } from './phases.tsx';
import { ReasonsCard } from './reasons-card.tsx';
import { RunActions } from './run-actions.tsx';
import { TrailCard } from './trail-card.tsx';
import { UndoCard } from './undo-card.tsx';
import { UsersCard } from './users-card.tsx';
import { WouldCard } from './would-card.tsx';

const route = getRouteApi('/jobs/$id');

export type Report = Output<'job.show'>;

/** A job: how it goes or went, what it came to, and the way back. */
export function JobPage() {
  const { t } = useTranslation('jobs');
  const { id } = route.useParams();
  if (!/^[1-9]\d{0,14}$/.test(id)) {
    return (
      <Page title={t('job_title')} crumbs={[{ label: t('title'), to: '/jobs' }]}>
        <div className="card">
          <EmptyState
            icon={JobIcon}
            title={t('not_found')}
            text={t('not_found_text', { id })}
            actions={<TextLink to="/jobs">{t('all')}</TextLink>}
          />
        </div>
      </Page>
    );
  }
  return <Job key={id} id={Number(id)} />;
}

/** Milliseconds between looks at the whole report while something moves; how far it is comes live beside. */
const LOOK_MS = 6_000;

function Job({ id }: { readonly id: number }) {
  const { t } = useTranslation('jobs');
  const client = useQueryClient();
  const [moving, setMoving] = useState(false);
  const shown = useApi('job.show', { id }, { refetchInterval: moving ? LOOK_MS : false });
  const { data, refetch } = shown;
  const open = data !== undefined && data.finished_at === null;
  const watch = useRun(id, open);
  const state = watch.event?.state;
  useEffect(() => setMoving(data !== undefined && (data.state === 'RUNNING' || isSending(data))), [data]);
  // Paused, resumed, approved by somebody else: the report is another one now.
  useEffect(() => {
    if (state !== undefined && data !== undefined && state !== data.state) void refetch();
  }, [state, data, refetch]);
  // Then what became of each user is known, and who did what.
  const known = useRef(data?.state);
  useEffect(() => {
    if (known.current !== undefined && known.current !== data?.state) void invalidate(client, 'job.outcomes', 'audit.search');
    known.current = data?.state;
  }, [data?.state, client]);
  const crumbs = [{ label: t('title'), to: '/jobs' }];
  if (data === undefined) {
    return (
      <Page title={t('job_title')} crumbs={crumbs}>
        <Answer of={shown} loading={<LoadingPage />}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      crumbs={crumbs}
      beside={<HeadBadges report={data} />}
      sub={<HeadSentence report={data} />}
      actions={<RunActions report={data} />}
    >
      <div className="stackv run-page">
        {watch.lost && (
          <Notice tone="warn" icon={WarnIcon} title={t('lost.title')} live>
            {t('lost.text')}
          </Notice>
        )}
        {data.kind === 'feed' && data.finished_at === null && <FeedWaits run={data.id} reason={data.state_reason} />}
        {data.waits_for !== null && <Waits report={data} waitsFor={data.waits_for} />}
        <Phases report={data} watch={watch} />
        <div className="grid g-main">
          <div className="stackv">
            {data.waits_for === null ? <OutcomeCard report={data} watch={watch} /> : <WouldCard report={data} />}
            <ReasonsCard report={data} />
            <ChangesCard report={data} />
            <LettersCard report={data} />
            {/* A file has no changes and letters of its own: its users fill the place. */}
            {data.kind === 'feed' && <UsersCard report={data} />}
          </div>
          <aside className="stackv" aria-label={t('beside')}>
            {data.kind === 'feed' && <FeedCard report={data} />}
            <Undo report={data} />
            <DetailsCard report={data} />
            <TrailCard report={data} />
          </aside>
        </div>
        {data.kind !== 'feed' && <UsersCard report={data} />}
      </div>
    </Page>
  );
}

function Undo({ report }: { readonly report: Report }) {
  const can = useCan();
  return report.undoable && can('jobs:run') ? <UndoCard report={report} /> : null;
}

function Waits({ report, waitsFor }: { readonly report: Report; readonly waitsFor: 'approval' | 'confirmation' }) {
  return (
    <Notice tone="warn" title={report.state_reason ?? report.state_text}>
      <ol className="plan-words">
        {report.words.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ol>
      <div className="decide">
        <Decide id={report.id} name={report.name} members={report.progress.total} waitsFor={waitsFor} approvable={report.approvable} />
      </div>
    </Notice>
  );
}
