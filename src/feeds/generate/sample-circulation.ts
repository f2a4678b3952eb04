import type { Days } from './days.ts';
import type { Random } from './random.ts';
import type { SampleTables } from './sample-tables.ts';

const TITLES = [
  'Einführung in die Statistik',
  'A Short History of Lighthouses',
  'Grundkurs Öffentliches Recht',
  'Principles of Marine Biology',
  'Die Vermessung der Küste',
  'Organic Chemistry Made Plain',
  'Handbuch der Orgelmusik',
  'Bridges of the North',
  'Lineare Algebra für Eilige',
  'The Gardener’s Year',
  'Wörterbuch der Seefahrt',
  'Letters from the Archive',
] as const;

const CHARGES = ['Overdue charge', 'Säumnisgebühr', 'Replacement card', 'Ersatzausweis', 'Interlibrary loan', 'Fernleihgebühr'] as const;

/** Loans, requests and fees of a sample user: rows for about a fifth, and the counts that belong to them. */
export function addCirculation(
  tables: SampleTables,
  sample: { readonly id: number; readonly n: number; readonly random: Random; readonly days: Days },
): { loans: number; requests: number; fees: string } {
  const { id, n, random, days } = sample;
  const loans = random.chance(0.15)
    ? random.weighted([
        [60, 1],
        [25, 2],
        [10, 3],
        [5, 6],
      ])
    : 0;
  const requests = random.chance(0.04) ? random.integer(1, 2) : 0;
  const charges = random.chance(0.05) ? random.integer(1, 2) : 0;
  const row = (kind: string, k: number, title: string) => ({
    user_id: id,
    kind,
    reference: `${kind.toUpperCase()}-${n}-${k}`,
    title,
    barcode: null as string | null,
    amount: null as string | null,
    currency: null as string | null,
    due_on: null as string | null,
    true_on: days.today,
  });
  for (let k = 1; k <= loans; k += 1) {
    tables.circulation.add({
      ...row('loan', k, random.pick(TITLES)),
      barcode: `88${random.integer(100_000_000, 999_999_999)}`,
      due_on: days.after(random.integer(-40, 60)),
    });
  }
  for (let k = 1; k <= requests; k += 1) {
    tables.circulation.add({ ...row('request', k, random.pick(TITLES)), barcode: `88${random.integer(100_000_000, 999_999_999)}` });
  }
  let cents = 0;
  for (let k = 1; k <= charges; k += 1) {
    const amount = random.pick([100, 250, 500, 750, 1000, 1500, 4990]);
    cents += amount;
    tables.circulation.add({ ...row('fee', k, random.pick(CHARGES)), amount: (amount / 100).toFixed(2), currency: 'EUR' });
  }
  return { loans, requests, fees: (cents / 100).toFixed(2) };
}
