import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type AppProblem, useChangeCatalogue, useFilterCatalogue } from '../../api/index.ts';
import { Answer, ErrorState, LoadingPage, Page } from '../../components/index.ts';
import { useSession } from '../../lib/access.ts';
import { type Draft, emptyDraft, keepDraft, planOf, withPlan } from './draft.ts';
import { JobPage } from './job-view.tsx';
import './new-job.css';
import type { NewJobSearch } from './search.ts';
import type { Step } from './steps.ts';
import { useDraft } from './use-draft.ts';
import { FieldsContext } from './words.tsx';
import { isComplete, type KindOfChange } from './kinds.ts';
import { JobContext } from './job.ts';
import { useLivePreview } from './use-preview.ts';

/** The main way through: a set, changes, a letter, the preview, the confirmation. */
export function NewJobPage() {
  const { draft, ...begin }: NewJobSearch = useSearch({ from: '/jobs/new' });
  return draft === undefined ? <Begin {...begin} /> : <WithCatalogues key={draft} id={draft} />;
}

/** Makes a draft of what the address asks for (a set, a run to copy, a template) and goes there. */
function Begin({ set, run, template }: NewJobSearch) {
  const { t } = useTranslation('new-job');
  const { user } = useSession();
  const navigate = useNavigate();
  const begun = useQuery<{ readonly draft: Draft; readonly step: Step }, AppProblem>({
    queryKey: ['new-job.begin', set, run, template, user.primary_id],
    queryFn: () =>
      begin(user.primary_id, {
        ...(set === undefined ? {} : { set }),
        ...(run === undefined ? {} : { run }),
        ...(template === undefined ? {} : { template }),
      }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = begun;
  useEffect(() => {
    if (data === undefined) return;
    if (data.draft.saved !== null) keepDraft(data.draft);
    void navigate({ to: '/jobs/new', search: { draft: data.draft.id, step: data.step }, replace: true });
  }, [data, navigate]);
  if (begun.error !== null) {
    return (
      <Page title={t('title')}>
        <ErrorState problem={begun.error} onRetry={() => void begun.refetch()} />
      </Page>
    );
  }
  return <LoadingPage />;
}

async function begin(owner: string, { set, run, template }: NewJobSearch): Promise<{ readonly draft: Draft; readonly step: Step }> {
  let draft = emptyDraft(owner);
  const saved = new Date().toISOString();
  if (template !== undefined) {
    const found = await api('template.show', { name: template });
    draft = { ...withPlan(draft, found.plan), name: found.name, saved };
  }
  if (run !== undefined) {
    const found = await api('job.show', { id: run });
    const of = found.set_id === null || set !== undefined ? null : await api('set.show', { set: found.set_id }).catch(() => null);
    draft = { ...withPlan(draft, found.plan), name: found.name, set: of === null ? null : { id: of.id, name: of.name }, saved };
  }
  if (set !== undefined) {
    const found = await api('set.show', { set });
    draft = { ...draft, set: { id: found.id, name: found.name }, saved };
  }
  return { draft, step: draft.set === null ? 'set' : 'changes' };
}

function WithCatalogues({ id }: { readonly id: string }) {
  const changes = useChangeCatalogue();
  const filters = useFilterCatalogue();
  return (
    <Answer of={changes} loading={<LoadingPage />}>
      {({ changes: kinds }) => (
        <Answer of={filters} loading={<LoadingPage />}>
          {(catalogue) => (
            <FieldsContext value={catalogue}>
              <WithDraft id={id} kinds={kinds} />
            </FieldsContext>
          )}
        </Answer>
      )}
    </Answer>
  );
}

function WithDraft({ id, kinds }: { readonly id: string; readonly kinds: readonly KindOfChange[] }) {
  const { user } = useSession();
  const { draft, kept, update } = useDraft(id, user.primary_id);
  const { step = 'set', as }: NewJobSearch = useSearch({ from: '/jobs/new' });
  const navigate = useNavigate();
  const complete = useMemo(() => {
    const byName = new Map(kinds.map((kind) => [kind.change, kind]));
    return (change: Draft['changes'][number]): boolean => isComplete(byName.get(change.change), change);
  }, [kinds]);
  const plan = useMemo(() => planOf(draft, complete), [draft, complete]);
  const ready = draft.set !== null && (plan.changes.length > 0 || plan.notify !== undefined);
  const live = useLivePreview(draft.set, plan, ready);
  const canGo = (to: Step): boolean => to === 'set' || (draft.set !== null && (to === 'changes' || to === 'letter' || ready));
  // A link to a step that is not there yet leads to the first that is missing.
  const shown: Step = canGo(step) ? step : draft.set === null ? 'set' : 'changes';
  return (
    <JobContext
      value={{
        draft,
        kinds,
        plan,
        ready,
        isComplete: complete,
        update,
        step: shown,
        go: (to) => void navigate({ to: '/jobs/new', search: { draft: id, step: to, ...(as === undefined ? {} : { as }) } }),
        canGo,
        ...live,
      }}
    >
      <JobPage kept={kept} />
    </JobContext>
  );
}
