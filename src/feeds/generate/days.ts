const DAY = 86_400_000;

/** A calendar that reckons in days from one date; dates are `YYYY-MM-DD`. */
export class Days {
  readonly today: string;
  readonly year: number;
  readonly #start: number;
  readonly #known = new Map<number, string>();

  constructor(today: string) {
    this.today = today;
    this.year = Number(today.slice(0, 4));
    this.#start = Date.parse(`${today}T00:00:00Z`);
  }

  /** The date so many days after today; negative: before. */
  after(days: number): string {
    let date = this.#known.get(days);
    if (date === undefined) {
      date = new Date(this.#start + days * DAY).toISOString().slice(0, 10);
      this.#known.set(days, date);
    }
    return date;
  }

  /** The same day so many years later. */
  yearsAfter(date: string, years: number): string {
    const moved = `${Number(date.slice(0, 4)) + years}${date.slice(4)}`;
    return moved.endsWith('02-29') ? `${moved.slice(0, 5)}02-28` : moved;
  }
}
