import { useEffect, useRef, useState } from 'react';

/** One look at a number that grows; `at` on the clock of `performance.now()`. */
export interface Look {
  readonly at: number;
  readonly value: number;
}

/** Milliseconds over which the rate is taken: mail goes out in bursts, and nobody wants to see each. */
const WINDOW_MS = 60_000;
/** Shorter than that says nothing. */
const LEAST_MS = 5_000;
const LOOK_MS = 3_000;

/** The looks that still count, with the new one. */
export function withLook(looks: readonly Look[], next: Look): readonly Look[] {
  return [...looks.filter(({ at }) => next.at - at <= WINDOW_MS), next];
}

/** How much is added in a second; null until it is known. */
export function rateOf(looks: readonly Look[]): number | null {
  const [oldest] = looks;
  const newest = looks.at(-1);
  if (oldest === undefined || newest === undefined || newest.at - oldest.at < LEAST_MS) return null;
  return Math.max(0, (newest.value - oldest.value) / ((newest.at - oldest.at) / 1_000));
}

/** The rate at which a number grows while `moving`, per second. Falls when it stands still, whether or not it is told anew. */
export function useRate(value: number, moving: boolean): number | null {
  const now = useRef(value);
  now.current = value;
  const [rate, setRate] = useState<number | null>(null);
  useEffect(() => {
    setRate(null);
    if (!moving) return undefined;
    let looks: readonly Look[] = [];
    const look = (): void => {
      looks = withLook(looks, { at: performance.now(), value: now.current });
      setRate(rateOf(looks));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [moving]);
  return rate;
}
