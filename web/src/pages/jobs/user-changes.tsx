import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, BeforeAfter, EmptyState, TextLink } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';

type Entry = Output<'users.history'>['entries'][number];
type RowEntry = Entry['rows'][number];

interface UserChangesProps {
  readonly run: number;
  readonly user: { readonly primary_id: string | null; readonly name: string | null } | null;
  readonly onClose: () => void;
}

/** Before and after of one user, as the run's journal has it. */
export function UserChanges({ run, user, onClose }: UserChangesProps) {
  const { t } = useTranslation(['jobs', 'common']);
  const id = user?.primary_id ?? null;
  return (
    <Modal
      opened={user !== null}
      onClose={onClose}
      size="lg"
      title={t('compare.title', { name: user?.name ?? id ?? '' })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {id !== null && <Journal run={run} user={id} />}
    </Modal>
  );
}

function Journal({ run, user }: { readonly run: number; readonly user: string }) {
  const { t } = useTranslation('jobs');
  const history = useApi('users.history', { user, run });
  return (
    <Answer of={history}>
      {({ entries }) =>
        entries.length === 0 ? (
          <EmptyState title={t('compare.nothing')} text={t('compare.nothing_text')} />
        ) : (
          <div className="stackv">
            <dl className="dl compare">
              {entries.flatMap((entry) => [
                ...entry.fields.map((field) => (
                  <Pair key={`${entry.at} ${field.field}`} label={field.label}>
                    <BeforeAfter
                      wrap
                      before={<Value value={field.before} label={field.before_label} />}
                      after={<Value value={field.after} label={field.after_label} />}
                    />
                  </Pair>
                )),
                ...entry.rows.map((row, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an entry of the journal never changes
                  <Pair key={`${entry.at} row ${place}`} label={row.label}>
                    <RowChange row={row} />
                  </Pair>
                )),
              ])}
            </dl>
            <p className="small">
              <TextLink to="/users/$id" params={{ id: user }}>
                {t('compare.whole')}
              </TextLink>
            </p>
          </div>
        )
      }
    </Answer>
  );
}

function Pair({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A value of the journal as people read it. */
export function Value({ value, label }: { readonly value: unknown; readonly label?: string | undefined }) {
  const { t } = useTranslation(['jobs', 'common']);
  const format = useFormat();
  if (label !== undefined) return label;
  if (value === null || value === undefined || value === '') return <span className="muted">{t('common:value.empty')}</span>;
  if (typeof value === 'boolean') return value ? t('compare.yes') : t('compare.no');
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return format.date(value);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return format.instant(value);
  if (Array.isArray(value)) return value.map(String).join(', ');
  return <bdi>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>;
}

function RowChange({ row: { op, before, after } }: { readonly row: RowEntry }) {
  if (op === 'add') return <BeforeAfter wrap before={null} after={<Summary of={after} />} />;
  if (op === 'remove')
    return (
      <span className="diff">
        <del>
          <Summary of={before} />
        </del>
      </span>
    );
  const names = [...new Set([...Object.keys(before?.values ?? {}), ...Object.keys(after?.values ?? {})])];
  const moved = names.filter((name) => JSON.stringify(before?.values[name]) !== JSON.stringify(after?.values[name]));
  return <BeforeAfter wrap before={<Summary of={before} only={moved} />} after={<Summary of={after} only={moved} />} />;
}

/** Columns that say nothing to anybody. */
const QUIET = new Set(['segment', 'created_at', 'created_by', 'modified_at', 'modified_by']);

function Summary({ of, only }: { readonly of: RowEntry['after']; readonly only?: readonly string[] }) {
  const { t } = useTranslation();
  const shown = Object.entries(of?.values ?? {}).filter(([name]) =>
    only === undefined ? !QUIET.has(name) : only.includes(name) && !QUIET.has(name),
  );
  if (shown.length === 0) return <span className="muted">{t('value.empty')}</span>;
  return shown.map(([name, value], index) => (
    <span key={name}>
      {index > 0 && ' · '}
      <Value value={value} label={of?.labels[name]} />
    </span>
  ));
}
