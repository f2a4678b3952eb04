import { Button, Modal, Textarea } from '@mantine/core';
import { type ClipboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { Notice } from '../../components/index.ts';

interface HtmlImportProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** `whole`: instead of what is there. */
  readonly onBody: (body: string, whole: boolean) => void;
}

/** A letter that a library has already, pasted from a word processor or a mail, as clean Markdown. */
export function HtmlImport({ opened, onClose, onBody }: HtmlImportProps) {
  const { t } = useTranslation(['letters', 'common']);
  const [html, setHtml] = useState('');
  const convert = useApiMutation('letter.import_html');
  const take = (whole: boolean): void =>
    convert.mutate(
      { html },
      {
        onSuccess: ({ body }) => {
          onBody(body, whole);
          setHtml('');
          onClose();
        },
      },
    );
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const rich = event.clipboardData.getData('text/html');
    if (rich === '') return;
    event.preventDefault();
    setHtml(rich);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={640}
      title={t('import.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <div className="stackv">
        <Textarea
          data-autofocus
          label={t('import.html')}
          description={t('import.hint')}
          autosize
          minRows={8}
          maxRows={16}
          value={html}
          onChange={(event) => setHtml(event.currentTarget.value)}
          onPaste={onPaste}
        />
        {convert.error !== null && (
          <Notice tone="fail" title={convert.error.message} live>
            <span className="mono small">{convert.error.code}</span>
          </Notice>
        )}
        <div className="row wrap">
          <Button variant="filled" disabled={html.trim() === ''} loading={convert.isPending} onClick={() => take(true)}>
            {t('import.replace')}
          </Button>
          <Button disabled={html.trim() === ''} onClick={() => take(false)}>
            {t('import.insert')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
