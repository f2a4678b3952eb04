import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import {
  Answer,
  BeforeAfter,
  Card,
  CloudIcon,
  DateText,
  EditIcon,
  EmptyState,
  HistoryIcon,
  HistoryItem,
  HistoryLine,
  type Icon,
  JobIcon,
  TextLink,
  UndoIcon,
  usePages,
} from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useFormat } from '../../../lib/format.ts';
import { HISTORY_KINDS, type HistoryKind } from '../routes.ts';
import type { Edit } from './use-edit.ts';

type Entry = Output<'users.history'>['entries'][number];
type RowHistory = Entry['rows'][number];

const ICONS: Readonly<Record<string, Icon>> = { edit: EditIcon, import: CloudIcon, undo: UndoIcon };
/** What these did is not taken back one by one. */
const LASTING = ['import', 'purge'];

interface HistoryCardProps {
  readonly user: string;
  readonly edit: Edit;
  readonly kind: HistoryKind;
  readonly onKind: (kind: HistoryKind) => void;
}

/** Everything that was changed, newest first, by whom, and the way back. */
export function HistoryCard({ user, edit, kind, onKind }: HistoryCardProps) {
  const { t } = useTranslation('users');
  const history = usePages(
    'users.history',
    { user, limit: 20 },
    { at: (input, next) => ({ ...input, before: String(next) }), next: (page) => page.next, rows: (page) => page.entries },
  );
  const shown = history.rows.filter((entry) => kind === 'all' || (kind === 'edits') === (entry.run.kind === 'edit'));
  return (
    <Card
      id="history"
      title={t('history.title')}
      right={
        <SegmentedControl
          size="xs"
          aria-label={t('history.which')}
          value={kind}
          onChange={(value) => onKind(HISTORY_KINDS.find((each) => each === value) ?? 'all')}
          data={HISTORY_KINDS.map((value) => ({ value, label: t(`history.${value}`) }))}
        />
      }
    >
      <Answer of={{ data: history.first, error: history.problem, refetch: () => history.retry() }}>
        {() =>
          shown.length === 0 ? (
            <EmptyState icon={HistoryIcon} title={t('history.none')} text={t('history.none_text')} />
          ) : (
            <HistoryLine>
              {shown.map((entry) => (
                <HistoryEntry key={`${entry.at} ${entry.run.id}`} entry={entry} edit={edit} />
              ))}
            </HistoryLine>
          )
        }
      </Answer>
      {history.more && (
        <button type="button" className="link-button" disabled={history.loading} onClick={() => history.loadMore()}>
          {t('history.older')}
        </button>
      )}
    </Card>
  );
}

export function HistoryEntry({ entry, edit }: { readonly entry: Entry; readonly edit?: Edit }) {
  const { t } = useTranslation(['users', 'common']);
  const can = useCan();
  const { run } = entry;
  const edited = run.kind === 'edit';
  const undoable = edit !== undefined && can('jobs:run') && entry.merged_from === null && !LASTING.includes(run.kind) && run.kind !== '';
  const title = entry.created ? t('history.created') : edited ? t('history.edited', { by: entry.by }) : run.name;
  return (
    <HistoryItem
      icon={ICONS[run.kind] ?? JobIcon}
      title={
        edited || !can('jobs:read') || run.kind === '' ? (
          <bdi>{title}</bdi>
        ) : (
          <TextLink to="/jobs/$id" params={{ id: String(run.id) }}>
            <bdi>{title}</bdi>
          </TextLink>
        )
      }
      detail={
        <>
          {entry.merged_from !== null && `${t('merge.former', { id: entry.merged_from })} · `}
          {!edited && entry.by !== '' && `${entry.by} · `}
          <DateText value={entry.at} as="instant" />
        </>
      }
      {...(undoable
        ? {
            action: (
              <button
                type="button"
                className="btn sm"
                disabled={edit.undoing !== null}
                onClick={() => void edit.undo(run.id, run.kind === 'merge')}
                aria-label={t('history.undo', { what: title })}
              >
                <UndoIcon small />
                {t('common:action.undo')}
              </button>
            ),
          }
        : {})}
      changes={[
        ...entry.fields.map((field) => ({
          key: field.field,
          label: field.label,
          value: (
            <BeforeAfter
              wrap
              before={<Value value={field.before} label={field.before_label} />}
              after={<Value value={field.after} label={field.after_label} />}
            />
          ),
        })),
        ...entry.rows.map((row, index) => ({ key: `${row.table} ${index}`, label: row.label, value: <RowDiff row={row} /> })),
      ]}
    />
  );
}

function Value({ value, label }: { readonly value: unknown; readonly label?: string | undefined }) {
  const { t } = useTranslation(['users', 'common']);
  const format = useFormat();
  if (label !== undefined && label !== '') return <bdi>{label}</bdi>;
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return t('common:value.empty');
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return format.date(value);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return format.instant(value);
  return <bdi>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>;
}

/** Of an edited row what is other now; of an added or removed one what tells it. */
function RowDiff({ row }: { readonly row: RowHistory }) {
  const { t } = useTranslation('common');
  const segmentOf = (name: string, value: unknown): string | undefined =>
    name !== 'segment' ? undefined : t(/^external$/i.test(String(value)) ? 'value.external' : 'value.internal');
  const before = row.before;
  const after = row.after;
  if (row.op === 'edit' && before !== undefined && after !== undefined) {
    const names = [...new Set([...Object.keys(before.values), ...Object.keys(after.values)])].filter(
      (name) => JSON.stringify(before.values[name]) !== JSON.stringify(after.values[name]),
    );
    return (
      <>
        {names.map((name) => (
          <BeforeAfter
            key={name}
            wrap
            before={<Value value={before.values[name]} label={before.labels[name] ?? segmentOf(name, before.values[name])} />}
            after={<Value value={after.values[name]} label={after.labels[name] ?? segmentOf(name, after.values[name])} />}
          />
        ))}
      </>
    );
  }
  const state = after ?? before;
  const words = Object.entries(state?.values ?? {})
    .filter(([name, value]) => !HIDDEN.includes(name) && value !== false && value !== '')
    .map(([name, value]) => state?.labels[name] ?? (Array.isArray(value) ? value.join(', ') : String(value)));
  const text = <bdi>{words.join(' · ')}</bdi>;
  return row.op === 'remove' ? <del className="muted">{text}</del> : <BeforeAfter wrap before={undefined} after={text} />;
}

const HIDDEN = ['created_by', 'created_at', 'segment', 'parameters', 'preferred'];
