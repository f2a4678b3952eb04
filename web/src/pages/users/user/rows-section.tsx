/** Rows of the record of one kind: shown, added, changed, taken away, as far as their changes can. */
import { Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeCatalogue } from '../../../api/index.ts';
import { type Icon, MoreIcon, PlusIcon, SegmentBadge, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { addToRecord, isAddedByRecord } from './add-contact.ts';
import { EditForm, type Values } from './edit-form.tsx';
import { type CatalogueField, type Change, givenFields, matchOf, type RecordRow, textOf, type UserRecord } from './record.ts';
import type { Edit } from './use-edit.ts';

export interface KindOfRow {
  /** As changes and filters name it. */
  readonly kind: string;
  readonly label: string;
  readonly fields: readonly CatalogueField[];
}

/** What can be done with rows of a kind. */
export interface RowVerbs {
  readonly add: boolean;
  readonly edit: boolean;
  readonly remove: boolean;
  /** Deactivate and activate. */
  readonly status: boolean;
  readonly prefer: boolean;
}

const NOTHING: RowVerbs = { add: false, edit: false, remove: false, status: false, prefer: false };

/** What the kind's change takes, to those who may change users. */
export function useRowVerbs(kind: string): RowVerbs {
  const can = useCan();
  const found = useChangeCatalogue().data?.changes.find((each) => each.change === kind);
  if (!can('users:write') || found === undefined) return NOTHING;
  const properties = Object.keys((found.input as { readonly properties?: object }).properties ?? {}); // a JSON schema
  const has = (verb: string): boolean => properties.includes(verb);
  return {
    add: has('add') || has('opt_in') || isAddedByRecord(kind),
    edit: has('edit'),
    remove: has('remove') || has('clear'),
    status: has('deactivate'),
    prefer: has('prefer'),
  };
}

/** What each kind needs to be a row at all; an addition has to tell it. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  identifier: ['type', 'value'],
  email: ['address', 'types'],
  phone: ['number', 'types'],
  address: ['types'],
  note: ['type', 'text'],
  block: ['description'],
  role: ['type'],
  statistic: ['category'],
  rs_library: ['code'],
  letter_preference: ['code'],
};

export interface RowActs {
  readonly verbs: RowVerbs;
  act(change: Change): void;
  openEdit(row: RecordRow): void;
}

export function rowChange(kind: string, verb: string, row: RecordRow, fields: readonly CatalogueField[]): Change {
  if (kind === 'letter_preference') return { change: kind, [verb === 'remove' ? 'clear' : verb]: row.values['code'] };
  return { change: kind, [verb]: matchOf(row, fields) };
}

interface RowFormProps {
  readonly kind: KindOfRow;
  readonly record: UserRecord;
  readonly edit: Edit;
  /** Null: a new one. */
  readonly row: RecordRow | null;
  readonly onClose: () => void;
}

export function RowForm({ kind, record, edit, row, onClose }: RowFormProps) {
  const { t } = useTranslation('users');
  // An identifier is another one with another value.
  const fixed = row !== null && kind.kind === 'identifier' ? ['value'] : [];
  const fields = givenFields(kind.fields);
  const first: Values = row === null ? { ...(kind.kind === 'letter_preference' ? { value: true } : {}) } : row.values;
  const save = (values: Values): Promise<boolean> => {
    if (row !== null) {
      const set = Object.fromEntries(
        fields.flatMap(({ name, type }): [string, unknown][] => {
          const before = row.values[name] ?? null;
          const raw = values[name];
          const after = raw === undefined || raw === '' ? null : raw;
          const same =
            type === 'instant'
              ? textOf(before).slice(0, 10) === textOf(after).slice(0, 10)
              : JSON.stringify(before) === JSON.stringify(after);
          return same || fixed.includes(name) ? [] : [[name, after]];
        }),
      );
      if (Object.keys(set).length === 0) return Promise.resolve(true);
      return edit.change([{ change: kind.kind, edit: { match: matchOf(row, kind.fields), set } }]);
    }
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== '' && value !== null));
    if (kind.kind === 'letter_preference')
      return edit.change([{ change: kind.kind, [given['value'] === true ? 'opt_in' : 'opt_out']: given['code'] }]);
    if (isAddedByRecord(kind.kind)) return edit.write((tag) => addToRecord(record, tag, kind.kind, given));
    return edit.change([{ change: kind.kind, add: given }]);
  };
  return (
    <EditForm
      title={row === null ? t('edit.add', { what: kind.label }) : t('edit.of', { what: kind.label })}
      fields={fields}
      first={first}
      required={REQUIRED[kind.kind] ?? []}
      fixed={fixed}
      onSave={save}
      onClose={onClose}
    />
  );
}

