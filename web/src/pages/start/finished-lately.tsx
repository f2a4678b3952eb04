import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import {
  Answer,
  Card,
  DateText,
  EmptyState,
  JobIcon,
  NumberText,
  OutcomeBar,
  OutcomeLegend,
  RunStateBadge,
  TextLink,
  UndoIcon,
  ROLE,
} from '../../components/index.ts';

const LOOK_MS = 30_000;
const SHOWN = 6;
const ENDED = [
  'COMPLETED_SUCCESS',
  'COMPLETED_WARNING',
  'COMPLETED_FAILED',
  'COMPLETED_NO_BULKS',
  'FAILED',
  'USER_ABORTED',
  'SYSTEM_ABORTED',
  'SKIPPED',
] as const;

/** What ended lately, and what it came to; "nothing changed" and conflicts are said. */
export function FinishedLately() {
  const { t } = useTranslation('start');
  const runs = useApi('job.list', { states: [...ENDED], limit: SHOWN }, { refetchInterval: LOOK_MS });
  return (
    <Card
      flush
      title={t('finished.title')}
      right={
        <span className="hide-sm">
          <OutcomeLegend outcomes={['changed', 'unchanged', 'skipped', 'failed']} />
        </span>
      }
    >
      <Answer of={runs}>
        {({ jobs }) =>
          jobs.length === 0 ? (
            <EmptyState icon={JobIcon} title={t('finished.nothing')} text={t('finished.nothing_text')} />
          ) : (
            <div className="tw">
              <table className="t cards" {...ROLE.table} aria-label={t('finished.title')}>
                <thead>
                  <tr>
                    <th scope="col">{t('finished.job')}</th>
                    <th scope="col">{t('finished.outcome')}</th>
                    <th scope="col">{t('finished.users')}</th>
                    <th scope="col" className="num">
                      {t('finished.members')}
                    </th>
                    <th scope="col">{t('finished.by')}</th>
                  </tr>
                </thead>
                <tbody>
                  {jobs.map(
                    ({
                      id,
                      name,
                      state,
                      state_text: text,
                      counts,
                      created_by: by,
                      finished_at: at,
                      created_at: made,
                      undone_by: undone,
                    }) => (
                      <tr key={id} {...ROLE.row}>
                        <td className="title" {...ROLE.cell} data-l="">
                          <TextLink to="/jobs/$id" params={{ id: String(id) }} className="name">
                            {name}
                          </TextLink>
                        </td>
                        <td {...ROLE.cell} data-l={t('finished.outcome')}>
                          <div className="row wrap">
                            <RunStateBadge state={state} text={text} counts={counts} />
                            {undone.length > 0 && (
                              <span className="badge conflict">
                                <UndoIcon />
                                {t('finished.undone')}
                              </span>
                            )}
                          </div>
                        </td>
                        <td {...ROLE.cell} data-l={t('finished.users')} className="bar-cell">
                          <div>
                            <OutcomeBar size="sm" counts={counts} />
                          </div>
                        </td>
                        <td {...ROLE.cell} data-l={t('finished.members')} className="num">
                          <span>
                            <NumberText value={counts.members} />
                          </span>
                        </td>
                        <td {...ROLE.cell} data-l={t('finished.by')} className="muted">
                          <span className="nowrap">
                            <bdi>{by}</bdi> · <DateText value={at ?? made} as="lately" />
                          </span>
                        </td>
                      </tr>
                    ),
                  )}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </Card>
  );
}
