import type { App } from '../../src/app/index.ts';
import type { Actor } from '../../src/core/index.ts';
import type { TestDatabase } from './database.ts';
import { doorsFor } from './doors.ts';
import { useTestServer } from './http.ts';

export interface AlmaAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
  /** Of a JSON answer. */
  readonly json: Record<string, unknown>;
}

export interface AlmaBench {
  readonly app: App;
  /** `http://127.0.0.1:…/almaws/v1` */
  readonly url: string;
  /** Sends and receives JSON unless told otherwise; a body that is a text goes out as XML. */
  call(method: string, path: string, body?: unknown, more?: { readonly key?: string; readonly accept?: string }): Promise<AlmaAnswer>;
  xml(method: string, path: string, body?: string): Promise<AlmaAnswer>;
}

/** The Alma-compatible API on a real server on a free port; a key is the name of an actor. */
export function useAlma(test: Pick<TestDatabase, 'url'>, actors: () => Readonly<Record<string, Actor>>): Readonly<AlmaBench> {
  const http = useTestServer(test, {
    config: { trustedProxies: ['127.0.0.1'] },
    parts: () => ({ doors: doorsFor(actors), limits: { perMinute: 1_000_000 } }),
  });
  const base = () => `${http.url}/almaws/v1`;
  const call: AlmaBench['call'] = async (method, route, body, more = {}) => {
    const xml = typeof body === 'string';
    const response = await fetch(base() + route, {
      method,
      headers: {
        authorization: `apikey ${more.key ?? 'admin'}`,
        accept: more.accept ?? 'application/json',
        'content-type': xml ? 'application/xml' : 'application/json',
      },
      ...(body === undefined ? {} : { body: xml ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    const json = type?.includes('json') === true && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, type, headers: response.headers, text, json };
  };
  return {
    get app() {
      return http.app;
    },
    get url() {
      return base();
    },
    call,
    xml: (method, route, body) => call(method, route, body, { accept: 'application/xml' }),
  };
}

/** Number and sentence of an error in JSON. */
export function errorOf(answer: AlmaAnswer): { readonly status: number; readonly code: unknown; readonly message: unknown } {
  const list = answer.json['errorList'] as { error: { errorCode: unknown; errorMessage: unknown; trackingId: unknown }[] } | undefined;
  const error = list?.error[0];
  return { status: answer.status, code: error?.errorCode, message: error?.errorMessage };
}
