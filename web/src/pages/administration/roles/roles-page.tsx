import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../../api/index.ts';
import { Answer, Card } from '../../../components/index.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { Holders } from './holders.tsx';
import { RoleEditor } from './role-editor.tsx';
import { RightsMatrix, RoleList } from './rights-matrix.tsx';

const route = getRouteApi('/administration/roles');
type Role = Output<'access.roles'>['roles'][number];

export function RolesPage() {
  const { t } = useTranslation('admin-access');
  const { view } = route.useSearch();
  return (
    <AdminPage title={t('roles_title')} sub={t('roles_sub')}>
      <nav className="tabs" aria-label={t('roles_views')}>
        <Link
          to="/administration/roles"
          search={{}}
          className={view === undefined ? 'on' : ''}
          aria-current={view === undefined ? 'page' : undefined}
        >
          {t('view_rights')}
        </Link>
        <Link
          to="/administration/roles"
          search={{ view: 'holders' }}
          className={view === 'holders' ? 'on' : ''}
          aria-current={view === 'holders' ? 'page' : undefined}
        >
          {t('view_holders')}
        </Link>
      </nav>
      {view === 'holders' ? <Holders /> : <Rights />}
    </AdminPage>
  );
}

function Rights() {
  const { t } = useTranslation('admin-access');
  const roles = useApi('access.roles', {});
  const [edited, setEdited] = useState<Role | null>(null);
  return (
    <Answer of={roles}>
      {(answer) => (
        <>
          <Card flush className="hide-sm" title={t('matrix_title')} sub={t('matrix_sub')}>
            <RightsMatrix answer={answer} onEdit={setEdited} />
          </Card>
          <Card flush title={t('grants_title')} sub={t('grants_sub')}>
            <RoleList answer={answer} onEdit={setEdited} />
          </Card>
          {edited !== null && <RoleEditor role={edited} answer={answer} onClose={() => setEdited(null)} />}
        </>
      )}
    </Answer>
  );
}
