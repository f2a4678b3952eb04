import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, invalidate } from '../../api/index.ts';
import {
  ApproveIcon,
  Card,
  CheckIcon,
  ClockIcon,
  ErrorState,
  Guard,
  LoadingPage,
  MailIcon,
  Notice,
  OutcomeBar,
  OutcomeCounts,
  UndoIcon,
} from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { dropDraft } from './draft.ts';
import { type Preview, useJob } from './job.ts';
import { credentialsOf } from './letter-step.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { StepFoot } from './step-foot.tsx';
import { Say } from './words.tsx';

/** The last step: what happens in words with numbers, what can be taken back and what cannot, then the button. */
export function ConfirmStep() {
  const { t } = useTranslation('new-job');
  const { preview, problem, retry, counting, draft } = useJob();
  const [scheduling, setScheduling] = useState(false);
  if (problem !== null) return <ErrorState problem={problem} onRetry={retry} />;
  if (preview === undefined) return <LoadingPage />;
  return (
    <div className="nj-confirm">
      <Card
        title={t('confirm.title')}
        className="nj-confirm-card"
        foot={
          <>
            <span>{t('confirm.not_now')}</span>
            <Button size="xs" leftSection={<ClockIcon small />} onClick={() => setScheduling(true)}>
              {t('confirm.schedule')}
            </Button>
          </>
        }
      >
        <div className="stackv" aria-busy={counting}>
          <Words preview={preview} />
          <BackNotices preview={preview} />
          {preview.needs_approval && (
            <Notice tone="info" icon={ApproveIcon} title={t('tasks.approval')}>
              {t('tasks.approval_text')}
            </Notice>
          )}
          <RunButton key={preview.digest} preview={preview} disabled={counting} />
        </div>
      </Card>
      <StepFoot />
      <ScheduleDialog opened={scheduling} onClose={() => setScheduling(false)} title={draft.name === '' ? preview.set : draft.name} />
    </div>
  );
}

function Words({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  const { draft } = useJob();
  const letters = preview.letters.queued;
  const parts = {
    changes: <b>{t('confirm.change_users', { count: preview.changed, number: format.number(preview.changed) })}</b>,
    letters: <b>{t('confirm.send_letters', { count: letters, number: format.number(letters) })}</b>,
    set: (
      <b>
        <bdi>{draft.set?.name}</bdi>
      </b>
    ),
  };
  const text =
    preview.changes.length === 0 ? t('confirm.only_letters') : letters === 0 ? t('confirm.only_changes') : t('confirm.changes_and_letters');
  return (
    <>
      <p className="nj-words">
        <Say text={text} parts={parts} />
      </p>
      <OutcomeBar counts={preview} />
      <p className="row wrap small t2">
        <OutcomeCounts counts={preview} /> <span className="muted">{t('confirm.of', { count: preview.members })}</span>
      </p>
      <ul className="nj-checks">
        {preview.changes.map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: changes of a plan are named by their place
          <li key={index}>
            <CheckIcon small />
            <span>
              <b>{format.number(change.changed)}</b> {change.words}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What an undo brings back, and what it cannot. */
function BackNotices({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('new-job');
  const { draft } = useJob();
  const letters = preview.letters.queued;
  const resets = draft.changes.some(
    (change) =>
      change.change === 'password' ||
      (change.change === 'account_type' && change.input['set'] === 'INTERNAL' && change.input['credentials'] !== 'none'),
  );
  const lost = [
    ...(letters > 0 ? [t('confirm.letters_lost', { count: letters })] : []),
    ...(resets && credentialsOf(draft) === null ? [t('confirm.no_letter_tells')] : []),
  ];
  return (
    <div className="stackv tight">
      {preview.changes.length > 0 && (
        <Notice tone="info" icon={UndoIcon} title={t('confirm.can')}>
          {t('confirm.can_text', { count: preview.changes.length })} {resets && t('confirm.passwords_back')}
        </Notice>
      )}
      {lost.length > 0 && (
        <Notice tone="warn" icon={MailIcon} title={t('confirm.cannot')}>
          {lost.join(' ')}
        </Notice>
      )}
    </div>
  );
}

function RunButton({ preview, disabled }: { readonly preview: Preview; readonly disabled: boolean }) {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { draft, plan, retry, go } = useJob();
  const [stale, setStale] = useState(false);
  const { guard, changed, letters } = preview;
  const run = async (): Promise<void> => {
    try {
      const started = await api(
        'job.run',
        {
          set: draft.set?.id ?? 0,
          plan,
          digest: preview.digest,
          confirm: true,
          ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
        },
        // One press is one run, also when the answer is lost or the session ends meanwhile.
        { idempotencyKey: crypto.randomUUID() },
      );
      dropDraft(draft.id);
      void invalidate(client, 'job.list', 'job.waiting', 'library.figures');
      await navigate({ to: '/jobs/$id', params: { id: String(started.id) } });
    } catch (error) {
      setStale(true);
      throw error;
    }
  };
  const nothing = changed === 0 && letters.queued === 0;
  if (nothing) {
    return (
      <Notice
        tone="warn"
        title={t('tasks.nothing')}
        actions={
          <button type="button" onClick={() => go('changes')}>
            {t('preview.to_changes')}
          </button>
        }
      >
        {t('tasks.nothing_text')}
      </Notice>
    );
  }
  const label = preview.needs_approval
    ? t('confirm.ask_approval', { count: changed, number: format.number(changed) })
    : changed === 0
      ? t('confirm.send_button', { count: letters.queued, number: format.number(letters.queued) })
      : t('confirm.button', { count: changed, number: format.number(changed) });
  return (
    <fieldset disabled={disabled} className="nj-guard">
      <legend className="vh">{t('confirm.title')}</legend>
      <Guard
        count={guard.users}
        typed={guard.needed}
        label={label}
        ask={t('confirm.ask', { number: format.number(guard.users), all: format.number(guard.of) })}
        onConfirm={run}
      >
        {stale && (
          <Button
            onClick={() => {
              retry();
              go('preview');
            }}
          >
            {t('confirm.look_again')}
          </Button>
        )}
      </Guard>
    </fieldset>
  );
}
