import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { api, invalidate, useApi } from '../../api/index.ts';
import { GuardedConfirm, Notice, TextLink, toast } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import type { SetView } from './words.tsx';

interface DeleteSetProps {
  readonly set: SetView;
  readonly tag: string | null;
  readonly onClose: () => void;
}

/** The users stay. A schedule that works on the set has to go first: it is named, with the way to it. */
export function DeleteSet({ set, tag, onClose }: DeleteSetProps) {
  const { t } = useTranslation(['sets', 'common']);
  const go = useNavigate();
  const client = useQueryClient();
  const can = useCan();
  const { data } = useApi('schedule.list', {}, { enabled: can('jobs:read') });
  const using = data?.schedules.filter((schedule) => schedule.set_id === set.id && (schedule.enabled || schedule.cron !== null)) ?? [];
  if (using.length > 0) {
    return (
      <Modal opened onClose={onClose} title={t('delete.title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
        <Notice
          tone="warn"
          title={t('delete.used', { count: using.length })}
          actions={
            <TextLink to="/jobs" search={{ list: 'scheduled' }}>
              {t('delete.to_schedules')}
            </TextLink>
          }
        >
          {using.map(({ name }) => name).join(', ')}
        </Notice>
      </Modal>
    );
  }
  return (
    <GuardedConfirm
      opened
      onClose={onClose}
      title={t('delete.title')}
      count={set.members ?? 0}
      typed={false}
      danger
      label={t('delete.do')}
      onConfirm={async () => {
        await api('set.delete', { set: set.id, ...(tag === null ? {} : { match: tag }) });
        toast(t('delete.done', { name: set.name }));
        await go({ to: '/sets' });
        await invalidate(client, 'set.list');
      }}
    >
      <p>{t('delete.text', { name: set.name, count: set.members ?? 0 })}</p>
      <p className="muted">{t(set.kind === 'logical' ? 'delete.no_undo_logical' : 'delete.no_undo')}</p>
    </GuardedConfirm>
  );
}
