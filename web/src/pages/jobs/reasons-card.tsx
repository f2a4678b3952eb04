import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { Card, NumberText, OutcomeIcon, toastProblem, ROLE } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { showPart, useJobAddress } from './job-address.ts';
import type { Report } from './job-page.tsx';
import { MakeSet } from './make-set.tsx';

/** Why users were skipped, failed or stayed as they are, and what can be done about it. */
export function ReasonsCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const can = useCan();
  const [, put] = useJobAddress();
  const { reasons, counts, kind } = report;
  if (reasons.length === 0) return null;
  const ended = report.finished_at !== null;
  return (
    <Card
      flush
      title={kind === 'undo' ? t('reasons.title_undo') : t('reasons.title')}
      foot={ended && kind === 'job' && counts.failed > 0 && can('jobs:run') && can('sets:write') ? <RunAgain report={report} /> : undefined}
    >
      <div className="tw table-top">
        <table className="t cards" {...ROLE.table} aria-label={t('reasons.title')}>
          <thead>
            <tr>
              <th scope="col">{t('reasons.reason')}</th>
              <th scope="col" className="num">
                {t('reasons.users')}
              </th>
              <th scope="col">{t('reasons.todo')}</th>
              <th scope="col">
                <span className="vh">{t('reasons.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(({ reason, text, users, outcome, advice }) => (
              <tr key={reason} {...ROLE.row}>
                <td className="title" {...ROLE.cell}>
                  <div className="row top reason">
                    {outcome !== null && <OutcomeIcon outcome={outcome} bare />}
                    <div>
                      <span className="strong">{text}</span>
                      <p className="small muted mono">{reason}</p>
                    </div>
                  </div>
                </td>
                <td className="num" {...ROLE.cell} data-l={t('reasons.users')}>
                  <span>
                    <NumberText value={users} />
                  </span>
                </td>
                <td className="t2" {...ROLE.cell} data-l={t('reasons.todo')}>
                  <span>{advice ?? t('reasons.look')}</span>
                </td>
                <td className="num nowrap" {...ROLE.cell} data-l="">
                  {outcome !== null && (
                    <span className="stat-links">
                      <button
                        type="button"
                        className="link-button small"
                        aria-label={t('reasons.show_users', { reason: text })}
                        onClick={() => {
                          put({ outcome, reason });
                          showPart('users');
                        }}
                      >
                        {t('outcome.show')}
                      </button>
                      {ended && can('sets:write') && (
                        <MakeSet report={report} outcome={outcome} count={users} reason={reason} what={text} />
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

/** The plan once more, for those who failed alone: they are made a set, and the plan is looked at again before anything happens. */
function RunAgain({ report: { id, name, counts } }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const { number } = useFormat();
  const navigate = useNavigate();
  const make = useApiMutation('set.from_run', {
    invalidates: ['set.list'],
    onSuccess: ({ id: set }) => void navigate({ to: '/jobs/new', search: { run: id, set } }),
  });
  const what = { count: counts.failed, number: number(counts.failed) };
  return (
    <>
      <span>{t('reasons.mended')}</span>
      <Button
        size="xs"
        variant="default"
        className="push"
        loading={make.isPending}
        onClick={() =>
          make.mutate(
            {
              run: id,
              outcome: 'failed',
              name: `${t('make_set.name_of', { name, what: t('outcome_word.failed') }).slice(0, 100)} ${new Date().toISOString().slice(0, 16)}`,
            },
            { onError: toastProblem },
          )
        }
      >
        {t('reasons.again', what)}
      </Button>
    </>
  );
}
