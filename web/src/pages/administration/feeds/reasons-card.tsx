import { useTranslation } from 'react-i18next';
import { Card, NumberText, ROLE, TextLink } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { MakeSet } from '../../jobs/make-set.tsx';
import type { Counts } from './load-report.tsx';

/** Reasons that can only be found for a user who is there: these are to be had as a set. */
const OF_USERS: ReadonlySet<string> = new Set(['feeds.user_not_external', 'feeds.user_of_other_feed']);

const WORDS = { 'feeds.user_not_external': 'reason_not_external', 'feeds.user_of_other_feed': 'reason_other_feed' } as const;

interface ReasonsCardProps {
  readonly counts: Counts;
  readonly run: { readonly id: number; readonly name: string } | null;
  readonly done: boolean;
}

/** Why records were left out, the most frequent reason first. */
export function ReasonsCard({ counts: { reasons }, run, done }: ReasonsCardProps) {
  const { t } = useTranslation('admin-feeds');
  const can = useCan();
  const sorted = Object.entries(reasons).toSorted(([, a], [, b]) => b - a);
  if (sorted.length === 0) return null;
  const words = (code: string): string =>
    code in WORDS ? t(WORDS[code as keyof typeof WORDS]) : t(run === null ? 'reason_other' : 'reason_other_run'); // one of its keys
  return (
    <Card flush title={t(done ? 'reasons_title' : 'reasons_would')}>
      <div className="tw">
        <table className="t cards" {...ROLE.table} aria-label={t(done ? 'reasons_title' : 'reasons_would')}>
          <thead>
            <tr>
              <th scope="col">{t('reason')}</th>
              <th scope="col" className="num">
                {t('records')}
              </th>
              <th scope="col">
                <span className="vh">{t('show')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(([code, records]) => (
              <tr key={code} {...ROLE.row}>
                <td className="title" {...ROLE.cell}>
                  <div>
                    {words(code)}
                    <span className="feed-under mono small muted">{code}</span>
                  </div>
                </td>
                <td className="num" {...ROLE.cell} data-l={t('records')}>
                  <NumberText value={records} />
                </td>
                <td className="num nowrap" {...ROLE.cell} data-l="">
                  {run !== null && (
                    <span className="feed-links">
                      <TextLink
                        to="/administration/feed-rejections/$run"
                        params={{ run: String(run.id) }}
                        search={{ reason: code }}
                        className="link-button small"
                        aria-label={t('reason_show', { reason: words(code) })}
                      >
                        {t('show')}
                      </TextLink>
                      {OF_USERS.has(code) && can('sets:write') && (
                        <MakeSet report={run} outcome="failed" count={records} reason={code} what={words(code)} />
                      )}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
