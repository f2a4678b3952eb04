/**
 * Signing in through a provider: authorization code with PKCE, state and nonce. What must be known
 * again when the browser comes back stands in `oidc_attempts`, bound to that browser by a cookie. The
 * first return takes the row out, so neither a stolen nor a repeated answer opens anything.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as oidc from 'openid-client';
import sql from 'sql-template-tag';
import { AppError, type Context, type Language, type Queryable, todayIn } from '../../core/index.ts';
import { claimedUser, type Refusal } from './claimed-user.ts';
import { type Discovery, reasonOf } from './discovery.ts';
import { findProvider, type Provider } from './provider.ts';

/** Minutes in which a person has to sign in at the provider. */
const MINUTES = 10;

export interface Begun {
  /** Where to send the browser. */
  readonly url: string;
  /** For a cookie of the browser, as long as the attempt lasts. */
  readonly browserToken: string;
  readonly maxAgeSeconds: number;
}

/**
 * @param parts.redirectUri absolute address of the callback, as it is registered at the provider
 * @param parts.next where in Muster the person wants to go
 * @throws `access.provider_not_found`, also for one that is off; `access.provider_unreachable`
 */
export async function beginSignIn(
  ctx: Context,
  discovery: Discovery,
  parts: { readonly code: string; readonly redirectUri: string; readonly next: string | null },
): Promise<Begun> {
  const provider = await enabledProvider(ctx.db.pool, parts.code);
  const configuration = await discovery.of(provider);
  const browserToken = randomBytes(32).toString('base64url');
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const verifier = oidc.randomPKCECodeVerifier();
  await ctx.db.pool.query(sql`
    with expired as (delete from oidc_attempts where expires_at < now())
    insert into oidc_attempts (state_hash, browser_hash, provider_id, nonce, code_verifier, redirect_uri, next, expires_at)
    values (${sha256(state)}::bytea, ${sha256(browserToken)}::bytea, ${provider.id}::bigint, ${nonce}, ${verifier},
            ${parts.redirectUri}, ${parts.next}::text, now() + make_interval(mins => ${MINUTES}::int))`);
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: parts.redirectUri,
    scope: provider.scopes.join(' '),
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ui_locales: ctx.language,
  });
  return { url: url.href, browserToken, maxAgeSeconds: MINUTES * 60 };
}

export type Finished =
  | { readonly provider: Provider; readonly next: string | null; readonly userId: number; readonly primaryId: string }
  | { readonly provider: Provider; readonly refusal: Refusal; readonly primaryId: string | null };

interface Attempt {
  readonly nonce: string;
  readonly code_verifier: string;
  readonly redirect_uri: string;
  readonly next: string | null;
}

/**
 * Who has come back from the provider. That somebody came through is for `recordReturn` to write down, once
 * the session is open; that the provider did not let them through is written down here.
 *
 * @param parts.answer the query of the callback, as it came
 * @param parts.browserToken the cookie that `beginSignIn` gave
 * @throws `access.oidc_stale` when nothing was begun in this browser, too long ago, or answered already;
 *   `access.oidc_declined` when the provider says no; `access.provider_unreachable` when it does not
 *   prove what it says; `access.provider_not_found`
 */
export async function finishSignIn(
  ctx: Context,
  discovery: Discovery,
  parts: { readonly code: string; readonly answer: URLSearchParams; readonly browserToken: string | undefined },
): Promise<Finished> {
  const provider = await enabledProvider(ctx.db.pool, parts.code);
  const state = parts.answer.get('state');
  if (state === null || parts.browserToken === undefined) throw new AppError('access.oidc_stale', {});
  const attempt = await takeAttempt(ctx.db.pool, provider, state, parts.browserToken);
  const back = new URL(attempt.redirect_uri);
  back.search = parts.answer.toString();
  let claim: unknown;
  try {
    claim = await claimOf(provider, ctx.language, await discovery.of(provider), back, attempt, state);
  } catch (error) {
    await recordFailure(ctx, provider, error);
    throw error;
  }
  const claimed = await claimedUser(ctx.db.pool, provider, claim, todayIn(ctx.timeZone));
  if ('refusal' in claimed) return { provider, ...claimed };
  return { provider, next: attempt.next, userId: claimed.userId, primaryId: claimed.primaryId };
}

