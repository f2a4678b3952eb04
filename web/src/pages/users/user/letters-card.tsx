import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import { Answer, Card, DateText, LetterPaper, MailIcon, Notice, PhoneIcon, PrintIcon, usePages } from '../../../components/index.ts';

type Message = Output<'users.messages'>['messages'][number];

const ICONS = { email: MailIcon, sms: PhoneIcon, print: PrintIcon } as const;
const GOOD = ['sent'];
const BAD = ['failed', 'no_address', 'suppressed'];

/** What the person was sent, as it was sent. */
export function LettersCard({ user }: { readonly user: string }) {
  const { t } = useTranslation('users');
  const [open, setOpen] = useState<Message | null>(null);
  const messages = usePages(
    'users.messages',
    { user, limit: 10 },
    { at: (input, next) => ({ ...input, after: Number(next) }), next: (page) => page.next, rows: (page) => page.messages },
  );
  return (
    <Card id="messages" flush title={t('section.messages')} className="user-rows-card">
      <Answer of={{ data: messages.first, error: messages.problem, refetch: () => messages.retry() }}>
        {() =>
          messages.rows.length === 0 ? (
            <p className="muted user-none">{t('none.messages')}</p>
          ) : (
            <ul className="user-rows">
              {messages.rows.map((message) => {
                const Drawn = ICONS[message.channel];
                return (
                  <li key={message.id} className="user-row">
                    <Drawn style={{ color: 'var(--text-3)' }} />
                    <div className="grow user-row-text">
                      <button type="button" className="link-button" onClick={() => setOpen(message)}>
                        <bdi>{message.content?.subject || message.letter}</bdi>
                      </button>
                      <p className="small muted">
                        <DateText value={message.sent_at ?? message.created_at} as="lately" /> · {message.run_name}
                        {message.to !== null && (
                          <>
                            {' · '}
                            <bdi>{message.to}</bdi>
                          </>
                        )}
                      </p>
                    </div>
                    <StateBadge state={message.state} />
                  </li>
                );
              })}
            </ul>
          )
        }
      </Answer>
      {messages.more && (
        <p className="user-none">
          <button type="button" className="link-button" onClick={() => messages.loadMore()}>
            {t('history.older')}
          </button>
        </p>
      )}
      {open !== null && <Content message={open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function StateBadge({ state }: { readonly state: Message['state'] }) {
  const { t } = useTranslation('users');
  const tone = GOOD.includes(state) ? 'ok' : BAD.includes(state) ? 'failed' : 'plain';
  return <span className={`badge ${tone}`}>{t(`message.${state}`)}</span>;
}

function Content({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const { t } = useTranslation(['users', 'common']);
  const { content } = message;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<bdi>{content?.subject || message.letter}</bdi>}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <div className="stackv">
        {message.error !== null && <Notice tone="fail" title={message.error} />}
        {content === null ? (
          <Notice tone="info" title={t(message.content_of === 'deleted' ? 'message.deleted' : 'message.not_sent')} />
        ) : content.html === '' ? (
          <pre className="user-letter-text">{content.text}</pre>
        ) : (
          <LetterPaper title={content.subject} html={content.html} />
        )}
        {content !== null && <p className="small muted">{t('message.masked')}</p>}
      </div>
    </Modal>
  );
}
