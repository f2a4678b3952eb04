import { isIP } from 'node:net';
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError, type Queryable } from '../../core/index.ts';

/** Where a claim's value stands in Muster when it is no identifier. */
export const PRIMARY_ID = 'primary_id';

export const providerCode = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'small letters, digits and hyphens, at most 40')
  .describe('Stands in the address that the provider sends people back to');

const printable = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters');

/** Over plain http only on this machine: everybody between us and the provider could let anybody in. */
export const issuer = z
  .string()
  .max(500)
  .refine(
    (text) => URL.canParse(text) && usableIssuer(new URL(text)),
    'an https address without query and fragment (http on this machine only)',
  );

/** Names of scopes and claims, by the characters that OAuth allows. */
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'no spaces, quotes or backslashes');
const scopes = z
  .array(scope)
  .max(20)
  .refine((list) => list.includes('openid'), 'must contain openid')
  .refine((list) => new Set(list).size === list.length, 'names a scope twice');

export const accountType = z.enum(['EXTERNAL', 'INTEXTAUTH', 'INTERNAL']);
const accountTypes = z
  .array(accountType)
  .min(1)
  .refine((list) => new Set(list).size === list.length, 'names a type twice');

/** Everything about a provider but its code, as it comes in. */
export const providerFields = {
  label: z.strictObject({ en: printable, de: printable }),
  issuer,
  client_id: printable,
  client_secret: z.string().min(1).max(1000).nullable().describe('Written only: no answer ever holds it. Null for a public client'),
  scopes,
  claim: scope.describe('Which claim says who somebody is'),
  matched_with: z.string().min(1).max(100).describe('primary_id, or a type of identifier'),
  account_types: accountTypes,
  enabled: z.boolean(),
} as const;

/** A provider as it is shown: never with its secret. */
export const providerView = z.strictObject({
  code: z.string(),
  label: z.strictObject({ en: z.string(), de: z.string() }),
  issuer: z.string(),
  client_id: z.string(),
  has_secret: z.boolean(),
  scopes: z.array(z.string()),
  claim: z.string(),
  matched_with: z.string(),
  account_types: z.array(accountType),
  enabled: z.boolean(),
  modified_at: z.string(),
  modified_by: z.string().nullable(),
});
export type ProviderView = z.output<typeof providerView>;

/** A provider as sign-in needs it, secret included: for this room alone. */
export interface Provider extends ProviderView {
  readonly id: number;
  readonly client_secret: string | null;
}

const COLUMNS: Sql = sql`p.id, p.code, jsonb_build_object('en', p.label_en, 'de', p.label_de) as label, p.issuer, p.client_id,
  p.client_secret, p.client_secret is not null as has_secret, p.scopes, p.claim, p.matched_with, p.account_types, p.enabled,
  p.modified_at, p.modified_by`;

export async function readProviders(db: Queryable): Promise<Provider[]> {
  const { rows } = await db.query<Provider>(sql`select ${COLUMNS} from identity_providers p order by p.id`);
  return rows;
}

/** @throws `access.provider_not_found` */
export async function findProvider(db: Queryable, code: string): Promise<Provider> {
  const { rows } = await db.query<Provider>(sql`select ${COLUMNS} from identity_providers p where p.code = ${code}::text`);
  const provider = rows[0];
  if (provider === undefined) throw new AppError('access.provider_not_found', { code });
  return provider;
}

export function viewOf({ id: _id, client_secret: _secret, ...view }: Provider): ProviderView {
  return view;
}

/** What the sign-in page offers: a button per provider that is enabled. */
export interface ProviderChoice {
  readonly code: string;
  readonly label: { readonly en: string; readonly de: string };
}

export async function providerChoices(db: Queryable): Promise<ProviderChoice[]> {
  const { rows } = await db.query<ProviderChoice>(sql`
    select p.code, jsonb_build_object('en', p.label_en, 'de', p.label_de) as label
    from identity_providers p where p.enabled order by p.id`);
  return rows;
}

function usableIssuer(url: URL): boolean {
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/** An address of this machine, or the name that always means it. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost';
}
