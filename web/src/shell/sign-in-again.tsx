import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressOf, type AppProblem, asProblem, currentSession, lookForSession, signInAgain } from '../api/index.ts';
import { ExternalIcon, Notice } from '../components/index.ts';

/** The session has ended while the page was open. It stays as it is, and goes on as soon as the same person has signed in. */
export function SignInAgain() {
  const { t } = useTranslation();
  const known = currentSession()?.user.primary_id ?? '';
  const [identifier, setIdentifier] = useState(known);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  useEffect(() => {
    // Somebody who signs in through their university does so in another tab, and comes back.
    const look = (): void => void lookForSession().catch(() => undefined);
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, []);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await signInAgain(identifier, password);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('session.over')}
    >
      <form className="stackv" onSubmit={(event) => void submit(event)}>
        <p className="t2">{t('session.over_text')}</p>
        {problem !== null && <Notice tone="fail" title={problem.message} live />}
        <TextInput
          label={t('session.identifier')}
          autoComplete="username"
          required
          withAsterisk={false}
          value={identifier}
          onChange={(event) => setIdentifier(event.currentTarget.value)}
          data-autofocus={known === '' ? true : undefined}
        />
        <PasswordInput
          label={t('session.password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus={known === '' ? undefined : true}
          visibilityToggleButtonProps={{ 'aria-label': t('session.show_password') }}
        />
        <div className="row wrap between">
          <Button type="submit" variant="filled" loading={busy}>
            {t('session.sign_in')}
          </Button>
          <a className="link" href={addressOf('/sign-in')} target="_blank" rel="noopener">
            {t('session.other_way')} <ExternalIcon small />
          </a>
        </div>
      </form>
    </Modal>
  );
}
