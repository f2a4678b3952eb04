import { expect, it } from 'vitest';
import { type Look, rateOf, withLook } from '../../web/src/pages/jobs/letter-rate.ts';

const looksOf = (...pairs: readonly (readonly [at: number, value: number])[]): readonly Look[] =>
  pairs.reduce<readonly Look[]>((looks, [at, value]) => withLook(looks, { at, value }), []);

it('letters a second, over what was seen of the last minute', () => {
  expect(rateOf([])).toBeNull();
  expect(rateOf(looksOf([0, 100], [3_000, 160]))).toBeNull();
  expect(rateOf(looksOf([0, 100], [3_000, 160], [6_000, 220]))).toBe(20);
  // What was before the last minute does not count: here nothing has gone out since.
  expect(rateOf(looksOf([0, 0], [6_000, 600], [66_000, 600], [72_000, 600]))).toBe(0);
  // A letter that came back is no longer counted as sent; no rate is below nought.
  expect(rateOf(looksOf([0, 100], [10_000, 90]))).toBe(0);
});
