import { useTranslation } from 'react-i18next';
import { ChangedIcon, FailedIcon, type Icon, QueuedIcon, SkippedIcon, WarnIcon } from '../../../components/index.ts';

const LOOKS: Readonly<Record<string, readonly [Icon, string]>> = {
  waiting: [QueuedIcon, 'plain'],
  loading: [QueuedIcon, 'changed'],
  held: [WarnIcon, 'warn'],
  loaded: [ChangedIcon, 'ok'],
  refused: [FailedIcon, 'failed'],
  discarded: [SkippedIcon, 'plain'],
};

const WORDS = {
  waiting: 'state_waiting',
  loading: 'state_loading',
  held: 'state_held',
  loaded: 'state_loaded',
  refused: 'state_refused',
  discarded: 'state_discarded',
} as const;

/** Where a file is: colour, shape and word. */
export function FileStateBadge({ state }: { readonly state: string }) {
  const { t } = useTranslation('admin-feeds');
  const [Drawn, className] = LOOKS[state] ?? [QueuedIcon, 'plain'];
  const word = WORDS[state as keyof typeof WORDS]; // undefined for a state that is newer than this page
  return (
    <span className={`badge ${className}`}>
      <Drawn />
      {word === undefined ? state : t(word)}
    </span>
  );
}
