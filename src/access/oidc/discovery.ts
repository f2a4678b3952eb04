import * as oidc from 'openid-client';
import { AppError } from '../../core/index.ts';
import { isLoopback, type Provider } from './provider.ts';

/** Seconds that a provider may take for an answer. */
const PATIENCE = 10;
/** How long what a provider says about itself is believed, in milliseconds; then new keys and addresses are seen. */
const KEPT = 10 * 60_000;

/** What providers say about themselves, asked for when needed and kept for ten minutes. */
export interface Discovery {
  /** @throws `access.provider_unreachable` */
  of(provider: Provider): Promise<oidc.Configuration>;
}

export function createDiscovery(now: () => number = Date.now): Discovery {
  const kept = new Map<number, { readonly version: string; readonly until: number; readonly configuration: Promise<oidc.Configuration> }>();
  return {
    of: (provider) => {
      const found = kept.get(provider.id);
      if (found !== undefined && found.version === provider.modified_at && found.until > now()) return found.configuration;
      const configuration = discover(provider);
      kept.set(provider.id, { version: provider.modified_at, until: now() + KEPT, configuration });
      // A failure is told to who waits for it, and asked about anew by the next.
      configuration.catch(() => kept.delete(provider.id));
      return configuration;
    },
  };
}

/** Asks a provider about itself. @throws `access.provider_unreachable` */
export async function discover(provider: Provider): Promise<oidc.Configuration> {
  const server = new URL(provider.issuer);
  try {
    return await oidc.discovery(
      server,
      provider.client_id,
      {},
      provider.client_secret === null ? oidc.None() : oidc.ClientSecretBasic(provider.client_secret),
      { timeout: PATIENCE, execute: server.protocol === 'http:' && isLoopback(server) ? [oidc.allowInsecureRequests] : [] },
    );
  } catch (error) {
    throw new AppError('access.provider_unreachable', { code: provider.code, reason: reasonOf(error) }, { cause: error });
  }
}

/** The innermost of nested errors says what is really the matter: `fetch failed` hides `ECONNREFUSED`. */
export function reasonOf(error: unknown): string {
  let inner: unknown = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const text = inner instanceof Error ? inner.message || inner.name : String(inner);
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 300);
}
