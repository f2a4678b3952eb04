/** Two circles whose areas, and the area of whose overlap, are as the numbers of users are. */

export interface Circle {
  readonly x: number;
  readonly r: number;
}

export interface Venn {
  readonly a: Circle;
  readonly b: Circle;
  /** Left and right end of the overlap, along the line through the centres; null where there is none. */
  readonly overlap: { readonly from: number; readonly to: number; readonly x: number; readonly y: number } | null;
  /** All of the smaller circle lies in the larger one. */
  readonly inside: boolean;
}

const LARGEST = 118;
/** A circle of a handful beside one of thousands is still seen, and can be clicked. */
const SMALLEST = 9;
const GAP = 12;
const STEPS = 60;

/** `onlyA + both` is the first set, `onlyB + both` the second. The centre of the drawing is at 0. */
export function vennOf(onlyA: number, both: number, onlyB: number): Venn {
  const [sizeA, sizeB] = [onlyA + both, onlyB + both];
  const largest = Math.max(sizeA, sizeB, 1);
  const radius = (size: number): number => Math.max(SMALLEST, LARGEST * Math.sqrt(size / largest));
  const [ra, rb] = [radius(sizeA), radius(sizeB)];
  const distance = distanceFor(ra, rb, both, Math.min(sizeA, sizeB));
  const left = Math.min(-ra, distance - rb);
  const right = Math.max(ra, distance + rb);
  const middle = (left + right) / 2;
  const [a, b] = [
    { x: -middle, r: ra },
    { x: distance - middle, r: rb },
  ];
  const inside = distance <= Math.abs(ra - rb) + 1e-6;
  if (both === 0) return { a, b, overlap: null, inside: false };
  // Where the circles cross, seen from the first centre.
  const x = inside ? 0 : (distance ** 2 + ra ** 2 - rb ** 2) / (2 * distance);
  const y = inside ? 0 : Math.sqrt(Math.max(0, ra ** 2 - x ** 2));
  const from = Math.max(a.x - ra, b.x - rb);
  const to = Math.min(a.x + ra, b.x + rb);
  return { a, b, overlap: { from, to, x: a.x + x, y }, inside };
}

/** How far the centres are apart, found by halving: the overlap falls as they part. */
function distanceFor(ra: number, rb: number, both: number, smaller: number): number {
  if (both === 0) return ra + rb + GAP;
  const nearest = Math.abs(ra - rb);
  if (both === smaller) return nearest;
  const wanted = (both / smaller) * Math.PI * Math.min(ra, rb) ** 2;
  let [near, far] = [nearest, ra + rb];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (near + far) / 2;
    if (lensArea(ra, rb, middle) > wanted) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/** Area that two circles share whose centres are so far apart. */
export function lensArea(ra: number, rb: number, distance: number): number {
  if (distance >= ra + rb) return 0;
  if (distance <= Math.abs(ra - rb)) return Math.PI * Math.min(ra, rb) ** 2;
  const part = (r: number, other: number): number => {
    const along = (distance ** 2 + r ** 2 - other ** 2) / (2 * distance);
    return r ** 2 * Math.acos(Math.max(-1, Math.min(1, along / r))) - along * Math.sqrt(Math.max(0, r ** 2 - along ** 2));
  };
  return part(ra, rb) + part(rb, ra);
}
