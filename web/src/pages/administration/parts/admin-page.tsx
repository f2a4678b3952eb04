import './administration.css';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../components/index.ts';
import { useAdministrationCrumbs } from '../crumbs.ts';
import { useSections } from '../sections.ts';

interface AdminPageProps {
  readonly title: string;
  /** What the page is for, in one sentence. */
  readonly sub?: ReactNode;
  readonly beside?: ReactNode;
  readonly actions?: ReactNode;
  /** Address of the section that a page below another address belongs to. */
  readonly section?: string;
  readonly children: ReactNode;
}

/** A page of the administration: its menu at the side holds what one may see; on a phone the overview is the menu. */
export function AdminPage({ children, section, ...page }: AdminPageProps) {
  const { t } = useTranslation('administration');
  const crumbs = useAdministrationCrumbs();
  const groups = useSections();
  const above = groups.flatMap(({ sections }) => sections.filter(({ to }) => to === section));
  return (
    <div className="adm">
      <nav className="adm-menu" aria-label={t('title')}>
        {groups.map(({ group, sections }) => (
          <div key={group}>
            <p>{t(group)}</p>
            <ul>
              {sections.map(({ to, title }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ includeSearch: false }} {...(to === section ? { 'aria-current': 'page' } : {})}>
                    {t(title)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div>
        <Page {...page} crumbs={[...crumbs, ...above.map(({ to, title }) => ({ label: t(title), to }))]}>
          <div className="stackv">{children}</div>
        </Page>
      </div>
    </div>
  );
}
