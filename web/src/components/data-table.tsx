/**
 * The table of every list: rows come page by page as one scrolls, only those in sight are drawn, so a
 * million are no more work than fifty. Below 760 px each row becomes a card. Arrow keys move between
 * rows, Space selects, Enter opens.
 */
import { columnOrderingFeature, columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppProblem } from '../api/index.ts';
import type { ColumnChoice } from './column-chooser.tsx';
import { SortDownIcon, SortUpIcon } from './icons.tsx';
import type { SelectionState } from './selection.ts';
import { ErrorState, LoadingRows } from './states.tsx';
import { ROLE } from './table-roles.ts';

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** The name of the row, and the link to it: first on a card. One column has it. */
  readonly title?: boolean;
  readonly number?: boolean;
  /** Sentences: shown whole, on more lines where need be. */
  readonly wraps?: boolean;
  /** Buttons: at the right edge, on a card below all else. */
  readonly acts?: boolean;
  readonly sortable?: boolean;
  /** CSS width; else as wide as what is in it. */
  readonly width?: string;
  /** Where the table would be too wide: this share of it in per cent, and what does not fit is cut with dots. */
  readonly share?: number;
  /** Nothing worth a line on a card: zero, a dash. */
  readonly emptyOnCard?: (row: Row) => boolean;
}

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows as `useInfiniteQuery` has them, put together. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** How many there are in all; the scroll bar is as long as that only for what has come. */
  readonly total: number | undefined;
  readonly loading: boolean;
  readonly problem: AppProblem | null;
  readonly more: boolean;
  loadMore(): void;
  retry(): void;
}

interface DataTableProps<Row> {
  /** What the table lists, for those who listen. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: Rows<Row>;
  readonly rowId: (row: Row) => string;
  /** What a row is called, for its tick box. */
  readonly rowLabel?: (row: Row) => string;
  readonly choice?: ColumnChoice;
  readonly selection?: SelectionState;
  readonly sorting?: Sorting | null;
  readonly onSort?: (sorting: Sorting) => void;
  readonly onOpen?: (row: Row) => void;
  /** When there is nothing: EmptyState or NoMatch. */
  readonly empty: ReactNode;
  readonly foot?: ReactNode;
  readonly rowHeight?: number;
}

const FEATURES = tableFeatures({ columnVisibilityFeature, columnOrderingFeature });

/** Rows before the last one that has come, at which the next page is asked for. */
const AHEAD = 20;

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, empty, foot } = props;
  const { t } = useTranslation();
  if (rows.problem !== null && rows.rows.length === 0) return <ErrorState problem={rows.problem} onRetry={() => rows.retry()} />;
  if (rows.loading && rows.rows.length === 0) return <LoadingRows />;
  if (rows.rows.length === 0) return empty;
  return (
    <>
      <Body {...props} />
      {rows.problem !== null && <ErrorState problem={rows.problem} onRetry={() => rows.retry()} />}
      {rows.loading && (
        <p className="vh" role="status">
          {t('state.loading')}
        </p>
      )}
      {foot !== undefined && <div className="cf">{foot}</div>}
    </>
  );
}

