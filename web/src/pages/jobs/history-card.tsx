import { NativeSelect, TextInput } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/index.ts';
import {
  ButtonLink,
  Card,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  JobIcon,
  NoMatch,
  NumberText,
  OutcomeBar,
  RunStateBadge,
  SearchIcon,
  TextLink,
  UndoIcon,
  usePages,
  useTyped,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { ENDINGS, historyInput, isEnding, isKind, type JobsSearch, KINDS } from './filters.ts';

const route = getRouteApi('/jobs');

type Job = Output<'job.list'>['jobs'][number];

/** Every job there was, newest first. */
export function HistoryCard() {
  const { t } = useTranslation(['jobs', 'common']);
  const can = useCan();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = useNavigate();
  const narrow = (given: JobsSearch): void => void navigate({ to: '/jobs', search: given, replace: true, resetScroll: false });
  const rows = usePages('job.list', historyInput(search), {
    at: (input, next) => ({ ...input, before: Number(next) }),
    next: ({ next }) => next,
    rows: ({ jobs }) => jobs,
    total: ({ total }) => total,
  });
  const narrowed = Object.keys(search).length > 0;
  return (
    <Card flush title={t('history.title')} {...(rows.total === undefined ? {} : { count: format.number(rows.total) })}>
      <Filters search={search} onChange={narrow} />
      <DataTable
        label={t('history.title')}
        rows={rows}
        rowId={(job) => String(job.id)}
        columns={useColumns()}
        onOpen={(job) => void navigate({ to: '/jobs/$id', params: { id: String(job.id) } })}
        empty={
          narrowed ? (
            <NoMatch onClear={() => narrow({})} />
          ) : (
            <EmptyState
              icon={JobIcon}
              title={t('history.nothing')}
              text={t('history.nothing_text')}
              {...(can('jobs:run')
                ? {
                    actions: (
                      <ButtonLink to="/jobs/new" primary>
                        {t('new')}
                      </ButtonLink>
                    ),
                  }
                : {})}
            />
          )
        }
      />
    </Card>
  );
}

function useColumns(): readonly Column<Job>[] {
  const { t } = useTranslation('jobs');
  return [
    {
      id: 'name',
      label: t('history.job'),
      title: true,
      wraps: true,
      share: 30,
      cell: ({ id, name }) => (
        <TextLink to="/jobs/$id" params={{ id: String(id) }} className="name">
          {name}
        </TextLink>
      ),
    },
    { id: 'kind', label: t('history.kind'), cell: ({ kind }) => <span className="muted">{t(`kind.${kind}`)}</span> },
    {
      id: 'outcome',
      label: t('history.outcome'),
      cell: ({ state, state_text: text, counts, undone_by: undone }) => (
        <span className="row wrap job-outcome">
          <RunStateBadge state={state} text={text} counts={counts} />
          {undone.length > 0 && (
            <span className="badge conflict">
              <UndoIcon />
              {t('history.undone')}
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'users',
      label: t('history.users'),
      width: '160px',
      cell: ({ counts, progress }) => <OutcomeBar size="sm" counts={{ ...counts, rest: Math.max(0, progress.total - counts.members) }} />,
    },
    {
      id: 'members',
      label: t('history.members'),
      number: true,
      cell: ({ counts, progress }) => <NumberText value={Math.max(counts.members, progress.total)} />,
    },
    {
      id: 'by',
      label: t('history.by'),
      cell: ({ created_by: by, created_by_name: name }) => (
        <bdi className="trunc" title={by}>
          {name ?? by}
        </bdi>
      ),
    },
    { id: 'when', label: t('history.when'), cell: ({ created_at: at }) => <DateText value={at} as="lately" /> },
  ];
}

interface FiltersProps {
  readonly search: JobsSearch;
  readonly onChange: (search: JobsSearch) => void;
}

function Filters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation('jobs');
  const field = useRef<HTMLInputElement>(null);
  const put = (changed: { readonly [name in keyof JobsSearch]: JobsSearch[name] | undefined }): void =>
    onChange(Object.fromEntries(Object.entries({ ...search, ...changed }).filter(([, value]) => value !== undefined && value !== '')));
  const [text, setText] = useTyped(search.text ?? '', (typed) => put({ text: typed }));
  useShortcuts([{ keys: '/', label: t('history.search'), run: () => field.current?.focus() }]);
  const words = (empty: string, of: readonly string[], label: (value: never) => string) => [
    { value: '', label: empty },
    ...of.map((value) => ({ value, label: label(value as never) })), // of the list itself
  ];
  return (
    <search className="job-filters">
      <TextInput
        ref={field}
        className="grow"
        type="search"
        aria-label={t('history.search')}
        placeholder={t('history.search')}
        leftSection={<SearchIcon />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={t('history.kind')}
        value={search.kind ?? ''}
        onChange={({ currentTarget: { value } }) => put({ kind: isKind(value) ? value : undefined })}
        data={words(t('history.any_kind'), KINDS, (kind: (typeof KINDS)[number]) => t(`kind.${kind}`))}
      />
      <NativeSelect
        aria-label={t('history.outcome')}
        value={search.ending ?? ''}
        onChange={({ currentTarget: { value } }) => put({ ending: isEnding(value) ? value : undefined })}
        data={words(t('history.any_outcome'), Object.keys(ENDINGS), (ending: keyof typeof ENDINGS) => t(`ending.${ending}`))}
      />
      <span className="row job-dates">
        <TextInput
          type="date"
          aria-label={t('history.from')}
          title={t('history.from')}
          value={search.from ?? ''}
          onChange={({ currentTarget: { value } }) => put({ from: value })}
        />
        <span className="muted" aria-hidden="true">
          –
        </span>
        <TextInput
          type="date"
          aria-label={t('history.to')}
          title={t('history.to')}
          value={search.to ?? ''}
          onChange={({ currentTarget: { value } }) => put({ to: value })}
        />
      </span>
    </search>
  );
}
