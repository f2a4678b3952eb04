import type { Logger } from 'pino';
import type { OperatorAlert, TellAlert } from '../letters/index.ts';

/** How long the other side may take to answer. */
const ANSWER_MS = 10_000;

/**
 * Tells operators: a line in the log, and, where an address is configured, a POST of
 * `{ id, kind, at, detail }` to it. Rejects when that was not answered with 2xx: the alert is told again.
 */
export function createTellOperator(url: string | undefined, log: Logger): TellAlert {
  const logged = new Set<number>();
  return async ({ id, kind, detail, created_at }: OperatorAlert) => {
    // What is told again stands in the log once.
    if (!logged.has(id)) log.error({ alert: kind, ...detail }, 'a human is needed');
    logged.add(id);
    if (url === undefined) return;
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: { 'content-type': 'application/json', 'user-agent': 'Muster' },
      body: JSON.stringify({ id, kind, at: created_at, detail }),
    });
    await response.body?.cancel().catch(() => undefined);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  };
}