interface RowLineProps {
  readonly kind: KindOfRow;
  readonly row: RecordRow;
  readonly icon: Icon;
  readonly iconColour?: string;
  readonly edit: Edit;
  readonly onEdit: () => void;
  /** What the row is called, for those who listen. */
  readonly name: string;
  readonly children: ReactNode;
  readonly more?: ReactNode;
}

/** One row, with a menu of what can be done with it. */
export function RowLine({ kind, row, icon: Drawn, iconColour, edit, onEdit, name, children, more }: RowLineProps) {
  const { t } = useTranslation(['users', 'common']);
  const verbs = useRowVerbs(kind.kind);
  const act = (change: Change): void => void edit.change([change]).catch(toastProblem);
  const inactive = row.values['status'] === 'INACTIVE';
  const any = verbs.edit || verbs.remove || verbs.status || verbs.prefer;
  return (
    <li className="user-row">
      <Drawn style={{ color: iconColour ?? 'var(--text-3)' }} />
      <div className="grow user-row-text">{children}</div>
      {more}
      {row.segment !== null && <SegmentBadge segment={row.segment} />}
      {any && (
        <Menu position="bottom-end">
          <Menu.Target>
            <button type="button" className="btn sub icon sm" aria-label={t('row.more', { name })}>
              <MoreIcon />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {verbs.edit && <Menu.Item onClick={onEdit}>{t('common:action.edit')}</Menu.Item>}
            {verbs.prefer && row.values['preferred'] !== true && (
              <Menu.Item onClick={() => act({ change: kind.kind, prefer: matchOf(row, kind.fields) })}>{t('row.prefer')}</Menu.Item>
            )}
            {verbs.status && (
              <Menu.Item onClick={() => act(rowChange(kind.kind, inactive ? 'activate' : 'deactivate', row, kind.fields))}>
                {t(inactive ? 'row.activate' : 'row.deactivate')}
              </Menu.Item>
            )}
            {verbs.remove && (
              <Menu.Item color="red" onClick={() => act(rowChange(kind.kind, 'remove', row, kind.fields))}>
                {t('row.remove')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

/** Adds one of these kinds: a button, or a menu where there are several. */
export function AddRow({ kinds, onAdd }: { readonly kinds: readonly KindOfRow[]; readonly onAdd: (kind: KindOfRow) => void }) {
  const { t } = useTranslation(['users', 'common']);
  const [first] = kinds;
  if (first === undefined) return null;
  const face = (
    <>
      <PlusIcon small />
      {t('common:action.add')}
    </>
  );
  if (kinds.length === 1) {
    return (
      <button type="button" className="btn sub sm" onClick={() => onAdd(first)} aria-label={t('edit.add', { what: first.label })}>
        {face}
      </button>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="btn sub sm" aria-label={t('edit.add', { what: kinds.map(({ label }) => label).join(', ') })}>
          {face}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map((kind) => (
          <Menu.Item key={kind.kind} onClick={() => onAdd(kind)}>
            {kind.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The form that is open in a section. */
export function useRowForm(): {
  readonly form: { readonly kind: KindOfRow; readonly row: RecordRow | null } | null;
  open(kind: KindOfRow, row: RecordRow | null): void;
  close(): void;
} {
  const [form, setForm] = useState<{ readonly kind: KindOfRow; readonly row: RecordRow | null } | null>(null);
  return { form, open: (kind, row) => setForm({ kind, row }), close: () => setForm(null) };
}
