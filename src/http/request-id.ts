import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const SAFE = /^[A-Za-z0-9_.-]{8,64}$/;

/** Makes the number of a request: the one that a trusted proxy gave it, or a new one. */
export function requestId(
  trusted: (address: string | undefined) => boolean,
): (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string {
  return (request) => {
    const given = request.headers['x-request-id'];
    if (typeof given === 'string' && SAFE.test(given) && trusted(request.socket.remoteAddress)) return given;
    return randomUUID();
  };
}
