import { CHILD_TABLES, childTable, type Field, SCALARS, scalar } from '../users/index.ts';
import { printable, type Screen } from './screen.ts';

/** A value as the journal has it, for a person: dates by language, yes and no, lists with commas. */
export function valueText(screen: Screen, field: Pick<Field, 'type'> | undefined, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return screen.text(value ? 'cli.yes' : 'cli.no', {});
  if (typeof value === 'string' && (field?.type === 'date' || field?.type === 'instant')) return screen.date(value);
  if (Array.isArray(value) && value.every((part) => typeof part === 'string'))
    return value.length === 0 ? null : printable(value.join(', '));
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Field → [before, after]. */
export type FieldChanges = Readonly<Record<string, readonly [unknown, unknown]>>;

/** Each with `table`, and `before` and `after` as far as there are any. */
export type RowChanges = readonly Readonly<Record<string, unknown>>[];

/** Columns that say nothing to a person: numbers of hashes and of users. */
const INTERNAL = new Set(['credential_id', 'pin_id', 'merged_into']);

const ORDER: readonly string[] = SCALARS.map((field) => field.name);

/** What a change did or would do to one user, a line each: before → after, rows that come, go, or change. */
export function differenceLines(
  screen: Screen,
  fields: FieldChanges,
  rows: RowChanges,
): readonly (readonly [label: string, text: string])[] {
  const scalars = Object.entries(fields)
    .filter(([name]) => !INTERNAL.has(name))
    .toSorted(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([name, [before, after]]) => {
      const field = scalar(name);
      if (name === 'held_fields')
        return [screen.text('history.held_fields', {}), screen.change(...heldText(screen, [before, after]))] as const;
      const label = field?.label[screen.language] ?? name;
      return [label, screen.change(valueText(screen, field, before), valueText(screen, field, after))] as const;
    });
  const inOrder = rows.toSorted((a, b) => placeOf(a) - placeOf(b));
  const moved = inOrder.filter(movesOnly);
  const others = inOrder.filter((row) => !movesOnly(row)).map((row) => rowLine(screen, row));
  return [...scalars, ...others, ...segmentLines(screen, moved)];
}

/** Lists of fields by what they are called. */
function heldText(screen: Screen, [before, after]: readonly [unknown, unknown]): [string | null, string | null] {
  const named = (list: unknown): string | null =>
    valueText(
      screen,
      undefined,
      Array.isArray(list) ? list.map((name) => scalar(String(name))?.label[screen.language] ?? String(name)) : list,
    );
  return [named(before), named(after)];
}

/** Tables in the order of the record, and in each the oldest row first. */
function placeOf(row: Readonly<Record<string, unknown>>): number {
  const table = CHILD_TABLES.findIndex((each) => each.table === row['table']);
  return table * 1e12 + Number(row['id'] ?? 1e11);
}

/** Only the segment differs: rows that went over to the library, or to the feed, with their user. */
function movesOnly(row: Readonly<Record<string, unknown>>): boolean {
  const before = asRecord(row['before']);
  const after = asRecord(row['after']);
  if (before === undefined || after === undefined || before['segment'] === after['segment']) return false;
  return Object.keys(after).every((name) => name === 'segment' || JSON.stringify(before[name]) === JSON.stringify(after[name]));
}

/** One line for all of them: which, how many, from where to where. */
function segmentLines(screen: Screen, rows: readonly Readonly<Record<string, unknown>>[]): readonly (readonly [string, string])[] {
  const byMove = Map.groupBy(rows, (row) => {
    const [from, to] = [asRecord(row['before'])?.['segment'], asRecord(row['after'])?.['segment']];
    return screen.change(String(from ?? ''), String(to ?? ''));
  });
  return [...byMove].map(([move, moved]) => {
    const byTable = Map.groupBy(moved, (row) => childTable(String(row['table']))?.label[screen.language] ?? String(row['table']));
    const names = [...byTable].map(([label, some]) => (some.length === 1 ? label : `${some.length} × ${label}`));
    return [SEGMENT.label[screen.language], `${move}: ${names.join(', ')}`] as const;
  });
}

function rowLine(screen: Screen, row: Readonly<Record<string, unknown>>): readonly [string, string] {
  const table = childTable(String(row['table']));
  const label = table?.label[screen.language] ?? String(row['table']);
  const before = asRecord(row['before']);
  const after = asRecord(row['after']);
  const fields = table?.fields ?? [];
  if (before !== undefined && after !== undefined) {
    const moved = [...fields, SEGMENT].filter(
      (field) => field.name in after && JSON.stringify(before[field.name]) !== JSON.stringify(after[field.name]),
    );
    const parts = moved.map((field) => {
      const change = screen.change(valueText(screen, field, before[field.name]), valueText(screen, field, after[field.name]));
      return `${field.label[screen.language]} ${change}`;
    });
    return [label, `${screen.style('yellow', '~')} ${identityOf(screen, table, before)}: ${parts.join('; ')}`];
  }
  if (after !== undefined) return [label, screen.style('green', `+ ${contentOf(screen, fields, after)}`)];
  return [label, `${screen.style('red', '−')} ${screen.style('dim', contentOf(screen, fields, before ?? {}))}`];
}

const SEGMENT: Field = { name: 'segment', type: 'text', label: { en: 'Segment', de: 'Segment' } };

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** Says which row it is: the columns that make two rows the same. */
function identityOf(screen: Screen, table: ReturnType<typeof childTable>, row: Readonly<Record<string, unknown>>): string {
  const fields = (table?.fields ?? []).filter((field) => table?.identity.includes(field.name) === true);
  return contentOf(screen, fields, row);
}

/** Who made a row and when is not what it says. */
const PROVENANCE = new Set(['created_at', 'created_by']);

function contentOf(screen: Screen, fields: readonly Field[], row: Readonly<Record<string, unknown>>): string {
  return fields
    .filter((field) => !PROVENANCE.has(field.name) && row[field.name] !== false)
    .map((field) => valueText(screen, field, row[field.name]))
    .filter((text) => text !== null && text !== '[]')
    .join(' · ');
}
