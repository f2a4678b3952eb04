import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  MailIcon,
  NoMatch,
  NumberText,
  OutcomeIcon,
  TextLink,
  usePages,
  UserName,
} from '../../components/index.ts';
import { DifferenceLines, type PreviewedUser, useDifferences } from './differences.tsx';
import { type Preview, useJob } from './job.ts';
import { type NewJobSearch, OUTCOME_TABS, type OutcomeTab } from './search.ts';

const PAGE = 50;
const ROW_HEIGHT = 56;

/** Before → after of every member: all of them, or those with one outcome. */
export function PreviewTable({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation(['new-job', 'common']);
  const { draft, plan } = useJob();
  const { outcome }: NewJobSearch = useSearch({ from: '/jobs/new' });
  const navigate = useNavigate();
  const rows = usePages(
    'job.preview_users',
    { set: draft.set?.id ?? 0, plan, limit: PAGE, ...(outcome === undefined ? {} : { outcome }) },
    {
      at: (input, after) => ({ ...input, after: Number(after) }),
      next: (page) => page.next,
      rows: (page) => page.users,
      total: () => (outcome === undefined ? preview.members : preview[outcome]),
    },
  );
  const tabs: readonly (OutcomeTab | undefined)[] = [undefined, ...OUTCOME_TABS.filter((each) => each !== 'failed' || preview.failed > 0)];
  const show = (next: OutcomeTab | undefined): void =>
    void navigate({
      to: '/jobs/new',
      search: { draft: draft.id, step: 'preview', ...(next === undefined ? {} : { outcome: next }) },
      replace: true,
      resetScroll: false,
    });
  return (
    <Card title={t('table.title')} flush>
      <fieldset className="tabs nj-tabs">
        <legend className="vh">{t('table.which')}</legend>
        {tabs.map((each) => (
          <button
            key={each ?? 'all'}
            type="button"
            aria-pressed={each === outcome}
            className={each === outcome ? 'on' : undefined}
            onClick={() => show(each)}
          >
            {each === undefined ? t('table.all') : t(`common:outcome.${each}`)}{' '}
            <span>
              <NumberText value={each === undefined ? preview.members : preview[each]} />
            </span>
          </button>
        ))}
      </fieldset>
      <DataTable
        key={outcome ?? 'all'}
        label={t('table.title')}
        columns={useColumns(preview)}
        rows={rows}
        rowId={(user) => String(user.id)}
        rowHeight={ROW_HEIGHT}
        empty={<NoMatch text={t('table.none')} {...(outcome === undefined ? {} : { onClear: () => show(undefined) })} />}
        foot={<span>{t('table.rows', { count: outcome === undefined ? preview.members : preview[outcome] })}</span>}
      />
    </Card>
  );
}

function useColumns(preview: Preview): readonly Column<PreviewedUser>[] {
  const { t, i18n } = useTranslation(['new-job', 'common']);
  const differences = useDifferences();
  const types = useApi('notification_type.list', {}, { enabled: preview.letters.recipients > 0, staleTime: 60_000 });
  const reasons = useMemo(() => {
    const known = [preview.reasons, ...preview.changes.flatMap((change) => [change.skipped_reasons, change.failed_reasons])];
    return new Map(known.flat().map(({ reason, text }) => [reason, text]));
  }, [preview]);
  const letter = (code: string): string => {
    const type = types.data?.types.find((each) => each.code === code);
    return type === undefined ? code : i18n.language === 'de' ? type.label_de : type.label_en;
  };
  return [
    {
      id: 'user',
      label: t('table.user'),
      title: true,
      width: '260px',
      cell: (user) => (
        <span className="row nj-user">
          <OutcomeIcon outcome={user.outcome} bare />
          <span className="grow">
            <TextLink to="/users/$id" params={{ id: user.primary_id }} className="name">
              <UserName first={user.name} id={user.primary_id} />
            </TextLink>
            <span className="muted small nj-block">
              <bdi>{user.primary_id}</bdi>
            </span>
          </span>
        </span>
      ),
    },
    {
      id: 'difference',
      label: t('table.difference'),
      cell: (user) => {
        const items = differences(user);
        if (items.length > 0) return <DifferenceLines items={items} />;
        const said = user.reason === null ? undefined : (reasons.get(user.reason) ?? user.reason);
        return <span className="same">{said ?? t('table.stays')}</span>;
      },
    },
    ...(preview.letters.recipients === 0
      ? []
      : [
          {
            id: 'letter',
            label: t('table.letter'),
            width: '220px',
            emptyOnCard: (user: PreviewedUser) => user.letters.length === 0,
            cell: (user: PreviewedUser) =>
              user.letters.length === 0 ? (
                <span className="same">{t('table.no_letter')}</span>
              ) : (
                <span className="o t2">
                  <MailIcon small />
                  {user.letters.map(letter).join(', ')}
                </span>
              ),
          },
        ]),
  ];
}
