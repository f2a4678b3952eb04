import type { FieldProblem, Problem } from '../../../src/http/problem.ts';

export type { FieldProblem };

/** Codes of the page itself, for what never reached the server. */
export const UNREACHABLE = 'web.unreachable';
export const CANCELLED = 'web.cancelled';

/** What the server, or the way to it, said instead of an answer. */
export class AppProblem extends Error {
  override readonly name = 'AppProblem';
  /** Stable; decide by this, never by the words. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of an input that was refused: what is wrong where (`changes.0.set`). */
  readonly fields: readonly FieldProblem[];
  /** Number of the request, to be told to whoever runs the server. */
  readonly requestId: string | null;
  /** Seconds after which to try again. */
  readonly retryAfter: number | null;

  constructor(given: Partial<Problem> & { readonly code: string; readonly status: number; readonly retryAfter?: number | null }) {
    super(given.detail ?? given.title ?? given.code);
    this.code = given.code;
    this.status = given.status;
    this.params = given.params ?? {};
    this.fields = given.errors ?? [];
    this.requestId = given.instance ?? null;
    this.retryAfter = given.retryAfter ?? null;
  }

  /** What is wrong with one field of the input, if anything is. */
  field(path: string): string | undefined {
    return this.fields.find((each) => each.path === path)?.message;
  }
}

/** Reads a problem out of an answer that is none of ours as well, e.g. of a proxy. */
export function problemOf(status: number, body: unknown, headers: { get(name: string): string | null }): AppProblem {
  const seconds = Number(headers.get('retry-after'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  if (isProblem(body)) return new AppProblem({ ...body, status, retryAfter });
  return new AppProblem({ code: status >= 502 && status <= 504 ? UNREACHABLE : `http.${status}`, status, retryAfter });
}

export function asProblem(error: unknown): AppProblem {
  if (error instanceof AppProblem) return error;
  if (error instanceof DOMException && error.name === 'AbortError') return new AppProblem({ code: CANCELLED, status: 0 });
  if (error instanceof TypeError) return new AppProblem({ code: UNREACHABLE, status: 0, detail: error.message });
  return new AppProblem({ code: 'web.internal', status: 0, detail: error instanceof Error ? error.message : String(error) });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}
