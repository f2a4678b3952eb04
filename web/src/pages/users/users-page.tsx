import './users.css';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useApi, useFilterCatalogue } from '../../api/index.ts';
import {
  Answer,
  ButtonLink,
  Card,
  ColumnChooser,
  DataTable,
  DownloadIcon,
  Keys,
  NoMatch,
  Page,
  PlayIcon,
  PlusIcon,
  SearchIcon,
  SelectionBar,
  SetIcon,
  type Sorting,
  toastProblem,
  useColumnChoice,
  usePages,
  useSelection,
  useTyped,
} from '../../components/index.ts';
import { useCan, useSession } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { nodeOf } from '../../components/filter/tree.ts';
import { chosenOf, MOST_BY_WORDS, whereOf } from './list/chosen.ts';
import { FIRST_COLUMNS, type ListedUser, useColumns } from './list/columns.tsx';
import { ExportMenu } from './list/export-menu.tsx';
import { MakeSet } from './list/make-set.tsx';
import { ViewTabs, wordsOf } from './list/view-tabs.tsx';
import { useSavedViews } from './list/views.ts';
import { SORTS, type UsersSearch } from './routes.ts';

/** Columns are known once the server has told its fields. */
export function UsersPage() {
  const catalogue = useFilterCatalogue();
  return <Answer of={catalogue}>{() => <Users />}</Answer>;
}

const FRESH_MS = 60_000;
/** Many are counted once somebody has stopped typing: until then the server has the next letters to answer. */
const REST_MS = 400;

