/** What the JSON routes of sign-in take and answer, and how the OpenAPI document describes them. */
import { z } from 'zod';
import type { Language, Text } from '../../core/index.ts';

/** Longer ones are no password of anybody's, and hashing them costs. */
const password = z.string().min(1).max(500);
const identifier = z.string().min(1).max(500).describe('Primary id, or any identifier that signs in');

export const signInBody = z.strictObject({ identifier, password });
export const changeBody = z.strictObject({ current: password, password });
export const resetBody = z.strictObject({ identifier });
export const linkBody = z.strictObject({ token: z.string().min(1).max(500), password });

/** The session as its owner sees it. */
export const sessionAnswer = z.strictObject({
  user: z.strictObject({
    primary_id: z.string(),
    name: z.string(),
    account_type: z.string(),
    roles: z.array(
      z.strictObject({ type: z.string(), label: z.strictObject({ en: z.string(), de: z.string() }), library: z.string().nullable() }),
    ),
    privileges: z.array(z.string()),
  }),
  must_change_password: z.boolean(),
  csrf: z.string().describe('For the header X-CSRF-Token of everything that writes'),
  expires_at: z.string(),
});

export const signedOutAnswer = z.strictObject({
  signed_out: z.literal(true),
  provider_sign_out: z.string().nullable().describe('Where the browser can sign out at the identity provider, too'),
});

interface Described {
  readonly path: string;
  readonly method: 'get' | 'post' | 'delete';
  readonly summary: Text;
  readonly body?: z.ZodType;
  readonly status: number;
  readonly answer: z.ZodType;
  readonly needsSession?: true;
}

const ROUTES: readonly Described[] = [
  {
    path: '/api/session',
    method: 'post',
    summary: { en: 'Signs in with a password', de: 'Meldet mit Passwort an' },
    body: signInBody,
    status: 200,
    answer: sessionAnswer,
  },
  {
    path: '/api/session',
    method: 'get',
    summary: { en: 'Who is signed in', de: 'Wer angemeldet ist' },
    status: 200,
    answer: sessionAnswer,
    needsSession: true,
  },
  {
    path: '/api/session',
    method: 'delete',
    summary: { en: 'Signs out', de: 'Meldet ab' },
    status: 200,
    answer: signedOutAnswer,
    needsSession: true,
  },
  {
    path: '/api/session/password',
    method: 'post',
    summary: { en: 'Changes one’s own password', de: 'Ändert das eigene Passwort' },
    body: changeBody,
    status: 200,
    answer: sessionAnswer,
    needsSession: true,
  },
  {
    path: '/api/password-reset',
    method: 'post',
    summary: {
      en: 'Asks for a link for a forgotten password; the answer is always the same',
      de: 'Fordert einen Link für ein vergessenes Passwort an; die Antwort ist immer dieselbe',
    },
    body: resetBody,
    status: 202,
    answer: z.strictObject({ accepted: z.literal(true) }),
  },
  {
    path: '/api/password-links',
    method: 'post',
    summary: { en: 'Sets a password by a one-time link', de: 'Setzt ein Passwort über einen Einmal-Link' },
    body: linkBody,
    status: 200,
    answer: z.strictObject({ password_set: z.literal(true) }),
  },
];

/** The routes as OpenAPI describes them. Nobody needs to be signed in for those that sign in. */
export function sessionPaths(
  language: Language,
): readonly { readonly path: string; readonly method: string; readonly description: Readonly<Record<string, unknown>> }[] {
  return ROUTES.map(({ path, method, summary, body, status, answer, needsSession = false }) => ({
    path,
    method,
    description: {
      operationId: `${method}_${path.slice('/api/'.length).replaceAll(/\W/g, '_')}`,
      tags: ['session'],
      summary: summary[language],
      security: needsSession ? [{ session: [] }] : [],
      ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
      responses: {
        [String(status)]: { description: summary[language], content: { 'application/json': { schema: schemaOf(answer) } } },
        default: {
          description: language === 'de' ? 'Was schiefging' : 'What went wrong',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  }));
}

function schemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return rest;
}
