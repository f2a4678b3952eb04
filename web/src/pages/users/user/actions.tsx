import { Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, saveFile } from '../../../api/index.ts';
import { KeyIcon, MailIcon, MoreIcon, toast, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useFormat } from '../../../lib/format.ts';
import { EraseDialog } from './erase-dialog.tsx';

interface ActionsProps {
  readonly user: string;
  readonly name: string;
  /** Whether the library keeps the password: whoever signs in elsewhere has none here. */
  readonly hasPassword: boolean;
  readonly onPassword: () => void;
}

/** What can be done with the whole person. */
export function Actions({ user, name, hasPassword, onPassword }: ActionsProps) {
  const { t } = useTranslation('users');
  const can = useCan();
  const go = useNavigate();
  const format = useFormat();
  const [erasing, setErasing] = useState(false);
  const handOut = async (page: boolean): Promise<void> => {
    try {
      const given = await api('user.personal_data', { user, page });
      const [content, type, ending] = page
        ? [given.page ?? '', 'text/html', 'html']
        : [JSON.stringify(given.data, null, 2), 'application/json', 'json'];
      saveFile(new Blob([content], { type }), `${user.replace(/[^\w.-]+/g, '_')}.${ending}`);
      toast(t('personal.done'));
    } catch (error) {
      toastProblem(error);
    }
  };
  const takeToJob = async (): Promise<void> => {
    try {
      const set = await api('set.create', {
        name: t('set.one', { name, at: format.instant(new Date().toISOString()), id: crypto.randomUUID().slice(0, 4) }).slice(0, 200),
        private: true,
        ids: [user],
        idType: 'primary_id',
      });
      await go({ to: '/jobs/new', search: { set: set.id } });
    } catch (error) {
      toastProblem(error);
    }
  };
  const more = can('users:personal') || can('users:delete') || can('users:write');
  return (
    <>
      {can('jobs:run') && can('sets:write') && (
        <button type="button" className="btn" onClick={() => void takeToJob()}>
          <MailIcon />
          {t('selected.job')}
        </button>
      )}
      {hasPassword && can('access:sign-in') && (
        <button type="button" className="btn" onClick={onPassword}>
          <KeyIcon />
          {t('password.title')}
        </button>
      )}
      {more && (
        <Menu position="bottom-end">
          <Menu.Target>
            <button type="button" className="btn icon" aria-label={t('more')}>
              <MoreIcon />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {can('users:write') && (
              <Menu.Item onClick={() => void go({ to: '/users/$id/merge', params: { id: user }, search: {} })}>{t('merge.menu')}</Menu.Item>
            )}
            {can('users:personal') && (
              <>
                <Menu.Label>{t('personal.label')}</Menu.Label>
                <Menu.Item onClick={() => void handOut(true)}>{t('personal.page')}</Menu.Item>
                <Menu.Item onClick={() => void handOut(false)}>{t('personal.json')}</Menu.Item>
              </>
            )}
            {can('users:delete') && (
              <>
                <Menu.Divider />
                <Menu.Item color="red" onClick={() => setErasing(true)}>
                  {t('erase.menu')}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {erasing && <EraseDialog user={user} name={name} onClose={() => setErasing(false)} />}
    </>
  );
}
