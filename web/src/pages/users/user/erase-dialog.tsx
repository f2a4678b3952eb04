import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem } from '../../../api/index.ts';
import { Notice, toast } from '../../../components/index.ts';

interface EraseDialogProps {
  readonly user: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Erases a person for good: typed, with what forbids it, and with what is left over afterwards. */
export function EraseDialog({ user, name, onClose }: EraseDialogProps) {
  const { t } = useTranslation(['users', 'common']);
  const go = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [force, setForce] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const fits = typed.trim().toLowerCase() === user.toLowerCase();
  const open = problem?.code === 'privacy.open_circulation';
  const erase = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!fits) return;
    setBusy(true);
    try {
      const done = await api('user.erase', { user, confirm: typed, force, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
      toast(t('erase.done', { erasure: done.erasure, count: done.journal }));
      await go({ to: '/users', replace: true });
      client.removeQueries({ queryKey: ['users.record'] });
      await client.invalidateQueries({ queryKey: ['users.list'] });
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('erase.title', { name })} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form className="stackv" onSubmit={(event) => void erase(event)}>
        <Notice tone="fail" title={t('erase.for_good')}>
          {t('erase.text')}
        </Notice>
        {problem !== null && (
          <Notice tone="warn" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        {(open || force) && (
          <Checkbox label={t('erase.force')} checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />
        )}
        <TextInput
          label={t('erase.reason')}
          description={t('erase.reason_text')}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label={t('erase.type', { user })}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <div className="row wrap">
          <Button type="submit" className="danger" disabled={!fits} loading={busy}>
            {t('erase.button', { user })}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
