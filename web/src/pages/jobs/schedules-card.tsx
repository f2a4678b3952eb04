import { ActionIcon, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, type useApi, useApiMutation } from '../../api/index.ts';
import {
  Answer,
  ButtonLink,
  CalendarIcon,
  Card,
  DateText,
  EmptyState,
  GuardedConfirm,
  TextLink,
  toast,
  toastProblem,
  TrashIcon,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { CronText } from './cron-text.tsx';
import { PlanWords } from './plan-words.tsx';

type Schedule = Output<'schedule.list'>['schedules'][number];

/** Jobs that start by themselves. */
export function SchedulesCard({ schedules }: { readonly schedules: ReturnType<typeof useApi<'schedule.list'>> }) {
  const { t } = useTranslation('jobs');
  const can = useCan();
  return (
    <Card flush title={t('scheduled.title')} sub={<span className="hide-sm">{t('scheduled.sub')}</span>}>
      <Answer of={schedules}>
        {({ schedules: all }) =>
          all.length === 0 ? (
            <EmptyState
              icon={CalendarIcon}
              title={t('scheduled.nothing')}
              text={t('scheduled.nothing_text')}
              {...(can('jobs:run') ? { actions: <ButtonLink to="/jobs/new">{t('new')}</ButtonLink> } : {})}
            />
          ) : (
            <ul className="job-rows padded">
              {all.map((schedule) => (
                <Row key={schedule.id} schedule={schedule} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}

function Row({ schedule }: { readonly schedule: Schedule }) {
  const { t } = useTranslation(['jobs', 'common']);
  const can = useCan();
  const format = useFormat();
  const [asked, setAsked] = useState(false);
  const switched = useApiMutation('schedule.switch', { invalidates: ['schedule.list'] });
  const create = useApiMutation('schedule.create', { invalidates: ['schedule.list'] });
  const remove = useApiMutation('schedule.delete', { invalidates: ['schedule.list'] });
  const { id, name, set_id: setId, set, plan, cron, run_at: once, enabled, upcoming, owner } = schedule;
  // One that ran once and is over cannot be put back: its moment has passed.
  const comesBack = cron !== null || (once !== null && Date.parse(once) > Date.now());
  const putBack = (): void =>
    create.mutate({ name, set: setId, plan, ...(cron === null ? { at: once ?? '' } : { cron }) }, { onError: toastProblem });
  return (
    <li className="schedule">
      <Switch
        checked={enabled}
        disabled={!can('jobs:run') || switched.isPending}
        aria-label={t('scheduled.on', { name })}
        onChange={(event) => switched.mutate({ id, enabled: event.currentTarget.checked }, { onError: toastProblem })}
      />
      <div className="grow">
        <b>{name}</b>
        <p className="t2 small">
          <Rhythm schedule={schedule} />
        </p>
        <p className="small muted">
          {!enabled ? (
            t('scheduled.off')
          ) : upcoming.length === 0 ? (
            t('scheduled.over')
          ) : (
            <>
              {t('scheduled.next')} {upcoming.map((at) => format.instant(at)).join(' · ')}
            </>
          )}
        </p>
      </div>
      <div className="schedule-what">
        <PlanWords plan={plan} />
        <span className="small">
          <span className="muted">{t('scheduled.for')} </span>
          <TextLink to="/sets/$id" params={{ id: String(setId) }}>
            {set}
          </TextLink>
          <span className="muted">
            {' · '}
            <bdi>{owner}</bdi>
          </span>
        </span>
      </div>
      {can('jobs:run') && (
        <ActionIcon variant="subtle" aria-label={t('scheduled.delete', { name })} onClick={() => setAsked(true)}>
          <TrashIcon />
        </ActionIcon>
      )}
      <GuardedConfirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t('scheduled.delete', { name })}
        count={1}
        typed={false}
        danger
        label={t('scheduled.delete_one')}
        onConfirm={async () => {
          await remove.mutateAsync({ id });
          toast(t('scheduled.deleted', { name }), comesBack ? putBack : undefined);
        }}
      >
        <p className="t2">{t('scheduled.delete_text')}</p>
      </GuardedConfirm>
    </li>
  );
}

function Rhythm({ schedule: { cron, run_at: once } }: { readonly schedule: Schedule }) {
  const { t } = useTranslation('jobs');
  if (cron !== null) return <CronText cron={cron} />;
  return (
    <>
      {t('rhythm.once')} <DateText value={once} as="instant" />
    </>
  );
}
