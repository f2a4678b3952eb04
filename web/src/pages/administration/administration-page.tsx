import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Card, NoPermission, Page } from '../../components/index.ts';
import { useSections } from './sections.ts';

export function AdministrationPage() {
  const { t } = useTranslation('administration');
  const groups = useSections();
  return (
    <Page title={t('title')} {...(groups.length === 0 ? {} : { sub: t('sub') })}>
      {groups.length === 0 && (
        <Card>
          <NoPermission />
        </Card>
      )}
      <div className="stackv">
        {groups.map(({ group, sections }) => (
          <Card key={group} title={t(group)}>
            <ul className="sections">
              {sections.map(({ to, title, about }) => (
                <li key={to}>
                  <Link to={to}>{t(title)}</Link>
                  <p className="muted">{t(about)}</p>
                </li>
              ))}
            </ul>
          </Card>
        ))}
      </div>
    </Page>
  );
}
