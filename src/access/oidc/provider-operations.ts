import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, operation, type Queryable } from '../../core/index.ts';
import { discover } from './discovery.ts';
import { findProvider, PRIMARY_ID, providerCode, providerFields, providerView, readProviders, viewOf } from './provider.ts';

const { label, issuer, client_id, client_secret, scopes, claim, matched_with, account_types, enabled } = providerFields;

/** INTERNAL users have a password here; only who says so lets a provider speak for them. */
const OUTSIDE: z.output<typeof account_types> = ['EXTERNAL', 'INTEXTAUTH'];

const createInput = z.strictObject({
  code: providerCode,
  label,
  issuer,
  client_id,
  client_secret: client_secret.default(null),
  scopes: scopes.default(['openid']),
  claim: claim.default('sub'),
  matched_with: matched_with.default(PRIMARY_ID),
  account_types: account_types.default(OUTSIDE),
  enabled: enabled.default(true),
});

/** The address, below the public one, that the provider has to send people back to. */
export function callbackPath(code: string): string {
  return `/sign-in/oidc/${code}/callback`;
}

export const createProvider = operation({
  name: 'provider.create',
  summary: { en: 'Adds an identity provider', de: 'Fügt einen Identitätsanbieter hinzu' },
  privilege: 'access:write',
  input: createInput,
  output: providerView,
  audit: (input) => ({ entity: 'provider', id: input.code }),
  run: async (ctx, input) => {
    await checkMatch(ctx.db.pool, input.matched_with);
    const { rowCount } = await ctx.db.pool.query(sql`
      insert into identity_providers (code, label_en, label_de, issuer, client_id, client_secret, scopes, claim, matched_with,
        account_types, enabled, modified_by)
      values (${input.code}, ${input.label.en}, ${input.label.de}, ${input.issuer}, ${input.client_id}, ${input.client_secret}::text,
        ${input.scopes}::text[], ${input.claim}, ${input.matched_with}, ${input.account_types}::text[], ${input.enabled}::boolean,
        ${ctx.actor.name})
      on conflict (code) do nothing`);
    if (rowCount === 0) throw new AppError('access.provider_exists', { code: input.code });
    return viewOf(await findProvider(ctx.db.pool, input.code));
  },
});

export const listProviders = operation({
  name: 'provider.list',
  summary: { en: 'Lists the identity providers', de: 'Listet die Identitätsanbieter auf' },
  privilege: 'access:read',
  input: z.strictObject({}),
  output: z.strictObject({ providers: z.array(providerView) }),
  audit: () => ({ entity: 'provider', id: null }),
  run: async (ctx) => ({ providers: (await readProviders(ctx.db.pool)).map(viewOf) }),
});

const changes = z.strictObject({ label, issuer, client_id, client_secret, scopes, claim, matched_with, account_types, enabled }).partial();

/**
 * Changes what is given and leaves the rest. Whatever decides who gets in ends the sessions that were
 * opened through the provider: who no longer would get in is out.
 */
export const updateProvider = operation({
  name: 'provider.update',
  summary: { en: 'Changes an identity provider', de: 'Ändert einen Identitätsanbieter' },
  privilege: 'access:write',
  input: changes.extend({ code: providerCode }),
  output: providerView,
  audit: ({ code, ...given }) => ({ entity: 'provider', id: code, detail: { changed: Object.keys(given) } }),
  run: (ctx, { code, ...given }) =>
    ctx.db.transaction(async (tx) => {
      await tx.query(sql`select from identity_providers where code = ${code}::text for update`);
      const present = await findProvider(tx, code);
      const next = {
        label: given.label ?? present.label,
        issuer: given.issuer ?? present.issuer,
        client_id: given.client_id ?? present.client_id,
        client_secret: given.client_secret === undefined ? present.client_secret : given.client_secret,
        scopes: given.scopes ?? present.scopes,
        claim: given.claim ?? present.claim,
        matched_with: given.matched_with ?? present.matched_with,
        account_types: given.account_types ?? present.account_types,
        enabled: given.enabled ?? present.enabled,
      };
      if (given.matched_with !== undefined) await checkMatch(tx, given.matched_with);
      // A secret belongs to who gave it: pointing it at another issuer would hand it out.
      if (next.issuer !== present.issuer && given.client_secret === undefined && present.client_secret !== null) {
        throw new AppError('access.provider_secret_again', { code });
      }
      await tx.query(sql`
        update identity_providers set label_en = ${next.label.en}, label_de = ${next.label.de}, issuer = ${next.issuer},
          client_id = ${next.client_id}, client_secret = ${next.client_secret}::text, scopes = ${next.scopes}::text[],
          claim = ${next.claim}, matched_with = ${next.matched_with}, account_types = ${next.account_types}::text[],
          enabled = ${next.enabled}::boolean, modified_at = clock_timestamp(), modified_by = ${ctx.actor.name}
        where id = ${present.id}::bigint`);
      const decides = ['issuer', 'claim', 'matched_with', 'account_types', 'enabled'] as const;
      if (decides.some((field) => JSON.stringify(next[field]) !== JSON.stringify(present[field]))) await endSessions(tx, code);
      return viewOf(await findProvider(tx, code));
    }),
});

