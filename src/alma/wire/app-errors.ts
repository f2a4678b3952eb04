/** What Muster's own errors are to Alma's clients. Their texts are Alma's English ones, or Muster's English where Alma has none. */
import { AppError } from '../../core/index.ts';
import { AlmaError, GatewayError, unauthorized } from './errors.ts';

type Said = string | ((params: Readonly<Record<string, unknown>>) => string);

/** Muster's code → Alma's, and Alma's sentence where it has one. */
const CODES: Readonly<Record<string, readonly [string, Said?]>> = {
  'users.not_found': ['401861', ({ id }) => `User with identifier ${String(id)} was not found.`],
  'users.merged': ['401861', ({ id }) => `User with identifier ${String(id)} was not found.`],
  'users.ambiguous_id': ['401861', ({ id }) => `User with identifier ${String(id)} was not found.`],
  'access.bad_credentials': ['401866', 'User authentication failed.'],
  'access.locked': ['401866', 'User authentication failed.'],
  'access.password_weak': ['500038'],
};

/** Anything thrown as an answer; undefined for what is our own fault and answers 500. */
export function almaErrorOf(error: unknown, general: string): AlmaError | GatewayError | undefined {
  if (error instanceof AlmaError || error instanceof GatewayError) return error;
  if (error instanceof AppError) {
    const known = CODES[error.code];
    if (known !== undefined) {
      const [code, said = error.message] = known;
      return new AlmaError(code, typeof said === 'string' ? said : said(error.params));
    }
    if (NO_KEY.has(error.code)) return unauthorized();
    if (TOO_MANY.has(error.code)) {
      return new GatewayError('PER_SECOND_THRESHOLD', 'HTTP requests are more than allowed per second. See https://goo.gl/2x1c1M', 429);
    }
    return error.code === 'internal.error' ? undefined : new AlmaError(general, error.message);
  }
  const { code = '', statusCode } = typeof error === 'object' && error !== null ? (error as { code?: unknown; statusCode?: unknown }) : {};
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new GatewayError('REQUEST_TOO_LARGE', 'The request is too large.', 413);
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new GatewayError('INVALID_REQUEST', 'The request is not valid.', statusCode);
  }
  // Values that no column can hold, e.g. a NUL character.
  if (typeof code === 'string' && /^22/.test(code)) return new AlmaError(general, 'The request has a value that cannot be stored.');
  return undefined;
}

const NO_KEY: ReadonlySet<string> = new Set([
  'access.denied',
  'access.bad_key',
  'access.no_session',
  'access.unknown_actor',
  'access.inactive_actor',
  'access.reserved_name',
  'http.not_signed_in',
]);

/** Muster's own limits, which hold for every API. */
const TOO_MANY: ReadonlySet<string> = new Set(['http.busy', 'http.too_many_requests']);
