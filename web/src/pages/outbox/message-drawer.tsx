import { Button, Drawer, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, DateText, LetterPaper, None, Notice, TextLink, toastProblem } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { ChannelText, StateBadge } from './message-state.tsx';
import { useOutboxActions } from './outbox-actions.ts';

type Message = Output<'outbox.show'>;

/** One message as it was sent, passwords masked; before it has gone out, as it would be. */
export function MessageDrawer({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { t } = useTranslation(['outbox', 'common']);
  const message = useApi('outbox.show', { id });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={680}
      title={t('message.title', { id })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Answer of={message}>{(shown) => <Shown message={shown} />}</Answer>
    </Drawer>
  );
}

function Shown({ message }: { readonly message: Message }) {
  const { t } = useTranslation('outbox');
  const can = useCan();
  const actions = useOutboxActions();
  const { id, state } = message;
  const choice = { ids: [id] };
  const tried = (work: Promise<void>): void => void work.catch(toastProblem);
  const retries = state === 'failed' || state === 'suppressed' || state === 'no_address';
  const cancels = retries || state === 'queued' || state === 'held';
  return (
    <div className="stackv">
      <div className="row wrap">
        <StateBadge state={state} />
        <ChannelText channel={message.channel} />
      </div>
      {message.error !== null && <Notice tone={state === 'failed' ? 'fail' : 'warn'} title={message.error} />}
      {message.repeats > 0 && <Notice tone="conf" title={t('message.repeats', { count: message.repeats })} />}
      <dl className="dl">
        <dt>{t('column.user')}</dt>
        <dd>
          <TextLink to="/users/$id" params={{ id: message.user }} className="link">
            <bdi>{message.user}</bdi>
          </TextLink>
        </dd>
        <dt>{t('column.to')}</dt>
        <dd>{message.to ?? <None />}</dd>
        <dt>{t('column.run')}</dt>
        <dd>
          <TextLink to="/jobs/$id" params={{ id: String(message.run_id) }} className="link">
            {message.run_name}
          </TextLink>
        </dd>
        <dt>{t('message.sent')}</dt>
        <dd>
          <DateText value={message.sent_at} as="instant" />
        </dd>
        {message.next_at !== null && (
          <>
            <dt>{t('message.next')}</dt>
            <dd>
              <DateText value={message.next_at} as="instant" />
            </dd>
          </>
        )}
        <dt>{t('message.attempts')}</dt>
        <dd>{message.attempts}</dd>
        {message.message_id !== null && (
          <>
            <dt>{t('message.id')}</dt>
            <dd className="mono small">{message.message_id}</dd>
          </>
        )}
        {message.file !== null && (
          <>
            <dt>{t('message.file')}</dt>
            <dd>
              <span className="mono small">{message.file}</span>
              <br />
              <span className="muted small">{t('message.file_hint')}</span>
            </dd>
          </>
        )}
      </dl>
      {can('jobs:run') && (retries || cancels || state === 'uncertain') && (
        <div className="row wrap">
          {retries && (
            <Button variant="filled" onClick={() => tried(actions.retry(choice))}>
              {t('action.retry')}
            </Button>
          )}
          {cancels && (
            <Button className="danger" onClick={() => tried(actions.cancel(choice))}>
              {t('action.cancel')}
            </Button>
          )}
          {state === 'uncertain' && (
            <>
              <Button variant="filled" onClick={() => tried(actions.resolve(choice, 'resend'))}>
                {t('action.resend')}
              </Button>
              <Button onClick={() => tried(actions.resolve(choice, 'sent'))}>{t('action.sent')}</Button>
              <Button className="danger" onClick={() => tried(actions.resolve(choice, 'cancel'))}>
                {t('action.cancel')}
              </Button>
            </>
          )}
        </div>
      )}
      <Content message={message} />
    </div>
  );
}

function Content({ message: { content, content_of, user } }: { readonly message: Message }) {
  const { t } = useTranslation('outbox');
  const [form, setForm] = useState('html');
  if (content === null) return <Notice tone="info" title={t(content_of === 'deleted' ? 'content.deleted' : 'content.none')} />;
  const asHtml = content.html !== '' && form === 'html';
  return (
    <section className="stackv tight" aria-label={t('content.label')}>
      <div className="row wrap between">
        <h3>{t(content_of === 'sent' ? 'content.sent' : 'content.preview')}</h3>
        {content.html !== '' && (
          <SegmentedControl
            size="xs"
            aria-label={t('content.as')}
            value={form}
            onChange={setForm}
            data={[
              { value: 'html', label: t('content.html') },
              { value: 'text', label: t('content.text') },
            ]}
          />
        )}
      </div>
      <p>
        <b dir="auto">{content.subject}</b>
      </p>
      {asHtml ? (
        <LetterPaper title={t('content.to', { user })} html={content.html} />
      ) : (
        <pre className="message-text" dir="auto">
          {content.text}
        </pre>
      )}
    </section>
  );
}
