/**
 * Many callers at once, few round trips: what is asked while a group is under way goes into the next
 * one, which is begun after it was asked. So nobody gets an answer that is older than their question,
 * and who comes alone waits for nobody.
 */
import { setImmediate } from 'node:timers/promises';

interface Waiting<I, O> {
  readonly item: I;
  readonly done: (answer: O) => void;
  readonly failed: (error: unknown) => void;
}

/** Milliseconds after which the next group is begun though the last is not back: a connection that is lost may not say so for long. */
const PATIENCE_MS = 500;

export class InGroups<I, O> {
  readonly #work: (items: readonly I[]) => Promise<readonly O[]>;
  readonly #most: number;
  #waiting: Waiting<I, O>[] = [];
  #busy = false;

  /** `work` answers for each item, in their order; it is given `most` of them or fewer. */
  constructor(work: (items: readonly I[]) => Promise<readonly O[]>, most: number) {
    this.#work = work;
    this.#most = most;
  }

  /** What `work` answers for this item, or its error. */
  ask(item: I): Promise<O> {
    return new Promise((done, failed) => {
      this.#waiting.push({ item, done, failed });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      // Whoever has come in with the same turn of the event loop is asked for as well.
      await setImmediate();
      const group = this.#waiting.slice(0, this.#most);
      this.#waiting = this.#waiting.slice(this.#most);
      await patiently(this.#answer(group));
    }
    this.#busy = false;
  }

  async #answer(group: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await this.#work(group.map((each) => each.item));
      if (answers.length !== group.length) throw new Error('A group is answered item by item.');
      for (const [i, each] of group.entries()) each.done(answers[i] as O); // as many as there are items
    } catch (error) {
      if (group.length === 1) group[0]?.failed(error);
      // One that cannot be answered fails for itself alone.
      else for (const each of group) await this.#answer([each]);
    }
  }
}

/** Waits for the work, but not for ever. */
async function patiently(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, enough]);
  clearTimeout(timer);
}
