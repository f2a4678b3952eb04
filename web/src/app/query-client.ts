import { QueryClient } from '@tanstack/react-query';
import { AppProblem, UNREACHABLE } from '../api/index.ts';

/** Milliseconds for which an answer is taken to hold. */
const FRESH_MS = 10_000;
const TRIES = 3;

/** Asks again for what may come by itself: a server that restarts, one that is busy. */
function again(count: number, error: unknown): boolean {
  return error instanceof AppProblem && (error.code === UNREACHABLE || error.status === 503 || error.status === 429) && count < TRIES;
}

function waitFor(count: number, error: unknown): number {
  const asked = error instanceof AppProblem && error.retryAfter !== null ? error.retryAfter * 1_000 : 0;
  return Math.max(asked, Math.min(1_000 * 2 ** count, 10_000));
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: FRESH_MS, retry: again, retryDelay: waitFor }, mutations: { retry: false } },
  });
}
