import type { AlmaUser } from '../feeds/index.ts';
import { childTable, type HeldField, heldFieldSchema, SCALARS, type ScalarField } from '../users/index.ts';
import { printable, type Screen } from './screen.ts';
import { valueText } from './values.ts';

/** A whole record for a person: what is filled in, first the fields, then the lists row by row. */
export function showUserRecord(screen: Screen, user: AlmaUser): void {
  screen.heading(`${printable(String(user['primary_id']))}  ${printable(String(user['full_name'] ?? ''))}`);
  const { contact_info, held_fields, ...rest } = user;
  const entries = Object.entries({ ...rest, ...(isRecord(contact_info) ? contact_info : {}) });
  screen.pairs(
    entries.flatMap(([name, value]) => {
      const field = fieldOf(name);
      const text = Array.isArray(value) || field === undefined ? null : textOf(screen, value, field);
      return text === null ? [] : [[field?.label[screen.language] ?? name, text] as const];
    }),
  );
  for (const [name, rows] of entries) {
    if (!Array.isArray(rows) || rows.length === 0) continue;
    screen.line();
    screen.heading(childTable(name.replace(/^user_/, ''))?.label[screen.language] ?? name.replaceAll('_', ' '));
    for (const row of rows) screen.line(`  ${isRecord(row) ? rowText(screen, row) : printable(String(row))}`);
  }
  const held = heldFieldSchema.array().safeParse(held_fields);
  if (held.success && held.data.length > 0) showHeld(screen, held.data);
}

/** Fields that the library holds against the feed: what it says, and from when on. */
function showHeld(screen: Screen, held: readonly HeldField[]): void {
  const said = (value: string | null, label: string | undefined): string =>
    value === null ? screen.text('cli.users.held_empty', {}) : printable(label ?? value);
  screen.line();
  screen.heading(screen.text('history.held_fields', {}));
  screen.table(
    [
      { title: screen.text('cli.label.field', {}), max: 30 },
      { title: screen.text('cli.users.held_ours', {}), max: 36 },
      { title: screen.text('cli.users.held_feed', {}), max: 36 },
      { title: screen.text('cli.users.held_since', {}) },
    ],
    held.map(({ label, value, value_label, feed, since }) => [
      label,
      said(value, value_label),
      feed === null ? '?' : said(feed.value, feed.label),
      since === null ? '–' : screen.date(since),
    ]),
  );
}

function fieldOf(almaName: string): ScalarField | undefined {
  return (SCALARS as readonly ScalarField[]).find((field) => (field.alma ?? field.name) === almaName);
}

function rowText(screen: Screen, row: Readonly<Record<string, unknown>>): string {
  return (
    Object.entries(row)
      .filter(([name]) => name !== 'segment_type')
      .map(([name, value]) => [name, name === 'suppressed' && isRecord(value) ? mark(screen, value) : value] as const)
      // A flag is told by its name when it is set, and not at all when it is not.
      .map(([name, value]) => (typeof value === 'boolean' ? (value ? name.replaceAll('_', ' ') : null) : textOf(screen, value, undefined)))
      .filter((text) => text !== null)
      .join(' · ')
  );
}

/** An e-mail that nothing is sent to. */
function mark(screen: Screen, { since }: Readonly<Record<string, unknown>>): string {
  return screen.text('cli.suppressions.mark', { since: screen.date(String(since)) });
}

/** Alma writes a code as `{ value, desc }`, a date with a Z behind it, and lists of codes as lists. */
function textOf(screen: Screen, value: unknown, field: ScalarField | undefined): string | null {
  if (Array.isArray(value)) {
    const parts = value.map((part) => textOf(screen, part, undefined)).filter((part) => part !== null);
    return parts.length === 0 ? null : parts.join(', ');
  }
  if (isRecord(value)) {
    if (!('value' in value) || isRecord(value['value'])) return rowText(screen, value);
    const code = valueText(screen, undefined, value['value']);
    const label = valueText(screen, undefined, value['desc'] ?? null);
    return label === null || label === code ? code : `${label} ${screen.style('dim', `(${code})`)}`;
  }
  const date = typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?)Z?$/.exec(value)?.[1] : undefined;
  return date === undefined ? valueText(screen, field, value) : screen.date(date);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
