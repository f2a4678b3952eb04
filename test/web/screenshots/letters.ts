import type { Shot } from './shot.ts';

export const shots: readonly Shot[] = [
  { name: 'letters', path: '/letters' },
  { name: 'letter', path: '/letters/ACCOUNT_TYPE_CHANGED' },
  { name: 'outbox', path: '/outbox', window: true },
  { name: 'outbox-print', path: '/outbox?view=print' },
  { name: 'outbox-suppressed', path: '/outbox?view=suppressed' },
  { name: 'outbox-mailbox', path: '/outbox?view=mailbox', window: true },
];
