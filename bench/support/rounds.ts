/** What the benchmarks share: options, fair rounds, and ratios of medians. */
import { parseArgs } from 'node:util';

/** Every benchmark takes `--users` and `--rounds`. */
export function options(defaults: { users: number; rounds: number }): { users: number; rounds: number } {
  const { values } = parseArgs({
    options: { users: { type: 'string', default: String(defaults.users) }, rounds: { type: 'string', default: String(defaults.rounds) } },
  });
  return { users: Number(values.users), rounds: Number(values.rounds) };
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Runs named sides by turns: whoever comes first in one round comes last in the next. Answers each side's seconds. */
export async function rounds<Name extends string>(
  count: number,
  sides: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[]; // the keys of a record of Name
  const taken = Object.fromEntries(names.map((n) => [n, [] as number[]])) as Record<Name, number[]>;
  for (let round = 1; round <= count; round += 1) {
    for (const name of round % 2 === 1 ? names : [...names].reverse()) taken[name].push(await sides[name]());
    console.log(`round ${round}: ${names.map((n) => `${n} ${(taken[n].at(-1) ?? Number.NaN).toFixed(2)} s`).join(', ')}`);
  }
  console.log(`median of ${count}: ${names.map((n) => `${n} ${median(taken[n]).toFixed(2)} s`).join(', ')}`);
  return taken;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value that so large a share (0 to 1) of all lie below. */
export function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
