import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BookmarkIcon, DateText, EditIcon, Page, UploadIcon } from '../../components/index.ts';
import { ChangesStep } from './changes-step.tsx';
import { ConfirmStep } from './confirm-step.tsx';
import { useJob } from './job.ts';
import { LetterStep } from './letter-step.tsx';
import { LoadDialog } from './load-dialog.tsx';
import { PreviewStep } from './preview-step.tsx';
import { SaveTemplate } from './save-template.tsx';
import { SetStep } from './set-step.tsx';
import { Stepper } from './stepper.tsx';

const VIEWS = { set: SetStep, changes: ChangesStep, letter: LetterStep, preview: PreviewStep, confirm: ConfirmStep } as const;

/** The frame of all steps: the job's name, what is kept, the way through. */
export function JobPage({ kept }: { readonly kept: boolean }) {
  const { t } = useTranslation(['new-job', 'common']);
  const { draft, ready, step } = useJob();
  const [dialog, setDialog] = useState<'save' | 'load' | null>(null);
  const [renaming, setRenaming] = useState(false);
  const body = useRef<HTMLElement>(null);
  const at = useRef(step);
  useEffect(() => {
    if (at.current === step) return;
    at.current = step;
    // The step that one has gone to is read from its top.
    body.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [step]);
  const name = draft.name.trim() === '' ? t('title') : draft.name;
  const View = VIEWS[step];
  return (
    <Page
      title={name}
      crumbs={[{ label: t('common:nav.jobs'), to: '/jobs' }]}
      beside={
        <button type="button" className="btn sub sm icon" aria-label={t('rename')} onClick={() => setRenaming(!renaming)}>
          <EditIcon small />
        </button>
      }
      sub={
        <>
          {t('sub')} ·{' '}
          {!kept ? (
            <span className="fail-text">{t('not_kept')}</span>
          ) : draft.saved === null ? (
            t('not_begun')
          ) : (
            <>
              {t('saved')} <DateText value={draft.saved} as="time" />
            </>
          )}{' '}
          · {t('yours')}
        </>
      }
      actions={
        <>
          <Button leftSection={<BookmarkIcon />} disabled={!ready} onClick={() => setDialog('save')}>
            {t('template.save')}
          </Button>
          <Button leftSection={<UploadIcon />} onClick={() => setDialog('load')}>
            {t('load.button')}
          </Button>
        </>
      }
    >
      {renaming && <Rename onDone={() => setRenaming(false)} />}
      <Stepper />
      <section ref={body} tabIndex={-1} className="nj-body" aria-label={t(`step.${step}`)}>
        <View />
      </section>
      <SaveTemplate opened={dialog === 'save'} onClose={() => setDialog(null)} />
      <LoadDialog opened={dialog === 'load'} onClose={() => setDialog(null)} />
    </Page>
  );
}

function Rename({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('new-job');
  const { draft, update } = useJob();
  return (
    <form
      className="nj-rename"
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
      }}
    >
      <TextInput
        autoFocus
        label={t('name')}
        maxLength={200}
        value={draft.name}
        onChange={(event) => {
          const { value } = event.currentTarget;
          update((before) => ({ ...before, name: value }));
        }}
      />
      <Button type="submit">{t('card.done')}</Button>
    </form>
  );
}
