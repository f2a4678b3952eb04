import './sets.css';
import { Menu } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../../api/index.ts';
import {
  Answer,
  ButtonLink,
  Card,
  CopyIcon,
  DateText,
  DownloadIcon,
  EditIcon,
  LoadingPage,
  MoreIcon,
  Page,
  PlayIcon,
  SetIcon,
  TrashIcon,
  toast,
  toastProblem,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { CopySet } from './copy-set.tsx';
import { DeleteSet } from './delete-set.tsx';
import { EditSet } from './edit-set.tsx';
import { FilterCard } from './filter-card.tsx';
import { LinesCard } from './lines-card.tsx';
import { MembersCard } from './members-card.tsx';
import { UseCard } from './use-card.tsx';
import { useSet } from './use-set.ts';
import { KindBadge, type SetView, useOrigin, useOwnerName, useOwns, VisibilityBadge } from './words.tsx';

export function SetPage() {
  const { t } = useTranslation('sets');
  const { id } = useParams({ from: '/sets/$id' });
  const set = useSet(id);
  if (set.data !== undefined) return <OneSet set={set.data.data} tag={set.data.tag} />;
  return (
    <Page title={t('set_title')} crumbs={[{ label: t('title'), to: '/sets' }]}>
      <Card>
        <Answer of={set} loading={<LoadingPage />}>
          {() => null}
        </Answer>
      </Card>
    </Page>
  );
}

type Dialog = 'edit' | 'copy' | 'delete' | null;

interface OneSetProps {
  readonly set: SetView;
  /** Of the state that is shown. */
  readonly tag: string | null;
}

function OneSet({ set, tag }: OneSetProps) {
  const { t } = useTranslation('sets');
  const can = useCan();
  const go = useNavigate();
  const origin = useOrigin();
  const ownerName = useOwnerName();
  const mine = useOwns()(set);
  const [dialog, setDialog] = useState<Dialog>(null);
  const members = set.members ?? 0;
  const useInJob = (): void => void go({ to: '/jobs/new', search: { set: set.id } });
  const exportAs = (format: 'csv' | 'alma-json' | 'alma-xml'): void => {
    download('users.export', { set: set.id, format }).then(
      ({ fileName }) => toast(t('exported', { count: members, file: fileName })),
      toastProblem,
    );
  };
  useShortcuts([
    ...(can('jobs:run') ? [{ keys: 'J', label: t('use_in_job'), run: useInJob }] : []),
    ...(mine ? [{ keys: 'E', label: t('edit.title'), run: () => setDialog('edit') }] : []),
  ]);
  return (
    <Page
      title={set.name}
      heading={<bdi>{set.name}</bdi>}
      crumbs={[{ label: t('title'), to: '/sets' }]}
      beside={
        <>
          <KindBadge kind={set.kind} />
          <VisibilityBadge hidden={set.private} />
        </>
      }
      sub={t(`sentence.${set.kind}`, { count: members, origin: origin(set.source), owner: ownerName(set) })}
      actions={
        <>
          {can('users:export') && (
            <Menu position="bottom-end">
              <Menu.Target>
                <button type="button" className="btn" disabled={members === 0}>
                  <DownloadIcon />
                  {t('export')}
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {(['csv', 'alma-json', 'alma-xml'] as const).map((format) => (
                  <Menu.Item key={format} onClick={() => exportAs(format)}>
                    {t(`format.${format}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          {can('sets:write') && (
            <Menu position="bottom-end">
              <Menu.Target>
                <button type="button" className="btn icon" aria-label={t('more')}>
                  <MoreIcon />
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {mine && (
                  <Menu.Item leftSection={<EditIcon />} onClick={() => setDialog('edit')}>
                    {t('edit.title')}
                  </Menu.Item>
                )}
                <Menu.Item leftSection={<SetIcon />} onClick={() => void go({ to: '/sets/combine', search: { a: set.id } })}>
                  {t('combine_with')}
                </Menu.Item>
                <Menu.Item leftSection={<CopyIcon />} onClick={() => setDialog('copy')}>
                  {t('copy.title')}
                </Menu.Item>
                {mine && (
                  <Menu.Item leftSection={<TrashIcon />} color="red" onClick={() => setDialog('delete')}>
                    {t('delete.title')}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
          {can('jobs:run') && (
            <ButtonLink to="/jobs/new" search={{ set: set.id }} icon={PlayIcon} primary>
              {t('use_in_job')}
            </ButtonLink>
          )}
        </>
      }
    >
      <div className="grid sets-two">
        <div className="stackv">
          {set.where !== null && <FilterCard set={set} where={set.where} tag={tag} mine={mine} />}
          <LinesCard set={set} />
          <MembersCard set={set} editable={mine && set.kind === 'itemized'} />
        </div>
        <div className="stackv">
          <Card title={t('about')}>
            <p className="sets-hero">{t('form.number', { count: members })}</p>
            <p className="muted">{t(set.kind === 'logical' ? 'members_today' : 'members_fixed', { count: members })}</p>
            <hr className="hr" />
            <dl className="dl">
              {set.description !== null && (
                <>
                  <dt>{t('form.description')}</dt>
                  <dd>
                    <bdi>{set.description}</bdi>
                  </dd>
                </>
              )}
              <dt>{t('column.owner')}</dt>
              <dd>
                <bdi>{ownerName(set)}</bdi>
              </dd>
              <dt>{t('made_at')}</dt>
              <dd>
                <DateText value={set.created_at} as="instant" />
              </dd>
              <dt>{t('column.when')}</dt>
              <dd>
                <DateText value={set.modified_at} as="instant" />
              </dd>
              <dt>{t('number')}</dt>
              <dd>{set.id}</dd>
            </dl>
          </Card>
          {can('jobs:read') && <UseCard set={set} />}
        </div>
      </div>
      {dialog === 'edit' && <EditSet set={set} tag={tag} onClose={() => setDialog(null)} />}
      {dialog === 'copy' && <CopySet set={set} onClose={() => setDialog(null)} />}
      {dialog === 'delete' && <DeleteSet set={set} tag={tag} onClose={() => setDialog(null)} />}
    </Page>
  );
}