export interface SignOut {
  readonly url: string;
  readonly provider: string;
}

/**
 * Where the browser can end its session at the provider too, and the provider's name; null when the
 * provider offers nothing of the kind.
 *
 * @param returnTo absolute address to come back to, as it is registered at the provider
 */
export async function signOutThere(ctx: Context, discovery: Discovery, code: string, returnTo: string): Promise<SignOut | null> {
  try {
    const provider = await enabledProvider(ctx.db.pool, code);
    const configuration = await discovery.of(provider);
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    const { href } = oidc.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo, ui_locales: ctx.language });
    return { url: href, provider: provider.label[ctx.language] };
  } catch (error) {
    // Our own session has ended by now; a provider that is gone must not make it look otherwise.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The audit keeps who got in through which provider, and who did not and why; the person is told less. */
export async function recordReturn(ctx: Context, finished: Finished): Promise<void> {
  const refusal = 'refusal' in finished ? finished.refusal : null;
  await record(ctx, finished.provider.code, refusal, finished.primaryId);
}

/** Somebody who was on the way through a provider, and did not come through: the provider's no, or no proof. */
async function recordFailure(ctx: Context, provider: Provider, error: unknown): Promise<void> {
  await record(ctx, provider.code, error instanceof AppError ? error.code : 'internal.error', null);
}

async function record(ctx: Context, provider: string, reason: string | null, primaryId: string | null): Promise<void> {
  const done = reason === null;
  const detail = { provider, ...(done ? {} : { reason }) };
  await ctx.db.pool.query(sql`
    insert into audit (actor, source, operation, entity, entity_id, outcome, detail, address, request_id)
    values (${done ? primaryId : ctx.actor.name}::text, ${ctx.source}, 'session.sign_in', 'user', ${primaryId}::text,
            ${done ? 'done' : 'refused'}::text, ${JSON.stringify(detail)}::jsonb,
            ${ctx.origin?.address ?? null}::text, ${ctx.origin?.requestId ?? null}::text)`);
}

async function takeAttempt(db: Queryable, provider: Provider, state: string, browserToken: string): Promise<Attempt> {
  const { rows } = await db.query<Attempt>(sql`
    delete from oidc_attempts
    where state_hash = ${sha256(state)}::bytea and browser_hash = ${sha256(browserToken)}::bytea
      and provider_id = ${provider.id}::bigint and expires_at >= now()
    returning nonce, code_verifier, redirect_uri, next`);
  const attempt = rows[0];
  if (attempt === undefined) throw new AppError('access.oidc_stale', {});
  return attempt;
}

/** The value of the configured claim: from the ID token, or where that does not hold it, from the user info. */
async function claimOf(
  provider: Provider,
  language: Language,
  configuration: oidc.Configuration,
  back: URL,
  attempt: Attempt,
  state: string,
): Promise<unknown> {
  try {
    const tokens = await oidc.authorizationCodeGrant(configuration, back, {
      pkceCodeVerifier: attempt.code_verifier,
      expectedState: state,
      expectedNonce: attempt.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) return undefined;
    const claim = claims[provider.claim];
    if (claim !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return claim;
    return (await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub))[provider.claim];
  } catch (error) {
    if (error instanceof oidc.AuthorizationResponseError) {
      throw new AppError('access.oidc_declined', { provider: provider.label[language] }, { cause: error });
    }
    throw new AppError('access.provider_unreachable', { code: provider.code, reason: reasonOf(error) }, { cause: error });
  }
}

async function enabledProvider(db: Queryable, code: string): Promise<Provider> {
  const provider = await findProvider(db, code);
  if (!provider.enabled) throw new AppError('access.provider_not_found', { code });
  return provider;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
