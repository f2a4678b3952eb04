/** Errors of a server that is going down, coming up, or too busy to take another connection. */
const TRANSIENT_STATES = new Set(['57P01', '57P02', '57P03', '53300', '40001', '40P01']);

/** What the operating system says of a connection that cannot be had or has broken; ENOENT is a socket that is gone. */
const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);

/** The driver gives these no code. */
const DRIVER_WORDS =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** Whether the error is about reaching the database, so that trying again later is all there is to do. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('08') || TRANSIENT_STATES.has(code) || NETWORK_CODES.has(code)) return true;
  return DRIVER_WORDS.test(error.message) || (error.cause !== undefined && isTransient(error.cause));
}
