import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/index.ts';
import { ButtonLink, EmptyState, ErrorState, Page, SearchIcon } from '../components/index.ts';

/** The address leads to no page. */
export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('state.not_found')}>
      <div className="card">
        <EmptyState
          icon={SearchIcon}
          title={t('state.not_found')}
          text={t('state.not_found_text')}
          actions={<ButtonLink to="/">{t('state.to_start')}</ButtonLink>}
        />
      </div>
    </Page>
  );
}

/** The page itself broke, or its code did not come. */
export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <Page title={t('state.error')}>
      <div className="card">
        <ErrorState
          problem={asProblem(error)}
          onRetry={() => {
            // After an upgrade of the server the files of the page that is open are gone; a fresh one has its own.
            if (/dynamically imported module|module script/i.test(asProblem(error).message)) location.reload();
            reset();
            void router.invalidate();
          }}
        />
      </div>
    </Page>
  );
}
