/** Text messages through a gateway that is spoken to by HTTP; which, and how, the operator says. */
import { type Channel, DeliveryError, type DeliveryFailure, type MailMessage } from './channel.ts';
import { singleLine } from './letter-data.ts';
import { type SmsTemplate, smsTemplate } from './sms-template.ts';

/** How the gateway wants to be asked. URL and body are templates with `{{ to }}`, `{{ text }}` and `{{ id }}`. */
export interface SmsGateway {
  /** Values are escaped as parts of an address. */
  readonly url: string;
  readonly method: 'POST' | 'PUT' | 'GET';
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Values are escaped for the content type that the headers name: inside JSON's quotation marks unless said otherwise. */
  readonly body: string | undefined;
  /** Where in the JSON of an answer the gateway's number of the message stands, e.g. `messages.0.id`; an answer without it counts as a refusal. */
  readonly reference: string | undefined;
}

export interface SmsGatewayOptions {
  /** The number to dial, as networks know it, or a `DeliveryError` (see `smsNumber`). */
  readonly numberOf: (written: string) => Promise<string>;
  /** Waiting for the answer; default 30 s. */
  readonly answerMs?: number;
}

const DEFAULT_BODY = '{ "to": "{{ to }}", "text": "{{ text }}", "id": "{{ id }}" }';
/** Bytes of an answer that are looked at. */
const LONGEST_ANSWER = 64 * 1024;
const MAX_DETAIL = 300;

export function createSmsGateway(gateway: SmsGateway, options: SmsGatewayOptions): Channel {
  const type = contentType(gateway);
  const urlOf = smsTemplate(gateway.url, 'url');
  const bodyOf = gateway.method === 'GET' ? undefined : smsTemplate(gateway.body ?? DEFAULT_BODY, escapingOf(type));
  const answerMs = options.answerMs ?? 30_000;

  return {
    kind: 'sms_gateway',
    defaultFrom: '',
    deliver: async (message, signal) => {
      const values = { to: await options.numberOf(message.to.address), text: message.text, id: nameOf(message) };
      const init = requestOf(gateway, type, bodyOf, values);
      const { response, text } = await ask(urlOf(values), init, AbortSignal.any([signal, AbortSignal.timeout(answerMs)]));
      if (!response.ok) throw new DeliveryError(failureOf(response.status), detailOf(response.status, text));
      const reference = gateway.reference === undefined ? undefined : valueAt(text, gateway.reference);
      if (gateway.reference !== undefined && reference === undefined) {
        throw new DeliveryError('permanent', detailOf(response.status, text));
      }
      return { file: null, ...(reference === undefined ? {} : { reference }) };
    },
    describe: () => ({
      host: hostOf(gateway.url),
      method: gateway.method,
      content_type: gateway.method === 'GET' ? null : type,
      headers: gateway.headers.map(([name]) => name).join(', '),
      reference: gateway.reference ?? null,
    }),
    // Asks for nothing that could send: any answer shows that the gateway is there.
    verify: async (signal) => {
      await ask(`${originOf(gateway.url)}/`, { method: 'HEAD' }, AbortSignal.any([signal, AbortSignal.timeout(answerMs)]));
    },
    close: async () => undefined,
  };
}

/** The ledger's number, which is the same at every attempt: gateways that know it send nothing twice. */
function nameOf(message: MailMessage): string {
  return message.series === undefined ? String(message.outboxId) : `${message.series}-${message.outboxId}`;
}

function requestOf(
  gateway: SmsGateway,
  type: string,
  bodyOf: SmsTemplate | undefined,
  values: { readonly to: string; readonly text: string; readonly id: string },
): RequestInit {
  const body = bodyOf?.(values);
  if (body !== undefined && type.includes('json') && !isJson(body)) {
    throw new DeliveryError('unreachable', 'SMS_GATEWAY_BODY: no JSON');
  }
  return {
    method: gateway.method,
    // An address that was checked stays the one that is spoken to.
    redirect: 'manual',
    headers: [...(body === undefined ? [] : [['content-type', type] as [string, string]]), ...withoutType(gateway)],
    ...(body === undefined ? {} : { body }),
  };
}

async function ask(url: string, init: RequestInit, signal: AbortSignal): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, { ...init, signal });
    return { response, text: await firstPart(response) };
  } catch (error) {
    // Not the error's own words alone: "fetch failed" helps nobody.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new DeliveryError('unreachable', singleLine(`${code} ${words}`).slice(0, MAX_DETAIL), { cause: error });
  }
}

async function firstPart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, LONGEST_ANSWER);
}

/**
 * 400 and 422 refuse this message; 408, 425, 429 and the gateway's own faults are of this moment; whatever
 * else is refused or leads elsewhere (401, 403, 404, 3xx) concerns our account or the address, and so every message.
 */
function failureOf(status: number): DeliveryFailure {
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'temporary';
  if (status === 400 || status === 409 || status === 410 || status === 413 || status === 422) return 'permanent';
  return 'unreachable';
}

function detailOf(status: number, text: string): string {
  return singleLine(`${status} ${text}`).slice(0, MAX_DETAIL);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `messages.0.id` in the answer's JSON, as text; undefined when there is no such value. */
function valueAt(text: string, place: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const step of place.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step]; // an object, as has just been seen
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : undefined;
}

function contentType(gateway: SmsGateway): string {
  return gateway.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'application/json';
}

function withoutType(gateway: SmsGateway): [string, string][] {
  return gateway.headers.filter(([name]) => name.toLowerCase() !== 'content-type').map(([name, value]) => [name, value]);
}

function escapingOf(type: string): 'json' | 'url' | 'xml' | 'none' {
  if (type.includes('json')) return 'json';
  if (type.includes('x-www-form-urlencoded')) return 'url';
  return type.includes('xml') ? 'xml' : 'none';
}

/** Without what comes behind the host: templates are no addresses yet. */
function originOf(url: string): string {
  return new URL(/^https?:\/\/[^/?#]+/.exec(url)?.[0] ?? url).origin;
}

function hostOf(url: string): string {
  return new URL(originOf(url)).host;
}
