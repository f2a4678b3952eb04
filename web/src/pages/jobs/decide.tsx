import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { GuardedConfirm, Notice, toast } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { MOVES } from './moves.ts';

interface DecideProps {
  readonly id: number;
  readonly name: string;
  readonly members: number;
  readonly waitsFor: 'approval' | 'confirmation';
  /** The person here may give the approval: somebody else has asked for it. */
  readonly approvable: boolean;
  readonly small?: boolean;
}

/** What a run that waits for a person wants of them: to be approved or rejected, or to be started after all. */
export function Decide({ id, name, members, waitsFor, approvable, small = false }: DecideProps) {
  const { t } = useTranslation(['jobs', 'common']);
  const { number } = useFormat();
  const can = useCan();
  const [asked, setAsked] = useState<'go' | 'reject' | 'abort' | null>(null);
  const approve = useApiMutation('job.approve', { invalidates: MOVES });
  const resume = useApiMutation('job.resume', { invalidates: MOVES });
  const abort = useApiMutation('job.abort', { invalidates: MOVES });
  const forApproval = waitsFor === 'approval';
  const size = small ? 'xs' : 'sm';
  const close = (): void => setAsked(null);
  const count = { count: members, number: number(members) };
  if (forApproval ? !approvable && !can('jobs:run') : !can('jobs:run')) return null;
  return (
    <div className="row wrap">
      {forApproval && !approvable && <span className="small muted">{t('decide.second_person')}</span>}
      {(!forApproval || approvable) && (
        <Button size={size} onClick={() => setAsked('go')}>
          {forApproval ? t('decide.approve') : t('decide.start')}
        </Button>
      )}
      {forApproval && approvable && (
        <Button size={size} variant="default" onClick={() => setAsked('reject')}>
          {t('decide.reject')}
        </Button>
      )}
      {!approvable && can('jobs:run') && (
        <Button size={size} variant="default" onClick={() => setAsked('abort')}>
          {t('decide.withdraw')}
        </Button>
      )}
      <GuardedConfirm
        opened={asked === 'go'}
        onClose={close}
        title={forApproval ? t('decide.approve_title', { name }) : t('decide.start_title', { name })}
        count={members}
        typed={!forApproval}
        label={forApproval ? t('decide.approve_users', count) : t('decide.start_users', count)}
        onConfirm={async () => {
          if (forApproval) await approve.mutateAsync({ id });
          else await resume.mutateAsync({ id, confirm: true });
          toast(forApproval ? t('decide.approved', { name }) : t('decide.started', { name }));
        }}
      >
        <p className="t2">{forApproval ? t('decide.approve_text') : t('decide.start_text')}</p>
      </GuardedConfirm>
      <GuardedConfirm
        opened={asked === 'abort'}
        onClose={close}
        title={t('decide.withdraw_title', { name })}
        count={members}
        typed={false}
        danger
        label={t('decide.withdraw_job')}
        onConfirm={() => abort.mutateAsync({ id })}
      >
        <p className="t2">{t('decide.withdraw_text')}</p>
      </GuardedConfirm>
      <Reject id={id} name={name} opened={asked === 'reject'} onClose={close} />
    </div>
  );
}

interface RejectProps {
  readonly id: number;
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function Reject({ id, name, opened, onClose }: RejectProps) {
  const { t } = useTranslation(['jobs', 'common']);
  const [reason, setReason] = useState('');
  const reject = useApiMutation('job.reject', { invalidates: MOVES, onSuccess: onClose });
  const said = reason.trim() !== '';
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('decide.reject_title', { name })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        className="stackv"
        onSubmit={(event) => {
          event.preventDefault();
          if (said) reject.mutate({ id, reason });
        }}
      >
        <Textarea
          label={t('decide.reason')}
          description={t('decide.reason_hint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          minRows={3}
          autosize
          data-autofocus
        />
        {reject.error !== null && <Notice tone="fail" title={reject.error.message} live />}
        <div className="row">
          <Button type="submit" variant="default" className="danger" disabled={!said} loading={reject.isPending}>
            {t('decide.reject_job')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
