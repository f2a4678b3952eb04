import { Button, Modal, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { toast } from '../../components/index.ts';
import { Problem } from './problem.tsx';
import type { SetView } from './words.tsx';

/** The members of now as a list of its own. */
export function CopySet({ set, onClose }: { readonly set: SetView; readonly onClose: () => void }) {
  const { t } = useTranslation(['sets', 'common']);
  const go = useNavigate();
  const [name, setName] = useState(t('copy.name', { name: set.name }).slice(0, 120));
  const copy = useApiMutation('set.create', {
    invalidates: ['set.list'],
    onSuccess: (made) => {
      toast(t('made', { name: made.name, count: made.members }));
      onClose();
      void go({ to: '/sets/$id', params: { id: String(made.id) } });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    copy.mutate({ name: name.trim(), fromSet: set.id });
  };
  return (
    <Modal opened onClose={onClose} title={t('copy.title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form className="stackv" onSubmit={submit}>
        <p>{t('copy.text', { count: set.members ?? 0 })}</p>
        {copy.error !== null && <Problem problem={copy.error} />}
        <TextInput
          label={t('form.name')}
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <div className="row">
          <Button type="submit" variant="filled" loading={copy.isPending} disabled={name.trim() === ''}>
            {t('copy.make', { count: set.members ?? 0 })}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
