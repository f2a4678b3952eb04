import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { ButtonLink, DateText, EmptyState, Page, PlusIcon, ShieldIcon, UploadIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { Expiring } from './expiring.tsx';
import { FinishedLately } from './finished-lately.tsx';
import { LettersCard } from './letters-card.tsx';
import { NeedsYou } from './needs-you.tsx';
import { RunningNow } from './running-now.tsx';
import './start.css';
import { UsersCard } from './users-card.tsx';

/** What needs me, what runs, what has ended; who the users are, and whose accounts end soon. */
export function StartPage() {
  const { t } = useTranslation(['start', 'common']);
  const can = useCan();
  const format = useFormat();
  const about = useApi('library.about', {}, { staleTime: 600_000 });
  const figures = useApi('library.figures', {}, { enabled: can('users:read'), staleTime: 60_000 });
  const sees = { jobs: can('jobs:read'), users: can('users:read'), letters: can('letters:read') };
  const today = about.data?.today;
  return (
    <Page
      title={t('title')}
      sub={
        <>
          {today !== undefined && (
            <>
              {format.weekday(today)}, <DateText value={today} />
            </>
          )}
          {figures.data !== undefined &&
            ` · ${t('common:count.users', { count: figures.data.users, number: format.number(figures.data.users) })}`}
          {about.data?.sample === true && (
            <>
              {' · '}
              <span className="badge plain outline">{t('sample')}</span>
            </>
          )}
        </>
      }
      actions={
        <>
          {can('sets:write') && (
            <ButtonLink to="/sets/new" search={{ from: 'file' }} icon={UploadIcon}>
              {t('set_from_file')}
            </ButtonLink>
          )}
          {can('jobs:run') && (
            <ButtonLink to="/jobs/new" icon={PlusIcon} primary>
              {t('new_job')}
            </ButtonLink>
          )}
        </>
      }
    >
      <div className="stackv">
        {!sees.jobs && !sees.users && !sees.letters && (
          <div className="card">
            <EmptyState icon={ShieldIcon} title={t('nothing')} text={t('nothing_text')} />
          </div>
        )}
        {sees.jobs && (
          <div className="grid start-top">
            <NeedsYou />
            <RunningNow />
          </div>
        )}
        {sees.jobs && <FinishedLately />}
        {sees.users && (
          <div className="grid start-charts">
            <Expiring figures={figures} />
            <UsersCard figures={figures} />
          </div>
        )}
        {sees.letters && <LettersCard />}
      </div>
    </Page>
  );
}
