import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, type useApi, useApiMutation } from '../../api/index.ts';
import {
  Answer,
  BookmarkIcon,
  ButtonLink,
  Card,
  DateText,
  EmptyState,
  GuardedConfirm,
  PlayIcon,
  toast,
  toastProblem,
  TrashIcon,
} from '../../components/index.ts';
import { useCan, useSession } from '../../lib/access.ts';
import { PlanWords } from './plan-words.tsx';

type Template = Output<'template.list'>['templates'][number];

/** Plans that are kept under a name. */
export function TemplatesCard({ templates }: { readonly templates: ReturnType<typeof useApi<'template.list'>> }) {
  const { t } = useTranslation('jobs');
  return (
    <Card flush title={t('templates.title')} sub={<span className="hide-sm">{t('templates.sub')}</span>}>
      <Answer of={templates}>
        {({ templates: all }) =>
          all.length === 0 ? (
            <EmptyState icon={BookmarkIcon} title={t('templates.nothing')} text={t('templates.nothing_text')} />
          ) : (
            <ul className="job-rows padded">
              {all.map((template) => (
                <Row key={template.id} template={template} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}

function Row({ template }: { readonly template: Template }) {
  const { t } = useTranslation(['jobs', 'common']);
  const can = useCan();
  const { user } = useSession();
  const [asked, setAsked] = useState(false);
  const save = useApiMutation('template.save', { invalidates: ['template.list'] });
  const remove = useApiMutation('template.delete', { invalidates: ['template.list'] });
  const { name, description, plan, private: own, locked, owner, modified_at: at } = template;
  const putBack = (): void =>
    save.mutate({ name, plan, private: own, locked, ...(description === null ? {} : { description }) }, { onError: toastProblem });
  return (
    <li className="schedule">
      <div className="grow">
        <div className="row wrap">
          <b>{name}</b>
          {own && <span className="badge plain">{t('templates.private')}</span>}
          {locked && <span className="badge plain">{t('templates.locked')}</span>}
        </div>
        {description !== null && <p className="t2 small">{description}</p>}
        <p className="small muted">
          <bdi>{owner}</bdi> · <DateText value={at} as="lately" />
        </p>
      </div>
      <div className="schedule-what">
        <PlanWords plan={plan} />
      </div>
      {can('jobs:run') && (
        <ButtonLink to="/jobs/new" search={{ template: name }} icon={PlayIcon} small>
          {t('templates.use')}
        </ButtonLink>
      )}
      {can('jobs:run') && owner === user.primary_id && (
        <ActionIcon variant="subtle" aria-label={t('templates.delete', { name })} onClick={() => setAsked(true)}>
          <TrashIcon />
        </ActionIcon>
      )}
      <GuardedConfirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t('templates.delete', { name })}
        count={1}
        typed={false}
        danger
        label={t('templates.delete_one')}
        onConfirm={async () => {
          await remove.mutateAsync({ name });
          toast(t('templates.deleted', { name }), putBack);
        }}
      >
        <p className="t2">{t('templates.delete_text')}</p>
      </GuardedConfirm>
    </li>
  );
}
