/** What only some letters show of a user, read for many messages at once, and only where it is needed. */
import sql from 'sql-template-tag';
import type { Queryable } from '../../core/index.ts';
import { CHILD_TABLES, type ChildTableName, scalar } from '../../users/index.ts';
import type { Both } from './both.ts';
import { CHANGE_FIELDS, type ChangeEntry, type Written } from './change-data.ts';
import type { LetterNeed } from './types.ts';

export interface LetterDetails {
  readonly contact?: ContactDetails;
  readonly identifiers?: readonly { readonly type: string; readonly label: Both; readonly value: string }[];
  readonly changes?: readonly ChangeEntry[];
  readonly loans?: readonly { readonly title: string | null; readonly barcode: string | null; readonly due_on: string | null }[];
}

interface ContactDetails {
  readonly email: string | null;
  readonly phone: string | null;
  /** Of the preferred address, else the oldest. */
  readonly lines: readonly string[];
  readonly postal_code: string | null;
  readonly city: string | null;
  readonly country: Both | null;
}

interface Asking {
  readonly user_id: number;
  /** Missing in previews: there is no run whose changes could be told. */
  readonly run_id?: number;
}

/** Loans that a letter can list. */
const MOST_LOANS = 50;

/**
 * The same messages with what their letters need. One statement for each need that any of them has; none
 * for letters that show the record alone.
 */
export async function withDetails<M extends Asking>(
  db: Queryable,
  messages: readonly M[],
  needsOf: (message: M) => ReadonlySet<LetterNeed> | undefined,
): Promise<(M & { readonly details?: LetterDetails })[]> {
  const asking = (need: LetterNeed): readonly M[] => messages.filter((message) => needsOf(message)?.has(need) === true);
  const contacts = await readContacts(db, asking('contact'));
  const identifiers = await readIdentifiers(db, asking('identifiers'));
  const loans = await readLoans(db, asking('circulation'));
  const changes = await readChanges(db, asking('changes'));
  return messages.map((message) => {
    const details: LetterDetails = {
      ...found('contact', contacts.get(message.user_id)),
      ...found('identifiers', identifiers.get(message.user_id)),
      ...found('loans', loans.get(message.user_id)),
      ...found('changes', changes.get(keyOf(message))),
    };
    return Object.keys(details).length === 0 ? message : { ...message, details };
  });
}

function found<K extends keyof LetterDetails>(name: K, value: LetterDetails[K] | undefined): Pick<LetterDetails, K> | object {
  return value === undefined ? {} : { [name]: value };
}

function keyOf(message: Asking): string {
  return `${message.run_id ?? ''} ${message.user_id}`;
}

function idsOf(messages: readonly Asking[]): number[] {
  return [...new Set(messages.map((message) => message.user_id))];
}

async function readContacts(db: Queryable, messages: readonly Asking[]): Promise<ReadonlyMap<number, ContactDetails>> {
  if (messages.length === 0) return new Map();
  const { rows } = await db.query<ContactDetails & { id: number }>(sql`
    select m.id, e.address as email, p.number as phone,
      array_remove(array[a.line1, a.line2, a.line3, a.line4, a.line5], null) as lines, a.postal_code, a.city,
      case when a.country is not null then
        jsonb_build_object('en', coalesce(c.label_en, a.country), 'de', coalesce(c.label_de, a.country)) end as country
    from unnest(${idsOf(messages)}::bigint[]) as m (id)
    left join lateral (
      select e.address from user_emails e where e.user_id = m.id order by coalesce(e.preferred, false) desc, e.id limit 1) e on true
    left join lateral (
      select p.number from user_phones p where p.user_id = m.id order by coalesce(p.preferred, false) desc, p.id limit 1) p on true
    left join lateral (
      select a.* from user_addresses a where a.user_id = m.id order by coalesce(a.preferred, false) desc, a.id limit 1) a on true
    left join codes c on c.table_name = 'CountryCodes' and c.code = a.country`);
  return new Map(rows.map(({ id, ...contact }) => [id, contact]));
}

async function readIdentifiers(db: Queryable, messages: readonly Asking[]): Promise<ReadonlyMap<number, LetterDetails['identifiers']>> {
  if (messages.length === 0) return new Map();
  const { rows } = await db.query<{ id: number; identifiers: NonNullable<LetterDetails['identifiers']> }>(sql`
    select i.user_id as id, jsonb_agg(jsonb_build_object('type', i.type, 'value', i.value,
      'label', jsonb_build_object('en', coalesce(c.label_en, i.type), 'de', coalesce(c.label_de, i.type))) order by i.id) as identifiers
    from user_identifiers i
    left join codes c on c.table_name = 'UserIdentifierTypes' and c.code = i.type
    where i.user_id = any(${idsOf(messages)}::bigint[]) and i.status = 'ACTIVE'
    group by i.user_id`);
  return new Map(rows.map((row) => [row.id, row.identifiers]));
}

