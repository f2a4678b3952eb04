import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, useApi } from '../../api/index.ts';
import {
  Card,
  BeforeAfter,
  type Column,
  DataTable,
  DownloadIcon,
  MailIcon,
  None,
  NoMatch,
  NumberText,
  OutcomeIcon,
  TextLink,
  toastProblem,
  usePages,
  UserName,
} from '../../components/index.ts';
import { type Difference, DifferenceLines, type PreviewedUser, useDifferences } from './differences.tsx';
import { useCan } from '../../lib/access.ts';
import { type Preview, useJob } from './job.ts';
import { JOB_LETTER, useLetterOf } from './job-letter.tsx';
import { type NewJobSearch, OUTCOME_TABS, type OutcomeTab } from './search.ts';
import { useFields } from './words.tsx';

const PAGE = 50;
const ROW_HEIGHT = 56;
const MOST_COLUMNS = 4;

/** Before → after of every member: all of them, or those with one outcome. */
export function PreviewTable({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation(['new-job', 'common']);
  const { draft, plan } = useJob();
  const { outcome, as }: NewJobSearch = useSearch({ from: '/jobs/new' });
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
      search: {
        draft: draft.id,
        step: 'preview',
        ...(next === undefined ? {} : { outcome: next }),
        ...(as === undefined ? {} : { as }),
      },
      replace: true,
      resetScroll: false,
    });
  return (
    <Card title={t('table.title')} className="nj-table" flush right={<Csv outcome={outcome} />}>
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

/** All of it as a file, with the members that are not on the screen. */
function Csv({ outcome }: { readonly outcome: OutcomeTab | undefined }) {
  const { t } = useTranslation('new-job');
  const { draft, plan } = useJob();
  const [busy, setBusy] = useState(false);
  const save = (): void => {
    setBusy(true);
    download('job.export_preview', { set: draft.set?.id ?? 0, plan, ...(outcome === undefined ? {} : { outcome }) })
      .catch(toastProblem)
      .finally(() => setBusy(false));
  };
  return (
    <button type="button" className="btn sm" disabled={busy} aria-busy={busy} onClick={save}>
      <DownloadIcon />
      {t('table.csv')}
    </button>
  );
}

function useColumns(preview: Preview): readonly Column<PreviewedUser>[] {
  const { t, i18n } = useTranslation(['new-job', 'common']);
  const differences = useDifferences();
  const { plan, kinds } = useJob();
  const fields = useFields();
  const types = useApi('notification_type.list', {}, { enabled: preview.letters.recipients > 0, staleTime: 60_000 });
  const reasons = useMemo(() => {
    const known = [preview.reasons, ...preview.changes.flatMap((change) => [change.skipped_reasons, change.failed_reasons])];
    return new Map(known.flat().map(({ reason, text }) => [reason, text]));
  }, [preview]);
  // Up to four changes have a column of their own; what they bring about beside stands in one more. Changes
  // that write what goes by other names (giving back to the feed, roles by rules) would have an empty one.
  const writesItself = (name: unknown): boolean =>
    typeof name === 'string' &&
    (fields.field(name) !== undefined || fields.catalogue?.children.some((child) => child.name === name) === true);
  const named = [...new Set(plan.changes.map((change) => change['change']))].filter(writesItself);
  const own = named.length > MOST_COLUMNS ? [] : named.flatMap((name) => kinds.find((kind) => kind.change === name) ?? []);
  const isOwn = (of: string): boolean => own.some((kind) => kind.change === of);
  const reasonOf = (user: PreviewedUser): string | undefined =>
    user.reason === null ? undefined : (reasons.get(user.reason) ?? user.reason);
  const letter = (code: string): string => {
    const type = types.data?.types.find((each) => each.code === code);
    return type === undefined ? code : i18n.language === 'de' ? type.label_de : type.label_en;
  };
  return [
    {
      id: 'user',
      label: t('table.user'),
      title: true,
      width: '220px',
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
    ...own.map((kind, index) => ({
      id: kind.change,
      label: kind.label,
      emptyOnCard: (user: PreviewedUser) =>
        differences(user).every((each) => each.of !== kind.change) && (index > 0 || user.reason === null),
      cell: (user: PreviewedUser) => {
        const items = differences(user).filter((each) => each.of === kind.change);
        if (items.length > 0) return <Cell items={items} />;
        if (index > 0 || user.outcome === 'changed') return <None />;
        return <span className="same">{reasonOf(user) ?? t('table.stays')}</span>;
      },
    })),
    {
      id: 'others',
      label: own.length === 0 ? t('table.difference') : t('table.also'),
      emptyOnCard: (user) => own.length > 0 && differences(user).every((each) => isOwn(each.of)),
      cell: (user) => {
        const items = differences(user).filter((each) => !isOwn(each.of));
        if (own.length === 0)
          return items.length > 0 ? <DifferenceLines items={items} /> : <span className="same">{reasonOf(user) ?? t('table.stays')}</span>;
        if (items.length === 0) return <None />;
        const labels = [...new Set(items.map((each) => each.label))].join(', ');
        return (
          <span className="muted small" title={labels}>
            {labels}
          </span>
        );
      },
    },
    ...(preview.letters.recipients === 0
      ? []
      : [
          {
            id: 'letter',
            label: t('table.letter'),
            emptyOnCard: (user: PreviewedUser) => user.letters.length === 0,
            cell: (user: PreviewedUser) => <LetterCell user={user} label={letter} />,
          },
        ]),
  ];
}

/** Which letters somebody gets; leads to what stands in them, or to why there is none. */
function LetterCell({ user, label }: { readonly user: PreviewedUser; readonly label: (code: string) => string }) {
  const { t } = useTranslation('new-job');
  const can = useCan();
  const [, showLetterOf] = useLetterOf();
  const none = user.letters.length === 0;
  const words = none ? t('table.no_letter') : user.letters.map(label).join(', ');
  if (!can('letters:read')) return <span className={none ? 'same' : 't2'}>{words}</span>;
  const show = (): void => {
    showLetterOf(user.primary_id);
    document.getElementById(JOB_LETTER)?.scrollIntoView();
  };
  return (
    <button
      type="button"
      className="link-button nj-show-letter"
      title={words}
      aria-label={`${words}: ${t('letter.show', { name: user.name === '' ? user.primary_id : user.name })}`}
      onClick={show}
    >
      <MailIcon small />
      <span className="trunc">{words}</span>
    </button>
  );
}

function Cell({ items }: { readonly items: readonly Difference[] }) {
  const { t } = useTranslation('new-job');
  const [first] = items;
  if (first === undefined) return null;
  return (
    <>
      <BeforeAfter before={first.before} after={first.after} />
      {items.length > 1 && <span className="muted small nj-block">{t('diff.more', { count: items.length - 1 })}</span>}
    </>
  );
}
