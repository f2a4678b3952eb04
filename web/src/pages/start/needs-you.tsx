import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import {
  Answer,
  ApproveIcon,
  ButtonLink,
  Card,
  ChangedIcon,
  EmptyState,
  FailedIcon,
  type Icon,
  PauseIcon,
  WarnIcon,
} from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { FeedFileLink } from '../jobs/feed-card.tsx';

const LOOK_MS = 30_000;
/** Days for which a run with failures is still brought up. */
const REMEMBERED_DAYS = 14;
const DAY_MS = 86_400_000;
const SHOWN = 5;

interface Task {
  readonly key: string;
  readonly icon: Icon;
  readonly colour: string;
  readonly title: string;
  readonly text: string;
  readonly action: ReactNode;
}

/** What only a person can decide: approvals, letters that are held, users who failed. */
export function NeedsYou() {
  const { t } = useTranslation('start');
  const waiting = useApi('job.waiting', {}, { refetchInterval: LOOK_MS });
  const pauses = useApi('outbox.pauses', {}, { refetchInterval: LOOK_MS });
  const ended = useApi(
    'job.list',
    { states: ['COMPLETED_WARNING', 'COMPLETED_FAILED', 'FAILED'], limit: 20 },
    { refetchInterval: LOOK_MS },
  );
  const tasks = useTasks(waiting.data?.jobs ?? [], pauses.data?.pauses ?? [], ended.data?.jobs ?? []);
  return (
    <Card title={t('needs.title')} {...(tasks.length === 0 ? {} : { count: tasks.length })}>
      <Answer of={waiting}>
        {() =>
          tasks.length === 0 ? (
            <EmptyState icon={ChangedIcon} title={t('needs.nothing')} text={t('needs.nothing_text')} />
          ) : (
            <ul className="needs">
              {tasks.slice(0, SHOWN).map(({ key, icon: Drawn, colour, title, text, action }) => (
                <li key={key}>
                  <Drawn style={{ color: colour }} />
                  <div className="grow">
                    <b>{title}</b>
                    <p className="t2 small">{text}</p>
                  </div>
                  {action}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}

type Waiting = NonNullable<ReturnType<typeof useApi<'job.waiting'>>['data']>['jobs'][number];
type Pause = NonNullable<ReturnType<typeof useApi<'outbox.pauses'>>['data']>['pauses'][number];
type Job = NonNullable<ReturnType<typeof useApi<'job.list'>>['data']>['jobs'][number];

function useTasks(waiting: readonly Waiting[], pauses: readonly Pause[], ended: readonly Job[]): readonly Task[] {
  const { t } = useTranslation('start');
  const { number, lately } = useFormat();
  const link = (id: number, words: string): ReactNode => (
    <ButtonLink to="/jobs/$id" params={{ id: String(id) }} small>
      {words}
    </ButtonLink>
  );
  const recent = ended.filter(
    // Records that a feed's file brings and the library does not take are there every night; a file that was refused is not.
    ({ kind, state, counts, finished_at: at, undone_by: undone }) =>
      (kind === 'feed' ? state === 'FAILED' : counts.failed > 0) &&
      undone.length === 0 &&
      at !== null &&
      Date.now() - Date.parse(at) < REMEMBERED_DAYS * DAY_MS,
  );
  return [
    ...waiting.map(
      (job): Task => ({
        key: `waiting ${job.id}`,
        icon: job.approvable ? ApproveIcon : WarnIcon,
        colour: job.approvable ? 'var(--accent-text)' : 'var(--skip-text)',
        title: t(job.approvable ? 'needs.approve' : 'needs.waits', { name: job.name }),
        text: t('needs.asks', {
          who: job.created_by,
          count: job.members,
          number: number(job.members),
          reason: job.reason_text ?? '',
          when: lately(job.created_at),
        }),
        action:
          job.kind === 'feed' ? (
            <FeedFileLink run={job.id} label={t('needs.look')} />
          ) : (
            link(job.id, t(job.approvable ? 'needs.review' : 'needs.look'))
          ),
      }),
    ),
    ...pauses.map(
      (pause): Task => ({
        key: `pause ${pause.run_id} ${pause.letter}`,
        icon: PauseIcon,
        colour: 'var(--skip-text)',
        title: t('needs.paused', { name: pause.run_name }),
        text: [
          pause.detail ?? (pause.paused_by === null ? null : t('needs.paused_by', { who: pause.paused_by })),
          t('needs.letters_wait', { count: pause.messages, number: number(pause.messages) }),
        ]
          .filter((part) => part !== null)
          .join(' '),
        action: link(pause.run_id, t('needs.look')),
      }),
    ),
    ...recent.map(
      (job): Task => ({
        key: `failed ${job.id}`,
        icon: FailedIcon,
        colour: 'var(--fail-text)',
        ...(job.kind === 'feed'
          ? {
              title: t('needs.refused', { name: job.name }),
              text: t('needs.refused_text', { when: lately(job.finished_at ?? job.created_at) }),
              action: <FeedFileLink run={job.id} label={t('needs.look')} />,
            }
          : {
              title: t('needs.failed', { name: job.name, count: job.counts.failed, number: number(job.counts.failed) }),
              text: t('needs.others', {
                count: job.counts.members - job.counts.failed,
                number: number(job.counts.members - job.counts.failed),
                when: lately(job.finished_at ?? job.created_at),
              }),
              action: link(job.id, t('needs.mend')),
            }),
      }),
    ),
  ];
}
