/**
 * Wakes the loops of one process. A ring that comes while a loop is busy is not lost: the loop
 * notes the count before it looks for work, and does not sleep when the count has moved since.
 */
export class Bell {
  #count = 0;
  #sleepers = new Set<() => void>();

  get count(): number {
    return this.#count;
  }

  ring(): void {
    this.#count += 1;
    for (const wake of this.#sleepers) wake();
  }

  /** Sleeps until the bell rings, `ms` have passed or the signal aborts; not at all when it has rung since `seen`. */
  async wait(seen: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#count !== seen || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.#sleepers.add(done);
    });
  }
}
