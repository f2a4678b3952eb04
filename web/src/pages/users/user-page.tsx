import './user.css';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FilterCatalogue, invalidate, useApi, useFilterCatalogue } from '../../api/index.ts';
import {
  Answer,
  Card,
  CheckIcon,
  CloudIcon,
  DateText,
  EmptyState,
  initialsOf,
  LibraryIcon,
  LoadingPage,
  Page,
  TextLink,
  UserIcon,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { Actions } from './user/actions.tsx';
import { CirculationCard } from './user/circulation-card.tsx';
import { ConflictNotice } from './user/conflict-notice.tsx';
import { FieldsSection } from './user/fields-section.tsx';
import { HeldNotice } from './user/held.tsx';
import { HistoryCard } from './user/history-card.tsx';
import { LettersCard } from './user/letters-card.tsx';
import { PasswordDialog } from './user/password-dialog.tsx';
import { MergedNotice } from './user/merge/merged-notice.tsx';
import { nameOf, type Section, textOf, type UserRecord } from './user/record.ts';
import { ROW_CARDS, RowsCard } from './user/rows-card.tsx';
import { RowForm } from './user/rows-section.tsx';
import { SideNav } from './user/side-nav.tsx';
import { useEdit } from './user/use-edit.ts';
import { Warnings } from './user/warnings.tsx';

export function UserPage() {
  const { t } = useTranslation('users');
  const { id } = useParams({ from: '/users/$id' });
  const record = useApi('users.record', { user: id });
  const catalogue = useFilterCatalogue();
  const into = record.error?.code === 'users.merged' ? textOf(record.error.params['into']) : '';
  if ((record.error?.code === 'users.not_found' || into !== '') && record.data === undefined) {
    return (
      <Page title={t('user_title')} crumbs={[{ label: t('title'), to: '/users' }]}>
        <Card>
          <EmptyState
            icon={UserIcon}
            title={record.error?.message ?? ''}
            text={t(into === '' ? 'gone' : 'merge.gone')}
            actions={
              into === '' ? (
                <TextLink to="/users">{t('to_list')}</TextLink>
              ) : (
                <TextLink to="/users/$id" params={{ id: into }}>
                  {t('merge.into', { id: into })}
                </TextLink>
              )
            }
          />
        </Card>
      </Page>
    );
  }
  if (record.data === undefined || catalogue.data === undefined) {
    const asked = record.data === undefined ? record : catalogue;
    return (
      <Page title={t('user_title')} crumbs={[{ label: t('title'), to: '/users' }]}>
        <Answer of={asked as typeof record} loading={<LoadingPage />}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  return <User key={record.data.primary_id} record={record.data} catalogue={catalogue.data} given={id} />;
}

interface UserProps {
  readonly record: UserRecord;
  readonly catalogue: FilterCatalogue;
  /** What stands in the address. */
  readonly given: string;
}

function User({ record, catalogue, given }: UserProps) {
  const { t, i18n } = useTranslation('users');
  const can = useCan();
  const go = useNavigate();
  const client = useQueryClient();
  const { history = 'all' } = useSearch({ from: '/users/$id' });
  const edit = useEdit(record);
  const [section, setSection] = useState<Section | null>(null);
  const [addingEmail, setAddingEmail] = useState(false);
  const [password, setPassword] = useState(false);
  const { primary_id: user } = record;
  const name = nameOf(record);
  // Whoever came by a barcode has the primary id in the address from now on.
  useEffect(() => {
    if (given !== user) void go({ to: '/users/$id', params: { id: user }, replace: true, search: (before) => before });
  }, [given, user, go]);
  const email = catalogue.children.find((each) => each.name === 'email');
  const cards = Object.keys(ROW_CARDS) as (keyof typeof ROW_CARDS)[]; // the keys of that very object
  const fields = (which: Section) => (
    <FieldsSection
      section={which}
      record={record}
      catalogue={catalogue.fields}
      edit={edit}
      opened={section === which}
      onOpen={(opened) => setSection(opened ? which : null)}
    />
  );
  return (
    <Page
      title={name}
      crumbs={[{ label: t('title'), to: '/users' }]}
      heading={
        <span className="row user-heading">
          <span className="avatar big" aria-hidden="true">
            {initialsOf(name)}
          </span>
          <bdi>{name}</bdi>
        </span>
      }
      sub={<Sub record={record} />}
      actions={<Actions user={user} name={name} hasPassword={!signsInElsewhere(record)} onPassword={() => setPassword(true)} />}
    >
      <div className="stackv">
        <Warnings
          record={record}
          catalogue={catalogue}
          edit={edit}
          onEdit={setSection}
          onAddEmail={() => setAddingEmail(true)}
          onPassword={() => setPassword(true)}
        />
        <MergedNotice record={record} edit={edit} />
        <HeldNotice record={record} edit={edit} />
        {edit.conflict !== null && <ConflictNotice user={user} conflict={edit.conflict} edit={edit} />}
        <div className="user-columns">
          <SideNav record={record} />
          <div className="stackv">
            {fields('person')}
            {fields('account')}
            {cards
              .filter((card) => card !== 'preferences')
              .map((card) => (
                <RowsCard key={card} card={card} record={record} catalogue={catalogue} edit={edit} />
              ))}
            <CirculationCard user={user} />
            {fields('letters')}
            <RowsCard card="preferences" record={record} catalogue={catalogue} edit={edit} />
            {can('letters:read') && <LettersCard user={user} />}
            {record.proxies.length > 0 && (
              <Card id="proxies" title={t('section.proxies')}>
                <ul>
                  {record.proxies.map((proxy) => (
                    <li key={proxy.primary_id}>
                      <TextLink to="/users/$id" params={{ id: proxy.primary_id }}>
                        <bdi>{proxy.full_name === '' ? proxy.primary_id : proxy.full_name}</bdi>
                      </TextLink>
                    </li>
                  ))}
                </ul>
              </Card>
            )}
          </div>
          <HistoryCard
            user={user}
            edit={edit}
            kind={history}
            onKind={(next) =>
              void go({ to: '/users/$id', params: { id: user }, search: next === 'all' ? {} : { history: next }, replace: true })
            }
          />
        </div>
      </div>
      {addingEmail && email !== undefined && (
        <RowForm
          kind={{ kind: 'email', label: i18n.language === 'de' ? email.label.de : email.label.en, fields: email.fields }}
          record={record}
          edit={edit}
          row={null}
          onClose={() => setAddingEmail(false)}
        />
      )}
      {password && (
        <PasswordDialog
          user={user}
          name={name}
          onClose={() => setPassword(false)}
          onIssued={() => void invalidate(client, 'users.record', 'users.history')}
        />
      )}
    </Page>
  );
}

/** The password of such an account is the institution's: there is none to reset here. */
function signsInElsewhere({ fields }: UserRecord): boolean {
  return fields['account_type'] === 'EXTERNAL' || fields['account_type'] === 'INTEXTAUTH';
}

function Sub({ record }: { readonly record: UserRecord }) {
  const { t } = useTranslation('users');
  const { fields, labels } = record;
  const since = textOf(fields['created_at']);
  return (
    <span className="row wrap user-sub">
      <span className="mono t2">{record.primary_id}</span>
      <span className={fields['status'] === 'ACTIVE' ? 'badge ok' : 'badge failed'}>
        {fields['status'] === 'ACTIVE' && <CheckIcon />}
        {labels['status']}
      </span>
      <span className="badge">
        {fields['account_type'] === 'EXTERNAL' ? <CloudIcon /> : <LibraryIcon />}
        {labels['account_type']}
      </span>
      {labels['user_group'] !== undefined && <span className="badge plain">{labels['user_group']}</span>}
      {since !== '' && (
        <span>
          {t('row.since')} <DateText value={since} />
        </span>
      )}
      {signsInElsewhere(record) && <span>{t('password.elsewhere')}</span>}
    </span>
  );
}
