import { useTranslation } from 'react-i18next';
import { Card, DateText, TextLink } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';

/** Where it came from: set, plan, who, when. */
export function DetailsCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { set, set_id: setId, approval, chunks, sent, started_at: started, words, plan } = report;
  const span = (from: string | null, to: string | null): string =>
    from === null
      ? ''
      : to === null || to === from
        ? format.time(from, true)
        : t('details.from_to', { from: format.time(from, true), to: format.time(to, true) });
  const notify = notifyOf(plan);
  return (
    <Card title={t('details.title')}>
      <dl className="dl details">
        {set !== null && (
          <>
            <dt>{t('details.set')}</dt>
            <dd>
              {setId === null ? (
                set
              ) : (
                <TextLink to="/sets/$id" params={{ id: String(setId) }}>
                  {set}
                </TextLink>
              )}
            </dd>
          </>
        )}
        {(words.length > 0 || notify !== null) && (
          <>
            <dt>{t('details.plan')}</dt>
            <dd>
              <ol className="plan-words">
                {words.map((each) => (
                  <li key={each}>{each}</li>
                ))}
                {notify !== null && <li>{t('details.letter', { letter: notify })}</li>}
              </ol>
            </dd>
          </>
        )}
        <dt>{t('details.by')}</dt>
        <dd>
          <bdi>{report.created_by_name ?? report.created_by}</bdi>
          {report.created_by_name !== null && <span className="muted small"> {report.created_by}</span>}
        </dd>
        <dt>{t('details.made')}</dt>
        <dd>
          <DateText value={report.created_at} as="instant" />
        </dd>
        {approval !== null && (
          <>
            <dt>{t('details.approval')}</dt>
            <dd>
              {approval.decision === null || approval.decided_at === null
                ? t('details.asked', { when: format.lately(approval.asked_at) })
                : t(`details.${approval.decision}`, { who: approval.decided_by ?? '', when: format.lately(approval.decided_at) })}
              {approval.reason !== null && <span className="block t2">{approval.reason}</span>}
            </dd>
          </>
        )}
        {started !== null && (
          <>
            <dt>{t('details.changes')}</dt>
            <dd>{span(started, chunks.last_at)}</dd>
          </>
        )}
        {sent.first_at !== null && (
          <>
            <dt>{t('details.letters')}</dt>
            <dd>{span(sent.first_at, sent.last_at)}</dd>
          </>
        )}
        {report.undo_changes !== null && (
          <>
            <dt>{t('details.undoes')}</dt>
            <dd>{t('details.undo_changes', { count: report.undo_changes.length, changes: report.undo_changes.join(', ') })}</dd>
          </>
        )}
        {report.kind === 'job' && (
          <>
            <dt>{t('details.strict')}</dt>
            <dd>{isStrict(plan) ? t('details.strict_yes') : t('details.strict_no')}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}

function notifyOf(plan: unknown): string | null {
  if (typeof plan !== 'object' || plan === null || !('notify' in plan)) return null;
  const { notify } = plan;
  return typeof notify === 'object' && notify !== null && 'type' in notify && typeof notify.type === 'string' ? notify.type : null;
}

function isStrict(plan: unknown): boolean {
  return typeof plan === 'object' && plan !== null && 'strict' in plan && plan.strict === true;
}