async function readLoans(db: Queryable, messages: readonly Asking[]): Promise<ReadonlyMap<number, LetterDetails['loans']>> {
  if (messages.length === 0) return new Map();
  const { rows } = await db.query<{ id: number; loans: NonNullable<LetterDetails['loans']> }>(sql`
    select m.id, jsonb_agg(jsonb_build_object('title', l.title, 'barcode', l.barcode, 'due_on', l.due_on) order by l.due_on, l.id) as loans
    from unnest(${idsOf(messages)}::bigint[]) as m (id)
    cross join lateral (
      select l.id, l.title, l.barcode, l.due_on from circulation l
      where l.user_id = m.id and l.kind = 'loan' order by l.due_on, l.id limit ${MOST_LOANS}::integer) l
    group by m.id`);
  return new Map(rows.map((row) => [row.id, row.loans]));
}

interface JournalDiff {
  readonly run_id: number;
  readonly user_id: number;
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>> | null;
  readonly rows: readonly RowDiff[];
}
interface RowDiff {
  readonly table: ChildTableName;
  readonly op: 'add' | 'edit' | 'remove';
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Rows of the record that are a user's own data, with what a letter says of one. */
const TOLD_ROWS: Partial<Record<ChildTableName, (row: Readonly<Record<string, unknown>>) => string>> = {
  user_identifiers: (row) => textOf(row['value']),
  user_emails: (row) => textOf(row['address']),
  user_phones: (row) => textOf(row['number']),
  user_addresses: (row) =>
    [row['line1'], row['line2'], row['line3'], row['line4'], row['line5'], `${textOf(row['postal_code'])} ${textOf(row['city'])}`]
      .map(textOf)
      .filter((part) => part.trim() !== '')
      .join(', '),
};

async function readChanges(db: Queryable, messages: readonly Asking[]): Promise<ReadonlyMap<string, readonly ChangeEntry[]>> {
  // Two letters of one run to one user tell of the same changes.
  const ours = [...new Map(messages.filter((message) => message.run_id !== undefined).map((each) => [keyOf(each), each])).values()];
  if (ours.length === 0) return new Map();
  // The journal is partitioned by month: the day of the run says where to look.
  const { rows } = await db.query<JournalDiff>(sql`
    select j.run_id, j.user_id, j.diff -> 'fields' as fields,
      coalesce((select jsonb_agg(journal_row(e.entry, r.row_templates) order by e.no)
        from jsonb_array_elements(j.diff -> 'rows') with ordinality as e (entry, no)), '[]') as rows
    from unnest(${ours.map((message) => message.run_id)}::bigint[], ${ours.map((message) => message.user_id)}::bigint[]) as m (run_id, user_id)
    join runs r on r.id = m.run_id
    join journal j on j.user_id = m.user_id and j.run_id = m.run_id
      and j.at >= (select min(s.created_at) from runs s where s.id = any(${[...new Set(ours.map((message) => message.run_id))]}::bigint[]))
    order by j.run_id, j.user_id, j.at`);
  const labels = await readLabels(db, rows);
  const changes = new Map<string, ChangeEntry[]>();
  for (const row of rows) {
    const key = keyOf(row);
    changes.set(key, [...(changes.get(key) ?? []), ...fieldChanges(row, labels), ...rowChanges(row)]);
  }
  return changes;
}

type Labels = ReadonlyMap<string, Both>;

async function readLabels(db: Queryable, diffs: readonly JournalDiff[]): Promise<Labels> {
  const tables = new Set<string>();
  for (const diff of diffs) for (const name of Object.keys(diff.fields ?? {})) tables.add(scalar(name)?.codeTable ?? '');
  tables.delete('');
  if (tables.size === 0) return new Map();
  const { rows } = await db.query<Both & { key: string }>(sql`
    select c.table_name || ' ' || c.code as key, c.label_en as en, c.label_de as de from codes c where c.table_name = any(${[...tables]}::text[])`);
  return new Map(rows.map(({ key, en, de }) => [key, { en, de }]));
}

function fieldChanges(diff: JournalDiff, labels: Labels): ChangeEntry[] {
  return CHANGE_FIELDS.flatMap((name) => {
    const pair = diff.fields?.[name];
    const field = scalar(name);
    if (pair === undefined || field === undefined) return [];
    const written = (value: unknown): Written => {
      if (value === null || value === undefined) return null;
      if (field.type === 'date') return { date: String(value) };
      if (field.codeTable !== undefined) return labels.get(`${field.codeTable} ${String(value)}`) ?? String(value);
      return String(value);
    };
    return [{ field: name, label: field.label, old: written(pair[0]), new: written(pair[1]) }];
  });
}

function rowChanges(diff: JournalDiff): ChangeEntry[] {
  return diff.rows.flatMap((row) => {
    const tell = TOLD_ROWS[row.table];
    const table = CHILD_TABLES.find((candidate) => candidate.table === row.table);
    if (tell === undefined || table === undefined) return [];
    const before = row.before === undefined ? null : tell(row.before);
    const after = row.after === undefined ? null : tell(row.after);
    // A new mark or note on a row is nothing to write about.
    return before === after ? [] : [{ field: table.name, label: table.label, old: before, new: after }];
  });
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
