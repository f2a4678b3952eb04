import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Input, type Output, useApi, useApiMutation } from '../../api/index.ts';
import { Answer, Guard, MailIcon, Notice, OutcomeBar, TextLink, toast, UserName } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';
import { MOVES } from './moves.ts';

type Choice = Input<'job.preview_undo'>;

interface UndoPreviewProps {
  readonly report: Report;
  readonly choice: Choice;
  readonly preview: Output<'job.preview_undo'>;
  /** Letters that would be cancelled; null where that depends on the change. */
  readonly queued: number | null;
}

/** What the undo would bring back and what it would leave alone, and the last step. */
export function UndoPreview({ report, choice, preview, queued }: UndoPreviewProps) {
  const { t } = useTranslation('jobs');
  const { number } = useFormat();
  const navigate = useNavigate();
  const undo = useApiMutation('job.undo', { invalidates: MOVES });
  const [shown, setShown] = useState(false);
  const { members, changed, unchanged, skipped, conflict, sent_letters: sent, guard } = preview;
  return (
    <div className="stackv undo-preview" role="status">
      <div>
        <OutcomeBar size="lg" counts={{ changed, unchanged, skipped, conflict }} words={{ changed: t('undo.word') }} />
        <span className="legend undo-legend">
          <span>
            <i className="sw c" aria-hidden="true" />
            {t('undo.brought_back', { count: changed, number: number(changed) })}
          </span>
          {unchanged > 0 && (
            <span>
              <i className="sw u" aria-hidden="true" />
              {t('undo.as_before', { count: unchanged, number: number(unchanged) })}
            </span>
          )}
          {skipped > 0 && (
            <span>
              <i className="sw s" aria-hidden="true" />
              {t('undo.skipped', { count: skipped, number: number(skipped) })}
            </span>
          )}
          {conflict > 0 && (
            <span>
              <i className="sw x" aria-hidden="true" />
              {t('undo.conflicts', { count: conflict, number: number(conflict) })}
            </span>
          )}
        </span>
      </div>
      {conflict > 0 && (
        <Notice
          tone="conf"
          title={t('undo.edited', { count: conflict, number: number(conflict) })}
          actions={
            <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
              {shown ? t('undo.hide') : t('undo.compare', { count: conflict, number: number(conflict) })}
            </button>
          }
        >
          {t('undo.edited_text')}
          {shown && <Conflicts choice={choice} total={conflict} />}
        </Notice>
      )}
      {(sent > 0 || (queued ?? 0) > 0) && (
        <Notice
          tone="warn"
          icon={MailIcon}
          title={
            sent > 0
              ? t('undo.letters_out', { count: sent, number: number(sent) })
              : t('undo.letters_queued', { count: queued ?? 0, number: number(queued ?? 0) })
          }
        >
          {[
            ...(sent > 0 ? [t('undo.letters_text')] : []),
            ...(sent > 0 && queued !== null && queued > 0 ? [t('undo.letters_cancel', { count: queued, number: number(queued) })] : []),
            ...(sent === 0 ? [t('undo.letters_cancelled')] : []),
          ].join(' ')}
        </Notice>
      )}
      {changed === 0 && conflict === 0 ? (
        <Notice tone="info" title={t('undo.nothing_left')} />
      ) : (
        <Guard
          count={members}
          typed={guard.needed}
          {...(guard.needed ? { ask: t('undo.ask', { number: number(members) }) } : {})}
          danger
          label={t('undo.go', { count: members, number: number(members) })}
          onConfirm={async () => {
            const started = await undo.mutateAsync({ ...choice, confirm: true });
            toast(t('undo.started', { name: report.name }));
            await navigate({ to: '/jobs/$id', params: { id: String(started.id) } });
          }}
        />
      )}
      <p className="small muted">{t('undo.again')}</p>
    </div>
  );
}

const SHOWN_CONFLICTS = 20;

/** Whose values stay, with the way to look at them. */
function Conflicts({ choice, total }: { readonly choice: Choice; readonly total: number }) {
  const { t } = useTranslation('jobs');
  const { number } = useFormat();
  const found = useApi('job.preview_undo', { ...choice, page: { limit: SHOWN_CONFLICTS, outcome: 'conflict' } });
  return (
    <Answer of={found}>
      {({ users }) => (
        <ul className="undo-conflicts">
          {users.map((user) => (
            <li key={user.id}>
              <TextLink to="/users/$id" params={{ id: user.primary_id }}>
                <UserName last={user.name} id={user.primary_id} />
              </TextLink>{' '}
              <span className="small muted mono">{user.primary_id}</span>
            </li>
          ))}
          {total > users.length && (
            <li className="muted">{t('undo.more', { count: total - users.length, number: number(total - users.length) })}</li>
          )}
        </ul>
      )}
    </Answer>
  );
}
