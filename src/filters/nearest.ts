/** Names that `word` may have been meant for, the likeliest first; none when nothing is close. */
export function nearest(word: string, names: readonly string[]): string[] {
  // Longer than any name could be: not a slip of the finger, and not worth the comparison.
  if (word.length === 0 || word.length > 60) return [];
  const wanted = word.toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceTo(name, wanted) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name, 'en'))
    .map(({ name }) => name);
}

/** A whole word of the name (`expiry` of `expiry_date`) is as near as one wrong letter. */
function distanceTo(name: string, wanted: string): number {
  return name.split('_').includes(wanted) ? 1 : editDistance(name, wanted);
}

/** Letters to insert, remove, replace, or neighbours to swap, to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(cell(last, column) + 1, cell(current, column - 1) + 1, cell(last, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, cell(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return cell(last, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
