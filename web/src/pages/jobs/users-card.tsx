import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  EmptyState,
  NoMatch,
  None,
  OUTCOMES,
  OutcomeIcon,
  SentenceFilter,
  TextLink,
  usePages,
  UserName,
  UsersIcon,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useJobAddress } from './job-address.ts';
import type { Report } from './job-page.tsx';
import { UserChanges } from './user-changes.tsx';

type User = Output<'job.outcomes'>['users'][number];

/** What became of each member; the address says of whom. */
export function UsersCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation(['jobs', 'common']);
  const format = useFormat();
  const can = useCan();
  const [{ outcome, reason }, put] = useJobAddress();
  const [looked, setLooked] = useState<User | null>(null);
  const waits = report.waits_for !== null && report.chunks.count === 0;
  const rows = usePages(
    'job.outcomes',
    { id: report.id, limit: 100, ...(outcome === undefined ? {} : { outcome }), ...(reason === undefined ? {} : { reason }) },
    {
      at: (input, next) => ({ ...input, after: Number(next) }),
      next: ({ next }) => next,
      rows: ({ users }) => users,
      enabled: !waits,
    },
  );
  if (waits) return null;
  const reasonText = report.reasons.find((each) => each.reason === reason)?.text ?? reason;
  const choose = (next: typeof outcome): void => put({ outcome: next, reason: undefined });
  const columns: readonly Column<User>[] = [
    { id: 'user', label: t('users.user'), title: true, cell: (user) => <Who user={user} /> },
    { id: 'outcome', label: t('users.outcome'), cell: ({ outcome: own }) => <What outcome={own} /> },
    {
      id: 'why',
      label: t('users.why'),
      cell: ({ text, moved }) =>
        text === null && !moved ? <None /> : [text, moved ? t('users.moved') : null].filter((part) => part !== null).join('; '),
      emptyOnCard: ({ text, moved }) => text === null && !moved,
    },
    {
      id: 'changes',
      label: t('users.changes'),
      cell: (user) =>
        (user.outcome === 'changed' || user.outcome === 'conflict') && user.primary_id !== null && can('users:read') ? (
          <button
            type="button"
            className="link-button"
            aria-label={t('users.compare_of', { name: user.name ?? user.primary_id })}
            onClick={() => setLooked(user)}
          >
            {t('users.compare')}
          </button>
        ) : (
          <None />
        ),
      emptyOnCard: (user) => user.outcome !== 'changed' && user.outcome !== 'conflict',
    },
  ];
  return (
    <Card
      flush
      id="users"
      title={t('users.title')}
      right={
        <NativeSelect
          size="xs"
          aria-label={t('users.which')}
          value={outcome ?? ''}
          onChange={({ currentTarget: { value } }) => choose(OUTCOMES.find((each) => each === value))}
          data={[
            { value: '', label: t('users.all') },
            ...OUTCOMES.filter((each) => report.counts[each] !== undefined).map((each) => ({
              value: each,
              label: `${t(`outcome_word.${each}`)} (${format.number(report.counts[each] ?? 0)})`,
            })),
          ]}
        />
      }
    >
      {reason !== undefined && (
        <div className="card-filter">
          <SentenceFilter
            start={t('users.because')}
            pills={[{ key: 'reason', text: reasonText, label: reasonText ?? reason, onRemove: () => choose(outcome) }]}
          />
        </div>
      )}
      <DataTable
        label={t('users.title')}
        rows={rows}
        rowId={(user) => String(user.user_id)}
        rowLabel={(user) => user.name ?? user.primary_id ?? ''}
        columns={columns}
        empty={
          outcome === undefined ? (
            <EmptyState icon={UsersIcon} title={t('users.nobody')} text={t('users.nobody_text')} />
          ) : (
            <NoMatch onClear={() => choose(undefined)} />
          )
        }
      />
      <UserChanges run={report.id} user={looked} onClose={() => setLooked(null)} />
    </Card>
  );
}

function Who({ user: { primary_id: id, name } }: { readonly user: User }) {
  const { t } = useTranslation('jobs');
  const can = useCan();
  if (id === null) return <span className="muted">{t('users.erased')}</span>;
  const words = (
    <>
      <UserName last={name} id={id} />
      {name !== null && <span className="small muted mono user-id">{id}</span>}
    </>
  );
  return can('users:read') ? (
    <TextLink to="/users/$id" params={{ id }} className="name who">
      {words}
    </TextLink>
  ) : (
    <span className="who">{words}</span>
  );
}

function What({ outcome }: { readonly outcome: User['outcome'] }) {
  const { t } = useTranslation('jobs');
  const known = OUTCOMES.find((each) => each === outcome);
  if (known !== undefined) return <OutcomeIcon outcome={known} />;
  return <span className="muted">{t(`outcome_word.${outcome as 'open' | 'erased' | 'not_kept'}`)}</span>; // what is left of the union
}
