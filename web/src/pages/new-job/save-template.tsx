import { Button, Checkbox, Modal, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { Notice, toast } from '../../components/index.ts';
import { useJob } from './job.ts';

/** The plan under a name, for the next time; without the set. */
export function SaveTemplate({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation(['new-job', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('template.save')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <SaveForm onClose={onClose} />
    </Modal>
  );
}

function SaveForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['new-job', 'common']);
  const { draft, plan } = useJob();
  const [name, setName] = useState(draft.name);
  const [description, setDescription] = useState('');
  const [shared, setShared] = useState(false);
  const [locked, setLocked] = useState(false);
  const save = useApiMutation('template.save', {
    invalidates: ['template.list', 'template.show'],
    onSuccess: (template) => {
      toast(t('template.saved', { name: template.name }));
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { values: _values, ...kept } = plan;
    save.mutate({
      name: name.trim(),
      plan: kept,
      private: !shared,
      locked,
      ...(description.trim() === '' ? {} : { description: description.trim() }),
    });
  };
  return (
    <form className="stackv" onSubmit={submit}>
      <TextInput
        label={t('template.name')}
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label={t('template.description')}
        autosize
        minRows={2}
        maxLength={2000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Checkbox label={t('template.shared')} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
      {shared && <Checkbox label={t('template.locked')} checked={locked} onChange={(event) => setLocked(event.currentTarget.checked)} />}
      <p className="small muted">{t('template.text')}</p>
      {save.error !== null && (
        <Notice tone="fail" title={save.error.message} live>
          <span className="mono small">{save.error.code}</span>
        </Notice>
      )}
      <div className="row">
        <Button type="submit" variant="filled" disabled={name.trim() === ''} loading={save.isPending}>
          {t('template.save_button')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
      </div>
    </form>
  );
}
