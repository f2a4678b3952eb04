import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/index.ts';
import { BeforeAfter, type FormValue } from '../../components/index.ts';
import { isRecord } from './draft.ts';
import { useFields, ValueText } from './words.tsx';

export type PreviewedUser = Output<'job.preview_users'>['users'][number];

export interface Difference {
  readonly key: string;
  /** Field, or kind of row: the kind of change that is called so. */
  readonly of: string;
  readonly label: string;
  readonly before: ReactNode;
  readonly after: ReactNode;
}

/** Fields that change beside what was asked for, and that nobody reads a job for. */
const QUIET = ['status_date', 'force_password_change', 'held_fields'];
/** What a row is called by, the first that it has. */
const NAMING = ['description', 'text', 'category', 'address', 'number', 'value', 'line1', 'code', 'type'];

/** What differs for a user, field by field, then row by row. */
export function useDifferences(): (user: Pick<PreviewedUser, 'fields' | 'rows'>) => readonly Difference[] {
  const { t } = useTranslation('new-job');
  const fields = useFields();
  const childOf = (table: string): string =>
    fields.catalogue?.children.find(({ name }) => table.startsWith(`user_${name.slice(0, -1)}`))?.name ?? table;
  const nameOf = (child: string, row: FormValue): ReactNode => {
    const name = NAMING.find((each) => row[each] !== undefined && row[each] !== null && row[each] !== '');
    return name === undefined ? null : <ValueText value={row[name]} field={fields.field(name, child)} />;
  };
  return ({ fields: changed, rows }) => {
    const scalars = Object.entries(changed)
      .filter(([name]) => !QUIET.includes(name) || Object.keys(changed).length === 1)
      .map(([column, [before, after]]) => {
        const name = column === 'held_fields' ? 'held' : column;
        return {
          key: name,
          of: name,
          label: fields.label(name),
          before: before === null ? null : <ValueText value={before} field={fields.field(name)} />,
          after: after === null ? null : <ValueText value={after} field={fields.field(name)} />,
        };
      });
    const children = rows.flatMap((entry, index): Difference[] => {
      const child = childOf(String(entry['table'] ?? ''));
      const before = isRecord(entry['before']) ? entry['before'] : {};
      const after = isRecord(entry['after']) ? entry['after'] : {};
      const key = `${child}-${index}`;
      const label = fields.childLabel(child);
      if (entry['op'] === 'add') return [{ key, of: child, label, before: null, after: nameOf(child, after) }];
      if (entry['op'] === 'remove') return [{ key, of: child, label, before: nameOf(child, before), after: t('diff.removed') }];
      const differing = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
      return differing.map((name) => ({
        key: `${key}-${name}`,
        of: child,
        label: `${label}: ${name === 'segment' ? t('segment.label') : fields.label(name, child)}`,
        before: <ValueText value={before[name]} field={fields.field(name, child)} />,
        after: <ValueText value={after[name]} field={fields.field(name, child)} />,
      }));
    });
    return [...scalars, ...children];
  };
}

/** Some of them, in one cell; the others as a number. */
export function DifferenceLines({ items, most = 4 }: { readonly items: readonly Difference[]; readonly most?: number }) {
  const { t } = useTranslation('new-job');
  const hidden = items.length - most;
  return (
    <ul className="nj-diffs">
      {items.slice(0, hidden === 1 ? most + 1 : most).map(({ key, label, before, after }) => (
        <li key={key}>
          <span className="muted small">{label}</span> <BeforeAfter before={before} after={after} wrap />
        </li>
      ))}
      {hidden > 1 && <li className="muted small">{t('diff.more', { count: hidden })}</li>}
    </ul>
  );
}
