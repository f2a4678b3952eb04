import './sets.css';
import { SegmentedControl, Select } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import {
  ButtonLink,
  Card,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  NoMatch,
  None,
  NumberText,
  Page,
  PlusIcon,
  SetIcon,
  TextLink,
  UploadIcon,
} from '../../components/index.ts';
import { FilterSentence } from '../../components/filter/filter-sentence.tsx';
import { useCan } from '../../lib/access.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import type { SetsSearch } from './routes.ts';
import { SearchBox } from './search-box.tsx';
import { useSets } from './use-sets.ts';
import { KindBadge, useOrigin, useOwnerName, VisibilityBadge } from './words.tsx';

type Row = Output<'set.list'>['sets'][number];

/** Every set that one may see: one's own and those for everybody. */
export function SetsPage() {
  const { t } = useTranslation('sets');
  const can = useCan();
  const go = useNavigate();
  const search: SetsSearch = useSearch({ from: '/sets' });
  const { whose, kind, text } = search;
  const show = (next: SetsSearch): void => void go({ to: '/sets', search: next, replace: true });
  const sets = useSets({
    ...(whose === 'mine' ? { mine: true } : whose === 'public' ? { private: false } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(text === undefined ? {} : { search: text }),
  });
  const columns = useColumns();
  const narrowed = whose !== undefined || kind !== undefined || text !== undefined;
  useShortcuts(can('sets:write') ? [{ keys: 'N', label: t('new_title'), run: () => void go({ to: '/sets/new' }) }] : []);
  return (
    <Page
      title={t('title')}
      sub={t('sub')}
      actions={
        can('sets:write') && (
          <>
            <ButtonLink to="/sets/combine" icon={SetIcon}>
              {t('combine')}
            </ButtonLink>
            <ButtonLink to="/sets/new" search={{ from: 'file' }} icon={UploadIcon}>
              {t('from_file')}
            </ButtonLink>
            <ButtonLink to="/sets/new" icon={PlusIcon} primary>
              {t('new_title')}
            </ButtonLink>
          </>
        )
      }
    >
      <Card flush>
        <div className="sets-tools">
          <SegmentedControl
            aria-label={t('whose.label')}
            value={whose ?? 'all'}
            onChange={(next) => show({ ...without(search, 'whose'), ...(next === 'mine' || next === 'public' ? { whose: next } : {}) })}
            data={(['all', 'mine', 'public'] as const).map((value) => ({ value, label: t(`whose.${value}`) }))}
          />
          <Select
            aria-label={t('kind.label')}
            placeholder={t('kind.any')}
            clearable
            className="sets-kind"
            value={kind ?? null}
            onChange={(next) => show({ ...without(search, 'kind'), ...(next === 'itemized' || next === 'logical' ? { kind: next } : {}) })}
            data={(['itemized', 'logical'] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
          <SearchBox
            label={t('search')}
            text={text ?? ''}
            onText={(next) => show({ ...without(search, 'text'), ...(next === '' ? {} : { text: next }) })}
          />
          <span className="muted small nowrap" role="status">
            {sets.total === undefined ? '' : t('count', { count: sets.total })}
          </span>
        </div>
        <DataTable<Row>
          label={t('title')}
          columns={columns}
          rows={sets}
          rowId={({ id }) => String(id)}
          onOpen={({ id }) => void go({ to: '/sets/$id', params: { id: String(id) } })}
          empty={
            narrowed ? (
              <NoMatch text={t('no_match')} onClear={() => show({})} />
            ) : (
              <EmptyState
                title={t('empty')}
                text={t('empty_text')}
                {...(can('sets:write')
                  ? {
                      actions: (
                        <>
                          <ButtonLink to="/sets/new" search={{ from: 'filter' }} primary>
                            {t('way.filter')}
                          </ButtonLink>
                          <ButtonLink to="/sets/new" search={{ from: 'file' }}>
                            {t('way.file')}
                          </ButtonLink>
                        </>
                      ),
                    }
                  : {})}
              />
            )
          }
        />
      </Card>
    </Page>
  );
}

function without<K extends keyof SetsSearch>(search: SetsSearch, name: K): Omit<SetsSearch, K> {
  const { [name]: _, ...rest } = search;
  return rest;
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation('sets');
  const origin = useOrigin();
  const ownerName = useOwnerName();
  return [
    {
      id: 'name',
      label: t('column.name'),
      title: true,
      wraps: true,
      share: 26,
      cell: ({ id, name, description }) => (
        <span className="sets-name">
          <TextLink to="/sets/$id" params={{ id: String(id) }} className="name">
            <bdi title={name}>{name}</bdi>
          </TextLink>
          {description !== null && <span className="small muted trunc">{description}</span>}
        </span>
      ),
    },
    {
      id: 'members',
      label: t('column.members'),
      number: true,
      cell: ({ id, members }) => (members === null ? <CountNow id={id} /> : <NumberText value={members} />),
    },
    { id: 'kind', label: t('column.kind'), cell: ({ kind }) => <KindBadge kind={kind} /> },
    {
      id: 'origin',
      label: t('column.origin'),
      share: 28,
      cell: ({ source, where, filter }) => (
        <span className="small" title={where ?? origin(source)}>
          {where !== null ? <FilterSentence filter={filter} where={where} /> : source === null ? <None /> : origin(source)}
        </span>
      ),
    },
    { id: 'owner', label: t('column.owner'), cell: (set) => <bdi>{ownerName(set)}</bdi> },
    { id: 'seen', label: t('column.seen'), cell: (set) => <VisibilityBadge hidden={set.private} /> },
    { id: 'when', label: t('column.when'), cell: ({ modified_at: at }) => <DateText value={at} as="lately" /> },
  ];
}

/** A logical set is counted when somebody wants to know: each count works its filter out. */
function CountNow({ id }: { readonly id: number }) {
  const { t } = useTranslation('sets');
  const [wanted, setWanted] = useState(false);
  const set = useApi('set.show', { set: id }, { enabled: wanted });
  if (set.data?.members !== undefined && set.data.members !== null) return <NumberText value={set.data.members} />;
  if (set.error !== null) return <None />;
  return (
    <button type="button" className="link-button" disabled={set.isFetching} onClick={() => setWanted(true)}>
      {set.isFetching ? t('counting') : t('count_now')}
    </button>
  );
}
