import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const VIEWS = ['messages', 'print', 'suppressed', 'returned', 'mailbox'] as const;
export type OutboxView = (typeof VIEWS)[number];
export const STATES = ['held', 'queued', 'sending', 'uncertain', 'sent', 'failed', 'suppressed', 'no_address', 'cancelled'] as const;
export type MessageState = (typeof STATES)[number];
export const CHANNELS = ['email', 'sms', 'print'] as const;
export type MessageChannel = (typeof CHANNELS)[number];

export const outboxRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/outbox',
    staticData: { needs: 'letters:read' },
    validateSearch: outboxSearch,
  }).lazy(() =>
    page(
      'outbox',
      () => import('./outbox-page.tsx'),
      (module) => module.OutboxPage,
    ),
  ),
] as const;

/** `view`: which part; the filters of its list; `message` or `batch`: the one that is open. */
export interface OutboxSearch {
  readonly view?: OutboxView;
  readonly state?: MessageState;
  readonly channel?: MessageChannel;
  readonly letter?: string;
  readonly run?: number;
  readonly message?: number;
  readonly batch?: number;
  readonly search?: string;
}

function outboxSearch(given: Record<string, unknown>): OutboxSearch {
  const number = (name: 'run' | 'message' | 'batch') => (typeof given[name] === 'number' ? { [name]: given[name] } : {});
  const text = (name: 'letter' | 'search') =>
    typeof given[name] === 'string' || typeof given[name] === 'number' ? { [name]: String(given[name]) } : {};
  return {
    ...oneOf('view', VIEWS, given),
    ...oneOf('state', STATES, given),
    ...oneOf('channel', CHANNELS, given),
    ...text('letter'),
    ...text('search'),
    ...number('run'),
    ...number('message'),
    ...number('batch'),
  };
}

function oneOf<K extends string, V extends string>(
  name: K,
  allowed: readonly V[],
  given: Record<string, unknown>,
): { readonly [N in K]?: V } {
  const found = allowed.find((each) => each === given[name]);
  return (found === undefined ? {} : { [name]: found }) as { readonly [N in K]?: V };
}
