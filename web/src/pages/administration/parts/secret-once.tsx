import { Button, CopyButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CheckIcon, CopyIcon, KeyIcon, Notice } from '../../../components/index.ts';

interface SecretOnceProps {
  readonly title: string;
  readonly secret: string;
  readonly onDone: () => void;
}

/** A secret that is kept nowhere: it stays until somebody says that they have it. */
export function SecretOnce({ title, secret, onDone }: SecretOnceProps) {
  const { t } = useTranslation('administration');
  return (
    <Notice tone="warn" icon={KeyIcon} title={title} live>
      {t('secret_once')}
      <div className="adm-secret">
        <code className="mono">{secret}</code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button leftSection={copied ? <CheckIcon /> : <CopyIcon />} onClick={copy}>
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t('have_it')}</Button>
      </div>
    </Notice>
  );
}
