import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useApi } from '../../api/index.ts';
import { Answer, DateText, FileField, NoMatch, toastProblem } from '../../components/index.ts';
import { useSession } from '../../lib/access.ts';
import { type Draft, draftsOf, isRecord, withPlan } from './draft.ts';
import { Choices } from './inputs.tsx';
import { useJob } from './job.ts';

const SOURCES = ['template', 'run', 'draft', 'file'] as const;
type Source = (typeof SOURCES)[number];
const RUNS = 30;

/** Where a plan can come from: a template, a former run, a draft that was left, a file. It takes the place of what is here, which undo brings back. */
export function LoadDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation(['new-job', 'common']);
  const [source, setSource] = useState<Source>('template');
  return (
    <Modal opened={opened} onClose={onClose} title={t('load.title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <div className="stackv">
        <Choices
          label={t('load.title')}
          value={source}
          onChange={setSource}
          options={SOURCES.map((value) => ({ value, label: t(`load.from.${value}`) }))}
        />
        {source === 'template' && <Templates onClose={onClose} />}
        {source === 'run' && <Runs onClose={onClose} />}
        {source === 'draft' && <Drafts onClose={onClose} />}
        {source === 'file' && <PlanFile onClose={onClose} />}
      </div>
    </Modal>
  );
}

interface PartProps {
  readonly onClose: () => void;
}

/** Puts a plan into the draft and says so, with the way back. */
export function useLoad(): (plan: unknown, more?: Partial<Draft>) => void {
  const { update, go } = useJob();
  return (plan, more = {}) => {
    update((before) => ({ ...withPlan(before, plan), ...more }));
    go('changes');
  };
}

function List({
  items,
}: {
  readonly items: readonly { readonly key: string; readonly name: string; readonly detail: ReactNode; readonly onChoose: () => void }[];
}) {
  const { t } = useTranslation('new-job');
  if (items.length === 0) return <NoMatch text={t('load.none')} />;
  return (
    <ul className="nj-sets">
      {items.map(({ key, name, detail, onChoose }) => (
        <li key={key}>
          <button type="button" onClick={onChoose}>
            <span className="grow nj-set-name">
              <bdi className="trunc">{name}</bdi>
              <span className="small muted trunc">{detail}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Templates({ onClose }: PartProps) {
  const { t } = useTranslation('new-job');
  const load = useLoad();
  const templates = useApi('template.list', {});
  return (
    <Answer of={templates}>
      {({ templates: all }) => (
        <List
          items={all.map((template) => ({
            key: String(template.id),
            name: template.name,
            detail: template.description ?? t('load.changes', { count: template.plan.changes.length }),
            onChoose: () => {
              load(template.plan, { name: template.name });
              onClose();
            },
          }))}
        />
      )}
    </Answer>
  );
}

function Runs({ onClose }: PartProps) {
  const load = useLoad();
  const runs = useApi('job.list', { limit: RUNS });
  const choose = async (id: number): Promise<void> => {
    try {
      const run = await api('job.show', { id });
      load(run.plan, { name: run.name });
      onClose();
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Answer of={runs}>
      {({ jobs }) => (
        <List
          items={jobs
            .filter((run) => run.kind === 'job')
            .map((run) => ({
              key: String(run.id),
              name: run.name,
              detail: <DateText value={run.created_at} as="lately" />,
              onChoose: () => void choose(run.id),
            }))}
        />
      )}
    </Answer>
  );
}

function Drafts({ onClose }: PartProps) {
  const { t } = useTranslation('new-job');
  const { user } = useSession();
  const { draft } = useJob();
  const navigate = useNavigate();
  return (
    <List
      items={draftsOf(user.primary_id)
        .filter((each) => each.id !== draft.id)
        .map((each) => ({
          key: each.id,
          name: each.name === '' ? (each.set?.name ?? t('title')) : each.name,
          detail: (
            <>
              {t('load.changes', { count: each.changes.length })} · <DateText value={each.saved} as="lately" />
            </>
          ),
          onChoose: () => {
            onClose();
            void navigate({ to: '/jobs/new', search: { draft: each.id } });
          },
        }))}
    />
  );
}

function PlanFile({ onClose }: PartProps) {
  const { t } = useTranslation('new-job');
  const load = useLoad();
  const [wrong, setWrong] = useState(false);
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    try {
      const plan: unknown = JSON.parse(await file.text());
      if (!isRecord(plan)) throw new TypeError('no plan');
      load(plan);
      onClose();
    } catch {
      setWrong(true);
    }
  };
  return (
    <FileField
      label={t('load.file')}
      accept=".json"
      hint={t('load.file_hint')}
      value={null}
      onChange={(file) => void take(file)}
      {...(wrong ? { error: t('load.not_a_plan') } : {})}
    />
  );
}