const oneInput = z.strictObject({ code: providerCode });

export const deleteProvider = operation({
  name: 'provider.delete',
  summary: { en: 'Removes an identity provider', de: 'Entfernt einen Identitätsanbieter' },
  privilege: 'access:write',
  input: oneInput,
  output: z.strictObject({ deleted: z.string(), sessions_ended: z.int() }),
  audit: ({ code }) => ({ entity: 'provider', id: code }),
  run: (ctx, { code }) =>
    ctx.db.transaction(async (tx) => {
      const { rowCount } = await tx.query(sql`delete from identity_providers where code = ${code}::text`);
      if (rowCount === 0) throw new AppError('access.provider_not_found', { code });
      return { deleted: code, sessions_ended: await endSessions(tx, code) };
    }),
});

/** Asks the provider about itself, afresh, with what stands in the database. */
export const testProvider = operation({
  name: 'provider.test',
  summary: { en: 'Tests whether an identity provider answers', de: 'Prüft, ob ein Identitätsanbieter antwortet' },
  privilege: 'access:write',
  input: oneInput,
  output: z.strictObject({
    code: z.string(),
    issuer: z.string(),
    authorization_endpoint: z.string().nullable(),
    token_endpoint: z.string().nullable(),
    user_info: z.boolean().describe('Claims that the ID token lacks can be asked for'),
    sign_out: z.boolean().describe('Who signs out here can sign out there too'),
    /** Null when the provider does not say. */
    claim_supported: z.boolean().nullable(),
    scopes_unknown: z.array(z.string()),
    callback_path: z.string(),
  }),
  audit: ({ code }) => ({ entity: 'provider', id: code }),
  run: async (ctx, { code }) => {
    const provider = await findProvider(ctx.db.pool, code);
    const said = (await discover(provider)).serverMetadata();
    const known = said.scopes_supported;
    return {
      code,
      issuer: said.issuer,
      authorization_endpoint: said.authorization_endpoint ?? null,
      token_endpoint: said.token_endpoint ?? null,
      user_info: said.userinfo_endpoint !== undefined,
      sign_out: said.end_session_endpoint !== undefined,
      claim_supported: said.claims_supported === undefined ? null : said.claims_supported.includes(provider.claim),
      scopes_unknown: known === undefined ? [] : provider.scopes.filter((scope) => !known.includes(scope)),
      callback_path: callbackPath(code),
    };
  },
});

export const PROVIDER_OPERATIONS = [createProvider, listProviders, updateProvider, deleteProvider, testProvider] as const;

async function checkMatch(db: Queryable, matchedWith: string): Promise<void> {
  if (matchedWith === PRIMARY_ID) return;
  const { rowCount } = await db.query(sql`
    select from codes c where c.table_name = 'UserIdentifierTypes' and c.code = ${matchedWith}::text`);
  if (rowCount === 0) throw new AppError('access.provider_match_unknown', { type: matchedWith });
}

/** How many sessions opened through the provider have ended. */
async function endSessions(db: Queryable, code: string): Promise<number> {
  const { rowCount } = await db.query(sql`delete from sessions where provider = ${code}::text`);
  return rowCount ?? 0;
}