function Body<Row extends object>({
  label,
  columns,
  rows,
  rowId,
  rowLabel,
  choice,
  selection,
  sorting,
  onSort,
  onOpen,
  rowHeight = 40,
}: DataTableProps<Row>) {
  const { t } = useTranslation();
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);
  const lastTicked = useRef<number | null>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    setOffset((body.current?.getBoundingClientRect().top ?? 0) + scrollY);
  }, []);

  const table = useTable({
    features: FEATURES,
    data: rows.rows as Row[], // it only reads them
    columns: useMemo(() => columns.map((column) => ({ id: column.id, header: column.label, accessorFn: (row: Row) => row })), [columns]),
    getRowId: rowId,
    state: {
      columnVisibility: Object.fromEntries(columns.map(({ id }) => [id, choice === undefined || choice.shown.includes(id)])),
      columnOrder: [...(choice?.shown ?? columns.map(({ id }) => id))],
    },
  });
  const byId = new Map(columns.map((column) => [column.id, column]));
  const shown = table.getVisibleLeafColumns().flatMap(({ id }) => byId.get(id) ?? []);
  const list = table.getRowModel().rows;

  const virtual = useWindowVirtualizer({ count: list.length, estimateSize: () => rowHeight, overscan: 12, scrollMargin: offset });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.more && !rows.loading && last >= list.length - AHEAD) rows.loadMore();
  }, [rows, last, list.length]);

  const goTo = (index: number): void => {
    const next = Math.max(0, Math.min(list.length - 1, index));
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }));
  };
  const tick = (index: number, range: boolean): void => {
    const id = list[index]?.id;
    if (selection === undefined || id === undefined) return;
    const from = range ? (lastTicked.current ?? index) : index;
    const ids = list.slice(Math.min(from, index), Math.max(from, index) + 1).map((row) => row.id);
    selection.put(ids, !selection.has(id));
    lastTicked.current = index;
  };
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, index: number): void => {
    if (event.target !== event.currentTarget) return;
    const row = list[index];
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => goTo(index + 1),
      ArrowUp: () => goTo(index - 1),
      PageDown: () => goTo(index + 12),
      PageUp: () => goTo(index - 12),
      Home: () => goTo(0),
      End: () => goTo(list.length - 1),
      ...(selection === undefined ? {} : { ' ': () => tick(index, event.shiftKey) }),
      ...(onOpen === undefined || row === undefined ? {} : { Enter: () => onOpen(row.original) }),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };

  const before = items[0] === undefined ? 0 : items[0].start - offset;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset);
  const everybody = selection !== undefined && selection.count > 0 && list.every((row) => selection.has(row.id));
  return (
    <div className="tw">
      <table className="t cards data" {...ROLE.table} aria-label={label} aria-rowcount={rows.total ?? -1}>
        <thead {...ROLE.rowgroup}>
          <tr {...ROLE.row}>
            {selection !== undefined && (
              <th className="tick" scope="col">
                <input
                  type="checkbox"
                  aria-label={t('table.select_all')}
                  checked={everybody}
                  ref={(box) => {
                    if (box !== null) box.indeterminate = selection.count > 0 && !everybody;
                  }}
                  onChange={() => (selection.count > 0 && everybody ? selection.clear() : selection.all())}
                />
              </th>
            )}
            {shown.map((column) => (
              <HeaderCell key={column.id} column={column} sorting={sorting ?? null} {...(onSort === undefined ? {} : { onSort })} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} {...ROLE.rowgroup}>
          {before > 0 && <Space height={before} />}
          {items.map(({ index, key }) => {
            const row = list[index];
            if (row === undefined) return null;
            const ticked = selection?.has(row.id) ?? false;
            return (
              <tr
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                {...ROLE.row}
                aria-rowindex={index + 1}
                aria-selected={selection === undefined ? undefined : ticked}
                tabIndex={index === active ? 0 : -1}
                className={ticked ? 'sel' : undefined}
                onFocus={() => setActive(index)}
                onKeyDown={(event) => onKey(event, index)}
              >
                {selection !== undefined && (
                  <td className="tick" {...ROLE.cell}>
                    <input
                      type="checkbox"
                      tabIndex={-1}
                      aria-label={t('table.select', { name: rowLabel?.(row.original) ?? row.id })}
                      checked={ticked}
                      onChange={() => undefined}
                      onClick={(event) => tick(index, event.shiftKey)}
                    />
                  </td>
                )}
                {shown.map((column) => (
                  <td
                    key={column.id}
                    {...ROLE.cell}
                    data-l={column.title || column.acts ? '' : column.label}
                    className={classOf(column, column.emptyOnCard?.(row.original) ?? false)}
                  >
                    <span className="cell">{column.cell(row.original)}</span>
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Space height={after} />}
        </tbody>
      </table>
    </div>
  );
}

function classOf(
  { title, number, wraps, acts, share }: Pick<Column<never>, 'title' | 'number' | 'wraps' | 'acts' | 'share'>,
  emptyOnCard: boolean,
): string | undefined {
  const names = [title && 'title', number && 'num', wraps && 'wraps', acts && 'acts', share !== undefined && 'shares', emptyOnCard && 'x'];
  return names.filter(Boolean).join(' ') || undefined;
}

function widthOf({ width, share }: Pick<Column<never>, 'width' | 'share'>): { width: string } | undefined {
  const wanted = width ?? (share === undefined ? undefined : `${share}%`);
  return wanted === undefined ? undefined : { width: wanted };
}

/** Stands for the rows that are not drawn. */
function Space({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden="true" className="space">
      <td style={{ height }} />
    </tr>
  );
}

interface HeaderCellProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | null;
  readonly onSort?: (sorting: Sorting) => void;
}

function HeaderCell<Row>({ column, sorting, onSort }: HeaderCellProps<Row>) {
  const sorted = sorting?.column === column.id ? sorting : null;
  const Arrow = sorted?.descending === true ? SortDownIcon : SortUpIcon;
  return (
    <th
      scope="col"
      className={column.share !== undefined ? 'shares' : column.number ? 'num' : column.acts ? 'acts' : undefined}
      style={widthOf(column)}
      aria-sort={sorted === null ? undefined : sorted.descending ? 'descending' : 'ascending'}
    >
      {column.sortable && onSort !== undefined ? (
        <button
          type="button"
          className="sort"
          onClick={() => onSort({ column: column.id, descending: sorted !== null && !sorted.descending })}
        >
          {column.label}
          {sorted !== null && <Arrow small />}
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}
