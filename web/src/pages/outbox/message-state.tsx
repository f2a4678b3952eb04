import { useTranslation } from 'react-i18next';
import {
  ChangedIcon,
  ConflictIcon,
  FailedIcon,
  type Icon,
  MailIcon,
  PauseIcon,
  PhoneIcon,
  PrintIcon,
  QueuedIcon,
  SkippedIcon,
  UnchangedIcon,
} from '../../components/index.ts';
import type { MessageChannel, MessageState } from './routes.ts';

const LOOKS: Readonly<Record<MessageState, { readonly icon: Icon; readonly look: string }>> = {
  held: { icon: PauseIcon, look: 'skipped' },
  queued: { icon: QueuedIcon, look: '' },
  sending: { icon: QueuedIcon, look: '' },
  uncertain: { icon: ConflictIcon, look: 'conflict' },
  sent: { icon: ChangedIcon, look: 'changed' },
  failed: { icon: FailedIcon, look: 'failed' },
  suppressed: { icon: SkippedIcon, look: 'skipped' },
  no_address: { icon: SkippedIcon, look: 'skipped' },
  cancelled: { icon: UnchangedIcon, look: '' },
};

export function stateIcon(state: MessageState): Icon {
  return LOOKS[state].icon;
}

/** Colour, shape and word. */
export function StateBadge({ state }: { readonly state: MessageState }) {
  const { t } = useTranslation('outbox');
  const { icon: Drawn, look } = LOOKS[state];
  return (
    <span className={`badge ${look}`}>
      <Drawn small />
      {t(`state.${state}`)}
    </span>
  );
}

const WAYS: Readonly<Record<MessageChannel, Icon>> = { email: MailIcon, sms: PhoneIcon, print: PrintIcon };

export function ChannelText({ channel }: { readonly channel: MessageChannel }) {
  const { t } = useTranslation('outbox');
  const Drawn = WAYS[channel];
  return (
    <span className="o">
      <Drawn small />
      {t(`channel.${channel}`)}
    </span>
  );
}
