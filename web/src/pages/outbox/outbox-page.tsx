import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { NoPermission, Page, TextLink } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { HoldAll } from './hold-all.tsx';
import { MailboxView } from './mailbox-view.tsx';
import { MessageDrawer } from './message-drawer.tsx';
import { MessagesView } from './messages-view.tsx';
import './outbox.css';
import { PrintView } from './print-view.tsx';
import { ReturnedView } from './returned-view.tsx';
import { VIEWS } from './routes.ts';
import { SuppressedView } from './suppressed-view.tsx';
import { useOutboxSearch } from './use-outbox-search.ts';

/** Which views need more than to see letters. */
const OF_JOBS: ReadonlySet<string> = new Set(['messages', 'print', 'mailbox']);

/** What goes out, what did not, what came back, and what waits for the printer. */
export function OutboxPage() {
  const { t } = useTranslation('outbox');
  const can = useCan();
  const [search, go] = useOutboxSearch();
  const view = search.view ?? 'messages';
  const jobs = can('jobs:read');
  const counts = useApi('outbox.counts', {}, { enabled: jobs, refetchInterval: 15_000 });
  return (
    <Page title={t('title')} sub={t('sub')}>
      <div className="stackv">
        {jobs && counts.data !== undefined && <HoldAll on={counts.data.hold_all} />}
        <nav className="tabs" aria-label={t('views')}>
          {VIEWS.map((each) => (
            <TextLink
              key={each}
              to="/outbox"
              search={each === 'messages' ? {} : { view: each }}
              className={each === view ? 'on' : ''}
              {...(each === view ? { 'aria-current': 'page' as const } : {})}
            >
              {t(`view.${each}`)}
            </TextLink>
          ))}
        </nav>
        {OF_JOBS.has(view) && !jobs ? (
          <div className="card">
            <NoPermission privilege="jobs:read" />
          </div>
        ) : view === 'messages' ? (
          <MessagesView />
        ) : view === 'print' ? (
          <PrintView />
        ) : view === 'suppressed' ? (
          <SuppressedView />
        ) : view === 'returned' ? (
          <ReturnedView />
        ) : (
          <MailboxView />
        )}
      </div>
      {search.message !== undefined && jobs && <MessageDrawer id={search.message} onClose={() => go({ message: undefined })} />}
    </Page>
  );
}
