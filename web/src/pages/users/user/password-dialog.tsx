import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem } from '../../../api/index.ts';
import { CopyIcon, DateText, Notice, PrintIcon, toast } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';

interface Slip {
  readonly kind: 'password' | 'link';
  readonly secret: string;
  readonly expires: string;
}

interface PasswordDialogProps {
  readonly user: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly onIssued: () => void;
}

/** A way in to hand over at the desk. What comes is shown once: it can be printed, and is kept nowhere. */
export function PasswordDialog({ user, name, onClose, onIssued }: PasswordDialogProps) {
  const { t } = useTranslation(['users', 'common']);
  const format = useFormat();
  const [slip, setSlip] = useState<Slip | null>(null);
  const [busy, setBusy] = useState<Slip['kind'] | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const issue = async (kind: Slip['kind']): Promise<void> => {
    setBusy(kind);
    setProblem(null);
    try {
      if (kind === 'password') {
        const made = await api('access.issue_password', { user });
        setSlip({ kind, secret: made.password, expires: made.expires_at });
      } else {
        const made = await api('access.issue_link', { user });
        setSlip({ kind, secret: made.url, expires: made.expires_at });
      }
      onIssued();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(null);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('password.title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <div className="stackv">
        {problem !== null && (
          <Notice tone="fail" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        {slip === null ? (
          <>
            <p>{t('password.text', { name })}</p>
            <div className="user-choices">
              <button type="button" className="user-choice" disabled={busy !== null} onClick={() => void issue('password')}>
                <b>{t('password.password')}</b>
                <span className="small muted">{t('password.password_text')}</span>
              </button>
              <button type="button" className="user-choice" disabled={busy !== null} onClick={() => void issue('link')}>
                <b>{t('password.link')}</b>
                <span className="small muted">{t('password.link_text')}</span>
              </button>
            </div>
          </>
        ) : (
          <>
            <section className="user-slip" aria-label={t('password.slip')}>
              <p>
                <bdi>{name}</bdi> · <span className="mono">{user}</span>
              </p>
              <p className="user-secret mono" data-testid="secret">
                {slip.secret}
              </p>
              <p className="small">
                {t(slip.kind === 'password' ? 'password.until' : 'password.link_until')} <DateText value={slip.expires} as="instant" />
              </p>
              <p className="small">{t(slip.kind === 'password' ? 'password.change' : 'password.once')}</p>
              <p className="small muted">{format.instant(new Date().toISOString())}</p>
            </section>
            <Notice tone="info" title={t('password.shown_once')} />
            <div className="row wrap">
              <Button variant="filled" leftSection={<PrintIcon />} onClick={() => print()}>
                {t('password.print')}
              </Button>
              {isSecureContext && (
                <Button
                  leftSection={<CopyIcon />}
                  onClick={() => void navigator.clipboard.writeText(slip.secret).then(() => toast(t('password.copied')))}
                >
                  {t('copy')}
                </Button>
              )}
            </div>
          </>
        )}
      </div>
    </Modal>
  );
}
