import { useTranslation } from 'react-i18next';
import { MailIcon, RunStateBadge, TextLink, UndoIcon } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';
import { ledgerOf } from './letters-card.tsx';

/** What it came to, and how far its letters are. */
export function HeadBadges({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { sent, waiting } = ledgerOf(report);
  return (
    <>
      <RunStateBadge state={report.state} text={report.state_text} counts={report.counts} />
      {waiting > 0 && sent > 0 && (
        <span className="badge ok">
          <MailIcon />
          {t('head.letters', { share: format.share(sent, sent + waiting) })}
        </span>
      )}
      {report.undone_by.map((undo) => (
        <TextLink key={undo} to="/jobs/$id" params={{ id: String(undo) }} className="badge conflict">
          <UndoIcon />
          {t('head.undone_by', { id: undo })}
        </TextLink>
      ))}
      {report.undo_of !== null && (
        <TextLink to="/jobs/$id" params={{ id: String(report.undo_of) }} className="badge conflict">
          <UndoIcon />
          {t('head.undo_of', { id: report.undo_of })}
        </TextLink>
      )}
    </>
  );
}

/** "Run 1284 · started by Mira Holm today 14:02 · set Graduates" */
export function HeadSentence({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { id, created_by: by, created_by_name: name, created_at: at, set, set_id: setId } = report;
  return (
    <>
      {t('head.run', { id, kind: t(`kind.${report.kind}`) })} · {t('head.by')} <bdi title={by}>{name ?? by}</bdi> {format.lately(at)}
      {set !== null && (
        <>
          {' · '}
          {t('head.set')}{' '}
          {setId === null ? (
            set
          ) : (
            <TextLink to="/sets/$id" params={{ id: String(setId) }}>
              {set}
            </TextLink>
          )}
        </>
      )}
    </>
  );
}