function Users() {
  const { t } = useTranslation(['users', 'common']);
  const format = useFormat();
  const can = useCan();
  const { user } = useSession();
  const go = useNavigate();
  const search = useSearch({ from: '/users' });
  const columns = useColumns(useFilterCatalogue().data);
  const choice = useColumnChoice(
    'users',
    FIRST_COLUMNS,
    columns.map(({ id }) => id),
  );
  const saved = useSavedViews(user.primary_id);
  const [making, setMaking] = useState(false);
  const show = (next: UsersSearch): void => void go({ to: '/users', search: next, replace: true });

  const wanted = choice.shown.filter((id) => id !== 'name');
  const sort = search.sort ?? 'name';
  const rows = usePages(
    'users.list',
    { ...wordsOf(search), columns: wanted, sort, descending: search.desc ?? false, limit: 60 },
    { at: (input, next) => ({ ...input, after: String(next) }), next: (page) => page.next, rows: (page) => page.users },
  );
  const few = rows.first?.total;
  const words = `${search.text ?? ''}\n${search.where ?? ''}`;
  const [rested] = useDebouncedValue(words, REST_MS);
  const counted = useApi(
    'users.list',
    { ...wordsOf(search), limit: 0, count: true },
    { enabled: few === null && rested === words, staleTime: FRESH_MS },
  );
  const all = useApi('users.list', { limit: 0, count: true }, { staleTime: FRESH_MS }).data?.total ?? null;
  const wrong = rows.problem?.code.startsWith('filters.') === true ? rows.problem.message : null;
  const total = wrong !== null ? 0 : (few ?? counted.data?.total ?? null);
  const selection = useSelection(total ?? rows.rows.length);
  // Who was selected in one list is not in the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list is another
  useEffect(() => selection.clear(), [words]);

  const chosen = () => chosenOf(selection.selection, search, total ?? 0);
  const tooMany = selection.selection.mode === 'all' && search.text !== undefined && (total ?? 0) > MOST_BY_WORDS;
  const takeToJob = async (): Promise<void> => {
    try {
      const who = await chosen();
      const name = t('set.for_job', { at: format.instant(new Date().toISOString()), id: crypto.randomUUID().slice(0, 4) });
      const made = await api('set.create', {
        name,
        private: true,
        ...('where' in who ? { where: who.where, itemize: true } : { ids: [...who.ids], idType: 'primary_id' }),
      });
      await go({ to: '/jobs/new', search: { set: made.id } });
    } catch (error) {
      toastProblem(error);
    }
  };
  const mayJob = can('jobs:run') && can('sets:write');
  useShortcuts([
    ...(selection.count > 0 && mayJob ? [{ keys: 'J', label: t('key.job'), run: () => void takeToJob() }] : []),
    ...(can('users:write') ? [{ keys: 'N', label: t('add'), run: () => void go({ to: '/new-user' }) }] : []),
  ]);
  const shownColumns = columns.map((column) => ({ id: column.id, label: column.label, ...(column.title ? { title: true } : {}) }));
  const sub =
    wrong !== null
      ? t('wrong')
      : total === null
        ? '…'
        : isNarrowed(search) && all !== null
          ? t('sub_of', { count: total, all })
          : t('sub', { count: total });
  return (
    <Page
      title={t('title')}
      sub={<span role="status">{sub}</span>}
      actions={
        <>
          {can('users:export') && (
            <ExportMenu
              where={async () =>
                search.text === undefined
                  ? (search.where ?? 'everyone')
                  : whereOf(await chosenOf({ mode: 'all', except: new Set() }, search, total ?? 0))
              }
            >
              {(busy) => (
                <button
                  type="button"
                  className="btn"
                  disabled={busy || total === 0 || (search.text !== undefined && (total ?? 0) > MOST_BY_WORDS)}
                >
                  <DownloadIcon />
                  {t('export.title')}
                </button>
              )}
            </ExportMenu>
          )}
          {can('users:write') && (
            <ButtonLink to="/new-user" icon={PlusIcon}>
              {t('add')}
            </ButtonLink>
          )}
        </>
      }
    >
      <Card flush className="users-card">
        <ViewTabs search={search} columns={choice.shown} saved={saved} onColumns={choice.set} />
        <div className="users-tools">
          <div className="row">
            <SearchBox text={search.text ?? ''} busy={rows.loading} onText={(text) => show(withText(search, text))} />
            <ColumnChooser columns={shownColumns} choice={choice} />
          </div>
          <FilterBar
            filter={wrong === null ? nodeOf(rows.first?.filter) : null}
            where={search.where ?? ''}
            problem={wrong}
            onChange={(where) => show(withWhere(search, where))}
          />
        </div>
        {wrong === null && (
          <DataTable<ListedUser>
            label={t('title')}
            columns={columns}
            rows={{ ...rows, total: total ?? undefined }}
            rowId={(row) => row.primary_id}
            rowLabel={(row) => [row.first_name, row.last_name].filter(Boolean).join(' ') || row.primary_id}
            choice={choice}
            selection={selection}
            sorting={{ column: sort, descending: search.desc ?? false }}
            onSort={(next) => show(withSorting(search, next))}
            onOpen={(row) => void go({ to: '/users/$id', params: { id: row.primary_id } })}
            empty={<NoMatch onClear={() => show({})} text={t('no_match')} />}
            foot={
              <>
                <span className="muted">{total !== null && t('foot', { shown: format.number(rows.rows.length), count: total })}</span>
                <span className="users-keys hide-sm">
                  <Keys names={['↑', '↓']} /> {t('key.move')} <Keys names={[t('key.space')]} /> {t('key.select')} <Keys names={['↵']} />{' '}
                  {t('key.open')}
                  {mayJob && (
                    <>
                      {' '}
                      <Keys names={['J']} /> {t('key.job')}
                    </>
                  )}
                </span>
              </>
            }
          />
        )}
      </Card>
      <SelectionBar
        state={selection}
        total={total ?? rows.rows.length}
        shown={rows.rows.map((row) => row.primary_id)}
        text={(count, everyone) => (
          <>
            <b>{everyone ? t('selected.all', { count }) : t('selected.some', { count })}</b> {t('selected.word')}
          </>
        )}
      >
        {tooMany && <span className="small">{t('selected.too_many', { most: format.number(MOST_BY_WORDS) })}</span>}
        {can('sets:write') && (
          <button type="button" className="btn" disabled={tooMany} onClick={() => setMaking(true)}>
            <SetIcon />
            {t('selected.set')}
          </button>
        )}
        {can('users:export') && (
          <ExportMenu where={async () => whereOf(await chosen())}>
            {(busy) => (
              <button type="button" className="btn" disabled={busy || tooMany}>
                <DownloadIcon />
                {t('export.title')}
              </button>
            )}
          </ExportMenu>
        )}
        {mayJob && (
          <button type="button" className="btn pri" disabled={tooMany} onClick={() => void takeToJob()}>
            <PlayIcon />
            {t('selected.job')}
          </button>
        )}
      </SelectionBar>
      {making && (
        <MakeSet
          count={selection.count}
          chosen={chosen}
          first={saved.views.find((view) => view.search.where === search.where)?.name ?? ''}
          onClose={() => setMaking(false)}
        />
      )}
    </Page>
  );
}

function isNarrowed({ text, where }: UsersSearch): boolean {
  return text !== undefined || where !== undefined;
}

function withText({ text: _text, ...rest }: UsersSearch, text: string): UsersSearch {
  return text.trim() === '' ? rest : { ...rest, text };
}

function withWhere({ where: _where, ...rest }: UsersSearch, where: string): UsersSearch {
  return where === '' ? rest : { ...rest, where };
}

function withSorting({ sort: _sort, desc: _desc, ...rest }: UsersSearch, { column, descending }: Sorting): UsersSearch {
  const sort = SORTS.find((each) => each === column);
  return { ...rest, ...(sort === undefined || sort === 'name' ? {} : { sort }), ...(descending ? { desc: true } : {}) };
}

interface SearchBoxProps {
  readonly text: string;
  /** The answer to what was typed last is on its way. */
  readonly busy: boolean;
  readonly onText: (text: string) => void;
}

/** Searches as one types; what is typed is at once in the field, and in the address as soon as what was typed before is answered. */
function SearchBox({ text, busy, onText }: SearchBoxProps) {
  const { t } = useTranslation('users');
  const [typed, setTyped] = useTyped(text, onText, busy);
  const field = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: '/', label: t('key.search'), run: () => field.current?.focus() }]);
  return (
    <label className="input users-search">
      <SearchIcon />
      <input
        ref={field}
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={typed}
        maxLength={1_000}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <kbd className="hide-sm">/</kbd>
    </label>
  );
}
