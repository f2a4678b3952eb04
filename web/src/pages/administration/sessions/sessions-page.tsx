import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import { Card, type Column, DataTable, DateText, NoMatch, SignOutIcon, TextLink, toast, usePages } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { Question } from '../parts/crud.tsx';
import { useAct } from '../parts/rows.ts';

type Session = Output<'session.list'>['sessions'][number];

export function SessionsPage() {
  const { t } = useTranslation('admin-access');
  const can = useCan();
  const act = useAct('session.list');
  const [typed, setTyped] = useState('');
  const [user, setUser] = useState('');
  const [ending, setEnding] = useState<Session | 'all' | null>(null);
  const rows = usePages('session.list', user === '' ? {} : { user }, {
    at: (input, next) => ({ ...input, before: Number(next) }),
    next: (page) => page.next,
    rows: (page) => page.sessions,
  });
  const columns: readonly Column<Session>[] = [
    {
      id: 'user',
      label: t('session_user'),
      title: true,
      cell: ({ user: id }) =>
        can('users:read') ? (
          <TextLink to="/users/$id" params={{ id }}>
            <bdi>{id}</bdi>
          </TextLink>
        ) : (
          <bdi>{id}</bdi>
        ),
    },
    {
      id: 'way',
      label: t('session_way'),
      cell: ({ method, provider }) => (provider === null ? t(`method_${method}`) : `${t(`method_${method}`)} · ${provider}`),
    },
    { id: 'from', label: t('session_from'), cell: ({ address, agent }) => <span title={agent ?? ''}>{address}</span> },
    { id: 'since', label: t('session_since'), cell: ({ created_at }) => <DateText value={created_at} as="lately" /> },
    { id: 'seen', label: t('session_seen'), cell: ({ last_seen_at }) => <DateText value={last_seen_at} as="lately" /> },
    { id: 'until', label: t('until'), cell: ({ expires_at }) => <DateText value={expires_at} as="instant" /> },
    {
      id: 'acts',
      label: t('acts'),
      acts: true,
      cell: (session) => (
        <Button
          size="xs"
          className="danger"
          leftSection={<SignOutIcon small />}
          aria-label={t('session_end_one', { user: session.user })}
          onClick={() => setEnding(session)}
        >
          {t('session_end')}
        </Button>
      ),
    },
  ];
  return (
    <AdminPage title={t('sessions_title')} sub={t('sessions_sub')}>
      <Card>
        <form
          className="row wrap adm-end"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            setUser(typed.trim());
          }}
        >
          <TextInput
            label={t('session_find')}
            placeholder={t('session_find_hint')}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit">{t('session_find_do')}</Button>
          {user !== '' && rows.rows.length > 0 && (
            <Button className="danger" onClick={() => setEnding('all')}>
              {t('session_end_all', { user })}
            </Button>
          )}
        </form>
      </Card>
      <Card flush title={t('sessions_open')}>
        <DataTable
          label={t('sessions_open')}
          columns={columns}
          rows={rows}
          rowId={({ id }) => String(id)}
          empty={
            <NoMatch
              onClear={() => {
                setTyped('');
                setUser('');
              }}
            />
          }
        />
      </Card>
      {ending !== null && (
        <Question
          title={t('session_question', { user: ending === 'all' ? user : ending.user })}
          label={t('session_end')}
          onYes={async () => {
            const { ended } = await act('session.end', ending === 'all' ? { user } : { id: ending.id });
            toast(t('session_ended', { count: ended }));
          }}
          onClose={() => setEnding(null)}
        >
          {t('session_text')}
        </Question>
      )}
    </AdminPage>
  );
}
