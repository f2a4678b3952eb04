/** A client of the Alma-compatible API, for tests: bare requests, so that every byte can be looked at. */
import http from 'node:http';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Ask {
  readonly key?: string | null;
  readonly accept?: string | null;
  readonly type?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type AlmaClient = (method: string, path: string, ask?: Ask) => Promise<Answer>;

/** `base()` is the server's address; JSON is asked for unless told otherwise. */
export function almaClient(base: () => string): AlmaClient {
  return (method, path, ask = {}) =>
    new Promise((resolve, reject) => {
      const { key = 'key', accept = 'application/json', body } = ask;
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const request = http.request(
        `${base()}/almaws/v1${path}`,
        {
          method,
          headers: {
            ...(key === null ? {} : { authorization: `apikey ${key}` }),
            ...(accept === null ? {} : { accept }),
            ...(text === undefined
              ? {}
              : { 'content-length': String(Buffer.byteLength(text)), 'content-type': ask.type ?? 'application/json' }),
            ...(text === undefined && ask.type !== undefined ? { 'content-type': ask.type } : {}),
            ...ask.headers,
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(parts).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              type: response.headers['content-type'] ?? '',
              headers: response.headers,
              text: answer,
              get json() {
                return JSON.parse(answer) as Record<string, unknown>;
              },
            });
          });
        },
      );
      request.on('error', reject);
      request.end(text);
    });
}

/** Code and message of an error, whatever notation it is in. */
export function errorOf(answer: Answer): { readonly code: unknown; readonly message: unknown } {
  if (answer.text.startsWith('<')) {
    return {
      code: /<errorCode>(.*?)<\/errorCode>/.exec(answer.text)?.[1],
      message: /<errorMessage>(.*?)<\/errorMessage>/s.exec(answer.text)?.[1],
    };
  }
  const list = answer.json['errorList'] as
    | { readonly error: readonly { readonly errorCode: unknown; readonly errorMessage: unknown }[] }
    | undefined;
  return { code: list?.error[0]?.errorCode, message: list?.error[0]?.errorMessage };
}
