/**
 * A run as it goes. Read by `fetch` and not by `EventSource`, which can neither ask for a language nor
 * tell that the session is over.
 */
import { answered } from './client.ts';
import { asProblem, CANCELLED } from './problem.ts';
import type { RunEvent } from './types.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;

/**
 * Calls `onEvent` with every state of the run, from now until it has ended or `signal` says stop; comes
 * back after every loss. `onConnection` is told when the server is lost, and when it is there again.
 */
export async function watchRun(
  id: number,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
  onConnection: (there: boolean) => void = () => undefined,
): Promise<void> {
  let last: string | undefined;
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      const answer = await answered('GET', `/api/runs/${id}/events`, 'text/event-stream', {
        signal,
        ...(last === undefined ? {} : { headers: { 'last-event-id': last } }),
      });
      onConnection(true);
      if (answer.status === 204 || answer.body === null) return;
      for await (const event of eventsOf(answer.body)) {
        wait = FIRST_WAIT_MS;
        last = event.id ?? last;
        if (event.data !== '') onEvent(JSON.parse(event.data) as RunEvent); // as run-events.ts of the server writes it
        if (event.name === 'end') return;
      }
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === CANCELLED || signal.aborted) return;
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) throw problem;
    }
    if (signal.aborted) return;
    onConnection(false);
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

interface ServerEvent {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: string;
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line): [string, string] => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
        );
        if (fields.has('data')) yield { id: fields.get('id'), name: fields.get('event') ?? 'message', data: fields.get('data') ?? '' };
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
