import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiMutation } from '../../api/index.ts';
import { Notice, type Outcome } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';

interface MakeSetProps {
  readonly report: Pick<Report, 'id' | 'name'>;
  /** Created: of a load or an import, whom it made. */
  readonly outcome: Outcome | 'created';
  readonly count: number;
  /** Only those who are so for this reason. */
  readonly reason?: string;
  /** What they have in common, for the name of the set. */
  readonly what?: string;
}

/** Makes a set of the users to whom the run did one thing. */
export function MakeSet({ report, outcome, count, reason, what }: MakeSetProps) {
  const { t } = useTranslation(['jobs', 'common']);
  const { number } = useFormat();
  const navigate = useNavigate();
  const word = what ?? t(`outcome_word.${outcome}`);
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const make = useApiMutation('set.from_run', {
    invalidates: ['set.list'],
    onSuccess: ({ id }) => void navigate({ to: '/sets/$id', params: { id: String(id) } }),
  });
  const open = (): void => {
    setName(t('make_set.name_of', { name: report.name, what: word }).slice(0, MOST));
    make.reset();
    setOpened(true);
  };
  return (
    <>
      <button
        type="button"
        className="link-button small"
        aria-label={t('make_set.of', { count, number: number(count), what: word })}
        onClick={open}
      >
        {t('make_set.link')}
      </button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('make_set.title', { count, number: number(count) })}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <form
          className="stackv"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ run: report.id, outcome, name, private: !shared, ...(reason === undefined ? {} : { reason }) });
          }}
        >
          <p className="t2">{t('make_set.text', { what: word })}</p>
          <TextInput
            label={t('make_set.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={MOST}
            data-autofocus
          />
          <Checkbox label={t('make_set.shared')} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
          {make.error !== null && <Notice tone="fail" title={make.error.message} live />}
          <div className="row">
            <Button type="submit" disabled={name.trim() === ''} loading={make.isPending}>
              {t('make_set.make', { count, number: number(count) })}
            </Button>
            <Button variant="subtle" onClick={() => setOpened(false)}>
              {t('common:action.cancel')}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}

/** Characters in the name of a set. */
const MOST = 120;
