/** Errors as the HTTP API tells them: `application/problem+json` (RFC 9457) with a stable code. */
import { z } from 'zod';
import { AppError, type Language, say, sayAny, type TextCode, type TextParams, texts } from '../core/index.ts';
import { isTransient } from '../queue/index.ts';
import { statusOf } from './status.ts';

export interface Problem {
  /** A name, not an address to open: `urn:muster:problem:sets.not_found`. */
  readonly type: string;
  /** What the status means, in the caller's language. */
  readonly title: string;
  readonly status: number;
  /** Stable; programs decide by it. */
  readonly code: string;
  /** The sentence for a person, in the caller's language. */
  readonly detail: string;
  /** Number of the request, which is also in the log and the audit. */
  readonly instance: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Of an invalid input: what is wrong where. */
  readonly errors?: readonly FieldProblem[];
}

export interface FieldProblem {
  /** `changes.0.set`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export interface ProblemAnswer {
  readonly body: Problem;
  /** Seconds after which to try again. */
  readonly retryAfter: number | null;
  /** Not the caller's doing: a person has to look at it. */
  readonly internal: boolean;
}

/** Says of any error what the caller may know of it: words of our own, never those of an unknown error. */
export function problemOf(error: unknown, language: Language, instance: string): ProblemAnswer {
  if (error instanceof AppError && error.code !== 'internal.error') return ofAppError(error, language, instance);
  const known = ofFramework(error) ?? ofDatabase(error);
  if (known !== undefined) {
    const answer = ofAppError(new AppError(known.code, {}), language, instance);
    return { ...answer, retryAfter: known.code === 'http.unavailable' ? 1 : answer.retryAfter };
  }
  return { ...ofAppError(new AppError('http.internal', { instance }), language, instance), internal: true };
}

function ofAppError(error: AppError<TextCode>, language: Language, instance: string): ProblemAnswer {
  const status = statusOf(error.code);
  const fields = fieldsOf(error, language);
  const params = paramsOf(error);
  return {
    body: {
      type: `urn:muster:problem:${error.code}`,
      title: titleOf(status, language),
      status,
      code: error.code,
      detail: fields === undefined ? error.in(language) : say(language, 'input.invalid', { problems: fields.map(sentenceOf).join('; ') }),
      instance,
      ...(params === undefined ? {} : { params }),
      ...(fields === undefined ? {} : { errors: fields }),
    },
    retryAfter: retryAfterOf(error, status),
    internal: status === 500,
  };
}

function titleOf(status: number, language: Language): string {
  const code = `http.title.${status}`;
  return code in texts ? sayAny(language, code) : sayAny(language, status < 500 ? 'http.title.400' : 'http.title.500');
}

function sentenceOf({ path, message }: FieldProblem): string {
  return path === '' ? message : `${path}: ${message}`;
}

function paramsOf(error: AppError<TextCode>): Readonly<Record<string, unknown>> | undefined {
  const params: TextParams<TextCode> = error.params;
  if (error.code === 'input.invalid' || Object.keys(params).length === 0) return undefined;
  return params;
}

const WORDS = { en: z.locales.en().localeError, de: z.locales.de().localeError };

function fieldsOf(error: AppError<TextCode>, language: Language): readonly FieldProblem[] | undefined {
  if (error.code !== 'input.invalid' || !(error.cause instanceof z.ZodError)) return undefined;
  return error.cause.issues.map((issue) => ({ path: issue.path.join('.'), message: wordsOf(issue, language) }));
}

/** The library speaks English unless told otherwise; what is said in other words is a schema's own message. */
function wordsOf(issue: z.core.$ZodIssue, language: Language): string {
  if (language === 'en' || issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_type') {
    if (!/^Invalid input: expected/.test(issue.message)) return issue.message;
    return issue.message.endsWith('received undefined')
      ? say(language, 'http.field_missing', {})
      : say(language, 'http.field_type', { type: issue.expected });
  }
  const raw = issue as z.core.$ZodRawIssue; // what is left out of a finished issue is not in these sentences
  return said(WORDS.en(raw)) === issue.message ? (said(WORDS[language](raw)) ?? issue.message) : issue.message;
}

function said(words: ReturnType<typeof WORDS.en>): string | undefined {
  return typeof words === 'string' ? words : words?.message;
}

function retryAfterOf(error: AppError<TextCode>, status: number): number | null {
  if (status !== 429 && status !== 503) return null;
  const params = error.params as Readonly<Record<string, unknown>>; // whichever code it is
  const seconds = params['seconds'] ?? (typeof params['minutes'] === 'number' ? params['minutes'] * 60 : undefined);
  return typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : 1;
}

/** Errors that are not ours, as ours. */
type Known =
  | 'http.bad_request'
  | 'http.bad_json'
  | 'http.address_too_long'
  | 'http.body_too_large'
  | 'http.media_type'
  | 'http.too_slow'
  | 'http.busy'
  | 'http.unavailable'
  | 'http.value_refused'
  | 'http.conflict';

/** What Fastify and its plug-ins refuse by themselves. */
function ofFramework(error: unknown): { readonly code: Known } | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) {
    return error instanceof Error && 'statusCode' in error && error.statusCode === 400 ? { code: 'http.bad_json' } : undefined;
  }
  switch (error.statusCode) {
    case 413:
      return { code: 'http.body_too_large' };
    case 414:
      return { code: 'http.address_too_long' };
    case 415:
    case 406:
      return { code: 'http.media_type' };
    case 408:
      return { code: 'http.too_slow' };
    case 503:
      return { code: 'http.busy' };
    case 400:
      return { code: String(error.code).includes('JSON') ? 'http.bad_json' : 'http.bad_request' };
    default:
      return typeof error.statusCode === 'number' && error.statusCode > 400 && error.statusCode < 500
        ? { code: 'http.bad_request' }
        : undefined;
  }
}

/** SQLSTATE, or the error of a connection that could not be made. */
function ofDatabase(error: unknown): { readonly code: Known } | undefined {
  if (isTransient(error)) return { code: 'http.unavailable' };
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string' || !/^[0-9A-Z]{5}$/.test(error.code))
    return undefined;
  const state = error.code;
  if (state.startsWith('22')) return { code: 'http.value_refused' };
  if (state.startsWith('23')) return { code: 'http.conflict' };
  if (/^(?:08|40|53|57)/.test(state)) return { code: 'http.unavailable' };
  return undefined;
}
