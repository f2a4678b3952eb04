import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, api } from '../../../api/index.ts';
import { Notice, toast } from '../../../components/index.ts';
import type { Chosen } from './chosen.ts';

interface MakeSetProps {
  readonly count: number;
  readonly chosen: () => Promise<Chosen>;
  readonly first: string;
  readonly onClose: () => void;
}

/** A set of those who are selected: of a filter it may stay alive, of ids it is a list. */
export function MakeSet({ count, chosen, first, onClose }: MakeSetProps) {
  const { t } = useTranslation(['users', 'common']);
  const go = useNavigate();
  const [name, setName] = useState(first);
  const [shared, setShared] = useState(false);
  const [frozen, setFrozen] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const who = await chosen();
      const made = await api('set.create', {
        name: name.trim(),
        private: !shared,
        ...('where' in who ? { where: who.where, itemize: frozen } : { ids: [...who.ids], idType: 'primary_id' }),
      });
      toast(t('set.made', { name: made.name, count: made.members }));
      await go({ to: '/sets/$id', params: { id: String(made.id) } });
    } catch (error) {
      setProblem(error instanceof RangeError ? null : asProblem(error));
      if (error instanceof RangeError) onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('set.title', { count })} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form className="stackv" onSubmit={(event) => void make(event)}>
        {problem !== null && (
          <Notice tone="fail" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        <TextInput
          label={t('set.name')}
          value={name}
          maxLength={200}
          required
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox
          label={t('set.frozen')}
          description={t('set.frozen_text')}
          checked={frozen}
          onChange={(event) => setFrozen(event.currentTarget.checked)}
        />
        <Checkbox label={t('set.shared')} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
        <div className="row wrap">
          <Button type="submit" variant="filled" loading={busy} disabled={name.trim() === ''}>
            {t('set.make', { count })}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
