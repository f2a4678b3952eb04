import { type Language, say, sayAny, type TextCode } from '../../core/index.ts';

/** What can go wrong with an attempt; kept as a code, told in the language of who asks. */
export type Failure = Extract<TextCode, `webhooks.failed_${string}`>;

/** What an error of `fetch` comes down to. Its own words may quote addresses; they are not kept. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) return 'webhooks.failed_time';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'webhooks.failed_name';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'webhooks.failed_certificate';
  return 'webhooks.failed_connection';
}

export function failureOf(language: Language, code: string | null, status: number | null): string | null {
  if (code === null) return null;
  return code === 'webhooks.failed_status' ? say(language, code, { status: status ?? 0 }) : sayAny(language, code);
}
