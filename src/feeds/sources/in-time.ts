/**
 * Waits for something that may never come. After `ms` milliseconds it is `late()`, and an abort ends it at once; what was
 * waited for is left to itself then, so whoever started it has to end it.
 */
export function inTime<T>(work: Promise<T>, ms: number, signal: AbortSignal, late: () => Error): Promise<T> {
  work.catch(() => undefined);
  return new Promise<T>((resolve, reject) => {
    const done = (end: () => void) => (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      end();
    };
    const abort = (): void => done(() => reject(signal.reason))();
    const timer = setTimeout(() => done(() => reject(late()))(), ms);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    work.then(
      (value) => done(() => resolve(value))(),
      (error: unknown) => done(() => reject(error))(),
    );
  });
}

/** The same items, none of which may take longer than `ms`. */
export async function* eachInTime<T>(
  items: AsyncIterable<T>,
  ms: number,
  signal: AbortSignal,
  late: () => Error,
): AsyncGenerator<T, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await inTime(iterator.next(), ms, signal, late);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it may be the very thing that hangs.
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
