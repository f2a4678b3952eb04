import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Card } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';

/** What people have done about the run; looking at it is in the audit as well, but says nothing here. */
const DONE = ['job.run', 'job.pause', 'job.resume', 'job.abort', 'job.approve', 'job.reject', 'job.undo', 'job.report'] as const;

/** Entries that are looked through: most are looks at the run. */
const LOOKED_THROUGH = 300;

interface Happened {
  readonly at: string;
  readonly text: string;
}

/** As it happened: what the run did, and what people did about it, newest first. */
export function TrailCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const can = useCan();
  const audit = useApi(
    'audit.search',
    { entity: 'run', id: String(report.id), outcome: 'done', limit: LOOKED_THROUGH },
    { enabled: can('audit:read') },
  );
  const { chunks, sent, finished_at: finished, created_at: created, progress } = report;
  const did = (audit.data?.entries ?? []).flatMap(({ at, actor, operation }): Happened[] => {
    const known = DONE.find((each) => each === operation);
    return known === undefined ? [] : [{ at, text: t(`trail.${known.replace('.', '_') as 'job_run'}`, { who: actor }) }]; // each of DONE has its text
  });
  const events: readonly (Happened | null)[] = [
    ...did,
    { at: created, text: t('trail.frozen', { count: progress.total, number: format.number(progress.total) }) },
    chunks.first_at === null ? null : { at: chunks.first_at, text: t('trail.first_chunk') },
    chunks.last_at === null || chunks.done < 2
      ? null
      : { at: chunks.last_at, text: t('trail.last_chunk', { count: chunks.done, number: format.number(chunks.done) }) },
    sent.first_at === null ? null : { at: sent.first_at, text: t('trail.first_letter') },
    sent.last_at === null || sent.last_at === sent.first_at ? null : { at: sent.last_at, text: t('trail.last_letter') },
    finished === null ? null : { at: finished, text: report.state_text },
  ];
  const shown = events.filter((event) => event !== null).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <Card title={t('trail.title')}>
      <ul className="stackv tight small trail">
        {shown.map(({ at, text }) => (
          <li key={`${at} ${text}`}>
            <time dateTime={at} title={format.instant(at)}>
              {format.time(at, true)}
            </time>
            {text}
          </li>
        ))}
      </ul>
    </Card>
  );
}
