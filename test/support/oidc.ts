import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real identity provider on loopback, which asks no questions: whoever comes is `person`. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in from now on: the account and its claims, or null for somebody who says no. */
  person: { readonly sub: string; readonly claims?: Readonly<Record<string, unknown>> } | null;
  close(): Promise<void>;
}

/** @param registered what the client is registered with; addresses have to be equal to the letter */
export async function startProvider(registered: { readonly callback: string; readonly signedOut: string }): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  const [clientId, clientSecret] = ['muster', 'the-client-secret-0123456789abcdef'];
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [registered.callback],
        post_logout_redirect_uris: [registered.signedOut],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    cookies: { keys: ['a key for the cookies of a test'] },
    claims: { openid: ['sub'], profile: ['preferred_username'], eduperson: ['eduPersonPrincipalName'] },
    scopes: ['openid', 'profile', 'eduperson'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    findAccount: async (_: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...(test.person?.sub === id ? test.person.claims : {}) }),
    }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) answer(request, response);
    else interact(provider, test, clientId, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const test: TestProvider = {
    issuer,
    clientId,
    clientSecret,
    person: null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return test;
}

async function interact(
  provider: Provider,
  test: TestProvider,
  clientId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, session } = await provider.interactionDetails(request, response);
  const finish = (result: Readonly<Record<string, unknown>>): Promise<void> => provider.interactionFinished(request, response, result);
  if (test.person === null) return finish({ error: 'access_denied', error_description: 'said no' });
  if (prompt.name === 'login') return finish({ login: { accountId: test.person.sub } });
  const grant = new provider.Grant({ accountId: session?.accountId ?? test.person.sub, clientId });
  grant.addOIDCScope('openid profile eduperson');
  return finish({ consent: { grantId: await grant.save() } });
}
