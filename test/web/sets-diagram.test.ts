import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lensArea, vennOf } from '../../web/src/pages/sets/venn-geometry.ts';

/** Large enough that no circle is drawn at the smallest size that is still seen. */
const users = fc.integer({ min: 1_000, max: 60_000 });

it('draws circles and overlap true to size', () => {
  fc.assert(
    fc.property(users, users, users, (onlyA, both, onlyB) => {
      const { a, b } = vennOf(onlyA, both, onlyB);
      const perUser = (Math.PI * a.r ** 2) / (onlyA + both);
      expect((Math.PI * b.r ** 2) / (onlyB + both) / perUser).toBeCloseTo(1, 6);
      expect(lensArea(a.r, b.r, b.x - a.x) / both / perUser).toBeCloseTo(1, 3);
    }),
  );
});

it('keeps apart what shares nobody, and puts one into the other where it is part of it', () => {
  const apart = vennOf(500, 0, 300);
  expect(apart.overlap).toBeNull();
  expect(apart.b.x - apart.a.x).toBeGreaterThan(apart.a.r + apart.b.r);
  const within = vennOf(900, 100, 0);
  expect(within.inside).toBe(true);
  expect(within.b.x + within.b.r).toBeLessThanOrEqual(within.a.x + within.a.r + 1e-6);
  const same = vennOf(0, 100, 0);
  expect(same.a.x - same.b.x).toBeCloseTo(0);
  expect(same.a.r).toBe(same.b.r);
});

it('stays in the middle and inside the picture', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000), fc.nat(2_000_000), fc.nat(2_000_000), (onlyA, both, onlyB) => {
      const { a, b, overlap } = vennOf(onlyA, both, onlyB);
      const left = Math.min(a.x - a.r, b.x - b.r);
      const right = Math.max(a.x + a.r, b.x + b.r);
      expect(left + right).toBeCloseTo(0, 6);
      expect(right).toBeLessThanOrEqual(250);
      for (const value of [a.x, b.x, a.r, b.r, overlap?.x ?? 0, overlap?.y ?? 0]) expect(Number.isFinite(value)).toBe(true);
    }),
  );
});
