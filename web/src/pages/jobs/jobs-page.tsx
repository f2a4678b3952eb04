import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { ButtonLink, Page, PlusIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { HistoryCard } from './history-card.tsx';
import './jobs.css';
import { RunningCard } from './running-card.tsx';
import { SchedulesCard } from './schedules-card.tsx';
import { TemplatesCard } from './templates-card.tsx';
import { WaitingCard } from './waiting-card.tsx';

const route = getRouteApi('/jobs');
const LISTS = [undefined, 'scheduled', 'templates'] as const;

/** What runs and waits, what has run, what will, and the plans that are kept. */
export function JobsPage() {
  const { t } = useTranslation('jobs');
  const can = useCan();
  const { list } = route.useSearch();
  const schedules = useApi('schedule.list', {});
  const templates = useApi('template.list', {});
  const counts = { jobs: undefined, scheduled: schedules.data?.schedules.length, templates: templates.data?.templates.length };
  return (
    <Page
      title={t('title')}
      actions={
        can('jobs:run') && (
          <ButtonLink to="/jobs/new" icon={PlusIcon} primary>
            {t('new')}
          </ButtonLink>
        )
      }
    >
      <nav className="tabs jobs-tabs" aria-label={t('lists')}>
        {LISTS.map((each) => (
          <Link
            key={each ?? 'jobs'}
            to="/jobs"
            search={each === undefined ? {} : { list: each }}
            className={each === list ? 'on' : ''}
            aria-current={each === list ? 'page' : undefined}
          >
            {t(`list.${each ?? 'jobs'}`)}
            {counts[each ?? 'jobs'] !== undefined && <span>{counts[each ?? 'jobs']}</span>}
          </Link>
        ))}
      </nav>
      <div className="stackv">
        {list === undefined && (
          <>
            <WaitingCard />
            <RunningCard />
            <HistoryCard />
          </>
        )}
        {list === 'scheduled' && <SchedulesCard schedules={schedules} />}
        {list === 'templates' && <TemplatesCard templates={templates} />}
      </div>
    </Page>
  );
}
