import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Card, NoPermission, Page } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { SECTIONS } from './sections.ts';

export function AdministrationPage() {
  const { t } = useTranslation('administration');
  const can = useCan();
  const groups = SECTIONS.map(({ group, sections }) => ({ group, sections: sections.filter(({ needs }) => can(needs)) })).filter(
    ({ sections }) => sections.length > 0,
  );
  return (
    <Page title={t('title')}>
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
