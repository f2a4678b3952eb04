/**
 * Errors as Alma's clients know them. An `AlmaError` is what an application answers: 400, in the
 * format that was asked for. A `GatewayError` is what stands before it: keys and thresholds, in XML
 * whatever was asked for.
 */
import { randomInt } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeText } from '../../feeds/index.ts';
import { CONTENT_TYPES, formatOf } from './format.ts';

export class AlmaError extends Error {
  override readonly name = 'AlmaError';
  /** Alma's number of the error, as text. */
  readonly code: string;
  readonly status: 400 | 500;

  constructor(code: string, message: string, status: 400 | 500 = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type GatewayCode =
  | 'GENERAL_ERROR'
  | 'UNAUTHORIZED'
  | 'INVALID_REQUEST'
  | 'PER_SECOND_THRESHOLD'
  | 'DAILY_THRESHOLD'
  | 'REQUEST_TOO_LARGE'
  | 'FORBIDDEN'
  | 'ROUTING_ERROR'
  | 'INTERNAL_SERVER_ERROR';

export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayCode;
  readonly status: number;

  constructor(code: GatewayCode, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Whatever is wrong with a key, clients learn no more than this. */
export function unauthorized(): GatewayError {
  return new GatewayError('UNAUTHORIZED', 'API-key not defined or not configured to allow this API.', 400);
}

interface ErrorBody {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly trackingId?: string;
}

/** `E01-DDMMHHMMSS-XXXXX-AWAE` and digits: what a client quotes to whoever runs the server; it is in the log. */
export function newTrackingId(now = new Date()): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const time = [now.getUTCDate(), now.getUTCMonth() + 1, now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()].map(two).join('');
  const letters = Array.from({ length: 5 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.charAt(randomInt(36))).join('');
  return `E01-${time}-${letters}-AWAE${randomInt(1_000_000_000, 9_999_999_999)}`;
}

/** Answers with the error; gives the tracking id for the log. */
export function sendAlmaError(reply: FastifyReply, request: FastifyRequest, error: AlmaError | GatewayError): string {
  const gateway = error instanceof GatewayError;
  const trackingId = newTrackingId();
  // Thresholds carry no tracking id.
  const body: ErrorBody = {
    errorCode: error.code,
    errorMessage: error.message,
    ...(gateway && error.status === 429 ? {} : { trackingId }),
  };
  const format = gateway ? 'xml' : formatOf(request);
  void reply
    .code(error.status)
    .header('content-type', CONTENT_TYPES[format])
    .send(format === 'xml' ? xmlError(body) : JSON.stringify(error.status === 500 ? wrappedError(body) : jsonError(body)));
  return trackingId;
}

function jsonError(error: ErrorBody): object {
  return { errorsExist: true, errorList: { error: [error] }, result: null };
}

/** Alma wraps what its gateway says, and there it is one error, not a list. */
function wrappedError(error: ErrorBody): object {
  return { web_service_result: { errorsExist: true, errorList: { error } } };
}

function xmlError(error: ErrorBody): string {
  const parts = Object.entries(error).map(([name, text]) => `<${name}>${escapeText(String(text))}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><web_service_result xmlns="http://com/exlibris/urm/general/xmlbeans"><errorsExist>true</errorsExist><errorList><error>${parts.join('')}</error></errorList></web_service_result>`;
}
