import { useTranslation } from 'react-i18next';
import type { Output } from '../../../../api/index.ts';
import { Card } from '../../../../components/index.ts';

type Preview = Output<'user.preview_merge'>;
type Row = Preview['rows'][number];

/** What of a row only the machine needs to know. */
const HIDDEN = [
  'created_by',
  'created_at',
  'segment',
  'parameters',
  'preferred',
  'preferred_sms',
  'user_viewable',
  'popup',
  'scope',
  'status',
];

function wordsOf({ values, labels }: Row['state']): string {
  return Object.entries(values)
    .filter(([name, value]) => !HIDDEN.includes(name) && typeof value !== 'boolean' && value !== '')
    .map(([name, value]) =>
      labels[name] !== undefined && labels[name] !== '' ? labels[name] : Array.isArray(value) ? value.join(', ') : String(value),
    )
    .filter((word) => word !== '')
    .join(' · ');
}

/** Rows of both records, kind by kind, each with what becomes of it. */
export function MergedRows({ rows, former }: { readonly rows: readonly Row[]; readonly former: string }) {
  const { t } = useTranslation('merge');
  const kinds = [...Map.groupBy(rows, (row) => row.label)];
  return (
    <Card title={t('rows')} count={rows.length}>
      <div className="stackv">
        <p className="t2">{t('rows_text')}</p>
        {kinds.map(([label, own]) => (
          <section key={label} aria-label={label}>
            <h3>{label}</h3>
            <ul className="merge-rows">
              {own.map((row, index) => (
                <li key={`${row.of} ${String(index)}`}>
                  <bdi>{wordsOf(row.after ?? row.state)}</bdi>
                  <span className={row.outcome === 'added' || row.outcome === 'joined' ? 'badge ok' : 'badge plain'}>
                    {t(`row.${row.outcome}`)}
                  </span>
                  {row.of === 'give_up' && <span className="muted small mono">{former}</span>}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  );
}
