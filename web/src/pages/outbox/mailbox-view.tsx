import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  DateText,
  EmptyState,
  MailIcon,
  NoMatch,
  None,
  Notice,
  SearchIcon,
  usePages,
} from '../../components/index.ts';
import { useOutboxSearch } from './use-outbox-search.ts';

type Mail = Output<'outbox.mailbox'>['mails'][number];

/** Mails that were kept instead of sent, since no mail server is configured. */
export function MailboxView() {
  const { t } = useTranslation('outbox');
  const [search, go] = useOutboxSearch();
  const [text, setText] = useState(search.search ?? '');
  const [user] = useDebouncedValue(text.trim(), 250);
  const rows = usePages(
    'outbox.mailbox',
    { limit: 100, ...(user === '' ? {} : { user }) },
    { at: (input, after) => ({ ...input, after: Number(after) }), next: ({ next }) => next, rows: ({ mails }) => mails },
  );
  const columns: readonly Column<Mail>[] = [
    {
      id: 'subject',
      label: t('column.subject'),
      title: true,
      cell: ({ id, subject }) => (
        <button type="button" className="link-button name" onClick={() => go({ message: id })}>
          <span dir="auto">{subject ?? t('mailbox.no_contents')}</span>
        </button>
      ),
    },
    { id: 'user', label: t('column.user'), cell: ({ user: whose }) => <bdi>{whose}</bdi> },
    { id: 'to', label: t('column.to'), cell: ({ to }) => (to === null ? <None /> : <bdi>{to}</bdi>) },
    { id: 'when', label: t('mailbox.kept'), cell: ({ sent_at }) => <DateText value={sent_at} as="lately" /> },
    {
      id: 'file',
      label: t('message.file'),
      cell: ({ file }) =>
        file === null ? (
          <None />
        ) : (
          <span className="mono small" title={file}>
            {file.replace(/^.*[\\/]/, '')}
          </span>
        ),
    },
  ];
  return (
    <>
      <Notice tone="info" title={t(rows.first?.in_use === false ? 'mailbox.not_in_use' : 'mailbox.in_use')}>
        {t('mailbox.text')}
      </Notice>
      <Card flush>
        <div className="outbox-filters">
          <TextInput
            className="grow"
            aria-label={t('mailbox.user')}
            placeholder={t('mailbox.user')}
            leftSection={<SearchIcon />}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              go({ search: event.currentTarget.value === '' ? undefined : event.currentTarget.value });
            }}
          />
        </div>
        <DataTable
          label={t('view.mailbox')}
          columns={columns}
          rows={rows}
          rowId={({ id }) => String(id)}
          onOpen={({ id }) => go({ message: id })}
          empty={
            user === '' ? (
              <EmptyState icon={MailIcon} title={t('mailbox.empty')} text={t('mailbox.empty_text')} />
            ) : (
              <NoMatch
                text={t('mailbox.nobody')}
                onClear={() => {
                  setText('');
                  go({ search: undefined });
                }}
              />
            )
          }
        />
      </Card>
    </>
  );
}
