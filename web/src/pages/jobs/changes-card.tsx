import { useTranslation } from 'react-i18next';
import { Card, NumberText, OutcomeBar, ROLE } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { showPart, useJobAddress } from './job-address.ts';
import type { Report } from './job-page.tsx';

const PARTS = ['changed', 'unchanged', 'skipped', 'failed'] as const;

/** What each change of the plan came to, with the way back beside it. */
export function ChangesCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const can = useCan();
  const [, put] = useJobAddress();
  const { changes } = report;
  if (changes.length === 0) return null;
  const undoable = report.undoable && can('jobs:run') && changes.length > 1;
  return (
    <Card flush title={t('changes.title')}>
      <div className="tw table-top">
        <table className="t cards" {...ROLE.table} aria-label={t('changes.title')}>
          <thead>
            <tr>
              <th scope="col" className="change-words">
                {t('changes.change')}
              </th>
              <th scope="col">{t('changes.users')}</th>
              {PARTS.map((part) => (
                <th key={part} scope="col" className="num">
                  {t(`changes.${part}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {changes.map((change, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the changes of a run never move
              <tr key={index} {...ROLE.row}>
                <td className="title" {...ROLE.cell}>
                  <span className="job-change">
                    <span className="strong">{change.words}</span>
                    {undoable && change.changed > 0 && (
                      <button
                        type="button"
                        className="link-button small"
                        aria-label={t('changes.undo', { change: change.words })}
                        onClick={() => {
                          put({ undo: index + 1 });
                          showPart('undo');
                        }}
                      >
                        {t('undo.title')}
                      </button>
                    )}
                  </span>
                </td>
                <td className="bar-cell" {...ROLE.cell} data-l={t('changes.users')}>
                  <div>
                    <OutcomeBar size="sm" counts={change} />
                  </div>
                </td>
                {PARTS.map((part) => (
                  <td key={part} {...ROLE.cell} data-l={t(`changes.${part}`)} className={change[part] === 0 ? 'num muted x' : 'num'}>
                    <span>
                      <NumberText value={change[part]} />
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
