import { useNavigate, useSearch } from '@tanstack/react-router';
import type { OutboxSearch } from './routes.ts';

type Change = { readonly [K in keyof OutboxSearch]?: OutboxSearch[K] | undefined };

/** What stands in the address, and a way to change parts of it. */
export function useOutboxSearch(): readonly [OutboxSearch, (change: Change) => void] {
  const search = useSearch({ from: '/outbox' });
  const navigate = useNavigate({ from: '/outbox' });
  return [search, (change) => void navigate({ search: (before) => ({ ...before, ...change }) as OutboxSearch, replace: true })];
}
