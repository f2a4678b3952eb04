import { Button, Checkbox, Modal, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invalidate, useApiMutation } from '../../api/index.ts';
import { toast } from '../../components/index.ts';
import { Problem } from './problem.tsx';
import type { SetView } from './words.tsx';

interface EditSetProps {
  readonly set: SetView;
  readonly tag: string | null;
  readonly onClose: () => void;
}

/** Name, what it is for, and who may see it. */
export function EditSet({ set, tag, onClose }: EditSetProps) {
  const { t } = useTranslation(['sets', 'common']);
  const client = useQueryClient();
  // What one began with: an answer that comes meanwhile does not make a newer state out of what is written here.
  const [seen] = useState(tag);
  const [name, setName] = useState(set.name);
  const [description, setDescription] = useState(set.description ?? '');
  const [shared, setShared] = useState(!set.private);
  const save = useApiMutation('set.update', { invalidates: ['set.list', 'set.show'] });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(
      { set: set.id, name: name.trim(), description: description.trim(), private: !shared, ...(seen === null ? {} : { match: seen }) },
      {
        onSuccess: () => {
          toast(t('edit.done', { name: name.trim() }));
          onClose();
        },
      },
    );
  };
  const taken = save.error?.code === 'sets.name_taken' ? save.error.message : undefined;
  return (
    <Modal opened onClose={onClose} title={t('edit.title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form className="stackv" onSubmit={submit}>
        {save.error !== null && taken === undefined && (
          <Problem problem={save.error} onReload={() => void invalidate(client, 'set.show', 'set.list').then(onClose)} />
        )}
        <TextInput
          label={t('form.name')}
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          {...(taken === undefined ? {} : { error: taken })}
        />
        <Textarea
          label={t('form.description')}
          autosize
          minRows={2}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Checkbox
          label={t('form.shared')}
          description={t('form.shared_text')}
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <div className="row">
          <Button type="submit" variant="filled" loading={save.isPending} disabled={name.trim() === ''}>
            {t('common:action.save')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
